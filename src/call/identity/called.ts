import { parseNameAddress, parseUri, type SipRequest, type SipUri } from '#codec/sip-message';
import { detach, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { plainUser } from './number.ts';

/** Who is called. */
export interface Called {
  /** As it goes on in Request-URIs: escaped once, a number with its parameters; '' when nobody is named. */
  readonly user: Octets;
  /** `user=phone`, or it was a tel URI. */
  readonly phone: boolean;
  /** Where it stood, when that was not the Request-URI. */
  readonly from?: 'P-Called-Party-ID' | 'To';
}

/**
 * The number that was dialled. A registrar may call us by the Contact that we registered: who is meant then stands in
 * P-Called-Party-ID (RFC 7315 4.2), or in To only. `contactUser`: the user part of that Contact.
 */
export function calledOf(invite: SipRequest, trunk: Trunk, contactUser: Octets | undefined): Called {
  // A service (RFC 5031) has no user: it is its own name.
  if (invite.target?.scheme === 'urn') return { user: detach(invite.uri), phone: false };
  const called = userOf(invite.target);
  const registered = trunk.registration !== undefined;
  if (called.user !== '' && !(registered && called.user === plainUser(contactUser ?? ''))) return called;
  const party = named(invite.get('p-called-party-id'), 'P-Called-Party-ID');
  return party ?? (registered ? named(invite.get('to'), 'To') : undefined) ?? called;
}

function named(value: Octets | undefined, from: 'P-Called-Party-ID' | 'To'): Called | undefined {
  const uri = parseUri(parseNameAddress(value ?? '')?.uri ?? '');
  const called = userOf(uri);
  return called.user === '' || uri?.host === 'anonymous.invalid' ? undefined : { ...called, from };
}

function userOf(uri: SipUri | undefined): Called {
  if (!uri) return { user: '', phone: false };
  // RFC 3261 19.1.6: the parameters of a telephone number belong to the user part.
  if (uri.scheme === 'tel') return { user: detach((uri.user ?? '') + uri.params.raw), phone: true };
  return { user: detach(plainUser(uri.user ?? '')), phone: uri.params.get('user')?.toLowerCase() === 'phone' };
}
