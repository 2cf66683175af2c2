import type { Header } from '#codec/sip-message';
import { type HostPort, type Octets, toOctets } from '#kernel';
import type { IdentityPolicy, Trunk, TrunkIdentity } from '#policy/configuration';
import { writeDiversions } from './diversion.ts';
import { bounded } from './history.ts';
import { writeHistoryInfo } from './history-info.ts';
import type { Identity } from './identity.ts';
import { numberAcross } from './number.ts';
import { anonymous, isAnonymous, isSameUser, type Person, type Side, writePerson } from './person.ts';
import { identityPolicy } from './policy.ts';
import { sideOf } from './side.ts';

/** An INVITE of ours, so far as it says who calls whom. */
export interface WrittenIdentity {
  /** The user part of Request-URI and To. */
  readonly user: Octets;
  /** Parameters of the Request-URI that say why it is called (RFC 4458); '' where nothing does. */
  readonly because: Octets;
  /** The value of From, without its tag. */
  readonly from: Octets;
  readonly headers: readonly Header[];
  /** What was left out for a reason that people ask for: for the decision trace. */
  readonly notes: readonly string[];
}

/** Where an INVITE goes. */
export interface Destination {
  readonly trunk: Trunk;
  /** The host of identities that speak for us. */
  readonly home: HostPort;
  /** The user part of what is called, and what stands around it in the Request-URI. */
  readonly called: Octets;
  uri(user: Octets): Octets;
}

/** The caller, the called and those between them, as one trunk is to hear of them (docs/identity.md). */
export function writeIdentity(identity: Identity, { trunk, home, called, uri }: Destination): WrittenIdentity {
  const policy = identityPolicy(trunk);
  const side = sideOf(identity.source, identity.hosts, trunk, home);
  const own = trunk.identity?.from === 'identity' ? ownPerson(trunk.identity) : undefined;
  const from = identity.private ? anonymous : (own ?? identity.presented);
  const told = toldTo(trunk, policy, identity, own);
  const headers = identityFields(policy, told, side, {
    party: 'calling',
    private: identity.private,
    screened: identity.asserted.length > 0 && !identity.unscreened,
  });
  const privacy = privacyFor(identity, policy);
  if (privacy !== undefined) headers.push(['Privacy', privacy]);

  const user = numberAcross(called, side);
  const { history } = policy;
  const mayKnow = policy.trusted && policy.privacy === 'header';
  const forwarded = history === 'none' ? [] : bounded(identity.history);
  if (history === 'history-info' || history === 'both') {
    for (const value of writeHistoryInfo(forwarded, uri(user), side, mayKnow)) headers.push(['History-Info', value]);
  }
  if (history === 'diversion' || history === 'both') {
    for (const value of writeDiversions(forwarded, side, mayKnow)) headers.push(['Diversion', value]);
  }

  const notes: string[] = [];
  const { signed } = identity;
  if (signed) {
    // RFC 8224 4: it is of the numbers of From and To; of others it would be taken for a forgery.
    const isOfCaller = !identity.private && isSameUser(from.user, identity.presented.user);
    if (isOfCaller && isSameUser(called, signed.called)) {
      for (const value of signed.values) headers.push(['Identity', value]);
      if (signed.date !== undefined) headers.push(['Date', signed.date]);
    } else {
      const why = identity.private
        ? 'the caller is private'
        : `the ${isOfCaller ? 'called' : 'calling'} number is another`;
      notes.push(`its Identity (RFC 8224) is left out: ${why}`);
    }
  }
  return {
    user,
    because: history === 'none' || identity.cause === undefined ? '' : `;cause=${identity.cause}`,
    from: writePerson(from, side),
    headers,
    notes,
  };
}

function ownPerson({ user, display = '' }: TrunkIdentity): Person {
  return { display: toOctets(display), scheme: 'sip', user, phone: false };
}

/** Who stands beside From. */
function toldTo(
  { callerIdentity }: Trunk,
  { trusted, header, privacy }: IdentityPolicy,
  { asserted, presented, source, private: hidden }: Identity,
  own: Person | undefined,
): readonly Person[] {
  // We vouch for whom a trusted trunk shows us; what we ask to be believed of (P-Preferred-Identity) needs no vouching.
  const vouched = identityPolicy(source).trusted || header === 'p-preferred-identity' || header === 'remote-party-id';
  const known = asserted.filter((person) => !isAnonymous(person));
  const callers = known.length > 0 || !vouched || isAnonymous(presented) || presented.user === '' ? known : [presented];
  if (hidden) {
    // RFC 3325 7: who is private is told to those who are trusted only. The account that pays is no secret to its provider.
    if (trusted && privacy === 'header' && callers.length > 0) return callers;
    return own ? [own] : [];
  }
  return callerIdentity || own ? callers : known;
}

/** The fields beside From that name people. */
export function identityFields(
  { header }: IdentityPolicy,
  people: readonly Person[],
  side: Side,
  said: { readonly party: 'calling' | 'called'; readonly private: boolean; readonly screened: boolean },
): Header[] {
  switch (header) {
    case 'p-asserted-identity':
      return people.map((person) => ['P-Asserted-Identity', writePerson(person, side)]);
    case 'p-preferred-identity':
      return people.map((person) => ['P-Preferred-Identity', writePerson(person, side)]);
    case 'remote-party-id': {
      const tail = `;party=${said.party};screen=${said.screened ? 'yes' : 'no'};privacy=${said.private ? 'full' : 'off'}`;
      return people.slice(0, 1).map((person) => ['Remote-Party-ID', writePerson(person, side) + tail]);
    }
    case 'none':
      return [];
  }
}

/** What others still have to do for a private caller: what we do ourselves is not asked for again (RFC 3323 5). */
function privacyFor({ private: hidden, privacy }: Identity, { trusted }: IdentityPolicy): Octets | undefined {
  if (hidden) return trusted && privacy.critical ? 'id;critical' : 'id';
  return privacy.none ? 'none' : undefined;
}
