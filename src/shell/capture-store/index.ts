export { CaptureStore, capturesDirectory, type KeptCapture } from './capture-store.ts';
