import type { PlayPlan } from '#codec/media-control';
import { attributeOf, type MediaDescription, type RtpFormat, rtpFormatsOf } from '#codec/sdp';
import type { Cadence } from '#codec/tones';
import { meaningOf, receives } from '#media/offer-answer';
import { ownAudio } from './media-codecs.ts';
import { saidOf } from './media-lines.ts';
import type { SideSession } from './media-state.ts';
import type { Answered, Offer } from './media-verdict.ts';

/** What tones of ours are made in, by its name in SDP. */
const codecs: Readonly<Record<string, PlayPlan['codec']>> = { pcma: 'PCMA', pcmu: 'PCMU' };
/** Ms of sound in a packet, unless the offer has another wish that can be met. */
const usualPacket = 20;
const longestPacket = 60;

/** Where an offerer can hear tones of ours. */
interface Audible {
  readonly stream: number;
  /** As it knows it. */
  readonly format: RtpFormat;
  readonly codec: PlayPlan['codec'];
  readonly asked: MediaDescription;
  /** What would be answered if it had been agreed on. */
  readonly line: Answered;
}

/** The first audio stream that the offerer listens on in G.711: of what was agreed on, once something was. */
export function audibleTo(offer: Offer, agreed: readonly Answered[] | undefined): Audible | undefined {
  for (const [stream, verdict] of offer.verdicts.entries()) {
    const asked = offer.sdp.media[verdict.line];
    if (!('formats' in verdict) || asked?.media !== 'audio') continue;
    if (!receives(meaningOf(saidOf(offer.sdp, asked)))) continue;
    const one = agreed?.[stream];
    const taken = one && 'formats' in one ? one.formats.slice(0, 1) : [];
    const format = (agreed ? taken : verdict.formats).find(({ name }) => name in codecs);
    const codec = format && codecs[format.name];
    const media = codec && ownAudio({ allow: [format.name] }, undefined);
    if (!media) continue;
    // Both ways: a caller behind a NAT is reached where its own packets come from.
    const said = { direction: 'sendrecv', nowhere: false } as const;
    return { stream, format, codec, asked, line: { line: 0, media, formats: rtpFormatsOf(media), said } };
  }
  return undefined;
}

/** `type`: by which it knows the codec. */
export function playPlan(
  { codec, asked }: Audible,
  type: string,
  { codecs: own }: SideSession,
  tones: Cadence,
): PlayPlan {
  const wish = own?.ptime ?? Number(attributeOf(asked.lines, 'ptime'));
  const ptime = Number.isInteger(wish) && wish >= 10 && wish <= longestPacket ? wish : usualPacket;
  return { codec, payloadType: Number(type), ptime, tones };
}
