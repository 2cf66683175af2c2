import type { Octets } from '#kernel';
import type { Protection } from '#policy/configuration';
import { NetworkTable, prefixOf } from '#policy/trunks';
import { Signatures } from './signatures.ts';
import { sourceOf } from './source.ts';

export const defaultProtection: Protection = { requestsPerSecond: 20, ban: 300_000, signatures: [], never: [] };

/** What a source may do wrong after the gate, and what it costs of its patience. */
const misdeeds = {
  /** A request that no trunk may send. A PBX that is not configured yet does so too, so it costs little. */
  'unknown-source': 1,
  /** What is no SIP message. */
  malformed: 2,
  /** A digest that is wrong. */
  'wrong-credentials': 3,
} as const;
export type Misdeed = keyof typeof misdeeds;

export type BanReason = 'scanner' | 'flood' | Misdeed;

export interface Ban {
  /** An IPv4 address, or an IPv6 /64: "2001:db8:1:2::/64". */
  readonly source: string;
  readonly reason: BanReason;
  /** For people: the signature that fitted, the rate that was passed. */
  readonly detail: string;
  /** Monotonic ms. */
  readonly since: number;
  readonly until: number;
  /** How often it was banned, this time included. */
  readonly times: number;
}

export interface Dropped {
  readonly drop: 'banned' | 'flood' | 'scanner';
  /** Set once for each ban. */
  readonly newlyBanned?: Ban;
}

export interface UnwantedOptions {
  /** `defaultProtection` unless given. */
  readonly protection: Protection | undefined;
  /** True when some trunk's messages may come from there: by address, network or what its names lead to. */
  readonly isTrunk: (host: string) => boolean;
}

interface Source {
  /** Messages that it may send at once. */
  tokens: number;
  /** What its misdeeds cost and time has not yet made good. */
  guilt: number;
  at: number;
}

/** Sources watched, bans kept, sources that proved themselves (docs/limits.md). */
export const unwantedLimits = { sources: 20_000, bans: 20_000, proven: 10_000 } as const;

const day = 86_400_000;
/** Guilt beyond which a source is banned. */
const patience = 30;
/** Ms in which one point of guilt is made good: whoever retries every half minute with an old password is not banned. */
const forgiveness = 10_000;
/** Ms for which a source that proved to be a trunk's is left alone. */
const trust = 3_600_000;

const banned: Dropped = { drop: 'banned' };
const scanner: Dropped = { drop: 'scanner' };
const flood: Dropped = { drop: 'flood' };

/**
 * Keeps unwanted traffic from the parser: floods and scanners of sources that no trunk names. What a trunk or `never` names is looked
 * at first and never touched, whatever comes in its name: a source address on UDP can be forged.
 * All tables are bounded. A source that falls out of the table of sources begins anew, unsuspected; a ban falls out of its table
 * only when it is over, so that nobody gets out by filling it: what then offends is dropped without a ban.
 * Bans do not outlive the process.
 */
export class Unwanted {
  /** Bans since it began. */
  banned = 0;
  #protection: Protection = defaultProtection;
  readonly #isTrunk: (host: string) => boolean;
  #never = new NetworkTable<true>();
  #signatures = new Signatures([]);
  /** In order of last use. */
  readonly #sources = new Map<string, Source>();
  /** Those that run, and those that are over by less than a day: another one is then twice as long. */
  readonly #bans = new Map<string, Ban>();
  /** Host -> until when, in order of last proof. */
  readonly #proven = new Map<string, number>();
  #sweepAt = 0;

  constructor({ protection, isTrunk }: UnwantedOptions) {
    this.#isTrunk = isTrunk;
    this.configure(protection);
  }

  /** By other measure from now on; the bans that run go on. */
  configure(protection = defaultProtection): void {
    this.#protection = protection;
    this.#never = new NetworkTable<true>();
    for (const network of protection.never) {
      const prefix = prefixOf(network);
      if (prefix) this.#never.add(prefix, true);
    }
    this.#signatures = new Signatures(protection.signatures);
  }

