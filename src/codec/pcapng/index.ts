export { type CapturedPacket, type CaptureFacts, capture } from './capture.ts';
