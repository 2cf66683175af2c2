export { type StreamEvents, type StreamLimits, StreamShell, streamLimits } from './stream-shell.ts';
