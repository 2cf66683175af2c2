export { type RunOptions, run } from './run.ts';
export { statusSocket } from './socket-path.ts';
