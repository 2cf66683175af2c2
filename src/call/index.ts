export { Call, type CallPhase } from './call.ts';
export { CallLeg } from './call-leg.ts';
export type { CallState, ConfirmedState, EndedState, SetupState } from './checkpoint.ts';
export { allow, allowedMethods, knownMethods } from './headers.ts';
export type { CallServices, MediaOrder, MediaWaiter, Party } from './services.ts';
