export { type RunOptions, run } from './run.ts';
export { apiSocket, statusSocket } from './socket-path.ts';
