export { type Borrowed, Elins } from './elins.ts';
export { describeNotice, type EmergencyNotice, noticeOf } from './notice.ts';
export { EmergencyNumbers, isServiceUrn, type Recognised } from './numbers.ts';
export type { Caller, Place } from './places.ts';
export {
  describeLocation,
  type EmergencyFacts,
  type EmergencyPlan,
  EmergencyPlanner,
  type EmergencyTrunk,
  sourceOf,
} from './planner.ts';
