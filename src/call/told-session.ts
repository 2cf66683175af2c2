import { parseSdp } from '#codec/sdp';
import type { Octets } from '#kernel';
import type { CallLeg } from './call-leg.ts';
import { freshSession, type SideSession } from './media-state.ts';

/**
 * What a leg was told of its session last, to go on with it in other words (RFC 3264 8): by us, or by its peer where media goes past
 * us. Of a leg that was told something else in another call since, what that was.
 */
export function sessionOf(leg: CallLeg): SideSession | undefined {
  const { media } = leg.call;
  if (media) return media.state[leg.side];
  const { elsewhere, said } = leg;
  if (isOutOfStep(leg) || elsewhere?.since === said) return elsewhere;
  const own = sessionIn(said);
  // One that it has refused since is what it has seen last.
  if (!elsewhere || !own || own.version >= elsewhere.version) leg.elsewhere = own;
  return leg.elsewhere;
}

/** Media types of the m= lines that it was told of, in order. */
export function linesTold(leg: CallLeg): readonly string[] {
  const { media } = leg.call;
  if (media) return media.state[leg.side].layout.map((stream) => media.state.streams[stream]!.media);
  const told = parseSdp(leg.said);
  return 'kind' in told ? [] : told.media.map((line) => line.media);
}

/** It was told of another session than the one that its own call has, or has missed a part of this one. */
export function isOutOfStep({ elsewhere }: CallLeg): boolean {
  return elsewhere !== undefined && elsewhere.last !== elsewhere.since;
}

/** Its other side has made an offer that it never heard of: the next one that it gets must be the next of this session (RFC 3264 8). */
export function missed(leg: CallLeg): void {
  const session = sessionOf(leg);
  if (session) session.last = '';
}

/** It has refused what its other side offered, past us: that version has been used. */
export function refusedOffer(leg: CallLeg, offer: Octets): void {
  if (!isOutOfStep(leg)) leg.elsewhere = sessionIn(offer);
}

function sessionIn(said: Octets): CallLeg['elsewhere'] {
  const told = parseSdp(said);
  if ('kind' in told) return undefined;
  const { username, sessionId, version, address: host } = told.origin;
  // One that counts beyond what is exact begins anew.
  if (!/^\d{1,15}$/.test(version)) return undefined;
  return { ...freshSession(sessionId), version: Number(version), last: said, since: said, origin: { username, host } };
}
