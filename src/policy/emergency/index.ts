export type { Borrowed } from './elins.ts';
export { HelpingRouter } from './helping-router.ts';
export { type PlaceOutcome, placeLimits } from './located.ts';
export { describeNotice, type EmergencyNotice, noticeOf } from './notice.ts';
export { type EmergencyFacts, type EmergencyPlan, EmergencyPlanner } from './planner.ts';
export { Scopes } from './scopes.ts';
