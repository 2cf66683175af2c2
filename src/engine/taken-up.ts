import {
  answeredCall,
  type Call,
  type CallServices,
  type CallState,
  leavingCall,
  orphanedCall,
  type Party,
} from '#call';
import { parseMessage, SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { ServerTransaction, TransactionLayer } from '#sip/transaction';
import { withoutLength } from './kept.ts';

interface Services extends CallServices {
  readonly transactions: TransactionLayer<Party>;
}

/** A call of a process that died. Undefined: nothing can be done for it, or, where it had ended, is to be. */
export function takenUp(
  services: Services,
  state: CallState,
  trunkOf: (name: string) => Trunk | undefined,
  now: Instant,
): Call | undefined {
  switch (state.stage) {
    case 'ended':
      return leavingCall(services, state, trunkOf, now);
    case 'answered': {
      const source = trunkOf(state.a.trunk);
      const callee = trunkOf(state.b.trunk);
      return source && callee && answeredCall(services, state, source, callee, now);
    }
    case 'setup': {
      const source = trunkOf(state.facts.caller.trunk);
      if (!source || !services.flows.socket(state.flow.listener)) return undefined;
      return orphanedCall(services, state, source, transactionOf(services, state, now), trunkOf, now);
    }
  }
}

/** That of its INVITE, which is answered yet. */
function transactionOf(
  { transactions }: Services,
  { head, flow }: CallState & { stage: 'setup' },
  now: Instant,
): ServerTransaction<Party> | undefined {
  const invite = head === undefined ? undefined : parseMessage(withoutLength(head));
  if (!(invite instanceof SipRequest) || !transactions.receiveRequest(invite, flow, now.mono)) return undefined;
  const event = transactions.events.pop();
  return event?.kind === 'request' ? event.transaction : undefined;
}
