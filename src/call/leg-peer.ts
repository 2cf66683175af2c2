import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import { detach, type Octets } from '#kernel';

/** What a checkpoint keeps of it. */
export interface LegPeerState {
  readonly allow?: readonly Octets[];
  readonly supported?: readonly Octets[];
  /** It does not want to be known (RFC 3323). */
  readonly privacy?: Octets;
}

/** Who a peer says that it is, beside From (RFC 3325, draft-ietf-sip-privacy-04). */
const identities = [
  ['p-asserted-identity', 'P-Asserted-Identity'],
  ['p-preferred-identity', 'P-Preferred-Identity'],
  ['remote-party-id', 'Remote-Party-ID'],
] as const;
/** Values of each: a sip and a tel URI. */
const mostIdentities = 2;

/** Methods and options of a peer that are remembered: there are about forty of each. */
const most = 64;

/** What a leg's peer has said that it takes and who it is, in the last message that said so. */
export class LegPeer {
  #allow: readonly Octets[] | undefined;
  #supported: readonly Octets[] | undefined;
  #privacy: Octets | undefined;
  #identity: readonly Header[] = [];

  constructor({ allow, supported, privacy }: LegPeerState = {}) {
    this.#allow = allow;
    this.#supported = supported;
    this.#privacy = privacy;
  }

  /** A message of its dialog. One that says nothing changes nothing (RFC 3261 20.5). */
  learn(message: SipRequest | SipResponse): void {
    this.#allow = listOf(message, 'allow', this.#allow);
    this.#supported = listOf(message, 'supported', this.#supported);
    this.#introduce(message);
  }

  /** Who it is, as it would say to somebody else. Of a process that died no more is known than that it hides. */
  get identity(): readonly Header[] {
    return this.#privacy === undefined ? this.#identity : [...this.#identity, ['Privacy', this.#privacy]];
  }

  /** It does not want to be known. */
  get hides(): boolean {
    return this.#privacy !== undefined && this.#privacy.trim().toLowerCase() !== 'none';
  }

  #introduce(message: SipRequest | SipResponse): void {
    let said: Header[] | undefined;
    let hides = message.get('privacy');
    for (const [name, display] of identities) {
      if (message.get(name) === undefined) continue;
      said ??= [];
      for (const value of message.all(name).slice(0, mostIdentities)) {
        said.push([display, detach(value)]);
        if (name === 'remote-party-id' && /;\s*privacy\s*=\s*(?!off)/i.test(value)) hides ??= 'id';
      }
    }
    if (said) this.#identity = said;
    if (said || hides !== undefined) this.#privacy = hides === undefined ? undefined : detach(hides);
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
    if (!this.#allow && !this.#supported && this.#privacy === undefined) return undefined;
    return {
      ...(this.#allow ? { allow: this.#allow } : {}),
      ...(this.#supported ? { supported: this.#supported } : {}),
      ...(this.#privacy === undefined ? {} : { privacy: this.#privacy }),
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
