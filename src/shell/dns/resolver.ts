import type { DnsAnswer, DnsQuestion } from '#engine/ports';
import type { HostPort } from '#kernel';
import { Lookup } from './lookup.ts';
import { Servers } from './servers.ts';

/** Questions under way at once, each with a socket or a few; others wait their turn within their time. */
const maxActive = 100;
/** Questions that wait. */
const maxWaiting = 10_000;
/** With less time than this, ms, a question is not begun any more. */
const leastTime = 10;

export interface DnsResolverOptions {
  /** IP literals, asked in order; the system's list when empty. */
  readonly servers: readonly HostPort[];
  /** Ms for one question, all servers and retries together. */
  readonly timeout: number;
  /** The answer, once for every question, never while `resolve` runs. Its `ttl` is in ms. */
  onAnswer(question: DnsQuestion, answer: DnsAnswer): void;
}

/**
 * Carries out `resolve`: asks name servers over sockets of its own, so nothing ever blocks (`getaddrinfo` is not used and
 * hosts files are not read), and what comes back has its time to live. It keeps nothing: the locator does.
 */
export class DnsResolver {
  /** Questions since it began; `failed`: nobody could tell. */
  readonly counts = { asked: 0, failed: 0 };
  readonly #options: DnsResolverOptions;
  readonly #servers: Servers;
  readonly #active = new Set<Lookup>();
  readonly #waiting: { readonly question: DnsQuestion; readonly until: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: DnsResolverOptions) {
    this.#options = options;
    this.#servers = new Servers(options.servers);
  }

  resolve(question: DnsQuestion): void {
    if (this.#isClosed) return;
    this.counts.asked++;
    const local = isLocalhost(question.name) ? localhost(question) : undefined;
    if (local) this.#answerSoon(question, local);
    else if (this.#waiting.length >= maxWaiting) this.#answerSoon(question, failed('too many questions at once'));
    else {
      this.#waiting.push({ question, until: performance.now() + this.#options.timeout });
      this.#startNext();
    }
  }

  /** Lets all go that is under way: nothing is answered after it. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const lookup of this.#active) lookup.cancel();
    this.#active.clear();
    this.#waiting.length = 0;
  }

  #startNext(): void {
    const now = performance.now();
    let taken = 0;
    for (const { question, until } of this.#waiting) {
      if (until - now < leastTime) this.#answerSoon(question, failed('other questions were not answered in time'));
      else if (this.#active.size < maxActive) this.#start(question, until - now);
      else break;
      taken++;
    }
    if (taken > 0) this.#waiting.splice(0, taken);
    clearTimeout(this.#timer);
    const [first] = this.#waiting;
    if (first) this.#timer = setTimeout(() => this.#startNext(), Math.max(1, first.until - leastTime - now));
  }

  #start(question: DnsQuestion, timeout: number): void {
    const servers = this.#servers.inOrder(performance.now());
    if (servers.length === 0) {
      this.#answerSoon(question, failed('no name server is configured'));
      return;
    }
    const lookup = new Lookup({
      question,
      servers,
      timeout,
      onDone: (answer) => {
        this.#active.delete(lookup);
        this.#startNext();
        this.#answer(question, answer);
      },
    });
    this.#active.add(lookup);
  }

  #answerSoon(question: DnsQuestion, answer: DnsAnswer): void {
    setImmediate(() => {
      if (!this.#isClosed) this.#answer(question, answer);
    });
  }

  #answer(question: DnsQuestion, answer: DnsAnswer): void {
    if (answer.kind === 'failed') this.counts.failed++;
    this.#options.onAnswer(question, answer);
  }
}

/** RFC 6761 6.3: never asked for. */
function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

const day = 24 * 3600 * 1000;

function localhost({ type }: DnsQuestion): DnsAnswer {
  if (type === 'A') return { kind: 'records', records: [{ type, address: '127.0.0.1' }], ttl: day };
  if (type === 'AAAA') return { kind: 'records', records: [{ type, address: '::1' }], ttl: day };
  return { kind: 'none', reason: 'no-data', ttl: day };
}

function failed(reason: string): DnsAnswer {
  return { kind: 'failed', reason };
}
