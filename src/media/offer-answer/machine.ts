/** The two ends of a dialog, as one of them sees it. */
export type End = 'us' | 'peer';

/** Whatever may carry SDP, or end an exchange without (RFC 3261 13, RFC 3262 5, RFC 3311 5; RFC 6337 table 1). */
export const carriers = [
  'INVITE',
  'unreliable 1xx',
  'reliable 1xx',
  '2xx',
  'ACK',
  'PRACK',
  '2xx to PRACK',
  'UPDATE',
  '2xx to UPDATE',
  /** Final responses of 300 and above, and requests that nobody answers. */
  'failure of INVITE',
  'failure of PRACK',
  'failure of UPDATE',
  /** The 2xx was sent until its time was over. */
  'no ACK',
] as const;
export type Carrier = (typeof carriers)[number];

/** A message in the dialog. `by` sent it; of what did not come, whoever should have sent it. */
export interface Passing {
  readonly by: End;
  readonly what: Carrier;
  readonly sdp: boolean;
}

/** Where offer and answer stand in one dialog. Plain data. */
export interface OfferAnswerState {
  /** The INVITE under way: until its 2xx, then until its ACK. */
  readonly invite?: {
    readonly by: End;
    readonly stage: 'open' | 'accepted';
    /** An offer was answered in its course: SDP in its further responses says that again. */
    readonly settled: boolean;
  };
  /** The offer that waits for its answer. `previewed`: an unreliable response has shown what that will be. */
  readonly offer?: {
    readonly by: End;
    readonly in: 'INVITE' | 'reliable 1xx' | '2xx' | 'PRACK' | 'UPDATE';
    readonly previewed: boolean;
  };
}

/** What the SDP of a message is: nothing when it has none; `preview` an answer that a later one must repeat. */
export type Role = 'none' | 'offer' | 'answer' | 'preview' | 'repeated' | 'ignored';

export type Outcome =
  /** `withdrawn`: an offer has come to nothing. */
  | { readonly kind: 'taken'; readonly role: Role; readonly withdrawn: boolean; readonly state: OfferAnswerState }
  /** A request that crosses another: refused with this status, all stays as it is. 500 goes with Retry-After. */
  | { readonly kind: 'crossing'; readonly status: 491 | 500; readonly state: OfferAnswerState }
  /** What no RFC allows: its SDP counts for nothing. */
  | { readonly kind: 'wrong'; readonly why: string; readonly state: OfferAnswerState };

export const atRest: OfferAnswerState = {};

