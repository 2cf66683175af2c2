export { Directory } from './directory.ts';
export { mayUse } from './rights.ts';
export { type CallFacts, globalPolicy, type PlannedTrunk, type RoutePlan, Router, type RuleOutcome } from './route.ts';
export { judge, refusalOf, type SampleResult } from './sample.ts';
