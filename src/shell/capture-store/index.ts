export { type ArmedCapture, CaptureStore, capturesDirectory, type KeptCapture } from './capture-store.ts';
