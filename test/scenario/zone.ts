/** The DNS of a ladder: what its `dns` lines say, and how it answers (README.md). */
import type { DnsAnswer, DnsQuestion, DnsRecord } from '#sip/locate';
import { duration, span } from './notation.ts';

type Trouble = 'fails' | 'silent';
interface Entry {
  readonly records: readonly DnsRecord[];
  readonly ttl: number;
}

const types: readonly string[] = ['NAPTR', 'SRV', 'A', 'AAAA'] satisfies DnsQuestion['type'][];
/** Ms, of what a line gives no `ttl=` to, and of what there is not. */
const usualTtl = 3_600_000;
const negativeTtl = 60_000;

export class Zone {
  readonly #names = new Map<string, Map<string, Entry | Trouble>>();
  #mood: 'answers' | Trouble = 'answers';
  /** Ms from a question to its answer. */
  delay = 0;

  /** Takes what follows "dns"; throws what is not understood. */
  change(line: string): void {
    const [name, rest] = span(line);
    if (name === 'answers') {
      this.#mood = 'answers';
      this.delay = rest === '' ? 0 : (duration(rest.replace(/^after\s+/, '')) ?? wrong(line));
    } else if (name === 'fails' && rest === '') this.#mood = 'fails';
    else if (name === 'is' && rest === 'silent') this.#mood = 'silent';
    else if (rest === 'gone') this.#names.delete(name);
    else this.#set(name, rest, line);
  }

  /** Undefined: no answer comes. */
  answer({ type, name }: DnsQuestion): DnsAnswer | undefined {
    const known = this.#names.get(name);
    const entry = this.#mood === 'answers' ? known?.get(type) : this.#mood;
    if (entry === 'silent') return undefined;
    if (entry === 'fails') return { kind: 'failed', reason: 'SERVFAIL' };
    if (entry) return { kind: 'records', ...entry };
    return { kind: 'none', reason: known ? 'no-data' : 'no-such-name', ttl: negativeTtl };
  }

  /** Every address that a name leads to, and the port where an SRV record says one. */
  addresses(): { readonly name: string; readonly address: string; readonly port: number | undefined }[] {
    const all = [...this.#names].flatMap(([name, entries]) =>
      [...entries.values()].flatMap((entry) =>
        typeof entry === 'string' ? [] : entry.records.map((record) => ({ name, record })),
      ),
    );
    return all.flatMap(({ name, record }) => {
      if (record.type !== 'A' && record.type !== 'AAAA') return [];
      const srv = all.map((one) => one.record).find((one) => one.type === 'SRV' && one.target === name);
      return [{ name, address: record.address, port: srv?.type === 'SRV' ? srv.port : undefined }];
    });
  }

  #set(name: string, rest: string, line: string): void {
    const [type, values] = span(rest);
    if (!types.includes(type)) wrong(line);
    const entries = this.#names.get(name) ?? new Map<string, Entry | Trouble>();
    this.#names.set(name, entries);
    if (values === 'fails') entries.set(type, 'fails');
    else if (values === 'is silent') entries.set(type, 'silent');
    else if (values === 'none') entries.delete(type);
    else {
      const ttl = /\s+ttl=(\S+)$/.exec(values);
      const records = values
        .slice(0, ttl?.index)
        .split(' + ')
        .map((value) => recordOf(type as DnsQuestion['type'], value.trim().split(/\s+/)) ?? wrong(line));
      entries.set(type, { records, ttl: ttl ? (duration(ttl[1]!) ?? wrong(line)) : usualTtl });
    }
  }
}

function recordOf(type: DnsQuestion['type'], words: readonly string[]): DnsRecord | undefined {
  const [a = '', b = '', c = '', d = ''] = words;
  switch (type) {
    case 'A':
    case 'AAAA':
      return words.length === 1 ? { type, address: a } : undefined;
    case 'SRV':
      if (words.length !== 4) return undefined;
      return { type, priority: Number(a), weight: Number(b), port: Number(c), target: d };
    case 'NAPTR':
      if (words.length !== 4) return undefined;
      return c.startsWith('E2U')
        ? { type, order: Number(a), preference: Number(b), flags: 'u', service: c, regexp: d, replacement: '.' }
        : { type, order: Number(a), preference: Number(b), flags: 'S', service: c, replacement: d };
  }
}

function wrong(line: string): never {
  throw new Error(
    `dns ${line}: "dns NAME SRV 10 0 5060 HOST + …", "dns NAME A 192.0.2.9 ttl=60s", "dns NAME A fails | is silent | none", "dns NAME gone", "dns fails | is silent | answers [after 200ms]"`,
  );
}
