import type { SipRequest, SipResponse } from '#codec/sip-message';
import { detach, type Octets } from '#kernel';

/** What a checkpoint keeps of it. */
export interface LegPeerState {
  readonly allow?: readonly Octets[];
  readonly supported?: readonly Octets[];
}

/** Methods and options of a peer that are remembered: there are about forty of each. */
const most = 64;

/** What a leg's peer has said that it takes, in the last message that said so. */
export class LegPeer {
  #allow: readonly Octets[] | undefined;
  #supported: readonly Octets[] | undefined;

  constructor({ allow, supported }: LegPeerState = {}) {
    this.#allow = allow;
    this.#supported = supported;
  }

  /** A message of its dialog. One that says nothing changes nothing (RFC 3261 20.5). */
  learn(message: SipRequest | SipResponse): void {
    this.#allow = listOf(message, 'allow', this.#allow);
    this.#supported = listOf(message, 'supported', this.#supported);
  }

  /** False also when it never said: then no method but those of RFC 3261 is safe. */
  allows(method: string): boolean {
    return this.#allow?.includes(method) === true;
  }

  supports(option: string): boolean {
    return this.#supported?.includes(option) === true;
  }

  /** It has said otherwise, and does not take it. */
  refuses(method: string): void {
    this.#allow = this.#allow?.filter((allowed) => allowed !== method);
  }

  state(): LegPeerState | undefined {
    if (!this.#allow && !this.#supported) return undefined;
    return {
      ...(this.#allow ? { allow: this.#allow } : {}),
      ...(this.#supported ? { supported: this.#supported } : {}),
    };
  }
}

function listOf(
  message: SipRequest | SipResponse,
  field: 'allow' | 'supported',
  known: readonly Octets[] | undefined,
): readonly Octets[] | undefined {
  const said = message.all(field);
  if (said.length === 0) return known;
  // Peers say the same in every message: what is kept needs no new strings.
  if (known?.length === said.length && known.every((one, i) => one === said[i])) return known;
  return said.slice(0, most).map(detach);
}
