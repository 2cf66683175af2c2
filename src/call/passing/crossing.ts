import type { Header, SipMessage, SipRequest, SipResponse } from '#codec/sip-message';
import type { Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { houseFields } from '../headers.ts';

/**
 * Which fields of a message that passes go along, by name: all else stays on its side (docs/messages-that-cross.md says why).
 * Who talks to whom, the way, what is ours and what a side alone means is written anew or left out.
 */

type Named = readonly (readonly [name: string, display: string])[];

const named = (...displays: readonly string[]): Named => displays.map((display) => [display.toLowerCase(), display]);

/** What a body is. */
const ofBody = named('Content-Type', 'Content-Disposition', 'Content-Encoding', 'Content-Language', 'MIME-Version');

/** What the request asks for. */
const ofRequest = named(
  'Event',
  'Expires',
  'Subscription-State',
  'SIP-If-Match',
  'Suppress-If-Match',
  'Info-Package',
  'Refer-Sub',
  'Accept',
  'Accept-Encoding',
  'Priority',
  'User-to-User',
  'Accept-Contact',
  'Reject-Contact',
  'Request-Disposition',
);

/** The same, where the sender does not hide: they say something of him (RFC 3323 5.3). */
const ofSender = named('Subject', 'Accept-Language', 'Date');

/** What an answer says of what was asked. */
const ofAnswer = named(
  'Expires',
  'Min-Expires',
  'SIP-ETag',
  'Refer-Sub',
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
);

/** Extensions that speak of the body, or of what both ends do: nothing that stands between them has to know them. */
export const endToEnd: ReadonlySet<string> = new Set([
  'eventlist',
  'recipient-list-message',
  'recipient-list-subscribe',
  'multiple-refer',
  'norefersub',
]);

/** Values of one field that go on, and the longest of them. */
const mostValues = 16;
const longestValue = 4096;

export function requestFields(request: SipRequest, from: Trunk, to: Trunk, hides: boolean): Header[] {
  const headers = fields(request, ofRequest);
  if (!hides) headers.push(...fields(request, ofSender));
  headers.push(...houseFields(request, from, to), ...options(request), ...bodyFields(request));
  return headers;
}

export function answerFields(response: SipResponse): Header[] {
  const headers = fields(response, ofAnswer);
  // RFC 3261 21.5.4: that of a 503 speaks of a server of the far side.
  if (response.status !== 503) headers.push(...fields(response, [['retry-after', 'Retry-After']]));
  headers.push(...options(response), ...bodyFields(response));
  return headers;
}

/** Session descriptions outside calls name addresses of their side: nobody could reach them by way of us. */
export function bodyOf(message: SipMessage): Octets {
  return message.contentType === 'application/sdp' ? '' : message.body;
}

function bodyFields(message: SipMessage): Header[] {
  return bodyOf(message) === '' ? [] : fields(message, ofBody);
}

/** Supported and Require, as far as they are for the other end. */
function options(message: SipMessage): Header[] {
  const headers: Header[] = [];
  for (const [name, display] of [
    ['require', 'Require'],
    ['supported', 'Supported'],
  ] as const) {
    const tags = message.all(name).filter((tag) => endToEnd.has(tag.toLowerCase()));
    if (tags.length > 0) headers.push([display, tags.slice(0, mostValues).join(', ')]);
  }
  return headers;
}

function fields(message: SipMessage, which: Named): Header[] {
  const headers: Header[] = [];
  for (const [name, display] of which) {
    for (const value of message.all(name).slice(0, mostValues))
      if (value.length <= longestValue) headers.push([display, value]);
  }
  return headers;
}
