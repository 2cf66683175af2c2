export { ProcessWatch } from './process-watch.ts';
