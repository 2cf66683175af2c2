export { cureOf } from './cure.ts';
export { Directory } from './directory.ts';
export { askDialPlan, askPolicy, askRoute, askTrunk, askUser, type Rewriting, type UserRights } from './questions.ts';
export { mayUse } from './rights.ts';
export { type CallFacts, type Directive, type RouteBasis, type RoutePlan, Router } from './route.ts';
export type { RuleOutcome } from './rule-outcome.ts';
export { judge, outcomeOf, refusalOf, type SampleResult } from './sample.ts';
export type { PlannedTrunk } from './targets.ts';
