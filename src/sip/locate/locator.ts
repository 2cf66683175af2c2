import type { Deadlines, Instant, Random } from '#kernel';
import type { Sleeper } from '#sip/transaction';
import type { DnsAnswer, DnsQuestion } from './dns.ts';
import { DnsEntry, type DnsEntryView, type Watch } from './dns-entry.ts';
import { longestName } from './domain-name.ts';
import { locateLimits, locateTimes } from './limits.ts';
import type { Found, LocateRequest, LocateWaiter } from './located.ts';
import { type Heard, search } from './search.ts';

export interface LocatorOptions {
  readonly deadlines: Deadlines<Sleeper>;
  /** Draws the order of targets: anew for each search. */
  readonly random: Random;
  /** Ms after which a question without an answer has failed. A little more than the resolver's own, which knows why. */
  readonly timeout: number;
  /** Calls one whose time has run out; its `onLocated` unless given, for who keeps what breaks there to itself. */
  readonly call?: (waiter: LocateWaiter, now: Instant) => void;
  /** Carries a question to the DNS; the answer comes by `answered`. Called at most once until then, for each question. */
  ask(question: DnsQuestion): void;
}

/** What a search has used. */
interface Searched {
  readonly found: Found;
  readonly entries: readonly DnsEntry[];
}

/** No dice: the same order each time. */
const inOrder: Random = { integer: (below) => below - 1, token: () => '' };

/** `since` of one who does not wait: only what is valid now counts. */
const never = Number.POSITIVE_INFINITY;

/**
 * Finds where requests go (RFC 3263) from a cache of its own: what the DNS said stays for its TTL, that there is nothing for
 * a while, and what was known is used for a day when the DNS fails. One question is asked once, however many wait for it.
 */
export class Locator {
  readonly #options: LocatorOptions;
  /** By "TYPE name", the one that was answered last at the end. */
  readonly #entries = new Map<string, DnsEntry>();
  readonly #waits = new Map<LocateWaiter, Watch[]>();
  #kept: readonly Watch[] = [];

  constructor(options: LocatorOptions) {
    this.#options = options;
  }

  /** Questions that are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** The targets in an order drawn for this call, so one `find` serves one transaction and its retries elsewhere. */
  find(request: LocateRequest, now: Instant): Found {
    return this.#search(request, now, never).found;
  }

  /** What `find` would say as things stand, for people: nothing is asked, nothing drawn and nothing changed by it. */
  peek(request: LocateRequest, now: Instant): Found {
    const look = (type: DnsQuestion['type'], name: string): Heard =>
      this.#entries.get(keyOf(type, name))?.heard(now.mono, never) ?? { kind: 'pending' };
    return search(request, look, inOrder);
  }

