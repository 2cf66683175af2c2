export { Alarm, now } from './clock.ts';
