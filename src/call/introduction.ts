import { type Header, parseMessage, SipRequest } from '#codec/sip-message';
import type { Octets } from '#kernel';
import type { CallLeg } from './call-leg.ts';
import type { Beyond } from './passing/beyond.ts';

/** Whom an introduced leg calls. */
interface Calling {
  readonly uri: Octets;
  readonly offer: Octets;
}

/**
 * The INVITE that a leg's peer would send to somebody it has not talked to yet: who that is by its own word, and what.
 * `known`: as it was told of to whom it has talked till now. It is for those who read INVITEs, and never sent.
 */
export function introductionOf({ dialog, peer }: CallLeg, known: Beyond, calling?: Calling): SipRequest {
  const uri = calling?.uri ?? 'sip:invalid';
  const offer = calling?.offer ?? '';
  const headers: Header[] = [...peer.identity];
  if (known.packages.length > 0) headers.push(['Recv-Info', known.packages.join(', ')]);
  if (offer !== '') headers.push(['Content-Type', 'application/sdp']);
  const lines = [
    `INVITE ${uri} SIP/2.0`,
    'Via: SIP/2.0/UDP invalid;branch=z9hG4bKintroduction',
    'Max-Forwards: 70',
    `From: ${dialog.remote}`,
    `To: <${uri}>`,
    `Call-ID: ${dialog.callId}`,
    'CSeq: 1 INVITE',
    `Contact: <${dialog.remoteTarget}>${known.features}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${offer.length}`,
    '',
    offer,
  ];
  const invite = parseMessage(lines.join('\r\n'));
  if (!(invite instanceof SipRequest)) throw new TypeError('the INVITE that a leg is introduced by is none');
  return invite;
}
