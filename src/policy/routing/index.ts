export { type CallFacts, type RoutePlan, Router, type RuleOutcome } from './route.ts';
