import { payloadClockRates } from '#codec/rtp';
import { staticCodecs } from './inspect.ts';
import type { MediaDescription, SdpLine } from './model.ts';

/** A format of an RTP stream: the payload type, and the codec that it stands for. */
export interface RtpFormat {
  /** As in m=. */
  readonly type: string;
  /** Encoding name, lower case; '' when nothing tells it. */
  readonly name: string;
  /**
   * What the codec is known by whatever its payload type: "opus/48000/2", "telephone-event/8000". One description has each
   * key once.
   */
  readonly key: string;
}

/** Formats of one stream that are looked at: twice as many as there are payload types. */
const mostFormats = 256;
/** Octets of rtpmap and of what tells variants apart that a key is made of. */
const longestKey = 64;

/** Parameters by which payload types of one name differ and mean different things. Of a level that may differ, its profile only. */
const variants: ReadonlyMap<string, readonly string[]> = new Map([
  ['h264', ['packetization-mode', 'profile-level-id']],
  ['h265', ['profile-id', 'tx-mode']],
  ['vp9', ['profile-id']],
  ['av1', ['profile']],
  ['amr', ['octet-align']],
  ['amr-wb', ['octet-align']],
  ['g7221', ['bitrate']],
  ['rtx', ['apt']],
]);

/** What carries or accompanies codecs and is none by itself. */
const companions: ReadonlySet<string> = new Set([
  'telephone-event',
  'tone',
  'cn',
  'red',
  'rtx',
  'ulpfec',
  'parityfec',
  'flexfec',
  'flexfec-03',
]);

/** True when a stream can be run with it alone. */
export function isCodec({ name }: RtpFormat): boolean {
  return !companions.has(name);
}

/** The payload type that RFC 3551 gives a codec, by its key. */
const staticTypes: ReadonlyMap<string, number> = new Map(
  [...staticCodecs.keys()].map((type): [string, number] => [staticKeyOf(type)!, Number(type)]),
);

export function staticTypeOf(key: string): number | undefined {
  return staticTypes.get(key);
}

/** True when RFC 3551 names the payload type: no other codec is to be given it. */
export function isStaticType(type: number): boolean {
  return staticCodecs.has(String(type));
}

/** The key of a static payload type. */
export function staticKeyOf(type: string): string | undefined {
  const name = staticCodecs.get(type);
  // 10 is the stereo one of the two L16.
  return name && `${name.toLowerCase()}/${payloadClockRates[Number(type)]}${type === '10' ? '/2' : ''}`;
}

/** The formats of an RTP stream in order, each payload type once. Total. */
export function rtpFormatsOf(media: MediaDescription): readonly RtpFormat[] {
  const maps = new Map<string, string>();
  const parameters = new Map<string, string>();
  for (let i = 0; i < media.lines.length; i++) {
    const { type, value } = media.lines[i]!;
    if (type !== 'a') continue;
    const into = value.startsWith('rtpmap:') ? maps : value.startsWith('fmtp:') ? parameters : undefined;
    if (into === undefined) continue;
    const start = value.indexOf(':') + 1;
    const blank = value.indexOf(' ', start);
    if (blank < 0) continue;
    const number = value.slice(start, blank);
    if (!into.has(number)) into.set(number, value.slice(blank + 1).trim());
  }
  const formats: RtpFormat[] = [];
  const types = new Set<string>();
  const keys = new Set<string>();
  for (const type of media.formats) {
    if (types.has(type) || types.size === mostFormats) continue;
    types.add(type);
    const base = baseKeyOf(type, maps.get(type));
    const slash = base.indexOf('/');
    const name = slash < 0 ? '' : base.slice(0, slash);
    const variant = variantOf(name, parameters.get(type), maps);
    const whole = `${base}${variant}`.slice(0, longestKey);
    let key = whole;
    for (let n = 2; keys.has(key); n++) key = `${whole}#${n}`;
    keys.add(key);
    formats.push({ type, name, key });
  }
  return formats;
}

