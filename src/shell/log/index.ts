export { type Fields, type Level, Log } from './log.ts';
