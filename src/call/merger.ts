import type { EndCause } from '#cdr';
import type { Instant, Octets } from '#kernel';
import type { ServerTransaction } from '#sip/transaction';
import { faceAt } from './addressed.ts';
import type { CallLeg } from './call-leg.ts';
import type { CallSetup, Refusal } from './call-setup.ts';
import { byTandem } from './causes.ts';
import { introductionOf } from './introduction.ts';
import { JoinAsker, type Joining } from './join-asker.ts';
import { callOf } from './joinable-call.ts';
import { placeToJoin } from './joining-place.ts';
import { takesLess } from './left-out.ts';
import { MediaBridge, readSdp } from './media-bridge.ts';
import { seat } from './media-seats.ts';
import type { ReferProgress } from './refer-progress.ts';
import type { Party } from './services.ts';
import type { SetupCall } from './setup-call.ts';
import { offerOf } from './standing.ts';
import { linesTold, sessionOf } from './told-session.ts';
import type { Transfer } from './transfer.ts';

/** Two calls of one party become one of the other two (RFC 5589 7): who transfers, its other leg, and those it consulted. */
interface Parties {
  readonly by: CallLeg;
  readonly leg: CallLeg;
  readonly consulting: CallLeg;
  readonly consulted: CallLeg;
}

/**
 * An attended transfer: the consulted leg is offered what the transferred one has said, and that one its answer. Only when both
 * have taken it the two calls before are over; till then both stand, and a refusal leaves them as they were.
 */
export class Merger implements CallSetup {
  readonly awaitsPorts = false;
  readonly trying = undefined;
  readonly #call: SetupCall;
  readonly #parties: Parties;
  readonly #progress: ReferProgress;
  /** Who was consulted is asked, then who is transferred. */
  readonly #askers: JoinAsker[] = [];
  #over = false;
  /** Who has hung up on one of the two calls meanwhile, and ends it when nothing comes of this. */
  readonly #left: ((now: Instant) => void)[] = [];

  constructor(call: SetupCall, parties: Parties, progress: ReferProgress) {
    this.#call = call;
    this.#parties = parties;
    this.#progress = progress;
  }

  /** As each of the two calls knows it. */
  transfers(): { readonly of: Transfer; readonly consultation: Transfer } {
    const left = (end: (now: Instant) => void) => void this.#left.push(end);
    const { by, consulting } = this.#parties;
    return {
      of: {
        by,
        into: this.#call,
        left: (end, now) => {
          this.#progress.close(now);
          left(end);
        },
        abort: (now) => {
          this.#progress.close(now);
          this.#fail(487, { by: 'caller', reason: 'cancelled' }, now);
        },
      },
      consultation: {
        by: consulting,
        into: this.#call,
        left,
        abort: (now) => this.#fail(480, { by: 'callee', reason: 'hangup' }, now),
      },
    };
  }

  begin(now: Instant): void {
    const { by, leg, consulted } = this.#parties;
    const { services } = this.#call;
    this.#progress.tell(100, undefined, now);
    const body = placeToJoin(this.#call, leg, consulted, offerOf(leg, leg.call.media));
    if (typeof body === 'object') return this.#fail(body.status, body.cause, now);
    const offer = readSdp(body);
    if ('fault' in offer || consulted.heard === '') return this.#fail(488, byTandem('bad-request', 488), now);
    const media = MediaBridge.fresh(this.#call.id, ['0', '0'], services.random);
    media.attach('a', faceAt(services, leg.trunk, leg.flow), leg.flow.transport);
    media.attach('b', faceAt(services, consulted.trunk, consulted.flow), consulted.flow.transport);
    seat(media, offer.sdp, linesTold(consulted));
    this.#call.media = media;
    const joining: Joining = {
      leg,
      body,
      side: 'a',
      call: this.#call,
      to: consulted,
      session: sessionOf(consulted),
      introduction: introductionOf(leg, by.beyond),
      keepsTurn: true,
    };
    this.#ask(joining, (_body, at) => this.#consultedTook(at), now);
  }

  #consultedTook(now: Instant): void {
    const { leg, consulting, consulted } = this.#parties;
    const joining: Joining = {
      leg: consulted,
      body: consulted.heard,
      side: 'b',
      call: this.#call,
      to: leg,
      session: sessionOf(leg),
      introduction: introductionOf(consulted, consulting.beyond),
    };
    this.#ask(joining, (body, at) => this.#bothTook(body, at), now);
  }

  #bothTook(body: Octets, now: Instant): void {
    const { leg, consulted } = this.#parties;
    const call = this.#call;
    this.#over = true;
    const told = consulted.said;
    callOf(leg).dissolve(leg, call, (then) => this.#progress.end(200, 'OK', now, then), now);
    callOf(consulted).dissolve(consulted, call, undefined, now);
    leg.joins(call, 'a');
    consulted.joins(call, 'b');
    call.answered(leg, consulted, undefined, undefined, now);
    if (takesLess(body, consulted.heard, told)) call.narrow(consulted, now);
  }

  #ask(joining: Joining, taken: (body: Octets, now: Instant) => void, now: Instant): void {
    const asker = new JoinAsker(
      joining,
      {
        accepted: (body, _delayed, at) => taken(body, at),
        refused: (status, at) => this.#fail(status, byTandem('rejected', status), at),
      },
      now,
    );
    this.#askers.push(asker);
    asker.begin(now);
  }

  /** All stays as it was before. */
  #fail(status: number, cause: EndCause, now: Instant): void {
    if (this.#over) return;
    this.#over = true;
    for (const asker of this.#askers) asker.withdraw(now);
    const { leg, consulted } = this.#parties;
    this.#call.refused(cause, undefined, now);
    callOf(leg).desk.over(this.#call);
    callOf(consulted).desk.over(this.#call);
    this.#progress.end(status, undefined, now);
    for (const end of this.#left) end(now);
  }

  end(refusal: Refusal, now: Instant): void {
    this.#fail(refusal.status, refusal.cause, now);
  }

  onCancel(now: Instant): void {
    this.#fail(487, { by: 'caller', reason: 'cancelled' }, now);
  }

  otherLeg(): undefined {}
  hungUp(): void {}

  /** Its legs are of other calls: nobody speaks in it. */
  pracked(_leg: CallLeg, server: ServerTransaction<Party>, _prack: unknown, now: Instant): void {
    this.#call.services.transactions.respond(server, { status: 481 }, now.mono);
  }

  updated(leg: CallLeg, server: ServerTransaction<Party>, _update: unknown, now: Instant): void {
    this.pracked(leg, server, undefined, now);
  }

  kept(): ReturnType<CallSetup['kept']> {
    return { flow: this.#parties.leg.flow };
  }
}
