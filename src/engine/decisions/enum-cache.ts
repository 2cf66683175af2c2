import type { EnumRecord } from '#policy/decision';
import type { DnsAnswer } from '#sip/locate';

/** Names that are kept (docs/limits.md): callers choose what is asked. */
const mostNames = 10_000;
/** Ms. */
const second = 1_000;
const times = { least: second, most: 86_400 * second, mostNegative: 3_600 * second } as const;

interface Known {
  readonly records: readonly EnumRecord[];
  /** Monotonic ms. */
  readonly until: number;
}

/** What the DNS said of numbers, as long as it may be kept (RFC 2308 for what is not there). */
export class EnumCache {
  /** The one that was learned last at the end. */
  readonly #names = new Map<string, Known>();

  get size(): number {
    return this.#names.size;
  }

  /** Undefined: it has to be asked for. Empty: there is nothing. */
  find(name: string, mono: number): readonly EnumRecord[] | undefined {
    const known = this.#names.get(name);
    if (!known) return undefined;
    if (known.until > mono) return known.records;
    this.#names.delete(name);
    return undefined;
  }

  /** The records of an answer, which is kept. */
  learn(name: string, answer: Exclude<DnsAnswer, { kind: 'failed' }>, mono: number): readonly EnumRecord[] {
    const records = answer.kind === 'none' ? [] : answer.records.filter((record) => record.type === 'NAPTR');
    const most = records.length === 0 ? times.mostNegative : times.most;
    this.#names.delete(name);
    if (this.#names.size >= mostNames) this.#names.delete(this.#names.keys().next().value!);
    this.#names.set(name, { records, until: mono + Math.min(most, Math.max(times.least, answer.ttl)) });
    return records;
  }
}
