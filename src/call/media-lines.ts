import {
  addressOf,
  directionOf,
  isUnspecified,
  type KeptFormat,
  type MediaDescription,
  profileOf,
  protocolOf,
  type RtpProfile,
  type SessionDescription,
  withDirection,
  withFormats,
  withoutBandwidth,
  withPacketTime,
} from '#codec/sdp';
import type { Octets } from '#kernel';
import type { Said } from '#media/offer-answer';
import type { SideSession, StreamState } from './media-state.ts';

export const nothingAllowed = 'there is no codec that is allowed';

/** The session of an offer of our own; what names it is written over it. */
export const ownSession: Omit<SessionDescription, 'media'> = {
  lines: [
    { type: 'v', value: '0' },
    { type: 'o', value: '' },
    { type: 's', value: '-' },
    { type: 't', value: '0 0' },
  ],
  origin: { username: '-', sessionId: '0', version: '0', netType: 'IN', addressType: 'IP4', address: '0.0.0.0' },
};

export function saidOf(sdp: SessionDescription, media: MediaDescription): Said {
  return { direction: directionOf(sdp, media), nowhere: isUnspecified(addressOf(sdp, media) ?? '') };
}

/** A stream of a description as a side is to see it, but for where and how it is run. */
export function shape(
  { codecs }: SideSession,
  sdp: SessionDescription,
  media: MediaDescription,
  formats: readonly KeptFormat[],
  { direction }: Said,
): MediaDescription {
  let shaped = withFormats(media, formats);
  // What it was reckoned for is not all there.
  if (shaped.formats.length < media.formats.length) shaped = { ...shaped, lines: withoutBandwidth(shaped.lines) };
  if (directionOf(sdp, media) !== direction) shaped = withDirection(sdp.lines, shaped, direction);
  if (codecs?.ptime !== undefined && media.media === 'audio') shaped = withPacketTime(shaped, codecs.ptime);
  return shaped;
}

/** The description without the bandwidth of the session where it is the sum of more than these streams. */
export function narrowed(sdp: SessionDescription, streams: readonly MediaDescription[]): SessionDescription {
  const count = (media: readonly MediaDescription[]) =>
    media.reduce((sum, { port, formats }) => sum + (port === 0 ? 0 : formats.length), 0);
  return count(streams) < count(sdp.media) ? { ...sdp, lines: withoutBandwidth(sdp.lines) } : sdp;
}

export const isMid = (attribute: Octets) => attribute.startsWith('mid:');

export function linesOf(layout: readonly number[], stream: number): readonly number[] {
  const lines: number[] = [];
  for (let line = 0; line < layout.length; line++) if (layout[line] === stream) lines.push(line);
  return lines;
}

/** Two lines of which one is to be taken: the same media by SRTP and by RTP. */
export function areAlternatives(one: MediaDescription, other: MediaDescription | undefined): boolean {
  if (!other || one.media !== other.media || one.port === 0 || other.port === 0) return false;
  const first = profileOf(one.protocol);
  const second = profileOf(other.protocol);
  return first !== undefined && second !== undefined && first.secure !== second.secure;
}

/** A stream that is not there on this line; `source` is what its other side has of it. */
export function refusedLine(
  { media, udptl }: StreamState,
  profile: RtpProfile,
  source: MediaDescription | undefined,
): MediaDescription {
  if (udptl) return { media, port: 0, protocol: 'udptl', formats: ['t38'], lines: [] };
  const formats = source?.media === media ? source.formats : ['0'];
  return { media, port: 0, protocol: protocolOf(profile), formats, lines: [] };
}
