import { parseUri, type SipRequest, type SipUri } from '#codec/sip-message';
import type { Trunk } from '#policy/configuration';
import { type Asserted, readAsserted } from './asserted.ts';
import type { Called } from './called.ts';
import { readDiversions } from './diversion.ts';
import { type Diverted, forwardings } from './history.ts';
import { causeIn, readHistoryInfo } from './history-info.ts';
import type { Identity, Signed } from './identity.ts';
import { plainUser } from './number.ts';
import { isAnonymous, isSameUser, nobody, personOf } from './person.ts';
import { identityPolicy } from './policy.ts';
import { readPrivacy } from './privacy.ts';
import { personOfUser } from './user.ts';

/** Values of Identity that one call may carry: the caller's, and one of each who forwarded (RFC 8946). */
const mostSigned = 8;

export function readIdentity(invite: SipRequest, source: Trunk, called: Called): Identity {
  const { trusted } = identityPolicy(source);
  const asserted = readAsserted(invite, 'calling');
  const privacy = readPrivacy(invite.all('privacy'));
  const from = parseUri(invite.from.uri);
  const said = personOf(from, invite.from.displayName) ?? nobody;
  const presented = source.user ? personOfUser(source.user) : said;
  const history = historyOf(invite);
  const notes: string[] = [];
  if (called.from !== undefined) notes.push(`the called number is that of ${called.from}`);
  if (!trusted && !source.user && asserted.fields !== '')
    notes.push(`trunk ${source.name} is not trusted: ${asserted.fields} not believed`);
  if (history.length > 0) notes.push(forwardedNote(history, called));
  return {
    source,
    hosts: hostsOf(invite, from),
    phone: called.phone,
    presented,
    asserted: trusted ? asserted.people : [],
    unscreened: asserted.unscreened,
    private: isPrivate(asserted) || privacy.id || privacy.user || isAnonymous(said),
    privacy,
    history: privacy.history ? history.map((diverted) => ({ ...diverted, private: true })) : history,
    cause: causeIn(invite.target?.params.get('cause')),
    signed: signedOf(invite),
    notes,
  };
}

/** A wish to hide counts whoever passes it on. */
function isPrivate({ hides, people }: Asserted): boolean {
  return hides || people.some(isAnonymous);
}

/** The one of the two that tells of more, or both where they tell the same: History-Info is the standard. */
function historyOf(invite: SipRequest): readonly Diverted[] {
  const standard = readHistoryInfo(invite.all('history-info'));
  const older = readDiversions(invite.all('diversion'));
  const more = forwardings(older) - forwardings(standard);
  if (more !== 0 || standard.length !== older.length) return more > 0 ? older : standard;
  return standard.map((entry, at) => {
    const same = older[at]!;
    if (!isSameUser(entry.who.user, same.who.user)) return entry;
    // Diversion has more words for why.
    const { reason } = entry.reason === 'unknown' ? same : entry;
    return { ...same, ...entry, reason, private: entry.private || same.private };
  });
}

function forwardedNote(history: readonly Diverted[], called: Called): string {
  const times = forwardings(history);
  const again = history.filter(({ who }) => isSameUser(plainUser(who.user), called.user)).length;
  const round = again === 0 ? '' : `, by the called number itself ${again === 1 ? 'once' : `${again} times`}`;
  return `forwarded ${times === 1 ? 'once' : `${times} times`}${round}`;
}

function hostsOf(invite: SipRequest, from: SipUri | undefined): readonly string[] {
  const hosts: string[] = [];
  for (const uri of [invite.target, from, parseUri(invite.to.uri), parseUri(invite.contact?.uri ?? '')])
    if (uri && uri.host !== '' && !hosts.includes(uri.host)) hosts.push(uri.host);
  return hosts;
}

function signedOf(invite: SipRequest): Signed | undefined {
  const values = invite.all('identity').slice(0, mostSigned);
  if (values.length === 0) return undefined;
  return { values, date: invite.get('date'), called: plainUser(parseUri(invite.to.uri)?.user ?? '') };
}
