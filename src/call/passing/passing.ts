import type { SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import type { ServerTransaction } from '#sip/transaction';
import { calledOf } from '../identity/index.ts';
import type { CallServices, Party } from '../services.ts';
import type { People } from '../watching/people.ts';
import type { Watch, WatchState } from '../watching/watch.ts';
import { Watching } from '../watching/watching.ts';
import type { PassingDesk, Told } from './desk.ts';
import { Pace } from './pace.ts';
import { busy, Passage } from './passage.ts';
import { type PassRefusal, permitsOf } from './permits.ts';
import { Publications } from './publications.ts';
import { Seats } from './seats.ts';
import { Subscription, type SubscriptionState, subscriptionKey } from './subscription.ts';

/** Requests of one method that were passed, and those of them that were not answered with 2xx. */
interface Count {
  passed: number;
  refused: number;
}

/** Methods that are counted by name; the rest as one. */
const mostCounted = 32;

/** What passes between trunks beside calls: requests outside dialogs, and the subscriptions that they make. */
export class Passing implements PassingDesk {
  readonly services: CallServices;
  readonly pace = new Pace();
  readonly seats = new Seats();
  readonly publications = new Publications();
  readonly watching: Watching;
  readonly #forget: (id: string) => void;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #counts = new Map<string, Count>();

  /** `forget`: the checkpoint of this id is needed no longer. */
  constructor(services: CallServices, people: People, forget: (id: string) => void) {
    this.services = services;
    this.#forget = (id) => forget(subscriptionKey + id);
    this.watching = new Watching(services, people, this.seats, this.#forget);
  }

  /** Why a request outside dialogs does not pass; undefined when it does. */
  refusal(request: SipRequest, source: Trunk, now: Instant): PassRefusal | undefined {
    const refused = permitsOf(source).refusal(request);
    if (refused) return refused;
    const uri = request.target;
    if (!uri || (uri.scheme !== 'sip' && uri.scheme !== 'tel')) return { status: 416, headers: [] };
    if (request.maxForwards === 0) return { status: 483, headers: [] };
    if ((request.method === 'SUBSCRIBE' || request.method === 'REFER') && !request.contact)
      return { status: 400, headers: [] };
    if (!this.pace.take(source, now.mono)) return busy;
    return request.method === 'SUBSCRIBE' && this.seats.isFull(source) ? busy : undefined;
  }

  /** An OPTIONS is meant for somebody beyond us, and not for us (RFC 3261 11.1). */
  leadsOn(options: SipRequest, source: Trunk): boolean {
    if (options.maxForwards === 0 || !permitsOf(source).let('OPTIONS', undefined)) return false;
    return calledOf(options, source, this.services.trunks.way(source).contactUser).user !== '';
  }

  /** Those who watch are told of whom there is something else to be seen. */
  settle(news: { settle(isWatched: boolean, now: Instant): ReadonlySet<string> }, now: Instant): void {
    for (const user of news.settle(this.watching.any, now)) this.watching.changed(user, now);
  }

  pass(source: Trunk, flow: Flow, server: ServerTransaction<Party>, request: SipRequest, now: Instant): Passage {
    return new Passage(this, source, flow, server, request, now);
  }

  began(subscription: Subscription): void {
    this.#subscriptions.set(subscription.id, subscription);
  }

  ended(subscription: Subscription): void {
    if (this.#subscriptions.delete(subscription.id)) this.#forget(subscription.id);
  }

  /** A subscription of a process that died; false when it can't be taken up: its sides are told so when they ask (481). */
  restore(json: string, now: Instant): boolean {
    const state = JSON.parse(json) as SubscriptionState | WatchState;
    if ('watched' in state) return this.watching.restore(state, now);
    return Subscription.restored(this, state, now) !== undefined;
  }

  /** We leave for good: who subscribed is told to subscribe elsewhere. */
  subscriptions(): readonly (Subscription | Watch)[] {
    return [...this.#subscriptions.values(), ...this.watching.all];
  }

  told({ method, from, to, status, trace }: Told): void {
    const known = this.#counts.get(method);
    const name = known || this.#counts.size < mostCounted ? method : 'others';
    const count = this.#counts.get(name) ?? { passed: 0, refused: 0 };
    this.#counts.set(name, count);
    if (status < 300) count.passed++;
    else count.refused++;
    this.services.log('debug', 'passed', { method, from, ...(to === undefined ? {} : { to }), status, trace });
  }

  inspect(): Record<string, unknown> {
    return {
      counts: Object.fromEntries(this.#counts),
      publications: this.publications.size,
      subscriptions: this.subscriptions().map((subscription) => subscription.inspect()),
      asked: this.watching.inspect(),
    };
  }
}
