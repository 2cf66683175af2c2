export { type StreamEvents, type StreamLimits, StreamShell } from './stream-shell.ts';