/** What a message means in a dialog, and where it leaves it (RFC 3264, RFC 6337). Total. */
export function step(state: OfferAnswerState, { by, what, sdp }: Passing): Outcome {
  const { invite, offer } = state;
  const taken = (role: Role, next: OfferAnswerState = state, withdrawn = false): Outcome => ({
    kind: 'taken',
    role: sdp || role === 'none' ? role : 'none',
    withdrawn,
    state: next,
  });
  const wrong = (why: string, next: OfferAnswerState = state): Outcome => ({ kind: 'wrong', why, state: next });
  const from = (end: End): Outcome => ({ kind: 'crossing', status: end === by ? 500 : 491, state });
  const answersInvite = invite !== undefined && invite.by !== by;

  switch (what) {
    case 'INVITE': {
      // RFC 3261 14.2: who has one of its own under way is told 500, who crosses the other's 491. A 2xx ends that.
      if (invite?.stage === 'open') return from(invite.by);
      if (offer) return from(offer.by);
      const begun = { by, stage: 'open', settled: false } as const;
      return sdp
        ? taken('offer', { invite: begun, offer: { by, in: 'INVITE', previewed: false } })
        : taken('none', { invite: begun });
    }

    case 'unreliable 1xx':
      if (!answersInvite || invite.stage !== 'open') return wrong('no INVITE is open');
      if (!sdp) return taken('none');
      if (offer?.in === 'INVITE') return taken('preview', { invite, offer: { ...offer, previewed: true } });
      // RFC 3261 13.2.1: an offer travels reliably.
      return taken(invite.settled ? 'repeated' : 'ignored');

    case 'reliable 1xx':
      if (!answersInvite || invite.stage !== 'open') return wrong('no INVITE is open');
      if (!sdp) return taken('none');
      if (offer?.in === 'INVITE') return taken('answer', { invite: { ...invite, settled: true } });
      if (invite.settled) return taken('repeated');
      // RFC 3262 3: no second one before the first is acknowledged.
      if (offer) return wrong('an offer waits for its answer');
      return taken('offer', { invite, offer: { by, in: 'reliable 1xx', previewed: false } });

    case '2xx': {
      if (!answersInvite || invite.stage !== 'open') return wrong('no INVITE is open');
      const accepted = { by: invite.by, stage: 'accepted', settled: true } as const;
      if (offer?.in === 'INVITE') {
        if (sdp) return taken('answer', { invite: accepted });
        // RFC 3261 13.2.1: it must repeat the answer; what it leaves out was said.
        return offer.previewed
          ? taken('none', { invite: accepted })
          : wrong('no answer to the offer', { invite: accepted });
      }
      // RFC 3262 5, RFC 3311 5.1: not before what is asked is answered. The dialog goes on, and so does the offer.
      if (offer) return wrong('an offer waits for its answer', { invite: accepted, offer });
      if (invite.settled) return taken('repeated', { invite: accepted });
      if (!sdp) return wrong('no offer, though the INVITE had none', { invite: accepted });
      return taken('offer', { invite: { ...accepted, settled: false }, offer: { by, in: '2xx', previewed: false } });
    }

    case 'ACK':
      if (invite?.by !== by || invite.stage !== 'accepted') return taken('ignored');
      if (offer?.in === 'reliable 1xx') return wrong('no answer to the offer', atRest);
      if (offer?.in !== '2xx') return taken('ignored', withoutInvite(state));
      return sdp ? taken('answer', atRest) : wrong('no answer to the offer', atRest);

    case 'PRACK':
      if (invite?.by !== by) return sdp ? wrong('no INVITE is open') : taken('none');
      if (offer?.in === 'reliable 1xx') {
        return sdp ? taken('answer', { invite: { ...invite, settled: true } }) : wrong('no answer to the offer');
      }
      if (!sdp) return taken('none');
      if (offer) return wrong('an offer waits for its answer');
      if (!invite.settled) return wrong('no offer was answered yet');
      return taken('offer', { invite, offer: { by, in: 'PRACK', previewed: false } });

    case 'UPDATE':
      if (!sdp) return taken('none');
      if (offer) return from(offer.by);
      // RFC 3311 5.1: not before the first exchange is over, which an INVITE without an offer leaves to its answerer.
      if (invite && !invite.settled) return from(invite.by);
      return taken('offer', { ...state, offer: { by, in: 'UPDATE', previewed: false } });

    case '2xx to PRACK':
    case '2xx to UPDATE': {
      const asked = what === '2xx to PRACK' ? 'PRACK' : 'UPDATE';
      if (offer?.in !== asked || offer.by === by) return taken('ignored');
      return sdp ? taken('answer', withoutOffer(state)) : wrong('no answer to the offer', withoutOffer(state));
    }

    case 'failure of INVITE': {
      if (!answersInvite || invite.stage !== 'open') return taken('ignored');
      const stays = offer && (offer.in === 'PRACK' || offer.in === 'UPDATE');
      return taken('ignored', stays ? { offer } : atRest, offer !== undefined && !stays);
    }

    case 'failure of PRACK':
    case 'failure of UPDATE': {
      const asked = what === 'failure of PRACK' ? 'PRACK' : 'UPDATE';
      if (offer?.in !== asked || offer.by === by) return taken('ignored');
      return taken('ignored', withoutOffer(state), true);
    }

    case 'no ACK':
      if (invite?.by !== by || invite.stage !== 'accepted') return taken('ignored');
      return offer?.in === '2xx' || offer?.in === 'reliable 1xx'
        ? taken('ignored', atRest, true)
        : taken('ignored', withoutInvite(state));
  }
}

function withoutOffer({ invite }: OfferAnswerState): OfferAnswerState {
  return invite ? { invite } : atRest;
}

function withoutInvite({ offer }: OfferAnswerState): OfferAnswerState {
  return offer ? { offer } : atRest;
}
