export { Groups, type GroupView, LiveView, stillView } from './groups.ts';
