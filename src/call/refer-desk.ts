import { type Header, parseMessage, SipRequest } from '#codec/sip-message';
import { bracketed, type Instant, type Octets } from '#kernel';
import { describeFlow } from '#sip/flow';
import type { ServerTransaction } from '#sip/transaction';
import { formatReplaces, type Refer, readRefer } from '#sip/transfer';
import type { CallLeg } from './call-leg.ts';
import type { CallSetup } from './call-setup.ts';
import { callerOf, numberOf, plainUser, readIdentity } from './identity/index.ts';
import { callOf } from './joinable-call.ts';
import { Merger } from './merger.ts';
import { PassedRefers } from './passed-refers.ts';
import { ReferProgress } from './refer-progress.ts';
import { ReferredCaller } from './referred-caller.ts';
import { legNamed, mayReplace } from './replacement.ts';
import type { CallServices, Party } from './services.ts';
import { Setup } from './setup.ts';
import type { SetupCall } from './setup-call.ts';
import { offerOf } from './standing.ts';
import type { Beginning } from './story.ts';
import type { Transfer } from './transfer.ts';

/** Transfers that one after the other made a call: more are a loop. */
const mostTransfers = 20;

/** The call in which a REFER came. */
export interface ReferringCall {
  readonly id: string;
  readonly services: CallServices;
  readonly phase: 'setup' | 'answered' | 'ended';
  readonly media: CallLeg['call']['media'];
  otherLeg(leg: CallLeg): CallLeg | undefined;
  decide(rule: string, outcome: string): void;
  /** A call that legs of this one go on in. */
  following(
    source: CallLeg['trunk'],
    beginning: Omit<Beginning, 'id'>,
    setup: (call: ReferredSetupCall) => CallSetup,
    now: Instant,
  ): void;
}

/** What a set-up of a referred call needs of it. */
export type ReferredSetupCall = SetupCall & ConstructorParameters<typeof ReferredCaller>[0];

/** The transfers of one call's legs that we carry out ourselves (RFC 3515, RFC 5589). */
export class ReferDesk {
  readonly #call: ReferringCall;
  /** Those that go on to the other leg. */
  readonly passed = new PassedRefers();
  /** The one that is under way. */
  #transfer: Transfer | undefined;
  /** Transfers that the call is the outcome of. */
  #transfers = 0;
  /** So far. */
  #refers = 0;
  /** The caller does not want to be known. */
  hides = false;

  constructor(call: ReferringCall) {
    this.#call = call;
  }

  /** Its call is the outcome of a transfer of another. */
  follow(desk: ReferDesk): void {
    this.#transfers = desk.#transfers + 1;
    this.hides = desk.hides;
  }

  transferring(transfer: Transfer): void {
    this.#transfer = transfer;
    this.#refers++;
  }

  /** It is over; where it came to nothing, all stays as it was. */
  over(): void {
    this.#transfer = undefined;
  }

