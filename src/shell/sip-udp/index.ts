export { openUdp, type UdpAdapter, type UdpEvents, type UdpListener } from './udp-listener.ts';
