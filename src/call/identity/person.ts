import { parseNameAddress, parseUri, quoted, type SipUri } from '#codec/sip-message';
import { bracketed, type HostPort, type Octets } from '#kernel';
import { type Crossing, isTelephoneNumber, isWholeNumber, numberAcross } from './number.ts';

/** Octets of a name that somebody reads on a display. */
const longestName = 128;

/** Who somebody is to others: a name and a number, or the user part of an address. Without a host, since that is a side's. */
export interface Person {
  /** Without quotes; '' when there is none. */
  readonly display: Octets;
  readonly scheme: 'sip' | 'tel';
  /** Still escaped, with the parameters of a telephone number; '' when there is none. */
  readonly user: Octets;
  /** `user=phone` */
  readonly phone: boolean;
  /** A host that names nobody: `anonymous.invalid` (RFC 3323 4.1.1.3), and what networks write of a number they don't know. */
  readonly nowhere?: 'anonymous.invalid' | 'unknown.invalid';
}

export const nobody: Person = { display: '', scheme: 'sip', user: '', phone: false };

/** RFC 3323 4.1.1.3 */
export const anonymous: Person = {
  display: 'Anonymous',
  scheme: 'sip',
  user: 'anonymous',
  phone: false,
  nowhere: 'anonymous.invalid',
};

/** Undefined when the value is no address, or of a scheme in which we can't tell what names the side it came from. */
export function readPerson(value: Octets): Person | undefined {
  const address = parseNameAddress(value);
  return address && personOf(parseUri(address.uri), address.displayName);
}

export function personOf(uri: SipUri | undefined, displayName: Octets): Person | undefined {
  if (!uri || (uri.scheme !== 'sip' && uri.scheme !== 'sips' && uri.scheme !== 'tel')) return undefined;
  const display = shortened(displayName);
  const user = uri.user ?? '';
  if (uri.scheme === 'tel') return { display, scheme: 'tel', user: user + uri.params.raw, phone: true };
  const person: Person = { display, scheme: 'sip', user, phone: uri.params.get('user')?.toLowerCase() === 'phone' };
  if (uri.host === 'anonymous.invalid') return { ...person, user: 'anonymous', nowhere: uri.host };
  return uri.host === 'unknown.invalid' ? { ...person, nowhere: uri.host } : person;
}

/** He does not want to be known, whatever else is said: the forms in which networks write that. */
export function isAnonymous({ user, nowhere }: Person): boolean {
  if (nowhere !== undefined) return nowhere === 'anonymous.invalid';
  const lower = user.toLowerCase();
  return lower === 'anonymous' || lower === 'restricted';
}

/** A side, as somebody is shown to it. */
export interface Side extends Crossing {
  /** The host of addresses that are ours. */
  readonly home: HostPort;
}

export function writePerson(person: Person, side: Side): Octets {
  return `${writeName(person)}<${personUri(person, side)}>`;
}

export function writeName({ display }: Person): Octets {
  return display === '' ? '' : `${quoted(display)} `;
}

/** A tel URI stays one where it is whole without a host (RFC 3966 5.1.5). */
function personUri(person: Person, side: Side): Octets {
  const user = numberAcross(person.user, side);
  return person.scheme === 'tel' && isWholeNumber(user) ? `tel:${user}` : sipUri({ ...person, user }, side);
}

/** The same where only a sip URI will do. */
export function personSipUri(person: Person, side: Side): Octets {
  return sipUri({ ...person, user: numberAcross(person.user, side) }, side);
}

function sipUri({ user, phone, nowhere }: Person, { home }: Side): Octets {
  const host = nowhere ?? `${bracketed(home.host)}${home.port === 5060 ? '' : `:${home.port}`}`;
  return `sip:${user === '' ? '' : `${user.replaceAll('#', '%23')}@`}${host}${phone ? ';user=phone' : ''}`;
}

/** The digits of two people are the same, or the names where they have none. */
export function isSameUser(one: Octets, other: Octets): boolean {
  return comparable(one) === comparable(other);
}

function comparable(user: Octets): string {
  const end = user.indexOf(';');
  const number = end < 0 ? user : user.slice(0, end);
  return isTelephoneNumber(number) ? number.replace(/[().-]/g, '') : user;
}

/** Cut where no character of UTF-8 is. */
function shortened(display: Octets): Octets {
  if (display.length <= longestName) return display;
  let end = longestName;
  while (end > 0 && (display.charCodeAt(end) & 0xc0) === 0x80) end--;
  return display.slice(0, end);
}
