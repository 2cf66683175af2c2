export { connectionDoubt, survivabilityFor } from './advice.ts';
export { blockedShare } from './erlang.ts';
export { type Plan, plan } from './plan.ts';
export { type PlanInput, planInput, usualPlanning } from './plan-input.ts';
export { figure, percent, type Reckoned } from './reckoned.ts';
export { RecordedTraffic } from './recorded-traffic.ts';
export { type SitePlan, wayNames } from './site-plan.ts';
