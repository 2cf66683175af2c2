import type { AttemptRecord } from '#cdr';
import { formatSdp, withDirection } from '#codec/sdp';
import type { Instant, Octets } from '#kernel';
import type { CallLeg } from './call-leg.ts';
import { identifiersOf } from './leg-identifiers.ts';
import { type MediaBridge, readSdp } from './media-bridge.ts';

/**
 * What a leg that talks has said of itself, to be offered to somebody else: with the directions that it wishes for, not those
 * of its answer to a hold of its peer's. '' when it never said anything.
 */
export function offerOf(leg: CallLeg, media: MediaBridge | undefined): Octets {
  const read = readSdp(leg.heard);
  if ('fault' in read) return '';
  const { sdp } = read;
  // Nobody knows what it wished for.
  if (!media) return formatSdp({ ...sdp, media: sdp.media.map((line) => withDirection(sdp.lines, line, 'sendrecv')) });
  const { layout } = media.state[leg.side];
  const lines = sdp.media.map((line, i) => {
    const stream = media.state.streams[layout[i] ?? -1];
    return stream && line.port !== 0 ? withDirection(sdp.lines, line, stream[leg.side].direction) : line;
  });
  return formatSdp({ ...sdp, media: lines });
}

/** A leg that was not called for this call: as one that is called, from the moment on when it goes on here. */
export function standingRecord(leg: CallLeg, caller: Octets, called: Octets, now: Instant): AttemptRecord {
  return {
    leg: identifiersOf(leg.trunk, leg.flow, leg.dialog),
    caller,
    called,
    startedAt: now.wall,
    answeredAt: now.wall,
    endedAt: 0,
    end: { by: 'nobody', reason: 'hangup' },
  };
}
