import type { Header, SipRequest } from '#codec/sip-message';
import { bracketed, type HostPort, type Octets } from '#kernel';
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
export const allow = allowedMethods.join(', ');

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
];

/** The same, where the caller does not hide: they say something of him (RFC 3323 5.3). */
const ofCaller: readonly (readonly [string, string])[] = [
  ['subject', 'Subject'],
  ['accept-language', 'Accept-Language'],
];

/** Values of one field that go on: User-to-User may stand for several applications (RFC 7433 4). */
const mostPassed = 4;

export function passedHeaders(request: SipRequest, callerHides: boolean): Header[] {
  const headers: Header[] = [];
  for (const [name, display] of callerHides ? passed : [...passed, ...ofCaller])
    for (const value of request.all(name).slice(0, mostPassed)) headers.push([display, value]);
  return headers;
}

export function contactOf(transport: FlowTransport, { host, port }: HostPort, user?: Octets): string {
  return `<sip:${user === undefined ? '' : `${user}@`}${bracketed(host)}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}>`;
}
