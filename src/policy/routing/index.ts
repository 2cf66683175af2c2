export { type CallFacts, type PlannedTrunk, type RoutePlan, Router, type RuleOutcome } from './route.ts';
