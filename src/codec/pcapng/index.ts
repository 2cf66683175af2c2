export { type CapturedPacket, type CaptureFacts, capture } from './capture.ts';
export { addressOctets } from './ip.ts';
