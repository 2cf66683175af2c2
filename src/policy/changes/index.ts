export { type Difference, differences } from './differences.ts';
export type { Effect } from './effects.ts';
export { shared } from './sharing.ts';
