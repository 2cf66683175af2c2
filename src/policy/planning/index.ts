export { type ConnectionKind, connectionDoubt } from './advice.ts';
export { BusyHours, type HourOfTraffic } from './busy-hours.ts';
export { blockedShare } from './erlang.ts';
export { type Plan, plan } from './plan.ts';
export { type Measured, type PlanInput, planInput, type RecordsRead, usualPlanning } from './plan-input.ts';
export { figure, percent, type Reckoned, span } from './reckoned.ts';
export { type SitePlan, wayNames } from './site-plan.ts';
