import { createHash, randomBytes } from 'node:crypto';
import type { ManagementStore, Webhook } from '#shell/management-store';
import {
  type Delivery,
  type Health,
  idHeader,
  type Known,
  type Message,
  type Posted,
  type Posting,
  queueLimits,
  signatureHeader,
  signatures,
  timestampHeader,
  type WebhookQueue,
} from '#shell/webhook';
import { Problem } from '../problem.ts';
import { iso } from '../time.ts';
import type { EventName } from './catalogue.ts';
import type { AnyHappening } from './happening.ts';

export interface SenderOptions {
  readonly store: ManagementStore['webhooks'];
  readonly queue: WebhookQueue;
  /** Never rejects. */
  readonly post: (posting: Posting) => Promise<Posted>;
  readonly version: string;
  readonly node: string | undefined;
  /** Unix ms. */
  readonly wall: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
  readonly log: (level: 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown>) => void;
}

const minute = 60_000;
const hour = 60 * minute;

export const senderLimits = {
  /** Ms for one try. */
  patience: 10_000,
  /** Ms for which a message is tried. */
  lifetime: 24 * hour,
  /** Tries under way: of all, and of one receiver. */
  underWay: 16,
  each: 4,
  /** Ms from a try that failed to the next of the same message: twice as long each time, from the first to the longest. */
  firstWait: 5_000,
  longestWait: hour,
  /** Ms until a receiver is tried again at all that has failed several times in a row. */
  longestRest: 5 * minute,
  /** A receiver that has taken nothing for that long, ms, and failed that often, is disabled. */
  givenUp: 72 * hour,
  failures: 20,
  /** Ms between two looks at what is due, and at what is over. */
  pulse: 500,
  purge: minute,
} as const;

/** From how many failures in a row on it is said. */
export const failingFrom = 3;

/** What became of messages and tries since this process began, of one receiver. */
export interface WebhookCounts {
  readonly messages: { taken: number; failed: number; dropped: number };
  readonly tries: { taken: number; refused: number; unreachable: number };
}

/**
 * Tells receivers what happens: what is told lies in the queue on the disk before anything is sent, and stays there until it was taken, or a day
 * has passed. Nobody waits for it, and nothing of it grows: there are limits for messages that wait and for tries under way.
 */
