import { type Header, parseNameAddress, parseUri, type SipRequest, type SipResponse } from '#codec/sip-message';
import type { HostPort, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { readAsserted } from './asserted.ts';
import { isAnonymous, isSameUser, type Person, personOf } from './person.ts';
import { identityPolicy } from './policy.ts';
import { readPrivacy } from './privacy.ts';
import { sideOf } from './side.ts';
import { isInside, personInside } from './user.ts';
import { identityFields } from './write-identity.ts';

/**
 * Who talks at the other end, told to `to` by what its own fields are: from the responses of `from` (RFC 5876), or from a
 * request in the dialog, whose From may have changed (RFC 4916). `known`: the From that the dialog had. Nothing where
 * `from` is not believed.
 */
export function connectedIdentity(
  message: SipRequest | SipResponse,
  from: Trunk,
  to: Trunk,
  home: HostPort,
  known?: Octets,
): readonly Header[] {
  if (from.user) return userAt(from, to, home);
  if (!identityPolicy(from).trusted) return [];
  const party = message.kind === 'response' ? 'called' : 'calling';
  const asserted = readAsserted(message, message.kind === 'response' ? 'called' : 'either');
  const people = asserted.people.length > 0 ? asserted.people : changedFrom(message, known);
  if (people.length === 0) return [];
  const policy = identityPolicy(to);
  const privacy = readPrivacy(message.all('privacy'));
  const hidden = asserted.hides || privacy.id || privacy.user || people.some(isAnonymous);
  if (hidden && !(policy.trusted && policy.privacy === 'header')) return [];
  const shown = [message.from.uri, message.to.uri, message.contact?.uri ?? ''].flatMap((uri) => {
    const host = parseUri(uri)?.host ?? '';
    return host === '' ? [] : [host];
  });
  const fields = identityFields(policy, people, sideOf(from, shown, to, home), {
    party,
    private: hidden,
    screened: !asserted.unscreened,
  });
  if (hidden && fields.length > 0) fields.push(['Privacy', 'id']);
  return fields;
}

/** Of a user who answers, those in the house are told who he is; whoever called from outside knows whom. */
function userAt(from: Trunk, to: Trunk, home: HostPort): readonly Header[] {
  if (!from.user || !isInside(to)) return [];
  const said = { party: 'called', private: false, screened: true } as const;
  return identityFields(identityPolicy(to), [personInside(from.user)], sideOf(from, [], to, home), said);
}

function changedFrom(message: SipRequest | SipResponse, known: Octets | undefined): readonly Person[] {
  if (message.kind === 'response' || known === undefined) return [];
  const uri = parseUri(message.from.uri);
  const person = personOf(uri, message.from.displayName);
  if (
    !person ||
    person.user === '' ||
    isSameUser(person.user, parseUri(parseNameAddress(known)?.uri ?? known)?.user ?? '')
  )
    return [];
  return [person];
}
