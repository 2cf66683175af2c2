import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Octets, type Random, type Sensitive, toOctets } from '#kernel';
import { bytesOf, sameSecretly } from './algorithms.ts';

const timeDigits = 12;
const randomDigits = 16;
const macDigits = 32;
const length = timeDigits + randomDigits + macDigits;

/** Whom a nonce is for: it is worth nothing to others. */
export interface NonceScope {
  readonly realm: Octets;
  /** Host that the challenge went to. */
  readonly source: string;
}

/**
 * Nonces that need no memory (RFC 7616 3.3): the time of making, some randomness so that two of a millisecond differ, and a MAC over
 * both and the scope. Whoever has the same secret and clock knows them again.
 */
export class NonceMint {
  readonly #mac: ReturnType<typeof hmac.create>;
  readonly #random: Random;

  constructor(secret: Sensitive<string>, random: Random) {
    this.#mac = hmac.create(sha256, bytesOf(toOctets(secret.reveal())));
    this.#random = random;
  }

  /** `now`: ms of a clock that is never set back. */
  make(scope: NonceScope, now: number): string {
    const time = Math.max(0, Math.floor(now)).toString(16).padStart(timeDigits, '0');
    const body = time + this.#random.token(4 * randomDigits);
    return body + this.#sign(body, scope);
  }

  /** When, by that clock, we made it for this scope; or undefined: it is not ours. */
  madeAt(nonce: Octets, scope: NonceScope): number | undefined {
    if (nonce.length !== length) return undefined;
    const body = nonce.slice(0, timeDigits + randomDigits);
    if (!sameSecretly(nonce.slice(timeDigits + randomDigits), this.#sign(body, scope))) return undefined;
    return Number.parseInt(nonce.slice(0, timeDigits), 16);
  }

  #sign(body: string, { realm, source }: NonceScope): string {
    const mac = this.#mac
      .clone()
      .update(bytesOf(`${body}:${source}:${realm}`))
      .digest();
    return bytesToHex(mac).slice(0, macDigits);
  }
}
