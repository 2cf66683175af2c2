import { parseDeltaSeconds, type SipResponse } from '#codec/sip-message';
import { type Deadline, type Deadlines, detach, type Instant, type Octets, type Random } from '#kernel';
import type { Flow } from '#sip/flow';
import type { ClientFailure, OutgoingRequest, Sleeper, Target } from '#sip/transaction';
import { type OptionsFacts, optionsRequest } from './request.ts';

/** Ms from the start in which the first is sent, at some point of it: a thousand targets make no burst. */
const firstWithin = 10_000;
/** Ms between those to a target that is down, where the interval is longer: it shall be used again soon. */
const downInterval = 10_000;
/** Ms from an answer, or its want, to the next at the least. */
const leastPause = 1_000;
/** Ms for which a Retry-After is heeded. */
const longestHold = 3_600_000;
/** Chars kept of what an answer says of its sender. */
const longestTold = 200;

/** What came of one OPTIONS. */
export type PingResult =
  /** `status`: of the final response, whichever. `roundTrip`: ms, retransmissions included. `retryAfter`: seconds. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly roundTrip: number;
      readonly retryAfter?: number;
      /** What it says it takes (Allow), and what it is (Server, else User-Agent): as much as people read. */
      readonly allow?: string;
      readonly server?: string;
    }
  | { readonly kind: 'unanswered' }
  /** Refused, ICMP, TLS, no connection. */
  | { readonly kind: 'unreachable'; readonly detail: string };

export interface OptionsPingSettings extends Omit<OptionsFacts, 'routes'> {
  /** Ms between two; 0: only where `probe` asks for one. */
  readonly interval: number;
  /** Ms that an answer may take; as long as the transaction lasts unless given. */
  readonly patience?: number;
  /** Where it goes, asked anew each time. */
  target(): Target;
  /** Route values, topmost first, asked anew each time. */
  routes?(): OptionsFacts['routes'];
}

/** Who waits for what becomes of one OPTIONS. */
export interface PingOwner {
  onResponse(response: SipResponse, transaction: { readonly flow: Flow }, now: Instant): void;
  onFailure(failure: ClientFailure, reason: string, now: Instant): void;
}

export interface OptionsPingServices {
  readonly deadlines: Deadlines<Sleeper>;
  readonly random: Random;
  /** A slice of `TransactionLayer.request`; answers come later, never from inside. `now`: monotonic ms. */
  request(request: OutgoingRequest, target: Target, owner: PingOwner, now: number): { readonly flow: Flow };
  heard(result: PingResult, now: Instant): void;
}

/** Monotonic ms. */
export interface OptionsPingStatus {
  readonly state: 'stopped' | 'waiting' | 'pending';
  /** When the next is due; while one is pending that depends on it. */
  readonly nextAt?: number;
  /** When the pending one was sent. */
  readonly sentAt?: number;
  readonly last?: PingResult;
}

/**
 * Asks one target by OPTIONS whether it lives, every `interval` give or take a tenth, and tells what came of each. Never
 * two at once: what is pending is waited for, up to its transaction's Timer F or for `patience`. A target that is down is asked every 10 s
 * where the interval is longer; one that said 503 with Retry-After is left alone for so long (RFC 3261 21.5.4).
 */
export class OptionsPing implements Sleeper {
  readonly #settings: OptionsPingSettings;
  readonly #services: OptionsPingServices;
  #running = false;
  #down = false;
  #pending: { readonly owner: PingOwner; readonly sentAt: number } | undefined;
  #deadline: Deadline<Sleeper> | undefined;
  /** Until when the pending one is to be answered. */
  #limit: Deadline<Sleeper> | undefined;
  /** Monotonic ms before which the target asked not to be asked. */
  #holdUntil = 0;
  #last: PingResult | undefined;

  constructor(settings: OptionsPingSettings, services: OptionsPingServices) {
    this.#settings = settings;
    this.#services = services;
  }

