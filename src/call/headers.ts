import { type Header, parseUri, type SipRequest } from '#codec/sip-message';
import { bracketed, type HostPort } from '#kernel';

/** What we take in a dialog and outside: the Allow header. */
export const allowedMethods = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO'] as const;
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
  'UPDATE',
  'PRACK',
]);

/** Fields of an INVITE that say something of the call, and nothing of the side it came from. */
const passed: readonly (readonly [string, string])[] = [
  ['privacy', 'Privacy'],
  ['subject', 'Subject'],
  ['priority', 'Priority'],
  ['user-to-user', 'User-to-User'],
  ['accept-language', 'Accept-Language'],
];

export function passedHeaders(request: SipRequest, host: HostPort): Header[] {
  const headers: Header[] = [];
  for (const [name, display] of passed) {
    const value = request.get(name);
    if (value !== undefined) headers.push([display, value]);
  }
  // RFC 3325: the asserted number crosses between trunks of one organisation, its host does not.
  for (const value of request.all('p-asserted-identity')) headers.push(['P-Asserted-Identity', rehosted(value, host)]);
  return headers;
}

/** A name-addr or addr-spec with its host replaced; params outside the brackets are dropped. */
export function rehosted(value: string, { host, port }: HostPort): string {
  const open = value.lastIndexOf('<');
  const close = open < 0 ? -1 : value.indexOf('>', open);
  const raw = open < 0 ? value : value.slice(open + 1, close < 0 ? value.length : close);
  const display = open < 0 ? '' : value.slice(0, open);
  const uri = parseUri(raw.trim());
  if (!uri || uri.scheme === 'tel') return `${display}<${raw.trim()}>`;
  // RFC 3323 4.1.1.3: anonymous stays what it is.
  if (uri.host === 'anonymous.invalid') return `${display}<sip:anonymous@anonymous.invalid>`;
  const user = uri.user === undefined ? '' : `${uri.user}@`;
  const phone = uri.params.get('user') === 'phone' ? ';user=phone' : '';
  return `${display}<sip:${user}${bracketed(host)}${port === 5060 ? '' : `:${port}`}${phone}>`;
}

export function contactOf(transport: 'udp' | 'tcp', { host, port }: HostPort): string {
  return `<sip:${bracketed(host)}:${port}${transport === 'tcp' ? ';transport=tcp' : ''}>`;
}
