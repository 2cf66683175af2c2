import type { AttemptRecord, EndCause } from '#cdr';
import type { SipRequest, SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { bestOf, type FailedAttempt } from '#policy/failover';
import type { Flow } from '#sip/flow';
import type { Attempt, AttemptUser } from './attempt.ts';
import type { CallLeg } from './call-leg.ts';
import type { Called, CalleeSide, PendingInvite } from './callee-side.ts';
import type { CallerSide } from './caller-side.ts';
import type { CallerWants } from './caller-wants.ts';
import { byTandem, causeOf, sipReason } from './causes.ts';
import type { Fork } from './fork.ts';
import type { Identity } from './identity/index.ts';
import type { TrunkTarget } from './services.ts';
import type { SetupCall } from './setup-call.ts';

/** RFC 3326 3.1: a device that hears it does not count the call as missed. */
const elsewhere = 'SIP;cause=200;text="Call completed elsewhere"';

/** Whose they are. */
export interface DevicesUser extends AttemptUser {
  readonly call: SetupCall;
  /** Where who calls speaks from. */
  readonly flow: Flow;
  readonly callerSide: CallerSide;
}

/** How one of them ended, and how the set-up is told so if that says most of all. */
interface Lost extends FailedAttempt {
  tell(now: Instant): void;
}

/**
 * Devices of one user that ring at once (RFC 3261 16.7): to the set-up they are one attempt, whose forks are theirs. The first
 * that answers has it. It fails when all have failed, by the best of their responses; a 6xx is for all of them.
 */
export class Devices implements CalleeSide, AttemptUser {
  readonly trunk: Trunk;
  readonly face: Trunk;
  readonly at: TrunkTarget;
  readonly called: Called;
  ownOffer = false;
  delayed = false;
  readonly #user: DevicesUser;
  /** Those that may still answer. */
  readonly #open: Set<Attempt>;
  #winner: Attempt | undefined;
  #best: Lost | undefined;
  /** The last of them: its end is in the call's story already, and its forks go with the set-up's attempt. */
  #told: Attempt | undefined;

  /** `make` gives the attempt at a target of the user, or of who rings with it. The first stands for all. */
  constructor(
    user: DevicesUser,
    trunk: Trunk,
    at: TrunkTarget,
    called: Called,
    make: (user: AttemptUser) => readonly Attempt[],
  ) {
    this.#user = user;
    this.trunk = trunk;
    this.called = called;
    this.#open = new Set(make(this).filter(({ possible }) => possible));
    // One offer goes to all: keys that one of them would get in clear go to none.
    const transport = [...this.#open].every((one) => one.at.transport === 'tls') ? at.transport : 'udp';
    this.at = transport === at.transport ? at : { ...at, transport };
    // Where one of them is outside, all are told our address there.
    const isOutside = [...this.#open].some(({ face }) => face.side === 'external');
    this.face = isOutside ? { ...trunk, side: 'external' } : trunk;
  }

  /** What rings with them, and is none of them: each has a place of its own. */
  get beside(): readonly Attempt[] {
    return [...this.#open].filter(({ trunk }) => trunk !== this.trunk);
  }

  get possible(): boolean {
    return this.#open.size > 0;
  }

  get winner(): Attempt | undefined {
    return this.#winner;
  }

  get forks(): ReadonlyMap<unknown, Fork> {
    const all = new Map<unknown, Fork>();
    const attempts = this.#winner ? [this.#winner, ...this.#open] : this.#open;
    for (const { forks } of attempts) for (const fork of forks.values()) all.set(fork, fork);
    return all;
  }

  start(body: Octets, now: Instant): void {
    for (const attempt of [...this.#open]) {
      attempt.ownOffer = this.ownOffer;
      attempt.delayed = this.delayed;
      attempt.start(body, now);
    }
  }

  fork(response: SipResponse): Fork | undefined {
    return this.#winner!.fork(response);
  }

  leg(response: SipResponse, now: Instant): CallLeg {
    return this.#winner!.leg(response, now);
  }

  abandon(now: Instant, reason?: Octets): void {
    for (const attempt of this.#open) attempt.abandon(now, reason);
    this.#winner?.abandon(now, reason);
    this.#leave();
  }

  over(): void {
    for (const attempt of this.#open) attempt.over();
    this.#winner?.over();
    this.#leave();
  }

  pending(): readonly PendingInvite[] {
    return [...this.#open].flatMap((attempt) => attempt.pending());
  }

  records(end: EndCause, endedAt: number): readonly AttemptRecord[] {
    const attempts = this.#winner ? [this.#winner] : [...this.#open].filter((one) => one !== this.#told);
    return attempts.map((attempt) => attempt.record(end, endedAt));
  }

  // --- what each of them tells -------------------------------------------------------------------------------------

  get invite(): SipRequest {
    return this.#user.invite;
  }

  get identity(): Identity {
    return this.#user.identity;
  }

  get wants(): CallerWants {
    return this.#user.wants;
  }

  tagForFork(): string | undefined {
    return this.#user.tagForFork();
  }

  progress(_attempt: Attempt, fork: Fork, response: SipResponse, rack: Octets | undefined, now: Instant): void {
    this.#user.progress(this, fork, response, rack, now);
  }

  answered(attempt: Attempt, response: SipResponse, now: Instant): void {
    this.#winner = attempt;
    this.#open.delete(attempt);
    for (const other of [...this.#open]) {
      other.abandon(now, elsewhere);
      this.#ended(other, { by: 'callee', reason: 'answered-elsewhere' }, elsewhere, now);
    }
    const { occupancy } = this.#user.call.services;
    occupancy.keep(attempt.trunk, attempt);
    this.#leave();
    this.#user.answered(this, response, now);
  }

  refused(attempt: Attempt, response: SipResponse, now: Instant): void {
    const { status, phrase } = response;
    const tell = (at: Instant) => this.#user.refused(this, response, at);
    // RFC 3261 16.7 step 5: nobody else need be asked.
    if (status >= 600) return tell(now);
    const cause = causeOf('callee', response);
    this.#lost(attempt, { status, answered: true, tell }, cause, `${status} ${phrase}`, now);
  }

  failed(attempt: Attempt, reason: 'unreachable' | 'no-progress', detail: string, now: Instant): void {
    const status = reason === 'unreachable' ? 503 : 408;
    const tell = (at: Instant) => this.#user.failed(this, reason, detail, at);
    this.#lost(attempt, { status, answered: false, tell }, byTandem(reason, status), detail, now);
  }

  /** One has rung for as long as it may: so have all, or they are out of reach. */
  notAnswered(_attempt: Attempt, now: Instant): void {
    this.#user.notAnswered(this, now);
  }

  sentAnew(): void {
    this.#user.sentAnew(this);
  }

  challenged(_attempt: Attempt, why: string): void {
    this.#user.challenged(this, why);
  }

  /** The others go on: what it had is gone. */
  #lost(attempt: Attempt, lost: Lost, cause: EndCause, said: string, now: Instant): void {
    const best = this.#best ? bestOf([this.#best, lost])! : lost;
    this.#best = best;
    if (this.#open.size === 1) {
      attempt.abandon(now);
      this.#user.call.attempted(attempt.record(cause, now.wall));
      this.#told = attempt;
      return best.tell(now);
    }
    this.#user.call.decide(`user ${this.trunk.name}`, `a device: ${said}; the others ring on`);
    attempt.abandon(now);
    this.#ended(attempt, cause, cause.reasonHeader ?? sipReason(lost.status), now);
  }

  #ended(attempt: Attempt, cause: EndCause, reason: Octets, now: Instant): void {
    this.#open.delete(attempt);
    const { call, callerSide } = this.#user;
    call.attempted(attempt.record(cause, now.wall));
    for (const { callerTag } of attempt.forks.values()) callerSide.ended(callerTag, reason, now);
  }

  #leave(): void {
    this.#user.call.services.occupancy.release(this.trunk, this);
  }
}
