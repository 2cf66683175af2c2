export { type CapturedPacket, type CaptureFacts, capture, captureBeginning } from './capture.ts';
export { addressOctets } from './ip.ts';
export { packetBlocks, type TimedBlock } from './packet-blocks.ts';
export { udpBlockLength, udpDataAt, type WireAddress, writeUdpBlock } from './udp-block.ts';
