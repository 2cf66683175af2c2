import type { Header, SipMessage, SipRequest } from '#codec/sip-message';
import { bracketed, type HostPort, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { FlowTransport } from '#sip/flow';

/** What we take in a dialog and outside: the Allow header. */
export const allowedMethods = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'INFO',
  'PRACK',
  'UPDATE',
  'REFER',
  'NOTIFY',
] as const;

/** Methods that exist but are not taken (405); any other is not known (501). */
export const knownMethods: ReadonlySet<string> = new Set([
  ...allowedMethods,
  'REGISTER',
  'SUBSCRIBE',
  'PUBLISH',
  'MESSAGE',
]);

/** Fields of an INVITE that say something of the call, and nothing of the side it came from. */
const passed: readonly (readonly [string, string])[] = [
  ['priority', 'Priority'],
  ['user-to-user', 'User-to-User'],
  ['accept-contact', 'Accept-Contact'],
  ['reject-contact', 'Reject-Contact'],
  ['request-disposition', 'Request-Disposition'],
];

/** The same, where the caller does not hide: they say something of him (RFC 3323 5.3). */
const ofCaller: readonly (readonly [string, string])[] = [
  ['subject', 'Subject'],
  ['accept-language', 'Accept-Language'],
];

const passedOpenly = [...passed, ...ofCaller];

/** They name addresses, or tell a phone what to do. */
const ofHouse: readonly (readonly [string, string])[] = [
  ['alert-info', 'Alert-Info'],
  ['call-info', 'Call-Info'],
];

/** Values of one field that go on: User-to-User may stand for several applications (RFC 7433 4). */
const mostPassed = 4;

export function passedHeaders(request: SipRequest, from: Trunk, to: Trunk, callerHides: boolean): Header[] {
  const headers: Header[] = [];
  for (const [name, display] of callerHides ? passed : passedOpenly)
    for (const value of request.all(name).slice(0, mostPassed)) headers.push([display, value]);
  headers.push(...houseFields(request, from, to));
  return headers;
}

/**
 * Alert-Info and Call-Info. A URI in them is fetched by whoever gets it, and some phones answer by themselves when told to:
 * nobody outside is to say that. What means the same to everybody (RFC 7462) crosses.
 */
export function houseFields(message: SipMessage, from: Trunk, to: Trunk): Header[] {
  const headers: Header[] = [];
  const isHouse = from.side === 'internal' && to.side === 'internal';
  for (const [name, display] of ofHouse) {
    for (const value of message.all(name).slice(0, mostPassed))
      if (isHouse || isUrn(value)) headers.push([display, value]);
  }
  return headers;
}

function isUrn(value: Octets): boolean {
  return value.slice(0, 11).toLowerCase() === '<urn:alert:';
}

export function contactOf(transport: FlowTransport, { host, port }: HostPort, user?: Octets): string {
  return `<sip:${user === undefined ? '' : `${user}@`}${bracketed(host)}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}>`;
}
