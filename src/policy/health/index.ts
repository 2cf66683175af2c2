export type { Evidence } from './evidence.ts';
export { Health, type HealthChange, type TrunkHealth, type TrunkState } from './health.ts';
export type { JournalLine } from './journal.ts';
export { longestCooling } from './rules.ts';
export type { TargetHealth, TargetState } from './target.ts';
