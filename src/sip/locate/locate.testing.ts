import { type Deadline, Deadlines, formatHostPort, type Instant, seeded } from '#kernel';
import type { FlowTransport } from '#sip/flow';
import type { Sleeper } from '#sip/transaction';
import type { DnsAnswer, DnsQuestion, DnsRecord } from './dns.ts';
import type { Found, LocateRequest, LocateWaiter } from './located.ts';
import { Locator } from './locator.ts';

/** Records by "TYPE name", as text: "10 60 5060 a.example.com", "192.0.2.1"; or an answer as it is. */
export type Zone = Readonly<Record<string, readonly string[] | DnsAnswer>>;

export const second = 1000;
export const hour = 3600 * second;

/** A locator on the test bench: the clock and the DNS are what the test says they are. */
export class Bench {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly locator: Locator;
  /** Questions that were not answered yet, and all that ever were asked. */
  readonly open: DnsQuestion[] = [];
  readonly asked: string[] = [];
  zone: Zone;
  ttl = 60 * second;
  mono = 1_000_000;

  constructor(zone: Zone = {}, seed = 1) {
    this.zone = zone;
    this.locator = new Locator({
      deadlines: this.deadlines,
      random: seeded(seed),
      timeout: 3 * second,
      ask: (question) => {
        this.open.push(question);
        this.asked.push(`${question.type} ${question.name}`);
      },
    });
  }

  get now(): Instant {
    return { mono: this.mono, wall: 1_800_000_000_000 + this.mono };
  }

  find(wanted: Partial<LocateRequest> = {}): Found {
    return this.locator.find(request(wanted), this.now);
  }

  /** Finds, answering from the zone as long as it takes. */
  settle(wanted: Partial<LocateRequest> = {}): Found {
    for (let round = 0; round < 10; round++) {
      const found = this.find(wanted);
      if (found.kind !== 'pending') return found;
      this.answerAll();
    }
    throw new Error(`still pending: ${JSON.stringify(this.open)}`);
  }

  /** Answers what is open now; returns the waiters that are to be called. */
  answerAll(with_?: DnsAnswer): LocateWaiter[] {
    return this.open.splice(0).flatMap((question) => this.answer(question, with_ ?? this.said(question)));
  }

  answer(question: DnsQuestion, answer: DnsAnswer): readonly LocateWaiter[] {
    return this.locator.answered(question, answer, this.now);
  }

  said({ type, name }: DnsQuestion): DnsAnswer {
    const entry = this.zone[`${type} ${name}`];
    if (entry === undefined) return { kind: 'none', reason: 'no-data', ttl: this.ttl };
    if ('kind' in entry) return entry;
    return { kind: 'records', records: entry.map((text) => record(type, text)), ttl: this.ttl };
  }

  /** Lets time pass, deadline by deadline. */
  pass(ms: number): void {
    const end = this.mono + ms;
    for (;;) {
      const at = this.deadlines.next();
      if (at === undefined || at > end) break;
      this.mono = Math.max(this.mono, at);
      const due: Deadline<Sleeper>[] = [];
      for (let one = this.deadlines.due(this.mono); one; one = this.deadlines.due(this.mono)) due.push(one);
      for (const { name, owner } of due) owner.wake(name, this.now);
      if ((this.deadlines.next() ?? Number.POSITIVE_INFINITY) <= this.mono) throw new Error('time stands still');
    }
    this.mono = end;
  }
}

/** Counts its calls, and keeps what `find` says then. */
export class Waiter implements LocateWaiter {
  readonly seen: Found[] = [];
  readonly #look: (now: Instant) => Found;

  constructor(look: (now: Instant) => Found) {
    this.#look = look;
  }

  onLocated(now: Instant): void {
    this.seen.push(this.#look(now));
  }
}

const all: readonly FlowTransport[] = ['udp', 'tcp', 'tls'];

export function request(wanted: Partial<LocateRequest> = {}): LocateRequest {
  return { host: 'example.com', port: undefined, transport: undefined, supported: all, families: [4], ...wanted };
}

/** "udp 192.0.2.1:5060" of each, or what there is instead. */
export function texts(found: Found): readonly string[] | string {
  if (found.kind !== 'targets') return found.kind === 'failed' ? found.reason : found.kind;
  return found.targets.map(({ transport, remote }) => `${transport} ${formatHostPort(remote)}`);
}

export function record(type: DnsQuestion['type'], text: string): DnsRecord {
  const [a, b, c, d, e] = text.split(' ');
  switch (type) {
    case 'SRV':
      return { type, priority: Number(a), weight: Number(b), port: Number(c), target: d! };
    case 'NAPTR':
      return { type, order: Number(a), preference: Number(b), flags: c!, service: d!, replacement: e! };
    default:
      return { type, address: text };
  }
}