  /** A leg's peer hangs up. True when it has transferred the other one, which waits for somebody else. */
  left(leg: CallLeg, end: (now: Instant) => void, now: Instant): boolean {
    if (this.#transfer?.by !== leg) return false;
    this.#transfer.left(end, now);
    return true;
  }

  /** The call ends. */
  abort(now: Instant): void {
    const transfer = this.#transfer;
    this.#transfer = undefined;
    transfer?.abort(now);
  }

  /** A REFER. */
  referred(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const call = this.#call;
    const { services, media } = call;
    const respond = (status: number, headers: readonly Header[] = [], phrase?: string) =>
      void services.transactions.respond(
        server,
        { status, headers, ...(phrase === undefined ? {} : { phrase }) },
        now.mono,
      );
    const other = call.phase === 'answered' ? call.otherLeg(leg) : undefined;
    if (!other) return respond(500, [['Retry-After', '1']]);
    const refer = readRefer(request);
    if ('status' in refer) return respond(refer.status, [], refer.phrase);
    // RFC 5589 has no two at once: which is meant would not be clear.
    if (this.#transfer) return respond(491);
    if (this.#transfers >= mostTransfers) return respond(482);
    const offer = media ? offerOf(other, media) : '';
    if (offer === '') return respond(488);
    const contact: Header = ['Contact', leg.contact];
    respond(202, refer.notifies ? [contact] : [contact, ['Refer-Sub', 'false']]);
    const progress = new ReferProgress(leg, this.#refers > 0 ? request.cseq.number : undefined, !refer.notifies, now);
    const user = userOf(refer);
    call.decide('transfer', `trunk ${leg.trunk.name} transfers to ${numberOf(user)}`);
    const consulting = refer.replaces && legNamed(services, refer.replaces);
    const isOurs = consulting && consulting.call !== leg.call && mayReplace(consulting, leg.trunk);
    const beginning = {
      leg: {
        trunk: other.trunk.name,
        remote: describeFlow(other.flow),
        callId: other.dialog.callId,
        localTag: other.dialog.localTag,
        remoteTag: other.dialog.remoteTag,
      },
      caller: callerOf(other.dialog.remote),
      calledUser: user,
      startedAt: now.wall,
    };
    const consulted = isOurs ? consulting.call.otherLeg(consulting) : undefined;
    if (isOurs && consulted && consulting.call.phase === 'answered') {
      const merge = (next: ReferredSetupCall) => {
        next.decide('transfer', `of call ${call.id} to the other end of call ${consulting.call.id}`);
        const merger = new Merger(next, { by: leg, leg: other, consulting, consulted }, progress);
        const { of, consultation } = merger.transfers();
        this.transferring(of);
        callOf(consulting).desk.transferring(consultation);
        return merger;
      };
      return call.following(other.trunk, beginning, merge, now);
    }
    // Who is called in that call rings still: it is called anew, for who is transferred.
    if (isOurs && consulting.call.phase === 'setup') consulting.call.terminate('transferred', now);
    const replaces = refer.replaces && !isOurs ? { replaces: formatReplaces(refer.replaces) } : {};
    const referredBy = callerOf(refer.referredBy ?? leg.dialog.remote);
    const invite = inviteFor(other, refer, user, offer, other.side === 'a' && this.hides);
    call.following(
      other.trunk,
      beginning,
      (next) => {
        next.decide('transfer', `of call ${call.id} by trunk ${leg.trunk.name}`);
        const caller = new ReferredCaller(next, leg, other, progress, { referredBy, ...replaces });
        this.transferring(caller);
        const identity = readIdentity(invite, other.trunk, { user, phone: isPhone(refer) });
        return Setup.referred(next, invite, identity, other.flow, caller);
      },
      now,
    );
  }
}

/** As it goes on in Request-URIs. */
function userOf({ to }: Refer): Octets {
  if (to.scheme === 'tel') return (to.user ?? '') + to.params.raw;
  return plainUser(to.user ?? '');
}

function isPhone({ to }: Refer): boolean {
  return to.scheme === 'tel' || to.params.get('user')?.toLowerCase() === 'phone';
}

/** What who is transferred would have sent (RFC 3515 2.4.3): who that is and to whom, for those who read INVITEs. */
function inviteFor(other: CallLeg, { to }: Refer, user: Octets, offer: Octets, hides: boolean): SipRequest {
  const { dialog } = other;
  const host = to.scheme === 'tel' || to.host === '' ? 'invalid' : bracketed(to.host);
  const uri = `sip:${user === '' ? '' : `${user}@`}${host}`;
  const lines = [
    `INVITE ${uri} SIP/2.0`,
    'Via: SIP/2.0/UDP invalid;branch=z9hG4bKreferred',
    'Max-Forwards: 70',
    `From: ${dialog.remote}`,
    `To: <${uri}>`,
    `Call-ID: ${dialog.callId}`,
    'CSeq: 1 INVITE',
    `Contact: <${dialog.remoteTarget}>`,
    ...(hides ? ['Privacy: id'] : []),
    'Content-Type: application/sdp',
    `Content-Length: ${offer.length}`,
    '',
    offer,
  ];
  const invite = parseMessage(lines.join('\r\n'));
  if (!(invite instanceof SipRequest)) throw new TypeError('the INVITE of a referred leg is none');
  return invite;
}
