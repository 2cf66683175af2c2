export { type InviteClientState, InviteClientTransaction } from './invite-client.ts';
export { type InviteServerState, InviteServerTransaction } from './invite-server.ts';
export { maxUdpRequest, type Target, TransactionLayer, type TransactionLayerOptions } from './layer.ts';
export { type NonInviteClientState, NonInviteClientTransaction } from './non-invite-client.ts';
export { type NonInviteServerState, NonInviteServerTransaction } from './non-invite-server.ts';
export { formatOutgoingResponse, type OutgoingRequest, type OutgoingResponse, type Rewriter } from './outgoing.ts';
export { defaultTimers, type Sleeper, StateTimers, type TimerValues } from './timers.ts';
export type {
  ClientFailure,
  ClientTransaction,
  ServerTransaction,
  TransactionEvent,
  TransactionUser,
} from './transaction.ts';
