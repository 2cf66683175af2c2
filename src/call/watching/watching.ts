import { type Header, parseUri, type SipRequest } from '#codec/sip-message';
import { bracketed, detach, type Instant, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { dialogOfServer } from '#sip/dialog';
import { listenerOf } from '../call-leg.ts';
import { tokenOf } from '../passing/permits.ts';
import type { Seats } from '../passing/seats.ts';
import { legContact } from '../passing/subscription-leg.ts';
import type { CallServices } from '../services.ts';
import type { WatchingDesk } from './desk.ts';
import { expiryOf } from './expiry.ts';
import { Lookouts } from './lookouts.ts';
import { typeOf } from './packages.ts';
import type { LookoutDesk, People, UserState } from './people.ts';
import { Watch, type WatchState } from './watch.ts';
import type { WatchAnswer, Watcher } from './watcher.ts';

/** Watches of one user at once (docs/limits.md): each change of his is told to all of them. */
const mostWatchers = 400;
/** Ms between what one and the next are told whom a process before this one told. */
const restoring = 5;
/** Ms that who asks once waits for what other nodes see. */
const fetching = 500;

/** Those who watch users of ours: by `dialog` (RFC 4235), by `presence` (RFC 3856). */
export class Watching implements WatchingDesk<Watch>, LookoutDesk {
  readonly services: CallServices;
  readonly people: People;
  readonly #seats: Seats;
  readonly #forget: (id: string) => void;
  /** By who is watched, and by who watches. */
  readonly #watches = new Map<string, Set<Watch>>();
  readonly #watchers = new Map<string, Set<Watch>>();
  readonly #lookouts: Lookouts;
  #restored = 0;

  /** `forget`: nothing needs to be kept of it any longer. */
  constructor(services: CallServices, people: People, seats: Seats, forget: (id: string) => void) {
    this.services = services;
    this.people = people;
    this.#seats = seats;
    this.#forget = forget;
    this.#lookouts = new Lookouts(this);
  }

  /** Some user is watched. */
  get any(): boolean {
    return this.#watches.size > 0;
  }

  /** True for a package that we tell of users ourselves. */
  tells(event: Octets | undefined): boolean {
    return event !== undefined && typeOf(tokenOf(event) ?? '') !== undefined;
  }

  /** A SUBSCRIBE to a user. */
  asked({ trunk, flow, request, tag }: Watcher, user: string, now: Instant): WatchAnswer {
    const event = request.get('event')!;
    const refused = this.people.refusal(trunk, user, now);
    if (refused !== undefined) return { status: 403, phrase: `Forbidden: ${refused}`, headers: [] };
    const type = typeOf(tokenOf(event)!)!;
    if (!accepts(request, type)) return { status: 406, headers: [['Accept', type]] };
    const expiry = expiryOf(request);
    if ('status' in expiry) return expiry;
    const { seconds } = expiry;
    if ((this.#watches.get(user)?.size ?? 0) >= mostWatchers) return { status: 480, headers: [['Retry-After', '60']] };
    const { services } = this;
    const headers: Header[] = request.all('record-route').map((route) => ['Record-Route', route]);
    headers.push(['Contact', legContact(services, trunk, flow, listenerOf(services, trunk, flow)!)]);
    headers.push(['Expires', String(seconds)]);
    return {
      status: 200,
      headers,
      begin: (at) => {
        const id = at.wall.toString(16).padStart(12, '0') + services.random.token(80);
        const expiresAt = at.wall + (seconds === 0 ? fetching : seconds * 1000);
        const entity = detach(entityOf(request));
        const beginning = { id, watched: user, event: detach(event), entity, expiresAt };
        const watch = Watch.begin(this, beginning, trunk, dialogOfServer(request, tag), flow, at);
        if (seconds > 0) watch.tell(at);
        else if (!this.#lookouts.awaits(user, watch.event)) watch.last(at);
      },
    };
  }

  /** False when it can't be taken up: the watcher learns so when it asks (481). */
  restore(state: WatchState, now: Instant): boolean {
    return Watch.restored(this, state, ++this.#restored * restoring, now) !== undefined;
  }

  /** Something of a user may be other than it was: what is to be seen of him, from where, and where he watches others from. */
  changed(user: string, now: Instant): void {
    for (const watch of [...(this.#watchers.get(user) ?? [])]) watch.moved(now);
    const watches = [...(this.#watches.get(user) ?? [])];
    for (const event of new Set(watches.filter(isOurs).map((watch) => watch.event)))
      this.#lookouts.want(user, event, now);
    for (const watch of watches) watch.changed(now);
  }

  /** A node lives again, or no more. */
  turned(node: string, now: Instant): void {
    this.#lookouts.turned(node, now);
  }

  seen(user: string, event: Octets, isFirst: boolean, now: Instant): void {
    for (const watch of [...(this.#watches.get(user) ?? [])])
      if (isOurs(watch) && watch.event === event) watch.changed(now, isFirst);
  }

  /** What a node is told is what is to be seen here alone: each asks all others. */
  stateFor({ node }: Trunk, user: string, event: Octets, now: Instant): UserState | undefined {
    const state = this.people.stateOf(user, node !== undefined, now);
    return state && node === undefined ? this.#lookouts.widened(state, user, event) : state;
  }

  began(watch: Watch, now: Instant): void {
    add(this.#watches, watch.watched, watch);
    add(this.#watchers, watch.leg.trunk.name, watch);
    this.#seats.take([watch.leg.trunk], watch);
    if (isOurs(watch)) this.#lookouts.want(watch.watched, watch.event, now);
  }

  ended(watch: Watch, now: Instant): void {
    const { watched, event } = watch;
    if (!remove(this.#watches, watched, watch)) return;
    remove(this.#watchers, watch.leg.trunk.name, watch);
    this.#seats.release([watch.leg.trunk], watch);
    this.#forget(watch.id);
    const rest = [...(this.#watches.get(watched) ?? [])];
    if (!rest.some((one) => isOurs(one) && one.event === event)) this.#lookouts.leave(watched, event, now);
  }

  /** What other nodes are asked. */
  inspect(): readonly Record<string, unknown>[] {
    return this.#lookouts.inspect();
  }

  get all(): readonly Watch[] {
    return [...this.#watches.values()].flatMap((watches) => [...watches]);
  }
}

/** Whoever watches, it is no other node. */
function isOurs({ leg }: Watch): boolean {
  return leg.trunk.node === undefined;
}

function add(sets: Map<string, Set<Watch>>, key: string, watch: Watch): void {
  const set = sets.get(key);
  if (set) set.add(watch);
  else sets.set(key, new Set([watch]));
}

/** True when it was there. */
function remove(sets: Map<string, Set<Watch>>, key: string, watch: Watch): boolean {
  const set = sets.get(key);
  if (!set?.delete(watch)) return false;
  if (set.size === 0) sets.delete(key);
  return true;
}

/** RFC 6665 4.4.1 by way of RFC 3261 20.1: without Accept it takes what the package is told by. */
function accepts(request: SipRequest, type: string): boolean {
  const accepted = request.all('accept');
  return (
    accepted.length === 0 ||
    accepted.some((value) => {
      const range = tokenOf(value)?.toLowerCase();
      return range === type || range === '*/*' || range === 'application/*';
    })
  );
}

/** The URI that was subscribed to, as the watcher wrote it: on its way here it may have become another. */
function entityOf({ to, uri }: SipRequest): Octets {
  const target = parseUri(to.uri);
  return target && target.user !== undefined && target.host !== ''
    ? `sip:${target.user}@${bracketed(target.host)}`
    : uri;
}
