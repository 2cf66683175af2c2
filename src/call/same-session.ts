import type { Octets } from '#kernel';
import type { SideSession } from './media-state.ts';

/**
 * Two descriptions of one session that differ in nothing but the version: the second refreshes the first (RFC 4028 7.4,
 * RFC 3264 8). Peers that count the version up all the same mean no change either.
 */
export function isSameSession(one: Octets, other: Octets): boolean {
  if (one === other) return true;
  const first = versionIn(one);
  const second = versionIn(other);
  if (!first || !second) return false;
  return one.slice(0, first.start) === other.slice(0, second.start) && one.slice(first.end) === other.slice(second.end);
}

/**
 * What a side was told and what holds, to be told again. Where something else was said since, and refused, its version
 * goes up: the peer has seen the one in between (RFC 3264 8).
 */
export function saidAgain(session: SideSession, said: Octets): Octets {
  if (said === session.last) return said;
  const at = versionIn(said);
  if (!at) return said;
  session.version++;
  session.last = said.slice(0, at.start) + session.version + said.slice(at.end);
  return session.last;
}

/** Where the version stands in o= (RFC 8866 5.2: username, session id, version). */
function versionIn(sdp: Octets): { readonly start: number; readonly end: number } | undefined {
  const line = sdp.startsWith('o=') ? 0 : sdp.indexOf('\no=') + 1;
  if (line === 0 && !sdp.startsWith('o=')) return undefined;
  const first = sdp.indexOf(' ', line);
  const second = first < 0 ? -1 : sdp.indexOf(' ', first + 1);
  const end = second < 0 ? -1 : sdp.indexOf(' ', second + 1);
  return end < 0 ? undefined : { start: second + 1, end };
}