  /**
   * For one to whom `find` said `pending`: `waiter` is called, once, when it would no more. False when that is so already.
   * A waiter may wait for several requests; the first that is found calls it.
   */
  await(request: LocateRequest, waiter: LocateWaiter, now: Instant): boolean {
    const watch: Watch = { request, waiter, since: now.mono, entries: [] };
    if (!this.#wait(watch, now)) return false;
    const others = this.#waits.get(waiter);
    if (others) others.push(watch);
    else this.#waits.set(waiter, [watch]);
    return true;
  }

  forgetWaiter(waiter: LocateWaiter): void {
    for (const watch of this.#waits.get(waiter) ?? []) this.#watch(watch, []);
    this.#waits.delete(waiter);
  }

  /** What the DNS said. Returns those to be called now; a question that nobody asked is let fall. */
  answered(question: DnsQuestion, answer: DnsAnswer, now: Instant): readonly LocateWaiter[] {
    const key = keyOf(question.type, question.name);
    const entry = this.#entries.get(key);
    if (!entry?.take(answer, now)) return [];
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#options.deadlines.clear(entry.deadline);
    entry.deadline = undefined;
    return this.#settled(entry, now);
  }

  /** Whose names are asked for before they expire, so that calls find them: these from now on, and no others. */
  keep(requests: readonly LocateRequest[], now: Instant): void {
    const before = this.#kept;
    this.#kept = requests.map((request) => ({ request, waiter: undefined, since: never, entries: [] }));
    for (const watch of this.#kept) this.#keepOne(watch, now);
    for (const watch of before) this.#watch(watch, []);
  }

  /** Those of the kept requests whose outcome hangs on this question. */
  keptBy(question: DnsQuestion): readonly LocateRequest[] {
    const entry = this.#entries.get(keyOf(question.type, question.name));
    return [...(entry?.watches ?? [])].filter(({ waiter }) => waiter === undefined).map(({ request }) => request);
  }

  inspect(): readonly DnsEntryView[] {
    return [...this.#entries.values()].map((entry) => entry.inspect());
  }

  #search(request: LocateRequest, now: Instant, since: number): Searched {
    const entries: DnsEntry[] = [];
    const look = (type: DnsQuestion['type'], name: string): Heard => {
      if (name.length > longestName) return { kind: 'none', reason: 'no-such-name', stale: false };
      const entry = this.#entry(type, name);
      if (!entry) return { kind: 'failed', reason: 'too many names are asked for', retrying: false };
      if (entry.isDue(now.mono, since)) this.#ask(entry, now);
      entries.push(entry);
      return entry.heard(now.mono, since);
    };
    return { found: search(request, look, this.#options.random), entries };
  }

  /** Undefined when all that are kept are in use. */
  #entry(type: DnsQuestion['type'], name: string): DnsEntry | undefined {
    const key = keyOf(type, name);
    const known = this.#entries.get(key);
    if (known) return known;
    if (this.#entries.size >= locateLimits.names && !this.#evict()) return undefined;
    const entry = new DnsEntry({ type, name }, this.#wake);
    this.#entries.set(key, entry);
    return entry;
  }

  #evict(): boolean {
    for (const [key, entry] of this.#entries) {
      if (entry.isIdle) return this.#entries.delete(key);
    }
    return false;
  }

  #ask(entry: DnsEntry, now: Instant): void {
    const { deadlines, timeout, ask } = this.#options;
    deadlines.clear(entry.deadline);
    entry.askedAt = now.mono;
    const isPatient = entry.hasOld(now.mono) && locateTimes.patience < timeout;
    entry.deadline = isPatient
      ? deadlines.set('dns-patience', entry, now.mono + locateTimes.patience)
      : deadlines.set('dns-timeout', entry, now.mono + timeout);
    ask(entry.question);
  }

  readonly #wake = (entry: DnsEntry, name: string, now: Instant): void => {
    entry.deadline = undefined;
    const { deadlines, timeout } = this.#options;
    if (name === 'dns-refresh') {
      this.#ask(entry, now);
      return;
    }
    if (name === 'dns-patience') {
      entry.fail(`no answer within ${locateTimes.patience} ms`, now);
      entry.deadline = deadlines.set('dns-timeout', entry, entry.askedAt! + timeout);
    } else {
      entry.take({ kind: 'failed', reason: `no answer within ${timeout} ms` }, now);
    }
    const { call = (waiter: LocateWaiter, at: Instant) => waiter.onLocated(at) } = this.#options;
    for (const waiter of this.#settled(entry, now)) call(waiter, now);
  };

  /** Something is known of this entry that was not: who has waited long enough, and what is to be kept besides? */
  #settled(entry: DnsEntry, now: Instant): readonly LocateWaiter[] {
    const ready = new Set<LocateWaiter>();
    for (const watch of [...entry.watches]) {
      if (watch.waiter === undefined) this.#keepOne(watch, now);
      else if (!this.#wait(watch, now)) ready.add(watch.waiter);
    }
    for (const waiter of ready) this.forgetWaiter(waiter);
    this.#refreshLater(entry, now);
    return [...ready];
  }

  /** Watches what the request waits for; false when that is nothing. */
  #wait(watch: Watch, now: Instant): boolean {
    const { found, entries } = this.#search(watch.request, now, watch.since);
    const isPending = found.kind === 'pending';
    if (!isPending) for (const entry of entries) entry.hold(now.mono);
    this.#watch(watch, isPending ? entries.filter(({ isAsked }) => isAsked) : []);
    return isPending;
  }

  #keepOne(watch: Watch, now: Instant): void {
    const { entries } = this.#search(watch.request, now, watch.since);
    this.#watch(watch, entries);
    for (const entry of entries) this.#refreshLater(entry, now);
  }

  #refreshLater(entry: DnsEntry, now: Instant): void {
    if (entry.kept === 0 || entry.isAsked || entry.deadline !== undefined) return;
    const at = entry.refreshAt(this.#options.random.integer(1024) / 1024);
    entry.deadline = this.#options.deadlines.set('dns-refresh', entry, Math.max(at, now.mono + 1));
  }

  #watch(watch: Watch, entries: readonly DnsEntry[]): void {
    const before = watch.entries;
    watch.entries = [...new Set(entries)];
    for (const entry of watch.entries) {
      if (entry.watches.has(watch)) continue;
      entry.watches.add(watch);
      if (watch.waiter === undefined) entry.kept++;
    }
    for (const entry of before) {
      if (watch.entries.includes(entry)) continue;
      entry.watches.delete(watch);
      if (watch.waiter === undefined) entry.kept--;
      if (entry.kept > 0 || entry.isAsked) continue;
      this.#options.deadlines.clear(entry.deadline);
      entry.deadline = undefined;
    }
  }
}

function keyOf(type: DnsQuestion['type'], name: string): string {
  return `${type} ${name}`;
}
