import type { Tried } from '#codec/digest';
import type { Header, SipResponse } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { ClientFailure, ClientTransaction } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import type { CallHandle, Party } from './services.ts';

/** What came of asking a leg's peer whether it is still there. */
export type Probed =
  /** It said something: it has the call, or at least is there to end it. */
  | { readonly kind: 'answers' }
  /** It does not know the dialog, or says nothing (RFC 3261 12.2.1.2). */
  | { readonly kind: 'gone'; readonly response?: SipResponse }
  /** The way to it is broken, for now at least. */
  | { readonly kind: 'unreached' };

/**
 * Asks a leg's peer whether it is still in the call: by an UPDATE without an offer where it takes one, as only who has the dialog
 * can answer that and the session timer is refreshed with it (RFC 3311 5.1, RFC 4028); else by OPTIONS, which disturbs no
 * session either and is refused with 481 where the dialog is gone (RFC 5057 5.1). A re-INVITE would have to wait for its turn
 * behind what just may be stuck.
 */
export class Probe implements Party {
  readonly call: CallHandle;
  readonly leg: CallLeg;
  readonly #tell: (probed: Probed, now: Instant) => void;
  #method: 'UPDATE' | 'OPTIONS';
  #tried: Tried = [];
  #client: ClientTransaction<Party> | undefined;

  private constructor(leg: CallLeg, tell: (probed: Probed, now: Instant) => void) {
    this.call = leg.call;
    this.leg = leg;
    this.#tell = tell;
    this.#method = leg.peer.allows('UPDATE') ? 'UPDATE' : 'OPTIONS';
  }

  /** `tell` is called once. */
  static begin(leg: CallLeg, tell: (probed: Probed, now: Instant) => void, now: Instant): void {
    new Probe(leg, tell).#ask([], now);
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { status } = response;
    if (status < 200 || transaction !== this.#client) return;
    const credentials = this.leg.credentialsFor(response, this.#method, '', this.#tried);
    if (credentials) {
      this.#tried = credentials.tried;
      return this.#ask(credentials.headers, now);
    }
    if (status === 481 || status === 408) return this.#tell({ kind: 'gone', response }, now);
    // RFC 3311 5.1: a 2xx to an UPDATE refreshes target and session.
    if (status < 300 && this.#method === 'UPDATE') this.leg.agreed(response, now);
    // Who does not know the method has not looked for the dialog either.
    if (this.#method === 'UPDATE' && (status === 405 || status === 501)) {
      this.leg.peer.refuses('UPDATE');
      this.#method = 'OPTIONS';
      return this.#ask([], now);
    }
    this.#tell({ kind: 'answers' }, now);
  }

  onFailure(failure: ClientFailure, _reason: string, now: Instant): void {
    this.#tell({ kind: failure === 'timeout' ? 'gone' : 'unreached' }, now);
  }

  #ask(credentials: readonly Header[], now: Instant): void {
    const { leg } = this;
    this.#client =
      this.#method === 'UPDATE'
        ? leg.ask('UPDATE', '', credentials, this, now)
        : leg.request('OPTIONS', [['Accept', 'application/sdp'], ...credentials], '', this, now);
  }
}
