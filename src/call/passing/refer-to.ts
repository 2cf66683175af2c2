import type { SipRequest } from '#codec/sip-message';
import type { HostPort, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { readPerson, writePerson } from '../identity/person.ts';
import { sideOf } from '../identity/side.ts';

/**
 * Whom a REFER outside dialogs speaks of, as the other side is to hear it: a number that it reaches by way of us. What the URI
 * asks for besides (a method, Replaces) is of dialogs that only the sender's side knows, and stays there.
 */
export function referTo(request: SipRequest, from: Trunk, to: Trunk, home: HostPort): Octets | 'none' {
  const person = readPerson(request.get('refer-to') ?? '');
  if (!person || person.user === '') return 'none';
  return writePerson(person, sideOf(from, [], to, home));
}
