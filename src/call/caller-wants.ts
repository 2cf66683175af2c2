import type { Header, SipRequest } from '#codec/sip-message';
import type { Trunk } from '#policy/configuration';
import { lists, optionTag } from '#sip/reliability';
import { noSubscriptionTag, replacesTag } from '#sip/transfer';

/** Option tags that a request may require of us (RFC 3261 8.2.2.3); what the trunk's settings rule out is refused later. */
export const extensions: ReadonlySet<string> = new Set([optionTag, 'timer', replacesTag, noSubscriptionTag]);

/** What the caller's INVITE says that it can and wants, as far as its trunk's settings let us take it up. */
export interface CallerWants {
  /** Which of our provisional responses go reliably (RFC 3262): none, those with SDP, all of them. */
  readonly reliable: 'none' | 'sdp' | 'all';
  /** It is told when one of several early dialogs has ended (RFC 6228). */
  readonly earlyEnds: boolean;
  /** It heeds P-Early-Media (RFC 5009). */
  readonly earlyMedia: boolean;
}

/** The INVITE can't be served on these terms. */
export interface Unwanted {
  readonly status: 420 | 421;
  readonly headers: readonly Header[];
}

export function wantsOf(invite: SipRequest, { reliability = 'supported' }: Trunk): CallerWants | Unwanted {
  const required = lists(invite, 'require', optionTag);
  const able = required || lists(invite, 'supported', optionTag);
  if (reliability === 'off' && required) return { status: 420, headers: [['Unsupported', optionTag]] };
  if (reliability === 'required' && !able) return { status: 421, headers: [['Require', optionTag]] };
  let reliable: CallerWants['reliable'] = 'none';
  if (required || reliability === 'required') reliable = 'all';
  else if (able && reliability === 'supported') reliable = 'sdp';
  return {
    reliable,
    earlyEnds: lists(invite, 'supported', '199'),
    earlyMedia: invite.get('p-early-media')?.toLowerCase().includes('supported') === true,
  };
}

/** Of a caller that makes no offer: the trunk wants one, or may make one too early for the caller to answer it. */
export function needsOwnOffer({ offer, reliability }: Trunk, { reliable }: CallerWants): boolean {
  return offer === 'early' || (reliability === 'required' && reliable === 'none');
}
