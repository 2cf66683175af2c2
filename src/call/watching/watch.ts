import { type LiveDialog, pidfType, writeDialogInfo, writePidf } from '#codec/presence';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import { type Deadline, type Instant, type Octets, toText } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Dialog } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ServerTransaction, Sleeper } from '#sip/transaction';
import { listenerOf } from '../call-leg.ts';
import { permitsOf, tokenOf } from '../passing/permits.ts';
import { subscriptionKey } from '../passing/subscription.ts';
import {
  restoredLeg,
  SubscriptionLeg,
  type SubscriptionLegOwner,
  type SubscriptionLegState,
} from '../passing/subscription-leg.ts';
import type { CallServices, Party } from '../services.ts';
import type { WatchingDesk } from './desk.ts';
import { expiryOf } from './expiry.ts';
import { packages } from './packages.ts';
import type { UserState } from './people.ts';

/** What a checkpoint keeps of one. `v` is raised when a reader of the old form would go wrong. */
export interface WatchState {
  readonly v: 1;
  readonly id: string;
  readonly watched: string;
  readonly event: Octets;
  readonly entity: Octets;
  /** Unix ms. */
  readonly expiresAt: number;
  readonly version: number;
  readonly leg: SubscriptionLegState;
}

/** NOTIFYs after which it is kept anew: the next process goes on beyond the numbers that were used. */
const kept = 500;
const beyond = 1_000;

export interface Beginning {
  readonly id: string;
  readonly watched: string;
  /** The Event header, with its id (RFC 6665 8.2.1). */
  readonly event: Octets;
  readonly entity: Octets;
  readonly expiresAt: number;
}

/**
 * Somebody watches a user of ours (RFC 6665 4.2, as the notifier): what there is to be seen of him is told at once and with each
 * refresh, and what changes as it does, no oftener than the package has it. It is checkpointed as it begins and is refreshed.
 */
export class Watch implements SubscriptionLegOwner, Party, Sleeper {
  readonly call: this = this;
  readonly id: string;
  readonly watched: string;
  readonly services: CallServices;
  readonly leg: SubscriptionLeg;
  /** Its package. */
  readonly event: Octets;
  readonly #desk: WatchingDesk<Watch>;
  readonly #event: Octets;
  readonly #package: (typeof packages)[string];
  readonly #entity: Octets;
  #expiresAt: number;
  #version = 0;
  #notified = 0;
  /** What the watcher knows: of dialogs, or the whole document. */
  #known: ReadonlyMap<string, LiveDialog> = new Map();
  #document = '';
  /** A NOTIFY has no answer yet; the next one waits for that (RFC 6665 4.2.2). */
  #asking = false;
  #due: 'full' | 'changes' | undefined;
  #lastAt = -Infinity;
  #pace: Deadline<Sleeper> | undefined;
  #expiry: Deadline<Sleeper> | undefined;
  #over = false;

  private constructor(
    desk: WatchingDesk<Watch>,
    { id, watched, event, entity, expiresAt }: Beginning,
    leg: (watch: Watch) => SubscriptionLeg,
    now: Instant,
  ) {
    this.#desk = desk;
    this.services = desk.services;
    this.id = id;
    this.watched = watched;
    this.#event = event;
    this.event = tokenOf(event)!;
    this.#package = packages[this.event]!;
    this.#entity = entity;
    this.#expiresAt = expiresAt;
    this.leg = leg(this);
    desk.began(this, now);
    this.#watchExpiry(now);
  }

  static begin(
    desk: WatchingDesk<Watch>,
    beginning: Beginning,
    trunk: Trunk,
    dialog: Dialog,
    flow: Flow,
    now: Instant,
  ): Watch {
    const listener = listenerOf(desk.services, trunk, flow)!;
    const watch = new Watch(desk, beginning, (self) => new SubscriptionLeg(self, trunk, dialog, flow, listener), now);
    watch.#keep();
    return watch;
  }

