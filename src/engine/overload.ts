import type { SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';

export const overloadLimits = {
  /** Share of T1 that what is read may have waited: both ways of a call's messages together stay below T1, and nothing is sent again. */
  late: 0.4,
  /** Ms that a listener may be late before calls are refused: a pause of ours is no overload, and passes by itself. */
  patience: 250,
  /** Refused INVITEs whose copies are known. */
  refused: 50_000,
  /** Seconds of Retry-After: the least there is, since a peer keeps all calls away for so long (RFC 3261 21.5.4). */
  retryAfter: 1,
} as const;

interface Backlog {
  /** Ms that its newest message had waited. */
  waited: number;
  /** Monotonic ms since when it has been late without a break. */
  lateSince: number | undefined;
}

/**
 * Tells when more comes than we can do: what is read has waited too long, and goes on to. Then new calls are refused, each
 * for little work, before all calls fail together because everything is answered too late and so comes again.
 * What belongs to calls that were taken is always let in.
 */
export class Overload {
  readonly #late: number;
  readonly #isForHelp: (invite: SipRequest) => boolean;
  readonly #memory: number;
  readonly #backlogs = new Map<string, Backlog>();
  /** INVITEs that were refused, oldest first: monotonic ms. A copy that was in the queue behind one must not become a call. */
  readonly #refused = new Map<string, number>();
  #count = 0;

  constructor({ t1 }: { readonly t1: number }, isForHelp: (invite: SipRequest) => boolean) {
    this.#isForHelp = isForHelp;
    this.#late = overloadLimits.late * t1;
    // Timer B: nobody sends an INVITE again for longer.
    this.#memory = 64 * t1;
  }

  /** A message came by this listener; `arrived`: monotonic ms when the system took it in. */
  heard(listener: string, arrived: number, now: Instant): void {
    let backlog = this.#backlogs.get(listener);
    if (!backlog) {
      backlog = { waited: 0, lateSince: undefined };
      this.#backlogs.set(listener, backlog);
    }
    backlog.waited = now.mono - arrived;
    if (backlog.waited < this.#late) backlog.lateSince = undefined;
    else backlog.lateSince ??= now.mono;
  }

  /** True when no INVITE is to be refused, whichever it is. */
  isCalm(listener: string, now: Instant): boolean {
    return this.#refused.size === 0 && !this.#isLate(listener, now);
  }

  /** True when this INVITE, which no transaction knows, is to be refused. */
  refuses(invite: SipRequest, listener: string, now: Instant): boolean {
    const isLate = this.#isLate(listener, now);
    if (!isLate && this.#refused.size === 0) return false;
    if (this.#isForHelp(invite)) return false;
    this.#forget(now);
    const key = `${invite.callId} ${invite.from.tag ?? ''} ${invite.cseq.number}`;
    if (!isLate && !this.#refused.has(key)) return false;
    this.#refused.delete(key);
    if (this.#refused.size >= overloadLimits.refused) this.#refused.delete(this.#refused.keys().next().value!);
    this.#refused.set(key, now.mono);
    this.#count++;
    return true;
  }

  /** By listener, and how many INVITEs were refused in all. */
  inspect(): Record<string, unknown> {
    const listeners = [...this.#backlogs].map(([listener, { waited, lateSince }]) => ({
      listener,
      waitedMs: Math.round(waited),
      late: lateSince !== undefined,
    }));
    return { listeners, refused: this.#count };
  }

  #isLate(listener: string, { mono }: Instant): boolean {
    const lateSince = this.#backlogs.get(listener)?.lateSince;
    return lateSince !== undefined && mono - lateSince >= overloadLimits.patience;
  }

  #forget(now: Instant): void {
    for (const [key, at] of this.#refused) {
      if (now.mono - at < this.#memory) return;
      this.#refused.delete(key);
    }
  }
}