  start(now: Instant): void {
    if (this.#running) return;
    this.#running = true;
    const { interval } = this.#settings;
    if (interval > 0 && !this.#pending) this.#wait(now.mono + this.#upTo(Math.min(interval, firstWithin)));
  }

  /** No more are sent, and what becomes of a pending one is not told. */
  stop(): void {
    this.#running = false;
    this.#pending = undefined;
    this.#services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    this.#clearLimit();
  }

  /** Sends one at once, started or not. False: one is pending already, which will tell. */
  probe(now: Instant): boolean {
    if (this.#pending) return false;
    this.#send(now);
    return true;
  }

  /** The target is down, or no longer: how often it is asked. */
  setDown(down: boolean, now: Instant): void {
    if (down === this.#down) return;
    this.#down = down;
    if (!down || !this.#deadline) return;
    const soon = now.mono + this.#period();
    if (soon < this.#deadline.at) this.#wait(soon);
  }

  wake(name: string, now: Instant): void {
    if (name === 'options') return this.#send(now);
    this.#limit = undefined;
    if (this.#pending) this.#heard(this.#pending.owner, { kind: 'unanswered' }, now);
  }

  inspect(): OptionsPingStatus {
    return {
      state: this.#pending ? 'pending' : this.#running ? 'waiting' : 'stopped',
      ...(this.#deadline ? { nextAt: this.#deadline.at } : {}),
      ...(this.#pending ? { sentAt: this.#pending.sentAt } : {}),
      ...(this.#last ? { last: this.#last } : {}),
    };
  }

  #send(now: Instant): void {
    this.#services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
    const { random } = this.#services;
    const routes = this.#settings.routes?.();
    const { uri, domain, contact, allow, userAgent } = this.#settings;
    const facts: OptionsFacts = {
      ...{ uri, domain, contact, allow },
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(routes ? { routes } : {}),
    };
    const sentAt = now.mono;
    const owner: PingOwner = {
      onResponse: (response, _transaction, at) => {
        if (response.status < 200) return;
        const retryAfter = parseDeltaSeconds(response.get('retry-after'));
        const allow = told(response.all('allow').join(', '));
        const server = told(response.get('server') ?? response.get('user-agent') ?? '');
        const answer: PingResult = {
          kind: 'answered',
          status: response.status,
          roundTrip: at.mono - sentAt,
          ...(retryAfter === undefined ? {} : { retryAfter }),
          ...(allow === '' ? {} : { allow }),
          ...(server === '' ? {} : { server }),
        };
        this.#heard(owner, answer, at);
      },
      onFailure: (failure, reason, at) =>
        this.#heard(
          owner,
          failure === 'timeout' ? { kind: 'unanswered' } : { kind: 'unreachable', detail: reason },
          at,
        ),
    };
    this.#pending = { owner, sentAt };
    const { patience } = this.#settings;
    if (patience !== undefined) this.#limit = this.#services.deadlines.set('options-limit', this, now.mono + patience);
    this.#services.request(optionsRequest(facts, random), this.#settings.target(), owner, now.mono);
  }

  #heard(owner: PingOwner, result: PingResult, now: Instant): void {
    if (this.#pending?.owner !== owner) return; // Of before it was stopped.
    const { sentAt } = this.#pending;
    this.#pending = undefined;
    this.#clearLimit();
    this.#last = result;
    if (result.kind === 'answered' && result.status === 503 && result.retryAfter !== undefined) {
      this.#holdUntil = now.mono + Math.min(result.retryAfter * 1000, longestHold);
    }
    // Told first: it may be that the target is down by this, or up.
    this.#services.heard(result, now);
    if (!this.#running || this.#pending || this.#deadline || this.#settings.interval === 0) return;
    this.#wait(Math.max(sentAt + this.#period(), now.mono + leastPause));
  }

  #clearLimit(): void {
    this.#services.deadlines.clear(this.#limit);
    this.#limit = undefined;
  }

  #wait(at: number): void {
    this.#services.deadlines.clear(this.#deadline);
    this.#deadline = this.#services.deadlines.set('options', this, Math.max(at, this.#holdUntil));
  }

  /** The interval as it is now, give or take a tenth: targets that began together drift apart. */
  #period(): number {
    const { interval } = this.#settings;
    const nominal = this.#down ? Math.min(interval, downInterval) : interval;
    return nominal * 0.9 + this.#upTo(nominal * 0.2);
  }

  #upTo(ms: number): number {
    return this.#services.random.integer(Math.min(Math.floor(ms) + 1, 2 ** 32));
  }
}

/** Kept beyond the message. */
function told(value: Octets): string {
  return detach(value.slice(0, longestTold));
}
