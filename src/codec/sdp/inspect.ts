import type { HostPort, Octets } from '#kernel';
import type { Direction, MediaDescription, SdpLine, SessionDescription } from './model.ts';
import { portNumber } from './parse.ts';

/** The value of the first `a=name:value` ('' for `a=name`), or undefined. */
export function attributeOf(lines: readonly SdpLine[], name: string): Octets | undefined {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.type !== 'a' || !line.value.startsWith(name)) continue;
    if (line.value.length === name.length) return '';
    if (line.value.charCodeAt(name.length) === 0x3a) return line.value.slice(name.length + 1);
  }
  return undefined;
}

/** What the describing side wants to do; a stream's own word counts before the session's (RFC 8866 6.7). */
export function directionOf(sdp: SessionDescription, media: MediaDescription): Direction {
  return direction(media.lines) ?? direction(sdp.lines) ?? 'sendrecv';
}

function direction(lines: readonly SdpLine[]): Direction | undefined {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.type === 'a' && isDirection(line.value)) return line.value;
  }
  return undefined;
}

export function isDirection(attribute: Octets): attribute is Direction {
  return attribute === 'sendrecv' || attribute === 'sendonly' || attribute === 'recvonly' || attribute === 'inactive';
}

/** Where the describing side listens: the stream's c=, else the session's. */
export function addressOf(sdp: SessionDescription, media: MediaDescription): string | undefined {
  return (media.connection ?? sdp.connection)?.address;
}

/** The address of nowhere, by which RFC 2543 put a stream on hold (RFC 3264 8.4): nothing is to be sent there. */
export function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** Where the describing side wants RTCP: a=rtcp (RFC 3605), else the port after RTP's. Undefined without port or address. */
export function rtcpOf(sdp: SessionDescription, media: MediaDescription): HostPort | undefined {
  const host = addressOf(sdp, media);
  if (host === undefined || media.port === 0) return undefined;
  const rtcp = attributeOf(media.lines, 'rtcp');
  if (rtcp !== undefined) {
    const [port, , , address] = rtcp.split(' ');
    const number = portNumber(port ?? '');
    if (number > 0) return { host: address === undefined || address === '' ? host : address, port: number };
  }
  return { host, port: media.port < 65535 ? media.port + 1 : media.port };
}

/** The side offers, or takes, RTP and RTCP on one port (RFC 5761). */
export function hasRtcpMux(media: MediaDescription): boolean {
  return attributeOf(media.lines, 'rtcp-mux') !== undefined;
}

/** RFC 3551 6, tables 4 and 5. */
export const staticCodecs: ReadonlyMap<string, string> = new Map([
  ['0', 'PCMU'],
  ['3', 'GSM'],
  ['4', 'G723'],
  ['5', 'DVI4'],
  ['6', 'DVI4'],
  ['7', 'LPC'],
  ['8', 'PCMA'],
  ['9', 'G722'],
  ['10', 'L16'],
  ['11', 'L16'],
  ['12', 'QCELP'],
  ['13', 'CN'],
  ['14', 'MPA'],
  ['15', 'G728'],
  ['16', 'DVI4'],
  ['17', 'DVI4'],
  ['18', 'G729'],
  ['25', 'CelB'],
  ['26', 'JPEG'],
  ['28', 'nv'],
  ['31', 'H261'],
  ['32', 'MPV'],
  ['33', 'MP2T'],
  ['34', 'H263'],
]);

/** The name of the first format: from a=rtpmap, else the static table, else the format itself ("t38"). '' without any. */
export function codecOf(media: MediaDescription): string {
  const format = media.formats[0];
  if (format === undefined) return '';
  for (let i = 0; i < media.lines.length; i++) {
    const { type, value } = media.lines[i]!;
    if (type !== 'a' || !value.startsWith('rtpmap:') || !value.startsWith(format, 7)) continue;
    const start = 7 + format.length + 1;
    if (value.charCodeAt(start - 1) !== 0x20) continue;
    const slash = value.indexOf('/', start);
    return (slash < 0 ? value.slice(start) : value.slice(start, slash)).trim();
  }
  return (media.protocol.includes('RTP') ? staticCodecs.get(format) : undefined) ?? format;
}
