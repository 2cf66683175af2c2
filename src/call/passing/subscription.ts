import type { Tried } from '#codec/digest';
import { type Header, parseDeltaSeconds, type SipMessage, type SipRequest, type SipResponse } from '#codec/sip-message';
import { type Deadline, detach, type Instant, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Dialog } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ServerTransaction, Sleeper } from '#sip/transaction';
import { listenerOf } from '../call-leg.ts';
import { RelayedRequest } from '../relayed-request.ts';
import type { CallServices, Party } from '../services.ts';
import type { PassingDesk } from './desk.ts';
import { permitsOf, tokenOf } from './permits.ts';
import {
  restoredLeg,
  SubscriptionLeg,
  type SubscriptionLegOwner,
  type SubscriptionLegState,
} from './subscription-leg.ts';

/** What a checkpoint keeps of a subscription. `v` is raised when a reader of the old form would go wrong. */
export interface SubscriptionState {
  readonly v: 1;
  readonly id: string;
  readonly event: Octets;
  /** Unix ms. */
  readonly expiresAt: number;
  readonly subscriber: SubscriptionLegState;
  readonly notifier: SubscriptionLegState;
}

/** One side of a subscription that begins. */
export interface SideOf {
  readonly trunk: Trunk;
  readonly dialog: Dialog;
  readonly flow: Flow;
}

/** Seconds that a subscription holds of which nobody says how long, and that one may hold at most. */
const usualExpiry = 3600;
const longestExpiry = 7 * 24 * 3600;
/** Seconds by which expiries may differ without being news worth a checkpoint. */
const sameExpiry = 5;

/** RFC 6665 4.1.2.2: answers to a refreshing SUBSCRIBE after which there is nothing left to refresh. */
const endings: ReadonlySet<number> = new Set([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604]);

/** Why the notifier's side is over, as the subscriber is told (RFC 6665 4.1.3): `deactivated`, subscribe again at once. */
type Why = 'deactivated' | 'probation' | 'timeout';

/**
 * A subscription that passes between two trunks: two dialogs, of which neither side sees the other's. What the subscriber
 * asks goes to the notifier, and its NOTIFYs to the subscriber; how long it holds, and its end, are what the notifier says.
 *
 * It is checkpointed as it begins and when it is refreshed: subscribers come back after minutes to an hour, and would be told
 * by nobody meanwhile that a phone is busy or a mailbox full, if a restart dropped it.
 */
export class Subscription implements SubscriptionLegOwner, Sleeper {
  readonly id: string;
  readonly services: CallServices;
  readonly #desk: PassingDesk;
  /** The package. */
  readonly #event: Octets;
  readonly subscriber: SubscriptionLeg;
  readonly notifier: SubscriptionLeg;
  #expiresAt = 0;
  #deadline: Deadline<Sleeper> | undefined;
  /** RFC 6665 4.1.2.4, Timer N: a NOTIFY is due. */
  #timerN: Deadline<Sleeper> | undefined;
  #over = false;

  private constructor(
    desk: PassingDesk,
    id: string,
    event: Octets,
    legs: (call: Subscription) => readonly [SubscriptionLeg, SubscriptionLeg],
  ) {
    this.#desk = desk;
    this.services = desk.services;
    this.id = id;
    this.#event = event;
    [this.subscriber, this.notifier] = legs(this);
    desk.seats.take([this.subscriber.trunk, this.notifier.trunk], this);
    desk.began(this);
  }

  /** `seconds`: how long it holds, as far as is known. */
  static begin(
    desk: PassingDesk,
    event: Octets,
    subscriber: SideOf,
    notifier: SideOf,
    seconds: number,
    now: Instant,
  ): Subscription {
    const { services } = desk;
    const id = now.wall.toString(16).padStart(12, '0') + services.random.token(80);
    const legOf = (call: Subscription, { trunk, dialog, flow }: SideOf) =>
      new SubscriptionLeg(call, trunk, dialog, flow, listenerOf(services, trunk, flow)!);
    const subscription = new Subscription(desk, id, event, (call) => [legOf(call, subscriber), legOf(call, notifier)]);
    subscription.#holds(seconds, now);
    subscription.#awaitNotify(now);
    return subscription;
  }

