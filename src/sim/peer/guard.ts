import { DigestServer } from '#codec/digest';
import type { Header, SipRequest } from '#codec/sip-message';
import { type Instant, Sensitive } from '#kernel';
import { account } from '../configuration.ts';
import { Dice } from '../dice.ts';

/** What a peer that wants credentials says to a request; undefined: it may go on. */
export interface Turned {
  readonly status: 401 | 407;
  readonly headers: readonly Header[];
}

const unchallenged: ReadonlySet<string> = new Set(['ACK', 'CANCEL']);

/** A peer's digest: asks for credentials now and then, of a request outside dialogs always, and knows right from wrong. */
export class Guard {
  readonly #server: DigestServer;
  readonly #realm: string;
  readonly #status: 401 | 407;
  readonly #algorithm: 'MD5' | 'SHA-256';
  readonly #dice: Dice;
  readonly #complain: (what: string) => void;

  /** `seed`: the same peer wants the same when it is up again, and knows no nonce of before. */
  constructor(name: string, seed: number, random: Dice, complain: (what: string) => void) {
    const dice = Dice.of(seed, `${name} guard`);
    this.#realm = `realm of ${name}`;
    this.#dice = dice;
    this.#complain = complain;
    this.#status = dice.pick([401, 407] as const);
    this.#algorithm = dice.pick(['MD5', 'SHA-256'] as const);
    // Short-lived: what was good a moment ago is stale.
    const nonceLifetime = dice.pick([2_000, 30_000, 300_000]);
    this.#server = new DigestServer({ secret: new Sensitive(random.token(128)), random: dice, nonceLifetime });
  }

  turns(request: SipRequest, source: string, now: Instant): Turned | undefined {
    if (unchallenged.has(request.method)) return undefined;
    const field = this.#status === 401 ? 'authorization' : 'proxy-authorization';
    const values = request.all(field);
    const isInside = request.to.tag !== undefined;
    if (isInside && values.length === 0 && this.#dice.chance(0.6)) return undefined;
    const verdict = this.#server.verify(
      { values, method: request.method, uris: [request.uri], source, realms: [this.#realm] },
      (username) =>
        username === account.username
          ? { password: new Sensitive<string>(account.password), algorithms: [this.#algorithm] }
          : undefined,
      now.mono,
    );
    if (verdict.kind === 'ok') return undefined;
    if (verdict.kind === 'wrong' || verdict.kind === 'malformed')
      this.#complain(`${request.method} with credentials that are ${verdict.kind}: ${verdict.reason}`);
    const stale = verdict.kind === 'stale' || verdict.kind === 'replayed';
    const name = this.#status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
    const challenges = this.#server.challenge(this.#realm, [this.#algorithm], source, now.mono, stale);
    return { status: this.#status, headers: challenges.map((value) => [name, value] as const) };
  }
}