/** "pcma/8000", "opus/48000/2"; one channel is what there is without a number. */
function baseKeyOf(type: string, map: string | undefined): string {
  if (map?.includes('/')) {
    const lower = map.toLowerCase();
    return lower.endsWith('/1') && lower.indexOf('/') !== lower.length - 2 ? lower.slice(0, -2) : lower;
  }
  return staticKeyOf(type) ?? `?${type}`;
}

function variantOf(name: string, parameters: string | undefined, maps: ReadonlyMap<string, string>): string {
  const wanted = variants.get(name);
  if (wanted === undefined || parameters === undefined) return '';
  let out = '';
  for (const field of parameters.split(';')) {
    const equals = field.indexOf('=');
    const parameter = field.slice(0, equals).trim().toLowerCase();
    if (equals < 0 || !wanted.includes(parameter)) continue;
    const value = field
      .slice(equals + 1)
      .trim()
      .toLowerCase();
    if (parameter === 'apt') out += `;apt=${baseKeyOf(value, maps.get(value))}`;
    else out += `;${parameter}=${parameter === 'profile-level-id' ? value.slice(0, 4) : value}`;
  }
  return out;
}

/** Payload types of formats that a format is made of or repeats (RFC 2198, RFC 4588): none of a codec. */
export function referencesOf(media: MediaDescription, { type, name }: RtpFormat): readonly string[] {
  if (name !== 'red' && name !== 'rtx') return [];
  const prefix = `fmtp:${type} `;
  const line = media.lines.find(({ type: letter, value }) => letter === 'a' && value.startsWith(prefix));
  if (line === undefined) return [];
  const value = line.value.slice(prefix.length).trim();
  if (name === 'red') return value.split('/').map((one) => one.trim());
  return value.split(';').flatMap((field) => (field.trim().startsWith('apt=') ? [field.trim().slice(4)] : []));
}

/** A format that stays, and the payload type that it is to have. */
export interface KeptFormat {
  readonly format: RtpFormat;
  readonly type: string;
}

/** Attributes that begin with a payload type. */
const ofFormats = ['rtpmap:', 'fmtp:', 'rtcp-fb:', 'imageattr:', 'framesize:'];

/**
 * The stream with these formats, in this order and under these payload types; lines of the others go. The very same when
 * nothing changes.
 */
export function withFormats(media: MediaDescription, kept: readonly KeptFormat[]): MediaDescription {
  const same =
    kept.length === media.formats.length &&
    kept.every(({ format, type }, i) => type === format.type && media.formats[i] === type);
  if (same) return media;
  const types = new Map(kept.map(({ format, type }) => [format.type, type]));
  const names = new Map(kept.map(({ format }) => [format.type, format.name]));
  const lines: SdpLine[] = [];
  for (let i = 0; i < media.lines.length; i++) {
    const line = media.lines[i]!;
    const prefix = line.type === 'a' ? ofFormats.find((one) => line.value.startsWith(one)) : undefined;
    if (prefix === undefined) {
      lines.push(line);
      continue;
    }
    let end = prefix.length;
    while (end < line.value.length && line.value.charCodeAt(end) !== 0x20) end++;
    const type = line.value.slice(prefix.length, end);
    if (type === '*') {
      lines.push(line);
      continue;
    }
    const becomes = types.get(type);
    if (becomes === undefined) continue;
    const rest = line.value.slice(end);
    const value = `${prefix}${becomes}${prefix === 'fmtp:' ? withReferences(rest, names.get(type)!, types) : rest}`;
    lines.push(value === line.value ? line : { type: 'a', value });
  }
  return { ...media, formats: kept.map(({ type }) => type), lines };
}

/** What fmtp says after the payload type, with the payload types in it renumbered. */
function withReferences(rest: string, name: string, types: ReadonlyMap<string, string>): string {
  const renumbered = (type: string) => types.get(type.trim()) ?? type.trim();
  if (name === 'red') return ` ${rest.trim().split('/').map(renumbered).join('/')}`;
  if (name !== 'rtx') return rest;
  return rest
    .split(';')
    .map((field) => {
      const at = field.indexOf('apt=');
      return at < 0 ? field : `${field.slice(0, at)}apt=${renumbered(field.slice(at + 4))}`;
    })
    .join(';');
}
