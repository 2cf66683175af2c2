export { type CaptureFile, type CaptureFiles, SessionCapture } from './session-capture.ts';
export { SideCapture } from './side-capture.ts';
