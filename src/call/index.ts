export { cameBy } from './addressed.ts';
export { settleStanding } from './bandwidth.ts';
export { Call, type CallPhase } from './call.ts';
export { extensions } from './caller-wants.ts';
export type { Calling } from './calling.ts';
export type { CallState, ConfirmedState, EndedState, SetupState } from './checkpoint.ts';
export { listenerIds } from './dialog-target.ts';
export { NoticeMessage } from './emergency/notice-message.ts';
export { lostCall } from './lost.ts';
export { MessageRules } from './message-rules.ts';
export { endToEnd } from './passing/crossing.ts';
export { busy, type Passage } from './passing/passage.ts';
export { Passing } from './passing/passing.ts';
export { permitsOf } from './passing/permits.ts';
export { subscriptionKey } from './passing/subscription.ts';
export {
  type AskedOutside,
  type CallHandle,
  type CallServices,
  type DecisionServices,
  type DecisionWaiter,
  type DialogUser,
  describeTarget,
  type HelpCall,
  type HelpServices,
  type MediaOrder,
  type MediaWaiter,
  type OutsideFacts,
  type Party,
  type PlaceWaiter,
  type PlanFacts,
  type Sockets,
  type TargetsFound,
  type TargetWaiter,
  type TrunkServices,
  type TrunkTarget,
  type TrunkWay,
} from './services.ts';
export { answeredCall, leavingCall, orphanedCall } from './taken-up.ts';
export type { People, UserState, Vantage } from './watching/people.ts';
