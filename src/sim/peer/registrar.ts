import { type Header, parseNameAddress, type SipRequest } from '#codec/sip-message';
import type { Deadline, Instant, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Sleeper } from '#sip/transaction';
import type { Dice } from '../dice.ts';

/** What a registrar is up to. */
export type RegistrarMood = 'takes' | 'silent' | 'overloaded' | 'maintained' | 'forbids';
export const registrarMoods: readonly RegistrarMood[] = ['takes', 'silent', 'overloaded', 'maintained', 'forbids'];

export interface RegistrarReply {
  readonly status: number;
  readonly headers: readonly Header[];
}

/** Ms after which who was not answered has given up: what is granted later was asked for in peace. */
const unanswered = 32_000;

/** Who is registered: where calls to us go. */
interface Binding {
  readonly contact: Octets;
  readonly flow: Flow;
  /** Ms. */
  readonly until: number;
  /** Nothing was wrong with anybody when it was granted. */
  readonly inPeace: boolean;
}

/** A provider's registrar, with one account. */
export class Registrar implements Sleeper {
  mood: RegistrarMood = 'takes';
  /** Ms. From then on it only takes, and minds when a registration runs out. */
  peaceFrom: number | undefined;
  binding: Binding | undefined;
  /** Seconds. */
  readonly #least: number;
  readonly #route: Octets | undefined;
  readonly #complain: (what: string) => void;
  readonly #arm: (at: number) => Deadline<Sleeper>;
  readonly #disarm: (deadline: Deadline<Sleeper> | undefined) => void;
  #expiry: Deadline<Sleeper> | undefined;

  constructor(options: {
    readonly dice: Dice;
    /** It may put itself in the way of calls (RFC 3608). */
    readonly route: Octets;
    readonly complain: (what: string) => void;
    readonly arm: (owner: Sleeper, at: number) => Deadline<Sleeper>;
    readonly disarm: (deadline: Deadline<Sleeper> | undefined) => void;
  }) {
    const { dice, route, complain, arm, disarm } = options;
    this.#least = dice.chance(0.3) ? 100 : 30;
    this.#route = dice.chance(0.4) ? route : undefined;
    this.#complain = complain;
    this.#arm = (at) => arm(this, at);
    this.#disarm = disarm;
  }

  /** Undefined: it says nothing. */
  registers(request: SipRequest, flow: Flow, now: Instant): RegistrarReply | undefined {
    switch (this.mood) {
      case 'silent':
        return undefined;
      case 'overloaded':
        return { status: 503, headers: [] };
      case 'maintained':
        return { status: 503, headers: [['Retry-After', '20']] };
      case 'forbids':
        return { status: 403, headers: [] };
    }
    const value = request.get('contact') ?? '';
    const contact = parseNameAddress(value);
    const seconds = Number(contact?.params.get('expires') ?? request.get('expires'));
    if (!contact || Number.isNaN(seconds)) {
      this.#complain(`a REGISTER without what it needs: ${request.octets}`);
      return { status: 400, headers: [] };
    }
    this.forget();
    if (seconds === 0) return { status: 200, headers: [] };
    if (seconds < this.#least) return { status: 423, headers: [['Min-Expires', String(this.#least)]] };
    const until = now.mono + seconds * 1000;
    const inPeace = this.peaceFrom !== undefined && now.mono > this.peaceFrom + unanswered;
    this.binding = { contact: contact.uri, flow, until, inPeace };
    this.#expiry = this.#arm(until);
    const headers: Header[] = [['Contact', value]];
    if (this.#route !== undefined) headers.push(['Service-Route', this.#route]);
    return { status: 200, headers };
  }

  /** A database is lost, or the binding is replaced. */
  forget(): void {
    this.#disarm(this.#expiry);
    this.binding = undefined;
  }

  wake(): void {
    if (this.binding?.inPeace) this.#complain(`a registration ran out that nothing kept from being refreshed`);
    this.binding = undefined;
  }
}