  /** Before the parser: may this go on? `host`: IP literal of the sender; `now`: monotonic ms. */
  before(host: string, octets: Octets, now: number): 'pass' | Dropped {
    if (this.#isExempt(host, now)) return 'pass';
    const key = sourceOf(host);
    const ban = this.#bans.get(key);
    if (ban && ban.until > now) return banned;
    const word = this.#signatures.find(octets);
    if (word !== undefined) return this.#ban(key, 'scanner', word, now) ?? scanner;
    const source = this.#source(key, now);
    if (source.tokens < 1) {
      const detail = `more than ${this.#protection.requestsPerSecond} messages a second`;
      return this.#ban(key, 'flood', detail, now) ?? flood;
    }
    source.tokens--;
    return 'pass';
  }

  /** After the gate: it did something wrong. The ban, if that was one too many. */
  misbehaved(host: string, why: Misdeed, now: number): Ban | undefined {
    if (this.#isExempt(host, now)) return undefined;
    const key = sourceOf(host);
    const source = this.#source(key, now);
    source.guilt += misdeeds[why];
    const running = this.#bans.get(key);
    if (source.guilt <= patience || (running && running.until > now)) return undefined;
    return this.#ban(key, why, 'again and again', now)?.newlyBanned;
  }

  /** It proved to be a trunk's, by digest or certificate: it is not banned for the next hour, and no longer if it was. */
  proved(host: string, now: number): void {
    this.#proven.delete(host);
    if (this.#proven.size >= unwantedLimits.proven) this.#proven.delete(this.#proven.keys().next().value!);
    this.#proven.set(host, now + trust);
    this.unban(host);
  }

  /** The bans that run, newest last. */
  bans(now: number): readonly Ban[] {
    // What has become a trunk's since is let pass.
    return [...this.#bans.values()].filter(({ source, until }) => until > now && !this.#isExempt(source, now));
  }

  /** Lifts and forgets a ban: by address or, as `bans` tells them, by source. False when there was none. */
  unban(source: string): boolean {
    const key = sourceOf(source);
    this.#sources.delete(key);
    return this.#bans.delete(key);
  }

  #isExempt(host: string, now: number): boolean {
    if (this.#isTrunk(host) || this.#never.find(host)) return true;
    const until = this.#proven.get(host);
    return until !== undefined && until > now;
  }

  /** The source as it is now, moved to the young end of the table. */
  #source(key: string, now: number): Source {
    const burst = Math.max(1, this.#protection.requestsPerSecond);
    let source = this.#sources.get(key);
    if (source) {
      const passed = now - source.at;
      source.tokens = Math.min(burst, source.tokens + (passed * this.#protection.requestsPerSecond) / 1000);
      source.guilt = Math.max(0, source.guilt - passed / forgiveness);
      source.at = now;
      this.#sources.delete(key);
    } else {
      source = { tokens: burst, guilt: 0, at: now };
      if (this.#sources.size >= unwantedLimits.sources) this.#sources.delete(this.#sources.keys().next().value!);
    }
    this.#sources.set(key, source);
    return source;
  }

  /** Undefined when the table is full of bans that run. */
  #ban(source: string, reason: BanReason, detail: string, now: number): Required<Dropped> | undefined {
    const before = this.#bans.get(source);
    if (!before && !this.#hasRoom(now)) return undefined;
    const times = before && now - before.until < day ? before.times + 1 : 1;
    // 2^20 times anything is more than a day.
    const length = Math.min(day, this.#protection.ban * 2 ** Math.min(20, times - 1));
    const ban: Ban = { source, reason, detail, since: now, until: now + length, times };
    this.#bans.delete(source);
    this.#bans.set(source, ban);
    this.banned++;
    // It has paid; afterwards it begins anew.
    this.#sources.delete(source);
    return { drop: reason === 'scanner' ? 'scanner' : 'flood', newlyBanned: ban };
  }

  /** Looks for bans that are over, at most once a second: under attack the table is full for a while. */
  #hasRoom(now: number): boolean {
    if (this.#bans.size < unwantedLimits.bans) return true;
    if (now < this.#sweepAt) return false;
    this.#sweepAt = now + 1000;
    for (const [source, { until }] of this.#bans) if (until <= now) this.#bans.delete(source);
    return this.#bans.size < unwantedLimits.bans;
  }
}
