export { mostSteps, packSteps, type SideSteps, type StreamCourse, stepColumns, unpackSteps } from './course.ts';
export { encodeFrame, FrameDecoder, type FrameFault } from './frame.ts';
export * from './messages.ts';
export { type BadMediaRequest, maxStreams, readMediaRequest } from './request.ts';
