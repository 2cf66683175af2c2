import { type DropReason, dropReasons } from '#engine/ports';
import type { Octets } from '#kernel';

/** Methods that are counted by name; whatever else somebody sends is `other`. */
const methods = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'UPDATE',
  'REFER',
  'NOTIFY',
  'SUBSCRIBE',
  'INFO',
  'MESSAGE',
  'PUBLISH',
  'other',
] as const;

/** SIP messages that went one way: requests by method, responses by class. */
export interface SipCounts {
  readonly requests: Readonly<Record<string, number>>;
  readonly responses: Readonly<Record<string, number>>;
}

/** What the signalling process counts, since it began. */
export class Counters {
  received = 0;
  sent = 0;
  undeliverable = 0;
  refusedConnections = 0;
  recordsLost = 0;
  readonly drops: Record<DropReason, number>;
  // By what they are: for who asks, and not for who follows, to whom all of it would go every second.
  readonly #heard = new SipTally();
  readonly #said = new SipTally();

  constructor() {
    this.drops = Object.fromEntries(Object.keys(dropReasons).map((reason) => [reason, 0])) as Record<
      DropReason,
      number
    >;
  }

  heard(octets: Octets): void {
    this.received++;
    this.#heard.add(octets);
  }

  said(octets: Octets): void {
    this.sent++;
    this.#said.add(octets);
  }

  sip(): { readonly received: SipCounts; readonly sent: SipCounts } {
    return { received: this.#heard.counts(), sent: this.#said.counts() };
  }
}

const response = 'SIP/2.0 ';

/** By their first line alone: a message costs some comparisons. */
class SipTally {
  readonly #classes = new Uint32Array(10);
  readonly #methods = new Map<string, number>(methods.map((method) => [method, 0]));

  add(octets: Octets): void {
    if (octets.startsWith(response)) {
      const digit = octets.charCodeAt(response.length) - 0x30;
      if (digit >= 1 && digit <= 6) this.#classes[digit]!++;
      return;
    }
    // The longest is REGISTER, or SUBSCRIBE; what is none is `other`.
    const end = octets.indexOf(' ');
    const name = end > 0 && end <= 9 ? octets.slice(0, end) : 'other';
    const method = this.#methods.has(name) ? name : 'other';
    this.#methods.set(method, this.#methods.get(method)! + 1);
  }

  counts(): SipCounts {
    const responses = [1, 2, 3, 4, 5, 6].map((digit) => [`${digit}xx`, this.#classes[digit]!]);
    return { requests: Object.fromEntries(this.#methods), responses: Object.fromEntries(responses) };
  }
}
