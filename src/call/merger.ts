import type { EndCause } from '#cdr';
import type { Instant, Octets } from '#kernel';
import type { ServerTransaction } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { CallSetup, Refusal } from './call-setup.ts';
import { byTandem } from './causes.ts';
import { JoinAsker } from './join-asker.ts';
import { callOf } from './joinable-call.ts';
import { MediaBridge } from './media-bridge.ts';
import type { ReferProgress } from './refer-progress.ts';
import type { Party } from './services.ts';
import type { SetupCall } from './setup-call.ts';
import { offerOf } from './standing.ts';
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
  #asker: JoinAsker | undefined;
  /** The consulted leg has the new session. */
  #moved = false;
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
        left,
        abort: (now) => this.#fail(480, { by: 'callee', reason: 'hangup' }, now),
      },
    };
  }

  begin(now: Instant): void {
    const { leg, consulted } = this.#parties;
    const { services } = this.#call;
    this.#progress.tell(100, undefined, now);
    const own = leg.call.media;
    const body = own ? offerOf(leg, own) : '';
    if (body === '' || !consulted.call.media) return this.#fail(488, byTandem('bad-request', 488), now);
    const media = MediaBridge.fresh(this.#call.id, ['0', '0'], services.random);
    media.attach('a', leg.trunk, leg.flow.transport);
    media.attach('b', consulted.trunk, consulted.flow.transport);
    media.follow('a', own?.state[leg.side]);
    media.follow('b', consulted.call.media.state[consulted.side]);
    this.#call.media = media;
    this.#ask(leg, body, consulted, (at) => this.#consultedTook(at), now);
  }

  #consultedTook(now: Instant): void {
    const { leg, consulted } = this.#parties;
    this.#moved = true;
    this.#ask(consulted, consulted.heard, leg, (at) => this.#bothTook(at), now);
  }

  #bothTook(now: Instant): void {
    const { leg, consulted } = this.#parties;
    this.#over = true;
    callOf(leg).dissolve(leg, this.#call, (then) => this.#progress.end(200, 'OK', now, then), now);
    callOf(consulted).dissolve(consulted, this.#call, undefined, now);
    leg.joins(this.#call, 'a');
    consulted.joins(this.#call, 'b');
    this.#call.answered(leg, consulted, undefined, undefined, now);
  }

  #ask(from: CallLeg, body: Octets, to: CallLeg, taken: (now: Instant) => void, now: Instant): void {
    this.#asker = new JoinAsker(
      from,
      body,
      { call: this.#call, to },
      {
        accepted: (_body, _delayed, at) => taken(at),
        refused: (status, at) => this.#fail(status, byTandem('rejected', status), at),
      },
      now,
    );
    callOf(to).enqueue(this.#asker, now);
  }

  /** All stays as it was before. */
  #fail(status: number, cause: EndCause, now: Instant): void {
    if (this.#over) return;
    this.#over = true;
    this.#asker?.close();
    const { leg, consulted } = this.#parties;
    const { media } = this.#call;
    if (media) {
      leg.call.media?.follow(leg.side, media.state.a);
      consulted.call.media?.follow(consulted.side, media.state.b);
    }
    this.#call.refused(cause, undefined, now);
    callOf(leg).desk.over();
    callOf(consulted).desk.over();
    if (this.#moved) consulted.call.tookAnother(consulted, now);
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
  enqueue(): void {}

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
