export { type DialPlanHolder, DialPlans, type Normalised, type Reading, rewritten } from './dial-plans.ts';
export { NumberRules, type Rewritten } from './number-rules.ts';
