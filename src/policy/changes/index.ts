export { type Difference, differences } from './differences.ts';
export type { Effect } from './effects.ts';
export { type SampleChange, sampleChanges } from './sample-changes.ts';
export { shared } from './sharing.ts';
