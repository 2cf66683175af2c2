import { parseNameAddress } from '#codec/sip-message';
import type { Octets } from '#kernel';

/** The calling number: the user part of a From value; '' when it has none. */
export function callerOf(from: Octets): Octets {
  const uri = parseNameAddress(from)?.uri ?? '';
  const at = uri.indexOf('@');
  if (at >= 0) return uri.slice(uri.indexOf(':') + 1, at);
  return uri.toLowerCase().startsWith('tel:') ? numberOf(uri.slice(4)) : '';
}

/** The number in a user part: visual separators (RFC 3966 5.1.1) and parameters off. */
export function numberOf(user: Octets): Octets {
  const end = user.indexOf(';');
  const bare = end < 0 ? user : user.slice(0, end);
  return /^[+\d().-]+$/.test(bare) ? bare.replace(/[().-]/g, '') : bare;
}
