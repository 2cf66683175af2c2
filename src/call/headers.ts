import { type Header, parseNameAddress, parseUri, type SipRequest } from '#codec/sip-message';
import { bracketed, type HostPort, type Octets } from '#kernel';
import type { FlowTransport } from '#sip/flow';

/** What we take in a dialog and outside: the Allow header. */
export const allowedMethods = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO', 'PRACK', 'UPDATE'] as const;
export const allow = allowedMethods.join(', ');

/** Methods that exist but are not taken (405); any other is not known (501). */
export const knownMethods: ReadonlySet<string> = new Set([
  ...allowedMethods,
  'REGISTER',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'MESSAGE',
  'REFER',
]);

/** Fields of an INVITE that say something of the call, and nothing of the side it came from. */
const passed: readonly (readonly [string, string])[] = [
  ['privacy', 'Privacy'],
  ['subject', 'Subject'],
  ['priority', 'Priority'],
  ['user-to-user', 'User-to-User'],
  ['accept-language', 'Accept-Language'],
];

export function passedHeaders(request: SipRequest): Header[] {
  const headers: Header[] = [];
  for (const [name, display] of passed) {
    const value = request.get(name);
    if (value !== undefined) headers.push([display, value]);
  }
  return headers;
}

/**
 * A name-addr or addr-spec with its host replaced, its header parameters dropped. Undefined when it is neither, or of a
 * scheme in which we can't tell what names the side it came from.
 */
export function rehosted(value: Octets, { host, port }: HostPort): Octets | undefined {
  const address = parseNameAddress(value);
  const uri = address && parseUri(address.uri);
  if (!uri) return undefined;
  const display = value.slice(0, Math.max(0, bracketAt(value)));
  if (uri.scheme === 'tel') return `${display}<${address.uri}>`;
  if (uri.scheme !== 'sip' && uri.scheme !== 'sips') return undefined;
  // RFC 3323 4.1.1.3: anonymous stays what it is.
  if (uri.host === 'anonymous.invalid') return `${display}<sip:anonymous@anonymous.invalid>`;
  const user = uri.user === undefined ? '' : `${uri.user}@`;
  const phone = uri.params.get('user') === 'phone' ? ';user=phone' : '';
  return `${display}<sip:${user}${bracketed(host)}${port === 5060 ? '' : `:${port}`}${phone}>`;
}

/** Where the address begins: at the first "<" that stands in no quotes, neither a name's nor a parameter's. */
function bracketAt(value: Octets): number {
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0x22) quoted = !quoted;
    else if (code === 0x5c && quoted) i++;
    else if (code === 0x3c && !quoted) return i;
  }
  return -1;
}

export function contactOf(transport: FlowTransport, { host, port }: HostPort, user?: Octets): string {
  return `<sip:${user === undefined ? '' : `${user}@`}${bracketed(host)}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}>`;
}