  /** Takes it up from a process that died; undefined when its watcher is not there any more. */
  static restored(desk: WatchingDesk<Watch>, state: WatchState, delay: number, now: Instant): Watch | undefined {
    const { services } = desk;
    const { leg, version } = state;
    const trunk = services.trunks.named(leg.trunk, leg.flow);
    if (!trunk || !listenerOf(services, trunk, leg.flow)) return undefined;
    const watch = new Watch(desk, state, (self) => restoredLeg(self, leg)!, now);
    watch.#version = version + beyond;
    watch.#due = 'full';
    watch.#pace = services.deadlines.set('notify', watch, now.mono + delay);
    watch.#keep();
    return watch;
  }

  // --- what is told ------------------------------------------------------------------------------------------------

  /** All that is to be seen, at once. */
  tell(now: Instant): void {
    this.#due = 'full';
    this.#notify(now);
  }

  /** Something of the user may be other than it was; `atOnce`: it was so before this one was told anything. */
  changed(now: Instant, atOnce = false): void {
    if (this.#over) return;
    this.#due ??= 'changes';
    if (atOnce) this.#lastAt = -Infinity;
    this.#notify(now);
  }

  #notify(now: Instant): void {
    if (this.#over || this.#asking || !this.#due) return;
    // Another node has paces of its own.
    const at = this.leg.trunk.node === undefined ? this.#lastAt + this.#package.gap : now.mono;
    if (this.#due === 'changes' && at > now.mono) {
      this.#pace ??= this.services.deadlines.set('notify', this, at);
      return;
    }
    const state = this.#stateAt(now);
    if (!state) return this.#terminated('noresource', undefined, now);
    if (this.#isCut) {
      // It is told all when it is back.
      this.#due = 'full';
      return;
    }
    const body = this.#written(state, this.#due === 'full');
    this.#due = undefined;
    if (body === undefined) return;
    const seconds = Math.max(1, Math.ceil((this.#expiresAt - now.wall) / 1000));
    this.#send(`active;expires=${seconds}`, body, now);
  }

  #stateAt(now: Instant): UserState | undefined {
    return this.#desk.stateFor(this.leg.trunk, this.watched, this.event, now);
  }

  /** The connection of its device has fallen, and it has not registered by another. */
  get #isCut(): boolean {
    const { trunk, flow, dialog } = this.leg;
    const { flows, trunks } = this.services;
    if (!trunk.user || flow.connection === undefined || flows.stands(flow)) return false;
    const moved = trunks.flowTo(trunk, dialog.remoteTarget);
    return !moved || (moved.connection !== undefined && !flows.stands(moved));
  }

  /** A device of who watches has come or gone. */
  moved(now: Instant): void {
    if (this.#due === 'full') this.#notify(now);
  }

  /** The document; undefined when the watcher knows all of it. */
  #written(state: UserState, isFull: boolean): Octets | undefined {
    const entity = toText(this.#entity);
    if (this.#package.type === pidfType) {
      const document = writePidf({ entity, open: state.isThere, onThePhone: state.talks });
      if (!isFull && document === this.#document) return undefined;
      this.#document = document;
      return document;
    }
    const news = isFull ? [...state.dialogs.values()] : this.#news(state.dialogs);
    this.#known = new Map(state.dialogs);
    if (!isFull && news.length === 0) return undefined;
    const version = this.#version++;
    return writeDialogInfo({ entity, version, state: isFull ? 'full' : 'partial', dialogs: news });
  }

  /** Those that are in another state than the watcher knows, or over. */
  #news(dialogs: ReadonlyMap<string, LiveDialog>): LiveDialog[] {
    const news = [...dialogs.values()].filter(({ id, state }) => this.#known.get(id)?.state !== state);
    for (const [id, one] of this.#known) if (!dialogs.has(id)) news.push({ ...one, state: 'terminated' });
    return news;
  }

  #send(state: Octets, body: Octets, now: Instant): void {
    this.#lastAt = now.mono;
    this.#asking = true;
    const headers: readonly Header[] = [
      ['Contact', this.leg.contact],
      ['Event', this.#event],
      ['Subscription-State', state],
      ...(body === '' ? [] : ([['Content-Type', this.#package.type]] as const)),
    ];
    this.leg.request('NOTIFY', headers, body, this, now);
    if (++this.#notified % kept === 0) this.#keep();
  }

  onResponse({ status }: SipResponse, _transaction: unknown, now: Instant): void {
    if (status < 200) return;
    this.#asking = false;
    // RFC 6665 4.2.2: who has no such subscription, or can't be told, is told no more.
    if (status >= 300) return this.#end(now);
    this.#notify(now);
  }

  onFailure(_failure: unknown, _reason: string, now: Instant): void {
    this.#end(now);
  }

  // --- what its watcher asks ---------------------------------------------------------------------------------------

  asked(leg: SubscriptionLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void {
    const respond = (status: number, headers: readonly Header[] = []) =>
      void this.services.transactions.respond(server, { status, headers }, now.mono);
    if (this.#over) return respond(481);
    const { allow } = permitsOf(leg.trunk);
    if (request.method !== 'SUBSCRIBE') return respond(request.method === 'OPTIONS' ? 200 : 405, [['Allow', allow]]);
    // RFC 6665 4.5.2: another package would be another subscription.
    if (tokenOf(request.get('event')) !== this.event) return respond(489, permitsOf(leg.trunk).events());
    const expiry = expiryOf(request);
    if ('status' in expiry) return respond(expiry.status, expiry.headers);
    leg.moved(request);
    const { seconds } = expiry;
    const refused = this.#desk.people.refusal(leg.trunk, this.watched, now);
    if (refused !== undefined) {
      respond(403);
      return this.#terminated('rejected', undefined, now);
    }
    respond(200, [
      ['Expires', String(seconds)],
      ['Contact', leg.contact],
    ]);
    if (seconds === 0) return this.last(now);
    this.#expiresAt = now.wall + seconds * 1000;
    this.#watchExpiry(now);
    this.#keep();
    this.tell(now);
  }

  // --- its end -----------------------------------------------------------------------------------------------------

  /** It is over when it has been told what is to be seen (RFC 6665 4.4.3: a fetch, or the last word). */
  last(now: Instant): void {
    this.#terminated('timeout', this.#stateAt(now), now);
  }

  /** We leave: the watcher may subscribe anew at once. */
  terminate(_reason: string, now: Instant): void {
    this.#terminated('deactivated', undefined, now);
  }

  #terminated(reason: string, state: UserState | undefined, now: Instant): void {
    if (this.#over) return;
    this.#send(`terminated;reason=${reason}`, (state && this.#written(state, true)) ?? '', now);
    this.#end(now);
  }

  #end(now: Instant): void {
    if (this.#over) return;
    this.#over = true;
    const { deadlines } = this.services;
    deadlines.clear(this.#expiry);
    deadlines.clear(this.#pace);
    this.leg.forget();
    this.#desk.ended(this, now);
  }

  #watchExpiry(now: Instant): void {
    const { deadlines } = this.services;
    deadlines.clear(this.#expiry);
    this.#expiry = deadlines.set('watch expiry', this, now.mono + Math.max(0, this.#expiresAt - now.wall));
  }

  wake(name: string, now: Instant): void {
    if (name === 'notify') {
      this.#pace = undefined;
      return this.#notify(now);
    }
    this.#expiry = undefined;
    this.last(now);
  }

  #keep(): void {
    if (!this.#over) this.services.checkpoint(subscriptionKey + this.id, this.#state());
  }

  #state(): WatchState {
    return {
      v: 1,
      id: this.id,
      watched: this.watched,
      event: this.#event,
      entity: this.#entity,
      expiresAt: this.#expiresAt,
      version: this.#version,
      leg: this.leg.state(),
    };
  }

  inspect(): Record<string, unknown> {
    return {
      id: this.id,
      event: this.#event,
      subscriber: this.leg.trunk.name,
      watches: this.watched,
      expiresAt: new Date(this.#expiresAt).toISOString(),
    };
  }
}
