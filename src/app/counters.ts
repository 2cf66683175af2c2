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
const other = methods.indexOf('other');
/** First char of a method, by its code, to those that begin with it. */
const byFirst: readonly (readonly { readonly start: string; readonly at: number }[] | undefined)[] = Array.from(
  { length: 128 },
  (_, code) => {
    const found = methods
      .map((method, at) => ({ start: `${method} `, at }))
      .filter(({ start, at }) => at !== other && start.charCodeAt(0) === code);
    return found.length > 0 ? found : undefined;
  },
);

/** By their first line alone: a message costs some comparisons, and no text is made of it. */
class SipTally {
  readonly #classes = new Float64Array(10);
  readonly #methods = new Float64Array(methods.length);

  add(octets: Octets): void {
    if (octets.startsWith(response)) {
      const digit = octets.charCodeAt(response.length) - 0x30;
      if (digit >= 1 && digit <= 6) this.#classes[digit]!++;
      return;
    }
    const found = byFirst[octets.charCodeAt(0)]?.find(({ start }) => octets.startsWith(start));
    this.#methods[found?.at ?? other]!++;
  }

  counts(): SipCounts {
    const responses = [1, 2, 3, 4, 5, 6].map((digit) => [`${digit}xx`, this.#classes[digit]!]);
    const requests = methods.map((method, at) => [method, this.#methods[at]!]);
    return { requests: Object.fromEntries(requests), responses: Object.fromEntries(responses) };
  }
}
