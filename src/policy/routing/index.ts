export { Directory } from './directory.ts';
export { mayUse } from './rights.ts';
export { type CallFacts, type Directive, globalPolicy, type RouteBasis, type RoutePlan, Router } from './route.ts';
export type { RuleOutcome } from './rule-outcome.ts';
export { judge, refusalOf, type SampleResult } from './sample.ts';
export type { PlannedTrunk } from './targets.ts';
