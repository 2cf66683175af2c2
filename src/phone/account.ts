import { type Authorised, type Challenges, DigestClient, type Tried } from '#codec/digest';
import type { SipResponse } from '#codec/sip-message';
import type { Random, Sensitive } from '#kernel';
import type { OutgoingRequest } from '#sip/transaction';

/** Who a phone is where it registers. */
export interface Account {
  readonly user: string;
  readonly domain: string;
  readonly password: Sensitive<string>;
}

/** Proves who we are when we are asked (RFC 3261 22.1 to 22.3). */
export class Credentials {
  readonly #digests: DigestClient;

  constructor({ user, password }: Account, random: Random) {
    this.#digests = new DigestClient([{ username: user, password }], random);
  }

  /** The request again, with what was asked for; undefined: it has had that, or nothing of it is ours to give. */
  again(
    request: OutgoingRequest,
    refusal: SipResponse,
    tried: Tried,
  ): { readonly request: OutgoingRequest; readonly tried: Tried } | undefined {
    const challenges: Challenges = { www: refusal.all('www-authenticate'), proxy: refusal.all('proxy-authenticate') };
    const proof: Authorised | { readonly kind: 'refused' } = this.#digests.answer(challenges, request, tried);
    if (proof.kind === 'refused') return undefined;
    const before = request.headers.filter(([name]) => name !== 'Authorization' && name !== 'Proxy-Authorization');
    return {
      request: { ...request, cseq: request.cseq + 1, headers: [...before, ...proof.headers] },
      tried: proof.tried,
    };
  }
}

export const isChallenge = ({ status }: SipResponse): boolean => status === 401 || status === 407;
