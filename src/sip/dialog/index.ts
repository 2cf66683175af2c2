export {
  confirmBy,
  type Dialog,
  dialogOfClient,
  dialogOfNotify,
  dialogOfServer,
  inOrder,
  literalAddress,
  nextHopUri,
  refreshTarget,
  routingOf,
} from './dialog.ts';
export { DialogTable } from './dialog-table.ts';
