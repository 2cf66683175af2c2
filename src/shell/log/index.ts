export { type LogEvent, logEvents } from './events.ts';
export { type Fields, type Level, Log, type LogLevel, logLevels } from './log.ts';
export { logManual } from './pages.ts';
