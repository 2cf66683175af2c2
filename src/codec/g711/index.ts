export { type G711, pcma, pcmu } from './g711.ts';
