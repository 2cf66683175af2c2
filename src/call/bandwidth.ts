import { isCodec, type MediaDescription, rtpFormatsOf, type SessionDescription } from '#codec/sdp';
import { audioBandwidth, type Need, plainFraming } from '#policy/admission';
import type { Trunk } from '#policy/configuration';
import type { CallServices } from './services.ts';

/** kbit/s of video that says nothing of how much it is. */
const usualVideo = 512;

/** What a call takes of links one way, by what its caller offers: as much as the widest codec that may be chosen. */
export function needOf(offer: SessionDescription | undefined): Need {
  if (!offer) return { audio: audioBandwidth('PCMA', plainFraming), video: 0 };
  let audio = 0;
  let video = 0;
  for (const media of offer.media) {
    if (media.port === 0) continue;
    if (media.media === 'audio') audio += audioOf(media);
    else if (media.media === 'video') video += saidOf(media) ?? usualVideo;
  }
  return { audio, video };
}

/** The sites that a call's media passes, in order. */
export function wayOf({ configuration }: CallServices, from: Trunk, to: Trunk): readonly (string | undefined)[] {
  const { mode, site } = configuration.media;
  return mode === 'anchor' && site !== undefined ? [from.site, site, to.site] : [from.site, to.site];
}

function audioOf(media: MediaDescription): number {
  const codecs = rtpFormatsOf(media).filter(isCodec);
  const widest = Math.max(0, ...codecs.map(({ key }) => audioBandwidth(key.slice(0, key.indexOf('/')))));
  return widest === 0 ? audioBandwidth('PCMA') : widest;
}

/** b=AS, kbit/s (RFC 8866 5.8), or b=TIAS, bit/s (RFC 3890). */
function saidOf({ lines }: MediaDescription): number | undefined {
  for (const { type, value } of lines) {
    const said = type === 'b' ? /^(AS|TIAS):(\d{1,9})$/.exec(value) : undefined;
    if (said) return Number(said[2]) / (said[1] === 'TIAS' ? 1000 : 1);
  }
  return undefined;
}
