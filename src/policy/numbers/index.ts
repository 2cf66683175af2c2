export { type DialPlanHolder, DialPlans, type Normalised } from './dial-plans.ts';
export { NumberRules, type Rewritten } from './number-rules.ts';