export class WebhookSender {
  readonly #options: SenderOptions;
  #hooks: readonly Webhook[] = [];
  readonly #health = new Map<string, Health>();
  /** How many wait, at least roughly; looked at anew each minute. */
  readonly #waiting = new Map<string, number>();
  readonly #underWay = new Map<string, Set<number>>();
  readonly #counts = new Map<string, WebhookCounts>();
  readonly #closing = new AbortController();
  readonly #listeners: (() => void)[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #tries = 0;
  #first = 0;
  #isBroken = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#purge();
  }

  /** From here on it sends, also what was left by the process before this one. */
  start(): void {
    this.#timers.push(
      setInterval(() => this.turn(), senderLimits.pulse),
      setInterval(() => this.#purge(), senderLimits.purge),
    );
    for (const timer of this.#timers) timer.unref();
  }

  /** What is under way is broken off: it is tried again by whoever opens the queue next. */
  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Hears of it when other webhooks, or others of their events, are wanted. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** A receiver is to be had by other means, or wanted again: what is known of the old ones does not count. */
  renewed(id: string): void {
    this.#rest(id, { failures: 0, failingSince: 0, nextAt: 0, error: undefined });
    this.#options.queue.hurry(id, this.#options.wall());
  }

  /** Webhooks were made, changed or removed. */
  changed(): void {
    this.#purge();
    for (const listener of this.#listeners) listener();
    this.turn();
  }

  /** Whether anybody is to be told of any of these. */
  wants(...names: readonly EventName[]): boolean {
    return this.#hooks.some(({ enabled, events }) => enabled && names.some((name) => events.includes(name)));
  }

  /** What happened, in its order. `known`: what who tells it is to know when he begins anew. False: it could not be kept. */
  tell(happenings: readonly AnyHappening[], known: Known = []): boolean {
    const now = this.#options.wall();
    const items = happenings.map((one) => ({
      message: this.#messageOf(one),
      webhooks: this.#hooks.filter((hook) => isFor(hook, one)).map(({ id }) => id),
    }));
    try {
      this.#options.queue.put(items, { now, expiresAt: now + senderLimits.lifetime, known });
      this.#isBroken = false;
    } catch (error) {
      if (!this.#isBroken) this.#options.log('error', 'webhook-queue-unwritable', { error });
      this.#isBroken = true;
      return false;
    }
    for (const { webhooks } of items)
      for (const id of webhooks) this.#waiting.set(id, (this.#waiting.get(id) ?? 0) + 1);
    for (const [id, count] of this.#waiting) if (count > queueLimits.waiting) this.#dropBeyond(id, now);
    if (items.some(({ webhooks }) => webhooks.length > 0)) this.turn();
    return true;
  }

  /** What was noted by who told what happened. */
  known(): Map<string, string> {
    return this.#options.queue.known();
  }

  /** Sends what is due, as far as there is room. */
  turn(): void {
    if (this.#closing.signal.aborted) return;
    const now = this.#options.wall();
    // Each is the first now and then.
    const hooks = [...this.#hooks.slice(this.#first), ...this.#hooks.slice(0, this.#first)];
    this.#first = hooks.length === 0 ? 0 : (this.#first + 1) % hooks.length;
    for (const hook of hooks) {
      if (!hook.enabled || (this.#waiting.get(hook.id) ?? 0) <= 0) continue;
      const { failures, nextAt } = this.healthOf(hook.id);
      if (now < nextAt) continue;
      const mine = this.#underWay.get(hook.id)?.size ?? 0;
      // One is enough to find out whether it answers again.
      const room = Math.min((failures > 0 ? 1 : senderLimits.each) - mine, senderLimits.underWay - this.#tries);
      if (room <= 0) continue;
      const due = this.#options.queue
        .ready(hook.id, now, room + mine)
        .filter(({ id }) => !this.#isUnderWay(hook.id, id));
      for (const delivery of due.slice(0, room)) void this.#try(hook, delivery);
    }
  }

  /** One message at once, whatever else waits; what came of it. Throws a Problem where too much is under way. */
  async test(hook: Webhook, by: string): Promise<Delivery> {
    const { queue, wall } = this.#options;
    if (this.#tries >= senderLimits.underWay)
      throw new Problem(429, 'Too much is being sent: try again in a few seconds.', undefined, 5);
    const now = wall();
    const message = this.#messageOf({
      type: 'webhook.test',
      at: now,
      text: `${by} tests whether the webhook ${hook.name} arrives.`,
      data: { by },
      subject: 'test',
    });
    // Tests do not wait for each other, nor for anything.
    queue.put([{ message: { ...message, subject: message.id }, webhooks: [hook.id] }], { now, expiresAt: now });
    this.#waiting.set(hook.id, (this.#waiting.get(hook.id) ?? 0) + 1);
    await this.#try(hook, queue.of(hook.id, message.id)!);
    const outcome = queue.of(hook.id, message.id);
    if (!outcome) throw new Problem(404, 'The webhook was removed meanwhile.');
    return outcome;
  }

  /** Once more, with the same id. Undefined: there is no such delivery. */
  again(hook: Webhook, id: number): Delivery | undefined {
    const { queue, wall } = this.#options;
    const now = wall();
    if (this.#isUnderWay(hook.id, id)) throw new Problem(409, 'It is being sent just now.', undefined, 10);
    if (!queue.again(hook.id, id, now, now + senderLimits.lifetime)) return undefined;
    this.#rest(hook.id, { nextAt: 0 });
    this.#waiting.set(hook.id, Math.max(1, queue.waiting(hook.id).count));
    this.turn();
    return queue.get(hook.id, id);
  }

  /** The newest first. */
  deliveries(...[id, limit, which]: Parameters<WebhookQueue['list']>): Delivery[] {
    return this.#options.queue.list(id, limit, which);
  }

  /** One, with its tries. Undefined: it is not there any more. */
  delivery(
    id: string,
    delivery: number,
  ): { readonly delivery: Delivery; readonly tries: ReturnType<WebhookQueue['tries']> } | undefined {
    const { queue } = this.#options;
    const found = queue.get(id, delivery);
    return found && { delivery: found, tries: queue.tries(found.id) };
  }

  healthOf(id: string): Health {
    let health = this.#health.get(id);
    if (!health) {
      health = this.#options.queue.health(id);
      this.#health.set(id, health);
    }
    return health;
  }

  waitingOf(id: string): ReturnType<WebhookQueue['waiting']> {
    return this.#options.queue.waiting(id);
  }

  countsOf(id: string): WebhookCounts {
    let counts = this.#counts.get(id);
    if (!counts) {
      counts = {
        messages: { taken: 0, failed: 0, dropped: 0 },
        tries: { taken: 0, refused: 0, unreachable: 0 },
      };
      this.#counts.set(id, counts);
    }
    return counts;
  }

  /** Those that there are. */
  get webhooks(): readonly Webhook[] {
    return this.#hooks;
  }

  #isUnderWay(hook: string, id: number): boolean {
    return this.#underWay.get(hook)?.has(id) ?? false;
  }

  async #try(hook: Webhook, delivery: Delivery): Promise<void> {
    const { post, wall } = this.#options;
    let mine = this.#underWay.get(hook.id);
    if (!mine) {
      mine = new Set();
      this.#underWay.set(hook.id, mine);
    }
    mine.add(delivery.id);
    this.#tries++;
    const at = wall();
    const posted = await post({
      url: hook.url,
      headers: this.#headersFor(hook, delivery.message, at),
      body: delivery.message.body,
      ca: hook.ca,
      patience: senderLimits.patience,
      signal: this.#closing.signal,
    });
    mine.delete(delivery.id);
    this.#tries--;
    // The queue may be closed by now; whoever opens it next does not know of this try, and sends it again.
    if (this.#closing.signal.aborted) return;
    this.#outcome(hook, delivery, posted, at);
    this.turn();
  }

  #headersFor({ secret, oldSecret }: Webhook, { id, body }: Message, at: number): Record<string, string> {
    const timestamp = String(Math.floor(at / 1000));
    const secrets = [secret, ...(oldSecret && at < oldSecret.until ? [oldSecret.secret] : [])];
    return {
      'content-type': 'application/json',
      'user-agent': `Tandem/${this.#options.version}`,
      [idHeader]: id,
      [timestampHeader]: timestamp,
      [signatureHeader]: signatures(
        secrets.map((one) => one.reveal()),
        { id, timestamp, body },
      ),
    };
  }

  #outcome(hook: Webhook, delivery: Delivery, posted: Posted, at: number): void {
    const { queue, wall, store, log } = this.#options;
    const now = wall();
    const { status, error, answer, retryAfter = 0 } = posted;
    const isTaken = error === undefined;
    const was = this.healthOf(hook.id);
    const { name } = hook;
    const failures = isTaken ? 0 : was.failures + 1;
    const failingSince = isTaken ? 0 : was.failingSince || now;
    // One that is refused by itself shall not keep the others.
    const rest = failures < 2 ? 0 : this.#pause(failures - 1, senderLimits.longestRest);
    const health: Health = {
      ...was,
      failures,
      failingSince,
      nextAt: isTaken ? 0 : now + Math.max(rest, Math.min(retryAfter, senderLimits.longestWait)),
      error: isTaken ? undefined : error,
      takenAt: isTaken ? now : was.takenAt,
    };
    const dueAt = now + this.#pause(delivery.tries + 1, senderLimits.longestWait);
    const isOver = isTaken || status === 410 || dueAt >= delivery.expiresAt;
    queue.tried(
      delivery,
      { at, ms: Math.max(0, now - at), status, error, answer },
      { state: isTaken ? 'taken' : isOver ? 'failed' : 'waiting', dueAt, health },
    );
    this.#health.set(hook.id, health);
    const counts = this.countsOf(hook.id);
    counts.tries[isTaken ? 'taken' : status === undefined ? 'unreachable' : 'refused']++;
    if (isOver) {
      counts.messages[isTaken ? 'taken' : 'failed']++;
      this.#waiting.set(hook.id, Math.max(0, (this.#waiting.get(hook.id) ?? 0) - 1));
    }
    if (failures === failingFrom) log('warn', 'webhook-failing', { webhook: name, why: error });
    if (isTaken && was.failures >= failingFrom) {
      log('info', 'webhook-again', { webhook: name });
      queue.hurry(hook.id, now);
    }
    const isHopeless = now - failingSince >= senderLimits.givenUp && failures >= senderLimits.failures;
    const why = status === 410 ? 'gone' : !isTaken && isHopeless ? 'failing' : undefined;
    if (why === undefined || !store.get(hook.id)?.enabled) return;
    store.end(hook.id, why, now);
    log('error', 'webhook-ended', { webhook: name, why: error });
    this.changed();
  }

  /** Ms after the `times`th failure: more each time, and not for all the same. */
  #pause(times: number, longest: number): number {
    const { random = Math.random } = this.#options;
    const pause = Math.min(longest, senderLimits.firstWait * 2 ** Math.min(times - 1, 20));
    return Math.round(pause * (0.75 + 0.5 * random()));
  }

  #rest(id: string, change: Partial<Health>): void {
    const health = { ...this.healthOf(id), ...change };
    this.#health.set(id, health);
    this.#options.queue.setHealth(id, health);
  }

  #dropBeyond(id: string, now: number): void {
    const { queue, log } = this.#options;
    const gone = queue.dropBeyond(id, queueLimits.waiting, this.#underWay.get(id) ?? new Set(), now);
    this.#waiting.set(id, queue.waiting(id).count);
    if (gone === 0) return;
    const { droppedAt = 0, dropped } = this.healthOf(id);
    this.countsOf(id).messages.dropped += gone;
    this.#rest(id, { droppedAt: now, dropped: dropped + gone });
    const name = this.#hooks.find((hook) => hook.id === id)?.name;
    if (now - droppedAt >= minute) log('warn', 'webhook-dropped', { webhook: name, messages: gone });
  }

  /** Reads anew what there is; lets go of what is over. */
  #purge(): void {
    const { store, queue, wall, log } = this.#options;
    try {
      this.#hooks = store.list();
      for (const { webhook, count } of queue.expire(wall())) this.countsOf(webhook).messages.failed += count;
      queue.prune(this.#hooks.map(({ id }) => id));
      const known = new Set(this.#hooks.map(({ id }) => id));
      for (const map of [this.#health, this.#waiting, this.#counts])
        for (const id of map.keys()) if (!known.has(id)) map.delete(id);
      for (const id of known) this.#waiting.set(id, queue.waiting(id).count);
    } catch (error) {
      if (!this.#isBroken) log('error', 'webhook-queue-unwritable', { error });
      this.#isBroken = true;
    }
  }

  #messageOf({ type, at, text, data, subject, key }: AnyHappening): Message {
    const { node } = this.#options;
    const name =
      key === undefined
        ? randomBytes(18).toString('base64url')
        : createHash('sha256')
            .update(`${node ?? ''}\n${type}\n${key}`)
            .digest('base64url')
            .slice(0, 24);
    const body = JSON.stringify({ type, timestamp: iso(at), ...(node !== undefined && { node }), text, data });
    return { id: `msg_${name}`, type, at, body, subject };
  }
}

/** Whether a receiver is to be told: he wants it, it is of his trunks or sites, and it happened since he was enabled. */
function isFor(hook: Webhook, { type, at, trunks = [], sites = [] }: AnyHappening): boolean {
  if (!hook.enabled || at < hook.enabledAt || !hook.events.includes(type)) return false;
  if (!hook.trunks && !hook.sites) return true;
  return trunks.some((one) => hook.trunks?.includes(one)) || sites.some((one) => hook.sites?.includes(one));
}
