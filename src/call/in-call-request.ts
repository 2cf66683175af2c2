import type { SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import { acknowledgedBy } from '#sip/reliability';
import type { ServerTransaction } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { CallDigits } from './digits.ts';
import { isOfRefer } from './passed-refers.ts';
import { passInCall } from './passing/in-call.ts';
import type { ReferDesk } from './refer-desk.ts';
import type { Party } from './services.ts';

/** RFC 3262 3: a PRACK in an answered call, of a response without SDP that the 200 did not wait for. */
export function prackedLate(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
  const acknowledged = acknowledgedBy(request);
  const known = acknowledged && leg.provisionals?.acknowledge(acknowledged);
  // An offer in it crossed our 200: the session stays as it was.
  const status = known === undefined ? 481 : request.body === '' ? 200 : 488;
  leg.call.services.transactions.respond(server, { status }, now.mono);
}

/** The call that it came in. */
interface RequestedCall {
  readonly media: unknown;
  readonly desk: ReferDesk;
  readonly digits: CallDigits;
  otherLeg(leg: CallLeg): CallLeg | undefined;
}

/** A request in a call that is none of its session: carried out by us, or passed on to the other leg. */
export function requestInCall(
  call: RequestedCall,
  leg: CallLeg,
  server: ServerTransaction<Party>,
  request: SipRequest,
  now: Instant,
): void {
  const other = call.otherLeg(leg);
  switch (request.method) {
    case 'REFER': {
      // Where media always passes us by, it can't be led elsewhere by us.
      const { mode } = leg.call.services.configuration.media;
      const how = leg.trunk.transfer?.refer ?? (mode === 'anchor' ? 'local' : 'passed');
      if (how === 'refused') leg.call.services.transactions.respond(server, { status: 603 }, now.mono);
      else if (how === 'local' || !other) call.desk.referred(leg, server, request, now);
      else call.desk.passed.refer(leg, other, server, request, now);
      return;
    }
    case 'NOTIFY':
      if (!isOfRefer(request)) return passInCall(leg, other, server, request, now);
      if (other) call.desk.passed.notify(leg, other, server, request, now);
      else leg.call.services.transactions.respond(server, { status: 481 }, now.mono);
      return;
    default:
      if (request.method === 'INFO' && call.digits.informed(leg, server, request, now)) return;
      passInCall(leg, other, server, request, now);
  }
}
