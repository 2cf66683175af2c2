export type { ConnectionInspection } from './connection.ts';
export type { StreamLimits } from './limits.ts';
export type { HandshakeEvents, Secured, StreamSecurity } from './security.ts';
export { type StreamEvents, StreamShell, type StreamShellOptions } from './stream-shell.ts';
