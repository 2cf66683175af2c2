export { Endpoint, maySendTo, parseAddress } from './endpoint.ts';
export type { OpenFailure, PacketHandler, PacketIo, PacketLoop } from './packet-io.ts';
