import {
  isIpv4Address,
  isIpv6Address,
  parseNameAddress,
  parseUri,
  type SipResponse,
  type SipUri,
  unescapeUser,
} from '#codec/sip-message';
import { bracketed, detach, type Octets } from '#kernel';
import { leastExpires } from './times.ts';

/** What a 2xx to REGISTER gave us. */
export interface Grant {
  /** Ms. */
  readonly expires: number;
  /** RFC 3608 6.1: values for the Route of what we send, topmost first. */
  readonly serviceRoute: readonly Octets[];
  /** RFC 3327: by what our requests went, for people. */
  readonly path: readonly Octets[];
  /** The registrar keeps the flow (RFC 5626 6). */
  readonly outbound: boolean;
  /** Ms after which the edge takes a silent flow for dead (RFC 5626 4.4): keep-alives come more often. */
  readonly keepAlive?: number;
  /** "203.0.113.5:40000": as whom the first hop saw us (RFC 3581), where that is not what we said. */
  readonly seenAs?: string;
}

/** Octets of Service-Route that we put on every call: more would fill a datagram. */
const maxServiceRoute = 2048;
const maxPath = 2048;

/** RFC 3261 10.2.4. `contact`: our Contact URI; `asked`: ms. */
export function readGrant(
  response: SipResponse,
  contact: Octets,
  instance: string | undefined,
  asked: number,
): Grant | { readonly problem: string } {
  const contacts = response.all('contact');
  const ours = ourContact(contacts, contact, instance);
  if (!ours) {
    const listed =
      contacts.length === 0 ? 'no Contact' : `${contacts.length} Contact${contacts.length > 1 ? 's' : ''}, none ours`;
    return { problem: `the answer lists ${listed}: the registrar did not keep ours (<${contact}>)` };
  }
  const expires = (ours.expires ?? secondsOf(response.get('expires')) ?? asked / 1000) * 1000;
  if (expires < leastExpires) {
    const granted = expires === 0 ? 'expired at once' : `is granted for ${expires / 1000} s only`;
    return { problem: `our Contact ${granted}: at least ${leastExpires / 1000} s are needed` };
  }
  const serviceRoute = response.all('service-route').map(detach);
  if (octetsOf(serviceRoute) > maxServiceRoute) {
    return { problem: `its Service-Route is longer than ${maxServiceRoute} octets` };
  }
  const path = response.all('path').map(detach);
  const flowTimer = secondsOf(response.get('flow-timer'));
  const seenAs = seenBy(response);
  return {
    expires,
    serviceRoute,
    path: octetsOf(path) > maxPath ? [] : path,
    outbound: response.all('require').some((option) => option.toLowerCase() === 'outbound'),
    ...(flowTimer === undefined || flowTimer === 0 ? {} : { keepAlive: flowTimer * 1000 }),
    ...(seenAs === undefined ? {} : { seenAs }),
  };
}

/** The number at the start of a value, 2^31-1 at most: seconds of Expires, Min-Expires, Retry-After, Flow-Timer. */
export function secondsOf(value: Octets | undefined): number | undefined {
  if (value === undefined) return undefined;
  let seconds: number | undefined;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) break;
    seconds = Math.min((seconds ?? 0) * 10 + digit, 0x7fffffff);
  }
  return seconds;
}

/**
 * Ours among the contacts of all who registered for the address: by its URI; by its instance (RFC 5626 6); or the only one
 * of our user, where something between us and the registrar has rewritten the host, as edges do that mend NAT.
 */
function ourContact(
  values: readonly Octets[],
  contact: Octets,
  instance: string | undefined,
): { readonly expires: number | undefined } | undefined {
  const own = parseUri(contact)!;
  let best: { readonly likeness: number; readonly expires: number | undefined } | undefined;
  let ofUser = 0;
  for (const value of values) {
    const address = parseNameAddress(value);
    const uri = address && parseUri(address.uri);
    if (!uri) continue;
    const sameInstance =
      instance !== undefined && address.params.get('+sip.instance')?.toLowerCase() === `<${instance.toLowerCase()}>`;
    const sameUser = userOf(uri) === userOf(own);
    if (sameUser) ofUser++;
    let likeness = 0;
    if (sameUser && uri.host === own.host && portOf(uri) === portOf(own)) likeness = sameTransport(uri, own) ? 4 : 3;
    else if (sameInstance) likeness = 2;
    else if (sameUser) likeness = 1;
    if (likeness > (best?.likeness ?? 0)) best = { likeness, expires: secondsOf(address.params.get('expires')) };
  }
  return best?.likeness === 1 && ofUser > 1 ? undefined : best;
}

function userOf({ user }: SipUri): Octets {
  return user === undefined ? '' : unescapeUser(user);
}

function portOf(uri: SipUri): number {
  return uri.port ?? (uri.scheme === 'sips' || transportOf(uri) === 'tls' ? 5061 : 5060);
}

function sameTransport(a: SipUri, b: SipUri): boolean {
  return transportOf(a) === transportOf(b);
}

function transportOf({ params }: SipUri): string {
  return params.get('transport')?.toLowerCase() ?? 'udp';
}

function seenBy({ via }: SipResponse): string | undefined {
  const port = secondsOf(via.params.get('rport'));
  const { received, host } = via;
  if (received === undefined && port === undefined) return undefined;
  // Where our sent-by is a name, `received` is always added (RFC 3261 18.2.1), and tells of no NAT.
  if (!isIpv4Address(host) && !isIpv6Address(host)) return undefined;
  const sameHost = received === undefined || received === host;
  // A stream's port is never the one that is listened on.
  if (sameHost && (via.transport !== 'UDP' || (port ?? via.port) === via.port)) return undefined;
  return `${bracketed(received ?? host)}:${port ?? via.port ?? 5060}`.slice(0, 64);
}

function octetsOf(values: readonly Octets[]): number {
  let sum = 0;
  for (const value of values) sum += value.length;
  return sum;
}
