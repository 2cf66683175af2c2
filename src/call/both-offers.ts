import {
  directionOf,
  isCodec,
  type KeptFormat,
  type MediaDescription,
  rtpFormatsOf,
  type SessionDescription,
  withDirection,
  withFormats,
} from '#codec/sdp';
import type { Octets } from '#kernel';
import { permitted } from '#media/offer-answer';
import { type MediaBridge, readSdp } from './media-bridge.ts';

/** What each side is to be answered, or why they can't be brought together. */
export type Met = { readonly a: Octets; readonly b: Octets } | { readonly fault: string };

/**
 * Both sides have made an offer: the caller in its INVITE, the callee because its trunk is called without one. Each is
 * answered by what the other offers: first the caller by the callee's, then the callee by the caller's.
 */
export function meet(media: MediaBridge, caller: SessionDescription, callee: SessionDescription): Met {
  if (callee.media.some((line, i) => caller.media[i] && caller.media[i].media !== line.media))
    return { fault: 'its streams come in another order than those of the caller' };
  const first = answered(media, 'a', caller, callee);
  if ('fault' in first) return first;
  const second = answered(media, 'b', callee, caller);
  return 'fault' in second ? second : { a: first.body, b: second.body };
}

/** An offer of one side with what the other has said already; that one hears nothing of it. */
function answered(
  media: MediaBridge,
  from: 'a' | 'b',
  offer: SessionDescription,
  other: SessionDescription,
): { readonly body: Octets } | { readonly fault: string } {
  const session = media.state[from === 'a' ? 'b' : 'a'];
  const { version, last } = session;
  const fault = media.offer(from, offer);
  if (fault !== undefined) return { fault };
  const asked = media.translateOffer();
  // Not said, so no version of what is (RFC 3264 8).
  session.version = version;
  session.last = last;
  if ('fault' in asked) return asked;
  const read = readSdp(asked.body);
  if ('fault' in read) return read;
  const answer = answerOf(other, read.sdp);
  return answer.media.some(({ port }) => port !== 0) ? media.answer(answer) : { fault: 'they have no codec in common' };
}

/** What somebody who made this offer would answer to another one: the codecs that are in both, under the asker's numbers. */
function answerOf(offer: SessionDescription, asked: SessionDescription): SessionDescription {
  const media = asked.media.map((line, i): MediaDescription => {
    const own = offer.media[i];
    if (!own || own.port === 0 || line.port === 0) return { ...line, port: 0 };
    const known = rtpFormatsOf(own);
    const kept: KeptFormat[] = [];
    for (const { key, type } of rtpFormatsOf(line)) {
      const format = known.find((one) => one.key === key);
      if (format) kept.push({ format, type });
    }
    if (!kept.some(({ format }) => isCodec(format))) return { ...line, port: 0 };
    const direction = permitted(directionOf(offer, own), directionOf(asked, line));
    return withDirection(offer.lines, withFormats(own, kept), direction);
  });
  return { ...offer, media };
}