  /** Takes it up from a process that died; undefined when a side of it is not there any more. */
  static restored(desk: PassingDesk, state: SubscriptionState, now: Instant): Subscription | undefined {
    const { services } = desk;
    const known = ({ trunk: name, flow }: SubscriptionLegState) => {
      const trunk = services.trunks.named(name, flow);
      return trunk !== undefined && listenerOf(services, trunk, flow) !== undefined;
    };
    if (!known(state.subscriber) || !known(state.notifier)) return undefined;
    const subscription = new Subscription(desk, state.id, state.event, (call) => [
      restoredLeg(call, state.subscriber)!,
      restoredLeg(call, state.notifier)!,
    ]);
    subscription.#expiresAt = state.expiresAt;
    subscription.#watchExpiry(now);
    // The CSeqs that it goes on with are used: a process after this one is to begin beyond them.
    subscription.#keep();
    return subscription;
  }

  get event(): Octets {
    return this.#event;
  }

  // --- what its sides ask ------------------------------------------------------------------------------------------

  asked(leg: SubscriptionLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const { method } = request;
    const isSubscriber = leg === this.subscriber;
    if (this.#over) return this.#refuse(server, 481, now);
    if (method === (isSubscriber ? 'SUBSCRIBE' : 'NOTIFY')) {
      // RFC 6665 4.5.2: another package would be another subscription.
      if (tokenOf(request.get('event')) !== this.#event) {
        const headers = permitsOf(leg.trunk).events();
        return void this.services.transactions.respond(server, { status: 489, headers }, now.mono);
      }
      return isSubscriber ? this.#refresh(server, request, now) : this.notify(server, request, now);
    }
    const { allow } = permitsOf(leg.trunk);
    const headers: readonly Header[] = [['Allow', allow]];
    const status = method === 'OPTIONS' ? 200 : 405;
    this.services.transactions.respond(server, { status, headers }, now.mono);
  }

  /** A SUBSCRIBE of the subscriber in its dialog: a refresh, or the end. */
  #refresh(server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const asked = secondsOf(request, 'expires') ?? usualExpiry;
    const moved = this.subscriber.moved(request);
    RelayedRequest.relay(server, request, this.subscriber, this.notifier, now, {
      answered: (response, at) => {
        if (this.#over) return;
        if (endings.has(response.status)) return this.#end();
        if (response.status >= 300) return;
        this.notifier.moved(response);
        this.#awaitNotify(at);
        this.#holds(secondsOf(response, 'expires') ?? asked, at, true);
      },
      // It still holds for the time that it had (RFC 6665 4.1.2.2).
      failed: () => 504,
    });
    if (moved) this.#keep();
  }

  /** A NOTIFY of the notifier: in its dialog, or the one that made it. */
  notify(server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const state = request.get('subscription-state');
    this.services.deadlines.clear(this.#timerN);
    this.#timerN = undefined;
    const moved = this.notifier.moved(request);
    const terminated = tokenOf(state)?.toLowerCase() === 'terminated';
    RelayedRequest.relay(server, request, this.notifier, this.subscriber, now, {
      answered: (response) => {
        if (response.status < 300) {
          if (this.subscriber.moved(response) && !this.#over) this.#keep();
        } else if (endings.has(response.status)) this.#end();
      },
      // RFC 6665 4.2.2: who can't be notified is subscribed no longer.
      failed: () => {
        this.#end();
        return 481;
      },
    });
    if (terminated) return this.#end();
    const left = state === undefined ? undefined : expiresIn(state);
    if (left !== undefined) this.#holds(left, now);
    else if (moved) this.#keep();
  }

  // --- how long it holds -------------------------------------------------------------------------------------------

  /** What the notifier says holds. */
  #holds(seconds: number, now: Instant, refreshed = false): void {
    const expiresAt = now.wall + Math.min(seconds, longestExpiry) * 1000;
    const isNews = Math.abs(expiresAt - this.#expiresAt) > sameExpiry * 1000;
    this.#expiresAt = expiresAt;
    if (isNews || refreshed) this.#keep();
    this.#watchExpiry(now);
  }

  /** Who does not refresh it is told by the notifier that it is over; where that says nothing, by us. */
  #watchExpiry(now: Instant): void {
    const { deadlines } = this.services;
    deadlines.clear(this.#deadline);
    const left = Math.max(0, this.#expiresAt - now.wall) + this.#patience;
    this.#deadline = deadlines.set('subscription expiry', this, now.mono + left);
  }

  #awaitNotify(now: Instant): void {
    const { deadlines } = this.services;
    deadlines.clear(this.#timerN);
    this.#timerN = deadlines.set('Timer N', this, now.mono + this.#patience);
  }

  /** RFC 6665 4.1.2.4: 64*T1. */
  get #patience(): number {
    return 64 * this.services.transactions.timers.t1;
  }

  wake(name: string, now: Instant): void {
    if (name === 'Timer N') this.#timerN = undefined;
    else this.#deadline = undefined;
    // RFC 6665 4.1.2.4: without its NOTIFY a subscription has failed.
    this.#tellSubscriber(name === 'Timer N' ? 'probation' : 'timeout', now);
    this.#end();
  }

  // --- its end -----------------------------------------------------------------------------------------------------

  /** Ends it at both sides: the subscriber may subscribe anew, and the notifier need not go on. */
  terminate(_reason: string, now: Instant): void {
    if (this.#over) return;
    this.#tellSubscriber('deactivated', now);
    const { notifier } = this;
    const headers: readonly Header[] = [
      ['Contact', notifier.contact],
      ['Event', this.#event],
      ['Expires', '0'],
    ];
    new Farewell(notifier, 'SUBSCRIBE', headers).send([], now);
    this.#end();
  }

  #tellSubscriber(why: Why, now: Instant): void {
    const { subscriber } = this;
    const headers: readonly Header[] = [
      ['Contact', subscriber.contact],
      ['Event', this.#event],
      ['Subscription-State', `terminated;reason=${why}`],
    ];
    new Farewell(subscriber, 'NOTIFY', headers).send([], now);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    const { deadlines } = this.services;
    deadlines.clear(this.#deadline);
    deadlines.clear(this.#timerN);
    this.subscriber.forget();
    this.notifier.forget();
    this.#desk.seats.release([this.subscriber.trunk, this.notifier.trunk], this);
    this.#desk.ended(this);
  }

  #refuse(server: ServerTransaction<Party>, status: number, now: Instant): void {
    this.services.transactions.respond(server, { status }, now.mono);
  }

  #keep(): void {
    if (!this.#over) this.services.checkpoint(subscriptionKey + this.id, this.state());
  }

  state(): SubscriptionState {
    return {
      v: 1,
      id: this.id,
      event: this.#event,
      expiresAt: this.#expiresAt,
      subscriber: this.subscriber.state(),
      notifier: this.notifier.state(),
    };
  }

  inspect(): Record<string, unknown> {
    return {
      id: this.id,
      event: this.#event,
      subscriber: this.subscriber.trunk.name,
      notifier: this.notifier.trunk.name,
      expiresAt: new Date(this.#expiresAt).toISOString(),
    };
  }
}

/** What the checkpoint of a subscription is kept under, before its id: no call has such an id. */
export const subscriptionKey = 'subscription:';

/** Our last word in a dialog: nothing hangs on what comes back, but that a challenge is answered. */
class Farewell implements Party {
  readonly #leg: SubscriptionLeg;
  readonly #method: string;
  readonly #headers: readonly Header[];
  #tried: Tried = [];

  constructor(leg: SubscriptionLeg, method: string, headers: readonly Header[]) {
    this.#leg = leg;
    this.#method = method;
    this.#headers = headers;
  }

  send(credentials: readonly Header[], now: Instant): void {
    this.#leg.request(this.#method, [...this.#headers, ...credentials], '', this, now);
  }

  onResponse(response: SipResponse, _transaction: unknown, now: Instant): void {
    const answer = this.#leg.credentialsFor(response, this.#method, '', this.#tried);
    if (!answer) return;
    this.#tried = answer.tried;
    this.send(answer.headers, now);
  }

  onFailure(): void {}
}

export function secondsOf(message: SipMessage, field: string): number | undefined {
  return parseDeltaSeconds(message.get(field));
}

/** "active;expires=600" -> 600. */
function expiresIn(state: Octets): number | undefined {
  for (const part of state.split(';')) {
    const [name = '', value = ''] = part.split('=');
    if (name.trim().toLowerCase() === 'expires') return parseDeltaSeconds(value.trim());
  }
  return undefined;
}

/** The package that a SUBSCRIBE or REFER subscribes to (RFC 3515 2.4.4). */
export function eventOf(request: SipRequest): Octets {
  return detach(request.method === 'REFER' ? 'refer' : (tokenOf(request.get('event')) ?? ''));
}
