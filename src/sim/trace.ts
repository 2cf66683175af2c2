/** One thing that happened, as the ladder of a failure shows it. */
interface Entry {
  readonly at: number;
  readonly from: string;
  readonly to: string | undefined;
  readonly what: string;
}

/** The last things that happened: kept cheaply, written out only when a run fails. */
export class Trace {
  readonly #entries: Entry[] = [];
  readonly #size: number;
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** `what` may be a whole SIP message: only its gist is shown. */
  add(at: number, from: string, to: string | undefined, what: string): void {
    this.#entries[this.#next] = { at, from, to, what };
    this.#next = (this.#next + 1) % this.#size;
  }

  /** The last `count` as lines; `only` keeps those that hold the text. */
  ladder(count: number, only?: string): string[] {
    const ordered = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)];
    const kept = only === undefined ? ordered : ordered.filter(({ what }) => what.includes(only));
    return kept.slice(-count).map(line);
  }
}

function line({ at, from, to, what }: Entry): string {
  const time = (at / 1000).toFixed(3).padStart(9);
  return to === undefined ? `${time}  [${from}] ${gist(what)}` : `${time}  ${from} -> ${to}: ${gist(what)}`;
}

/** First line, CSeq, tags and Call-ID of a message; anything else as it is. */
function gist(what: string): string {
  const end = what.indexOf('\r\n');
  if (end < 0) return what;
  const field = (name: string) => new RegExp(`\r\n${name}: *([^\r]*)`, 'i').exec(what)?.[1] ?? '?';
  const tag = (name: string) => /;tag=([^;>\s]+)/.exec(field(name))?.[1]?.slice(0, 12) ?? '-';
  const sdp = /\r\nm=(audio \d+)/.exec(what)?.[1];
  const media = sdp === undefined ? '' : ` {${sdp}${/\r\na=(send\w+|recvonly|inactive)/.exec(what)?.[1] ?? ''}}`;
  return `${what.slice(0, end)} | ${field('CSeq')} | ${field('Call-ID').slice(0, 16)} ${tag('From')} ${tag('To')}${media}`;
}
