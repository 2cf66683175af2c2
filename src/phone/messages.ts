import type { HostPort, Octets } from '#kernel';
import type { Flow } from '#sip/flow';

/** What happens to a phone: the network, the clock, and the hand that dials. `call` is the phone's own name of a call. */
export type PhoneInput =
  | { readonly kind: 'received'; readonly flow: Flow; readonly octets: Octets }
  | { readonly kind: 'wake' }
  | {
      readonly kind: 'dial';
      readonly call: string;
      readonly caller: string;
      readonly called: string;
      readonly to: HostPort;
      readonly offer: Octets;
      /** All requests of the call go to `to`, as by an outbound proxy: whatever the peer says in its Contact. */
      readonly outbound?: true;
    }
  /** 180 to a call that came. */
  | { readonly kind: 'ring'; readonly call: string }
  /** 200 with the answer, to a call that came or to an offer inside it. */
  | { readonly kind: 'answer'; readonly call: string; readonly answer: Octets }
  /** A final refusal of a call that came, or of an offer inside it. */
  | { readonly kind: 'refuse'; readonly call: string; readonly status: number }
  /** A new offer inside the call: hold, resume, another address. */
  | { readonly kind: 'offer'; readonly call: string; readonly offer: Octets }
  /** CANCEL, 480 or BYE: whatever ends the call as it stands. */
  | { readonly kind: 'hang-up'; readonly call: string }
  /** OPTIONS: is anybody there? */
  | { readonly kind: 'ask'; readonly to: HostPort }
  /** REGISTER, and again before it runs out; a phone without an account does not. One registrar at a time: the last one named. */
  | { readonly kind: 'register'; readonly at: HostPort; readonly seconds: number };

/** What a phone tells the hand. */
export type PhoneEvent =
  | {
      readonly kind: 'incoming';
      readonly call: string;
      readonly caller: string;
      readonly called: string;
      readonly sipCallId: Octets;
      readonly offer: Octets;
    }
  /** The other side rings, or speaks. `answer`: what came with it, '' for nothing. */
  | { readonly kind: 'ringing'; readonly call: string; readonly status: number; readonly answer: Octets }
  /** Both know that the call stands: the caller has the 2xx, the callee the ACK. `answer` is '' for the callee. */
  | { readonly kind: 'answered'; readonly call: string; readonly answer: Octets }
  /** The peer offers anew (re-INVITE): `answer` or `refuse`. */
  | { readonly kind: 'offered'; readonly call: string; readonly offer: Octets }
  /** Our offer inside the call was answered, or refused with `status`. */
  | { readonly kind: 'offer-answered'; readonly call: string; readonly answer: Octets }
  | { readonly kind: 'offer-refused'; readonly call: string; readonly status: number }
  | {
      readonly kind: 'ended';
      readonly call: string;
      readonly by: 'us' | 'peer' | 'nobody';
      /** The final response to what ended it: 200 to a BYE, the refusal of an INVITE. 0: none came. */
      readonly status: number;
      readonly reason: string;
      /** The Reason header that came with it (RFC 3326). */
      readonly cause?: Octets;
    }
  /** A final response to OPTIONS came (any: somebody is there), or none did: 0. */
  | { readonly kind: 'asked'; readonly status: number }
  /** A registrar has answered, or has not: 0. */
  | { readonly kind: 'registered'; readonly registrar: HostPort; readonly status: number };

export type PhoneEffect =
  | { readonly kind: 'send'; readonly flow: Flow; readonly octets: Octets }
  | { readonly kind: 'tell'; readonly event: PhoneEvent };
