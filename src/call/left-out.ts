import type { Octets } from '#kernel';
import { readSdp } from './media-bridge.ts';

/**
 * True when an answer takes less than was offered: a stream refused, or a format fewer. Whoever had agreed to what was
 * offered before must hear of it, or it may send what its peer does not take (RFC 3264 6.1).
 */
export function leavesOut(answer: Octets, offer: Octets): boolean {
  const answered = readSdp(answer);
  const offered = readSdp(offer);
  if ('fault' in answered || 'fault' in offered) return false;
  return offered.sdp.media.some(({ port, formats }, line) => {
    const taken = answered.sdp.media[line];
    if (port === 0) return false;
    return !taken || taken.port === 0 || formats.some((format) => !taken.formats.includes(format));
  });
}
