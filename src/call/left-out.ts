import { directionOf } from '#codec/sdp';
import type { Octets } from '#kernel';
import { meaningOf, permitted } from '#media/offer-answer';
import { readSdp } from './media-bridge.ts';
import { saidOf } from './media-lines.ts';

/**
 * True when an answer takes less than was offered: a stream refused or held, or a format fewer. Whoever had agreed to what was
 * offered before must hear of it, or it may send what its peer does not take (RFC 3264 6.1).
 */
export function leavesOut(answer: Octets, offer: Octets): boolean {
  const answered = readSdp(answer);
  const offered = readSdp(offer);
  if ('fault' in answered || 'fault' in offered) return false;
  return offered.sdp.media.some((asked, line) => {
    const taken = answered.sdp.media[line];
    if (asked.port === 0) return false;
    if (!taken || taken.port === 0) return true;
    const most = permitted('sendrecv', directionOf(offered.sdp, asked));
    return directionOf(answered.sdp, taken) !== most || asked.formats.some((format) => !taken.formats.includes(format));
  });
}

/**
 * A side was `told` something, and has `said` its part to that; now somebody else answers what it said. True when that one takes
 * less, or sends or listens otherwise than the side knows.
 */
export function takesLess(answer: Octets, said: Octets, told: Octets): boolean {
  const [now, own, before] = [readSdp(answer), readSdp(said), readSdp(told)];
  if ('fault' in now || 'fault' in own || 'fault' in before) return false;
  return now.sdp.media.some((line, i) => {
    const [mine, theirs] = [own.sdp.media[i], before.sdp.media[i]];
    if (!mine || !theirs || mine.port === 0 || theirs.port === 0) return false;
    if (line.port === 0) return true;
    // What it knows that may be sent: what both have said.
    if (mine.formats.some((format) => theirs.formats.includes(format) && !line.formats.includes(format))) return true;
    // A hold may have been told in other words than a direction.
    const meant = permitted(meaningOf(saidOf(before.sdp, theirs)), directionOf(own.sdp, mine));
    return meaningOf(saidOf(now.sdp, line)) !== meant;
  });
}
