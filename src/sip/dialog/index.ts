export {
  confirmBy,
  type Dialog,
  dialogOfClient,
  dialogOfServer,
  inOrder,
  literalAddress,
  nextHopUri,
  routingOf,
} from './dialog.ts';
export { DialogTable } from './dialog-table.ts';
