import { parseSdp } from '#codec/sdp';
import type { CallLeg } from './call-leg.ts';
import { freshSession, type SideSession } from './media-state.ts';

/**
 * What a leg was told of its session last, to go on with it in other words (RFC 3264 8): by us, or by its peer where media goes past
 * us. Of a leg that was told something else in another call since, what that was.
 */
export function sessionOf(leg: CallLeg): SideSession | undefined {
  const { media } = leg.call;
  if (media) return media.state[leg.side];
  leg.elsewhere ??= sessionIn(leg);
  return leg.elsewhere;
}

/** Media types of the m= lines that it was told of, in order. */
export function linesTold(leg: CallLeg): readonly string[] {
  const { media } = leg.call;
  if (media) return media.state[leg.side].layout.map((stream) => media.state.streams[stream]!.media);
  const told = parseSdp(leg.said);
  return 'kind' in told ? [] : told.media.map((line) => line.media);
}

/** It was told of another session than the one that its own call has. */
export function wasTakenElsewhere({ elsewhere, said }: CallLeg): boolean {
  return elsewhere !== undefined && elsewhere.last !== said;
}

function sessionIn({ said }: CallLeg): SideSession | undefined {
  const told = parseSdp(said);
  if ('kind' in told) return undefined;
  const { username, sessionId, version, address: host } = told.origin;
  // One that counts beyond what is exact begins anew.
  if (!/^\d{1,15}$/.test(version)) return undefined;
  return { ...freshSession(sessionId), version: Number(version), last: said, origin: { username, host } };
}
