import type { Header, SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { ServerTransaction } from '#sip/transaction';
import type { CallLeg } from '../call-leg.ts';
import { RelayedRequest } from '../relayed-request.ts';
import type { Party } from '../services.ts';
import { type PassRefusal, packageOf, permitsOf } from './permits.ts';

/**
 * A request in the dialog of a call that we have nothing to do with ourselves (INFO, MESSAGE, whatever comes): passed to the
 * other leg where both trunks let it, else refused. `other`: undefined while nobody is there to take it.
 */
export function passInCall(
  leg: CallLeg,
  other: CallLeg | undefined,
  server: ServerTransaction<Party>,
  request: SipRequest,
  now: Instant,
): void {
  const refused = refusalOf(leg, other, request);
  if (!refused && other) return RelayedRequest.relay(server, request, leg, other, now);
  // Not answered yet: the dialog stands all the same.
  const { status, headers } = refused ?? notYet;
  leg.call.services.transactions.respond(server, { status, headers }, now.mono);
}

const notYet: PassRefusal = { status: 500, headers: [['Retry-After', '1']] };

function refusalOf(leg: CallLeg, other: CallLeg | undefined, request: SipRequest): PassRefusal | undefined {
  const { method } = request;
  const here = permitsOf(leg.trunk);
  const there = other && permitsOf(other.trunk);
  const of = packageOf(request);
  switch (method) {
    case 'OPTIONS':
      if (there && here.let(method, of) && there.let(method, of)) return undefined;
      return { status: 200, headers: [['Allow', here.allow], ...here.events()] };
    case 'INFO': {
      // RFC 6086 4.2.2, 9: without a package it is as of old, and passes.
      if (of === undefined || leg.beyond.packages.includes(of)) return undefined;
      const taken: Header = ['Recv-Info', leg.beyond.packages.join(', ')];
      return { status: 469, headers: [taken] };
    }
    case 'NOTIFY': {
      // What comes of a SUBSCRIBE that was passed on.
      const passes = here.notifies(of) && there?.notifies(of) !== false;
      return passes ? undefined : { status: 489, headers: here.events() };
    }
    default:
      return here.refusal(request) ?? (there && here.refusalAt(there, request));
  }
}
