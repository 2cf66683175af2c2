export { encodeFrame, FrameDecoder, type FrameFault } from './frame.ts';
export * from './messages.ts';
export { type BadMediaRequest, maxStreams, readMediaRequest } from './request.ts';
