import { escapeUser, parseNameAddress, parseUri, unescapeUser } from '#codec/sip-message';
import type { Octets } from '#kernel';

/** The calling number: the user part of a From value; '' when it has none. */
export function callerOf(from: Octets): Octets {
  const uri = parseUri(parseNameAddress(from)?.uri ?? '');
  return uri?.scheme === 'tel' ? numberOf(uri.user ?? '') : plainUser(uri?.user ?? '');
}

/** One spelling for each user part (RFC 3261 19.1.4): only what must be escaped is, so "%2B49" is "+49" to every rule. */
export function plainUser(user: Octets): Octets {
  return user.includes('%') ? escapeUser(unescapeUser(user)) : user;
}

/** The number in a user part: visual separators (RFC 3966 5.1.1) and parameters off. */
export function numberOf(user: Octets): Octets {
  const end = user.indexOf(';');
  const bare = end < 0 ? user : user.slice(0, end);
  return /^[+\d().-]+$/.test(bare) ? bare.replace(/[().-]/g, '') : bare;
}
