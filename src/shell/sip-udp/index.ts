export { openUdp, type UdpEvents, type UdpListener } from './udp-listener.ts';
