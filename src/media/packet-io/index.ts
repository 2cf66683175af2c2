export { Endpoint, maySendTo, parseAddress } from './endpoint.ts';
export {
  maxDatagram,
  type OpenFailure,
  outgoingRoom,
  type PacketHandler,
  type PacketIo,
  type PacketLoop,
} from './packet-io.ts';
