import type { Header, SipRequest } from '#codec/sip-message';
import { bracketed, type Instant, type Octets } from '#kernel';
import type { ServerTransaction } from '#sip/transaction';
import { formatReplaces, type Refer, type Replaces, readRefer } from '#sip/transfer';
import { apart } from './apart.ts';
import type { CallLeg } from './call-leg.ts';
import type { CallSetup } from './call-setup.ts';
import { callerOf, numberOf, plainUser, readIdentity } from './identity/index.ts';
import { introductionOf } from './introduction.ts';
import { callOf } from './joinable-call.ts';
import { identifiersOf } from './leg-identifiers.ts';
import { Merger } from './merger.ts';
import { PassedRefers } from './passed-refers.ts';
import { ReferProgress } from './refer-progress.ts';
import { ReferredCaller } from './referred-caller.ts';
import { legNamed, mayReplace } from './replacement.ts';
import type { CallHandle, CallServices, Party } from './services.ts';
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
  checkpoint(): void;
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
  transfers = 0;

  constructor(call: ReferringCall) {
    this.#call = call;
  }

  /** For the checkpoint. */
  facts(): { readonly transfers?: number } {
    return this.transfers > 0 ? { transfers: this.transfers } : {};
  }

  get busy(): boolean {
    return this.#transfer !== undefined;
  }

  transferring(transfer: Transfer): void {
    this.#transfer = transfer;
  }

  /** It came to nothing: all stays as it was. */
  over(into: CallHandle): void {
    if (this.#transfer?.into === into) this.#transfer = undefined;
  }

  /** A leg goes on in this call: a transfer into another one is over. */
  leave(into: CallHandle, now: Instant): void {
    this.#call.services.captures.leaves(this.#call.id, into.id);
    this.over(into);
    this.abort(now);
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
    if (this.transfers >= mostTransfers) return respond(482);
    const offer = services.configuration.media.mode === 'anchor' ? offerOf(other, media) : '';
    if (offer === '') return respond(488);
    const named = refer.replaces && legNamed(services, refer.replaces);
    const unfit = named && this.#unfit(named, refer.replaces, leg);
    if (unfit) return respond(unfit);
    const consulted = named && callOf(named).phase === 'answered' ? callOf(named).otherLeg(named) : undefined;
    if (consulted && apart(services, other, consulted, (why) => call.decide('transfer', why))) return respond(403);
    const contact: Header = ['Contact', leg.contact];
    respond(202, refer.notifies ? [contact] : [contact, ['Refer-Sub', 'false']]);
    const progress = new ReferProgress(leg, leg.refers ? request.cseq.number : undefined, !refer.notifies, now);
    if (!leg.refers) {
      leg.refers = true;
      call.checkpoint();
    }
    const user = userOf(refer);
    call.decide('transfer', `trunk ${leg.trunk.name} transfers to ${numberOf(user)}`);
    const beginning = {
      leg: identifiersOf(other.trunk, other.flow, other.dialog),
      caller: callerOf(other.dialog.remote),
      calledUser: user,
      startedAt: now.wall,
    };
    if (named && consulted) {
      const merge = (next: ReferredSetupCall) => {
        next.decide('transfer', `of call ${call.id} to the other end of call ${named.call.id}`);
        const merger = new Merger(next, { by: leg, leg: other, consulting: named, consulted }, progress);
        const { of, consultation } = merger.transfers();
        this.transferring(of);
        callOf(named).desk.transferring(consultation);
        return merger;
      };
      return call.following(other.trunk, beginning, merge, now);
    }
    // Who is called in that call rings still: it is called anew, for who is transferred.
    if (named) callOf(named).giveWay(now);
    const replaces = refer.replaces && !named ? { replaces: formatReplaces(refer.replaces) } : {};
    const referredBy = leg.peer.hides ? '' : callerOf(refer.referredBy ?? leg.dialog.remote);
    const invite = introductionOf(other, leg.beyond, { uri: uriOf(refer, user), offer });
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

  /** Why the dialog whose place is to be taken can't be that of the other end of a call (RFC 3891 3). */
  #unfit(named: CallLeg, replaces: Replaces, by: CallLeg): number | undefined {
    const { phase, desk } = callOf(named);
    if (named.call === by.call) return 481;
    if (!named.isAlias(replaces) && !mayReplace(named, by.trunk)) return 403;
    if (phase === 'ended' || named.isEnding) return 603;
    return desk.busy ? 491 : undefined;
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

/** Where who is transferred would have sent its INVITE (RFC 3515 2.4.3). */
function uriOf({ to }: Refer, user: Octets): Octets {
  const host = to.scheme === 'tel' || to.host === '' ? 'invalid' : bracketed(to.host);
  // RFC 5627: one device is meant, and not all of its user.
  const device = to.params.get('gr');
  return `sip:${user === '' ? '' : `${user}@`}${host}${device ? `;gr=${device}` : ''}`;
}
