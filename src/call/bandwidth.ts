import {
  addressOf,
  formatSdp,
  isCodec,
  type MediaDescription,
  parseSdp,
  profileOf,
  rtpFormatsOf,
  type SessionDescription,
} from '#codec/sdp';
import type { Octets } from '#kernel';
import { audioBandwidth, type Framing, type Need, plainFraming, type Way } from '#policy/admission';
import type { Configuration, Trunk } from '#policy/configuration';
import type { End } from '#policy/location';
import type { Flow } from '#sip/flow';
import type { CallServices } from './services.ts';

/** kbit/s of video that says nothing of how much it is. */
const usualVideo = 512;
/** Octets of the authentication tag of the usual suites of SRTP (RFC 3711 5.2). */
const usualTag = 10;

/** A call that has a place in links and sites: it is their holder. */
interface Holder {
  readonly services: CallServices;
  /** Undefined: it goes past us. */
  readonly media: object | undefined;
}

/** One end of it. */
interface Talking {
  readonly trunk: Trunk;
  readonly flow: Flow;
  /** Its last SDP that holds. */
  readonly heard: Octets;
}

/** The sites that a call's media passes, in order; where it goes past us, there is no way round by us. */
export function wayOf({ media: { site } }: Pick<Configuration, 'media'>, from: End, to: End, anchored: boolean): Way {
  return anchored && site !== undefined ? [from.site?.name, site, to.site?.name] : [from.site?.name, to.site?.name];
}

/** The sites whose people talk by a trunk: those count the call. */
export function chargedTo(from: End, to: End): Way {
  const [caller, callee] = [isPeople(from), isPeople(to)];
  if (from.trunk.user && to.trunk.user) return [];
  return [caller ? from.site?.name : undefined, callee ? to.site?.name : undefined];
}

function isPeople({ trunk }: End): boolean {
  return trunk.kind === 'ip-pbx';
}

/** What two legs that talk have agreed on is what the call takes from now on, wherever they are. */
export function settleRoom(call: Holder, caller: Talking, callee: Talking): void {
  const { services } = call;
  const { room, occupancy, configuration } = services;
  if (!room.isLimited && !occupancy.limitsSites) return;
  const from = services.placeOf(caller.trunk, caller.flow.remote.host);
  const to = services.placeOf(callee.trunk, callee.flow.remote.host);
  if (occupancy.limitsSites) occupancy.charge(chargedTo(from, to), call);
  const way = wayOf(configuration, from, to, call.media !== undefined);
  if (!room.isLimited || !room.limits(way)) return room.release(call);
  const said = [caller.heard, callee.heard].flatMap((body) => read(body) ?? []).map(needOf);
  const held = room.held(call) ?? needOf(undefined);
  const told = said.length === 0 ? held : said.reduce(lesser);
  // Nobody has answered yet: what has no room is not offered on.
  const agreed = said.length === 1 && room.growth(call, told) !== undefined ? lesser(told, held) : told;
  room.take(call, [way], agreed);
}

/** Another configuration holds, with limits where there were none: a call that talks takes its part of them. */
export function settleStanding(call: Holder & { readonly talking: readonly Talking[] }): void {
  const [caller, callee] = call.talking;
  if (caller && callee) settleRoom(call, caller, callee);
}

/** The call is over. */
export function giveRoom(call: Holder): void {
  const { room, occupancy } = call.services;
  room.release(call);
  if (occupancy.limitsSites) occupancy.charge([], call);
}

/**
 * Why an offer in a call that stands has no room: it adds a picture, or asks for nothing but a wider voice. A voice that may stay as
 * it is is not asked after: who puts a call on hold must get through. What has room is claimed, until `settleRoom` or `dropClaim`.
 */
export function claimRoom(call: Holder, said: Octets): string | undefined {
  const { room } = call.services;
  const held = room.isLimited ? room.held(call) : undefined;
  const offer = held && read(said);
  return offer && room.claim(call, grownTo(held, offer));
}

/** The same before the answer, where both sides may come to it without any further question: it has its room from now on. */
export function growRoom(call: Holder, said: Octets | SessionDescription): string | undefined {
  const { room } = call.services;
  const held = room.isLimited ? room.held(call) : undefined;
  const offer = held && (typeof said === 'string' ? read(said) : said);
  const why = offer && room.claim(call, grownTo(held, offer));
  if (why === undefined) room.keepClaim(call);
  return why;
}

function grownTo(held: Need, offer: SessionDescription): Need {
  return { audio: Math.max(held.audio, audioIn(offer, Math.min)), video: needOf(offer).video };
}

/** An offer that passes us, without its picture (RFC 3264 6: whoever offers is answered with port 0 then). */
export function withoutPicture(body: Octets): Octets {
  const sdp = read(body);
  if (!sdp) return body;
  return formatSdp({ ...sdp, media: sdp.media.map((one) => (one.media === 'video' ? { ...one, port: 0 } : one)) });
}

/** What a call takes of links one way, by what its caller offers: as much as the widest codec that may be chosen. */
export function needOf(offer: SessionDescription | undefined): Need {
  if (!offer) return { audio: audioBandwidth('PCMA', plainFraming), video: 0 };
  let video = 0;
  for (const media of offer.media)
    if (media.port !== 0 && media.media === 'video') video += saidOf(media) ?? usualVideo;
  return { audio: audioIn(offer, Math.max), video };
}

/** `choose` one of the codecs of a stream. */
function audioIn(offer: SessionDescription, choose: (...rates: number[]) => number): number {
  let audio = 0;
  for (const media of offer.media)
    if (media.port !== 0 && media.media === 'audio') audio += audioOf(offer, media, choose);
  return audio;
}

function audioOf(offer: SessionDescription, media: MediaDescription, choose: (...rates: number[]) => number): number {
  const framing: Framing = {
    ...plainFraming,
    ptime: ptimeOf(media),
    srtp: profileOf(media.protocol)?.secure ? usualTag : 0,
    ipv6: addressOf(offer, media)?.includes(':') === true,
  };
  const rates = rtpFormatsOf(media)
    .filter(isCodec)
    .map(({ key }) => audioBandwidth(key.slice(0, key.indexOf('/')), framing));
  return rates.length === 0 ? audioBandwidth('PCMA', framing) : choose(...rates);
}

/** RFC 8866 6.4, ms. */
function ptimeOf({ lines }: MediaDescription): number {
  for (const { type, value } of lines) {
    if (type !== 'a' || !value.startsWith('ptime:')) continue;
    const ptime = Number(value.slice(6));
    if (ptime >= 5 && ptime <= 200) return ptime;
  }
  return plainFraming.ptime;
}

/** b=AS, kbit/s (RFC 8866 5.8), or b=TIAS, bit/s (RFC 3890). */
function saidOf({ lines }: MediaDescription): number | undefined {
  for (const { type, value } of lines) {
    const said = type === 'b' ? /^(AS|TIAS):(\d{1,9})$/.exec(value) : undefined;
    if (said) return Number(said[2]) / (said[1] === 'TIAS' ? 1000 : 1);
  }
  return undefined;
}

/** An answer has what of an offer was taken: of two that were said in turn it is the lesser, medium by medium. */
function lesser(one: Need, other: Need): Need {
  return { audio: Math.min(one.audio, other.audio), video: Math.min(one.video, other.video) };
}

function read(body: Octets): SessionDescription | undefined {
  const parsed = body === '' ? undefined : parseSdp(body);
  return parsed && !('kind' in parsed) ? parsed : undefined;
}
