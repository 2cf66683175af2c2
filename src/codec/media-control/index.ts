export { encodeFrame, FrameDecoder, type FrameFault, maxFrame } from './frame.ts';
export * from './messages.ts';
export { type BadMediaRequest, maxStreams, readMediaRequest } from './request.ts';
