import {
  isCodec,
  isStaticType,
  type KeptFormat,
  type MediaDescription,
  type RtpFormat,
  referencesOf,
  rtpFormatsOf,
  staticTypeOf,
} from '#codec/sdp';
import { detach, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';

/** The codecs of one side of a call. Plain data: a checkpoint keeps it. */
export interface Codecs {
  /** Encoding names, lower case, best first; undefined: all. */
  readonly allow?: readonly string[];
  readonly ptime?: number;
  /** The form in which keys travel: telephone-event goes with `rtp-event`, and with nothing else. Absent: as they come. */
  readonly dtmf?: NonNullable<Trunk['dtmf']>;
}

export function codecsOf({ codecs, dtmf }: Pick<Trunk, 'codecs' | 'dtmf'>): Codecs | undefined {
  if (!codecs && !dtmf) return undefined;
  const allow = codecs?.allow?.map((name) => name.toLowerCase());
  return { ...codecs, ...(allow && { allow }), ...(dtmf && { dtmf }) };
}

const event = 'telephone-event';
/** What its list says of telephone-event. */
export const takesEvent = (codecs: Codecs | undefined): boolean => codecs?.allow?.includes(event) ?? true;
export const isEvent = ({ name }: RtpFormat) => name === event;

/** A format, and the payload type that the peer wants it by where that is another than we tell. */
export interface Agreed extends RtpFormat {
  readonly heard?: number;
}

/** What a side numbers its codecs by, codec by key: those that no RFC numbers, or that it numbers otherwise. */
export interface PayloadTypes {
  /** What we write for it, once and for all unless it changes them itself: what its packets to us bear. */
  types?: Record<string, number>;
  /** What it wants in packets to it, where its answer said otherwise. */
  heard?: Record<string, number>;
}

/**
 * The formats that are allowed, in the order of the side's list where there is one; nothing is left of none but companions. The
 * list is of audio: whether there is video or text is the trunk's media types to say.
 */
export function allowedOf<Format extends RtpFormat>(
  codecs: Codecs | undefined,
  formats: readonly Format[],
  media: MediaDescription,
): readonly Format[] {
  const { allow, dtmf } = codecs ?? {};
  if ((allow === undefined && dtmf === undefined) || media.media !== 'audio') return formats;
  const named = formats.filter((format) =>
    dtmf !== undefined && isEvent(format) ? dtmf === 'rtp-event' : (allow?.includes(format.name) ?? true),
  );
  const place = ({ name }: RtpFormat) => (allow?.includes(name) ? allow.indexOf(name) : Number.MAX_SAFE_INTEGER);
  if (allow) named.sort((one, other) => place(one) - place(other));
  const kept = withoutLoose(named, media);
  return formats.some(isCodec) && !kept.some(isCodec) ? [] : kept;
}

/** Without formats that repeat or carry what is not there (RFC 2198, RFC 4588). */
function withoutLoose<Format extends RtpFormat>(
  formats: readonly Format[],
  media: MediaDescription,
): readonly Format[] {
  const types = new Set(formats.map(({ type }) => type));
  return formats.filter((format) => referencesOf(media, format).every((type) => types.has(type)));
}

/**
 * The formats under the payload types by which a side knows them, or, of those that are new to it, under types that it has
 * for nothing else: the other side's where that is so. These are its own from now on.
 */
export function numbered(side: PayloadTypes, formats: readonly RtpFormat[]): readonly KeptFormat[] {
  const known = side.types;
  const taken = new Set<number>(known && Object.values(known));
  const numbers = formats.map(({ key }) => {
    const number = known?.[key] ?? notIn(taken, staticTypeOf(key));
    if (number !== undefined) taken.add(number);
    return number;
  });
  const kept: KeptFormat[] = [];
  for (const [i, format] of formats.entries()) {
    let number = numbers[i];
    if (number === undefined) {
      const preferred = payloadType(format.type);
      // What is no payload type at all names itself.
      if (preferred === undefined) {
        kept.push({ format, type: format.type });
        continue;
      }
      side.types ??= {};
      number = isFree(preferred, taken) ? preferred : (freeType(taken) ?? oldest(side, formats));
      if (number === undefined) continue;
      taken.add(number);
      side.types[detach(format.key)] = number;
    }
    kept.push({ format, type: number === payloadType(format.type) ? format.type : String(number) });
  }
  return kept;
}

/** Takes over how a side numbers its codecs in an offer: what it says now counts, both ways. */
export function learnTypes(side: PayloadTypes, formats: readonly RtpFormat[]): void {
  for (const format of formats) {
    const number = payloadType(format.type);
    if (number === undefined) continue;
    if (side.heard) delete side.heard[format.key];
    if (side.types?.[format.key] === number) continue;
    if (side.types?.[format.key] === undefined && byNature(format) === number) continue;
    side.types ??= {};
    for (const key of Object.keys(side.types)) if (side.types[key] === number) forgetType(side, key);
    side.types[detach(format.key)] = number;
  }
}

/** Takes over under which payload types a side wants what it has agreed to in an answer. */
export function learnHeard(side: PayloadTypes, formats: readonly Agreed[]): void {
  for (const { key, heard } of formats) {
    if (heard === undefined) {
      if (side.heard) delete side.heard[key];
    } else {
      side.heard ??= {};
      side.heard[detach(key)] = heard;
    }
  }
}

/**
 * The formats of an answer, each as what it answers of an offer: by its payload type, else by what it is. Those that were not
 * offered come as they are: RFC 3264 6.1 allows them.
 */
export function agreedFormats(answer: MediaDescription, offered: readonly KeptFormat[]): readonly Agreed[] {
  const agreed: Agreed[] = [];
  const keys = new Set<string>();
  for (const format of rtpFormatsOf(answer)) {
    const same = offered.find(
      ({ type, format: { name } }) => type === format.type && (name === format.name || format.name === ''),
    );
    const alike = same ?? offered.find(({ format: { key } }) => key === format.key && !keys.has(key));
    const key = alike?.format.key ?? format.key;
    if (keys.has(key)) continue;
    keys.add(key);
    const number = payloadType(format.type);
    const name = alike?.format.name ?? format.name;
    agreed.push({
      type: format.type,
      name,
      key,
      ...(alike && alike.type !== format.type && number !== undefined ? { heard: number } : {}),
    });
  }
  return agreed;
}

/** Codecs whose packets stop while nobody speaks, or may: by comfort noise (RFC 3389), or of themselves. */
const pausing: ReadonlySet<string> = new Set(['cn', 'g729', 'g723', 'amr', 'amr-wb', 'evs', 'opus', 'silk', 'speex']);

/** Takes over whether silence may be all that there is to send. */
export function notePauses(stream: { pauses?: true }, formats: readonly RtpFormat[]): void {
  if (formats.some(({ name }) => pausing.has(name))) stream.pauses = true;
  else delete stream.pauses;
}

/** What the relay is to write over payload types from one peer for the other; undefined where they agree. */
export function renumbered(from: PayloadTypes, to: PayloadTypes): Record<number, number> | undefined {
  if (!from.types && !to.types && !from.heard && !to.heard) return undefined;
  const map: Record<number, number> = {};
  let any = false;
  const keys = new Set([from.types, to.types, from.heard, to.heard].flatMap((one) => (one ? Object.keys(one) : [])));
  const said = new Set(from.types && Object.values(from.types));
  for (const key of keys) {
    const becomes = to.heard?.[key] ?? to.types?.[key] ?? staticTypeOf(key);
    if (becomes === undefined) continue;
    const own = from.types?.[key] ?? staticTypeOf(key);
    // A peer that answered with another number than ours may send either.
    const other = from.heard?.[key];
    for (const type of other === undefined || said.has(other) ? [own] : [own, other]) {
      if (type === undefined || type === becomes || map[type] !== undefined) continue;
      map[type] = becomes;
      any = true;
    }
  }
  return any ? map : undefined;
}

/** Payload types of a side that carry others. */
export function redundantTypes({ types = {} }: PayloadTypes): readonly number[] {
  return Object.keys(types).flatMap((key) => (key.startsWith('red/') ? [types[key]!] : []));
}

function notIn(taken: ReadonlySet<number>, number: number | undefined): number | undefined {
  return number === undefined || taken.has(number) ? undefined : number;
}

function byNature({ type, key }: RtpFormat): number | undefined {
  const number = staticTypeOf(key);
  return number !== undefined && String(number) === type ? number : undefined;
}

/** Those that no packet of RTCP looks like (RFC 5761 4) and RFC 3551 gives to no codec. */
function isFree(number: number, taken: ReadonlySet<number>): boolean {
  return !taken.has(number) && !isStaticType(number) && (number < 64 || number > 95);
}

function freeType(taken: ReadonlySet<number>): number | undefined {
  for (let number = 96; number < 128; number++) if (isFree(number, taken)) return number;
  for (let number = 35; number < 64; number++) if (isFree(number, taken)) return number;
  return undefined;
}

function forgetType(side: PayloadTypes, key: string): void {
  if (side.types) delete side.types[key];
  if (side.heard) delete side.heard[key];
}

/** Of a call that has used up all numbers, the one whose codec has not been heard of for longest is given anew. */
function oldest(side: PayloadTypes, formats: readonly RtpFormat[]): number | undefined {
  for (const [key, number] of Object.entries(side.types ?? {})) {
    if (formats.some((format) => format.key === key)) continue;
    forgetType(side, key);
    return number;
  }
  return undefined;
}

function payloadType(type: string): number | undefined {
  const number = type.length <= 3 ? Number(type) : Number.NaN;
  return Number.isInteger(number) && number >= 0 && number < 128 ? number : undefined;
}

/** What an offer of ours is made of: the encodings that may be named in a trunk's list and need no parameters of anybody's. */
const ownCodecs: ReadonlyMap<string, readonly [type: number, encoding: Octets, parameters?: Octets]> = new Map([
  ['pcma', [8, 'PCMA/8000']],
  ['pcmu', [0, 'PCMU/8000']],
  ['g722', [9, 'G722/8000']],
  ['g729', [18, 'G729/8000']],
  ['gsm', [3, 'GSM/8000']],
  ['opus', [96, 'opus/48000/2']],
  ['cn', [13, 'CN/8000']],
  ['telephone-event', [101, 'telephone-event/8000', '0-15']],
]);
/** Where no list says otherwise: what everybody has. */
const usual = ['pcma', 'pcmu', event];

/** The audio stream of an offer of our own, of what both sides allow; undefined when that is nothing. The port stands for any. */
export function ownAudio(to: Codecs | undefined, other: Codecs | undefined): MediaDescription | undefined {
  const isTold = to?.dtmf !== undefined || other?.dtmf !== undefined;
  const names = (to?.allow ?? other?.allow ?? usual).filter(
    (name) => ownCodecs.has(name) && (other?.allow?.includes(name) ?? true) && !(isTold && name === event),
  );
  // Where keys are understood on the way, the other side's word on them does not count.
  if (isTold && (to?.dtmf === 'rtp-event' || (to?.dtmf === undefined && takesEvent(to)))) names.push(event);
  const known = names.map((name) => ownCodecs.get(name)!);
  const media: MediaDescription = {
    media: 'audio',
    port: 9,
    protocol: 'RTP/AVP',
    formats: known.map(([type]) => String(type)),
    lines: known.flatMap(([type, encoding, parameters]) => [
      { type: 'a', value: `rtpmap:${type} ${encoding}` },
      ...(parameters === undefined ? [] : [{ type: 'a', value: `fmtp:${type} ${parameters}` }]),
    ]),
  };
  return rtpFormatsOf(media).some(isCodec) ? media : undefined;
}
