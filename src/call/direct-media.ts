import {
  addressOf,
  attributeOf,
  configurationsOf,
  isUnspecified,
  type MediaDescription,
  profileOf,
  rtpFormatsOf,
  type SessionDescription,
} from '#codec/sdp';
import { Bypass, type MediaEnd } from '#policy/bypass';
import type { Trunk } from '#policy/configuration';
import type { FlowTransport } from '#sip/flow';
import { securityOf } from './media-security.ts';
import type { CallServices } from './services.ts';

/** One end of a call whose media may go past us. */
export interface DirectEnd extends MediaEnd {
  readonly trunk: Trunk;
  /** Of its signalling. */
  readonly transport: FlowTransport;
}

/** Ms of audio in a packet where SDP says nothing of it (RFC 3551 4.2). */
const usualPacketTime = 20;

/**
 * Why the media of a call is to pass through us, undefined when it goes directly: the two ends are not known to be well connected, or
 * one needs something that only who is between them can do. `offer`: of the first; undefined where the other is to make one.
 */
export function anchoredSince(
  { configuration }: Pick<CallServices, 'configuration'>,
  from: DirectEnd,
  to: DirectEnd,
  offer: SessionDescription | undefined,
): string | undefined {
  const bypass = Bypass.of(configuration);
  if (!bypass) return 'media bypass is off';
  return bypass.obstacle(from, to) ?? needOf(from.trunk, to.trunk, offer) ?? unlikeKeys(from, to, offer);
}

/** Where the side that describes this listens for its first stream; undefined: it does not say, or nowhere. */
export function listensAt(sdp: SessionDescription | undefined): string | undefined {
  const stream = sdp?.media.find(({ port }) => port !== 0);
  const address = stream && addressOf(sdp!, stream);
  return address === undefined || isUnspecified(address) ? undefined : address;
}

/** What one of both wants of us beside a way for its media. */
function needOf(from: Trunk, to: Trunk, offer: SessionDescription | undefined): string | undefined {
  if (from.ringback === 'tone') return `trunk ${from.name} has callers hear a tone of ours`;
  if (to.offer === 'delayed') return `trunk ${to.name} makes the offer`;
  if (to.offer === 'early' && !offer) return `trunk ${to.name} wants an offer, and the caller makes none`;
  for (const trunk of [from, to]) {
    if (trunk.hold) return `trunk ${trunk.name} has a form of hold of its own`;
    for (const stream of offer?.media ?? []) {
      const why = stream.port === 0 ? undefined : unfit(trunk, stream);
      if (why !== undefined) return why;
    }
    if (!offer && trunk.codecs?.allow)
      return `trunk ${trunk.name} takes some codecs only, and the caller makes no offer`;
  }
  return unlikeDigits(from, to, offer);
}

/** What would be kept from the trunk, or written otherwise, of a stream. */
function unfit({ name, media, codecs, fax }: Trunk, stream: MediaDescription): string | undefined {
  if (media?.includes(stream.media as (typeof media)[number]) === false)
    return `trunk ${name} takes no ${stream.media}`;
  if (stream.media === 'image' && fax === 'audio') return `trunk ${name} takes no T.38`;
  if (stream.media !== 'audio' || !codecs) return undefined;
  const { allow, ptime } = codecs;
  const known = allow?.map((one) => one.toLowerCase());
  const strange = rtpFormatsOf(stream).find((format) => known?.includes(format.name.toLowerCase()) === false);
  if (strange) return `trunk ${name} takes no ${strange.name}`;
  const asked = Number(attributeOf(stream.lines, 'ptime') ?? usualPacketTime);
  return ptime === undefined || ptime === asked ? undefined : `trunk ${name} wants packets of ${ptime} ms`;
}

/** The keys of one reach the other in its own form, or we have to write them in it. */
function unlikeDigits(from: Trunk, to: Trunk, offer: SessionDescription | undefined): string | undefined {
  const isAlike = from.dtmf === to.dtmf;
  if (isAlike && (from.dtmf !== 'rtp-event' || !offer)) return undefined;
  const isOfRtp = [from.dtmf, to.dtmf].every((form) => form === undefined || form === 'rtp-event');
  const audio = offer?.media.filter(({ media, port }) => media === 'audio' && port !== 0);
  const hasEvents = audio?.every((stream) => rtpFormatsOf(stream).some(({ name }) => name === 'telephone-event'));
  if (isOfRtp && hasEvents) return undefined;
  if (isAlike) return `trunk ${to.name} wants telephone-event, and none is offered`;
  return `digits are told otherwise on trunk ${(to.dtmf === undefined ? from : to).name}`;
}

type Secrecy = 'none' | 'offered' | 'only';

/**
 * SRTP that both can have, with keys that cross no signalling in clear which the trunk has not let them cross; what one side alone has is
 * ours to give it (docs/media-bypass.md has the table).
 */
function unlikeKeys(from: DirectEnd, to: DirectEnd, offer: SessionDescription | undefined): string | undefined {
  const [own, theirs] = [from, to].map(({ trunk, transport }) => securityOf(trunk.srtp, transport).mode);
  if (!offer) {
    const isLike = own === theirs && own !== 'impossible';
    return isLike ? undefined : 'the two sides differ in SRTP, and the caller makes no offer';
  }
  for (const stream of offer.media) {
    const secrecy = stream.port === 0 ? undefined : secrecyOf(offer, stream);
    if (secrecy === undefined) continue;
    for (const { trunk, transport } of [from, to]) {
      if (secrecy === 'none' && trunk.srtp?.mode === 'required')
        return `trunk ${trunk.name} requires SRTP, and none is offered`;
      if (secrecy !== 'none' && transport !== 'tls' && !trunk.srtp?.keysInClear)
        return `keys may not cross the signalling of ${trunk.name} in the clear`;
    }
    if (secrecy === 'none' || theirs !== 'off') continue;
    // An answer with a key is what a side without SRTP can't give.
    if (secrecy === 'only') return `trunk ${to.trunk.name} has no SRTP, and nothing else is offered`;
    if (own === 'required') return `trunk ${from.trunk.name} requires SRTP, and trunk ${to.trunk.name} has none`;
  }
  return undefined;
}

/** Undefined: what it has is none of ours, such as keys of its own (DTLS). */
function secrecyOf(sdp: SessionDescription, stream: MediaDescription): Secrecy | undefined {
  const profile = profileOf(stream.protocol);
  // UDPTL can't be encrypted.
  if (profile === undefined) return stream.media === 'image' ? 'none' : undefined;
  const isOther = (secure: boolean) => isBeside(sdp, stream, secure);
  const ways = configurationsOf(sdp, stream);
  if (ways.every((way) => way.profile.secure)) return isOther(false) ? 'offered' : 'only';
  const hasKeys = ways.some((way) => way.profile.secure || way.cryptos.length > 0);
  return hasKeys || isOther(true) ? 'offered' : 'none';
}

/** Two lines, one with SRTP and one without, for the answerer to choose from. */
function isBeside(sdp: SessionDescription, { media }: MediaDescription, secure: boolean): boolean {
  return sdp.media.some(
    (other) => other.media === media && other.port !== 0 && profileOf(other.protocol)?.secure === secure,
  );
}
