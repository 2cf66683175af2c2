import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

/** `memory` in KiB. */
export interface PasswordCost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** RFC 9106 4, the second recommended option. */
const recommended: PasswordCost = { memory: 65_536, passes: 3, parallelism: 4 };
/** Octets. */
const saltLength = 16;
const tagLength = 32;
/** At once: each takes its memory, and a thread that files are read by as well. */
const mostAtOnce = 2;
const mostWaiting = 64;

/** More want to sign in than can be looked after. */
export class TooManyPasswords extends Error {
  override readonly name = 'TooManyPasswords';
}

/** Passwords as Argon2id hashes (RFC 9106), written as `$argon2id$v=19$m=65536,t=3,p=4$salt$tag`. */
export class Passwords {
  readonly #cost: PasswordCost;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /** Of a password that nobody has: who has no account waits as long as who has one. */
  readonly #nobody: string;

  constructor(cost: PasswordCost = recommended) {
    this.#cost = cost;
    this.#nobody = phc(cost, randomBytes(saltLength), randomBytes(tagLength));
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltLength);
    return phc(this.#cost, salt, await this.#derive(password, salt, this.#cost));
  }

  /** Whether it is the password of this hash; without one it takes as long, and is not. `isKnown`: who asks comes before strangers, however many those are. */
  async verify(password: string, hash: string | undefined, isKnown = false): Promise<boolean> {
    const { cost, salt, tag } = parse(hash ?? this.#nobody);
    const found = await this.#derive(password, salt, cost, isKnown);
    return timingSafeEqual(found, tag) && hash !== undefined;
  }

  /** Whether a hash was made at another cost than one is made now. */
  isDated(hash: string): boolean {
    const { memory, passes, parallelism } = parse(hash).cost;
    return memory !== this.#cost.memory || passes !== this.#cost.passes || parallelism !== this.#cost.parallelism;
  }

  async #derive(password: string, nonce: Buffer, cost: PasswordCost, isFirst = false): Promise<Buffer> {
    if (this.#running >= mostAtOnce) {
      if (this.#waiting.length >= mostWaiting && !isFirst) throw new TooManyPasswords();
      await new Promise<void>((resolve) => this.#waiting[isFirst ? 'unshift' : 'push'](resolve));
    } else this.#running++;
    try {
      // Keyboards write one letter in several ways.
      return await derive('argon2id', { message: password.normalize('NFKC'), nonce, tagLength, ...cost });
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

function phc({ memory, passes, parallelism }: PasswordCost, salt: Buffer, tag: Buffer): string {
  const text = (octets: Buffer) => octets.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
}

function parse(hash: string): { cost: PasswordCost; salt: Buffer; tag: Buffer } {
  const [, , , costs = '', salt = '', tag = ''] = hash.split('$');
  const [memory = 0, passes = 0, parallelism = 0] = costs.split(',').map((one) => Number(one.slice(2)));
  return {
    cost: { memory, passes, parallelism },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}
