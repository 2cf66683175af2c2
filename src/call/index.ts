export { Call, type CallPhase } from './call.ts';
export type { CallState, ConfirmedState, EndedState, SetupState } from './checkpoint.ts';
export { allow, allowedMethods, knownMethods } from './headers.ts';
export { lostCall } from './lost.ts';
export type { CallHandle, CallServices, DialogUser, MediaOrder, MediaWaiter, Party, Sockets } from './services.ts';
