import { staticKeyOf } from './formats.ts';
import { isDirection } from './inspect.ts';
import type { MediaDescription, SdpLine, SessionDescription } from './model.ts';

/** Attributes that have to stay for the description to mean what it means. */
const needed: ReadonlySet<string> = new Set([
  'rtpmap',
  'fmtp',
  'rtcp',
  'rtcp-mux',
  'sendrecv',
  'sendonly',
  'recvonly',
  'inactive',
  'ptime',
  'maxptime',
  // RFC 3108, ITU-T V.152: nothing may be left out between the tones of a modem.
  'silencesupp',
  'gpmd',
  'crypto',
  'tcap',
  'pcfg',
  'acfg',
  'fingerprint',
  'setup',
  'tls-id',
  'connection',
  'group',
  'mid',
  'label',
  'content',
  'path',
  'floorctrl',
  'confid',
  'mstrm',
  'floorid',
  'sctp-port',
  'sctpmap',
  'max-message-size',
]);

/** What is left out, the least missed first. Each level leaves out what those before it do. */
const levels: readonly ((line: SdpLine, media: MediaDescription | undefined) => boolean)[] = [
  // 1: attributes of refused streams, and those that nobody here knows.
  ({ type, value }, media) => type === 'a' && (media?.port === 0 || !isNeeded(value)),
  // 2: what the payload type says already, and sendrecv, which is meant without a word.
  ({ type, value }, media) => type === 'a' && (value === 'sendrecv' || isStaticMap(value, media)),
  // 3: bandwidth.
  ({ type }) => type === 'b',
  // 4: packet times.
  ({ type, value }) => type === 'a' && (value.startsWith('ptime:') || value.startsWith('maxptime:')),
];

export const trimLevels: number = levels.length;

/** The description with less of what is optional: 0 is all of it, `trimLevels` the least. */
export function trimmed(sdp: SessionDescription, level: number): SessionDescription {
  const active = levels.slice(0, level);
  if (active.length === 0) return sdp;
  /** What is left of the lines of the session or a stream, where these are all that speak of it. */
  const shorter = (lines: readonly SdpLine[], media: MediaDescription | undefined) => {
    const directed = speaksAgainst(sdp.lines) || speaksAgainst(lines);
    return lines.filter(
      (line) => (directed && line.value === 'sendrecv') || !active.some((drops) => drops(line, media)),
    );
  };
  return {
    ...sdp,
    lines: shorter(sdp.lines, undefined),
    media: sdp.media.map((media) => ({ ...media, lines: shorter(media.lines, media) })),
  };
}

/** There is a direction that sendrecv speaks against. */
function speaksAgainst(lines: readonly SdpLine[]): boolean {
  return lines.some(({ type, value }) => type === 'a' && value !== 'sendrecv' && isDirection(value));
}

function isNeeded(attribute: string): boolean {
  const colon = attribute.indexOf(':');
  const name = (colon < 0 ? attribute : attribute.slice(0, colon)).toLowerCase();
  // T.38 (ITU-T T.38 D.2.3), MSRP (RFC 4975).
  return needed.has(name) || name.startsWith('t38') || name.startsWith('accept-');
}

/** "rtpmap:8 PCMA/8000", where no other line says something else of it. */
function isStaticMap(attribute: string, media: MediaDescription | undefined): boolean {
  if (!attribute.startsWith('rtpmap:')) return false;
  const [prefix = '', encoding = ''] = attribute.split(' ');
  const known = staticKeyOf(prefix.slice(7));
  if (known === undefined || (encoding.toLowerCase() !== known && encoding.toLowerCase() !== `${known}/1`))
    return false;
  return media?.lines.every(({ value }) => value === attribute || !value.startsWith(`${prefix} `)) === true;
}
