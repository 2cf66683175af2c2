import type { Octets } from '#kernel';
import {
  type AddressType,
  type Connection,
  type MediaDescription,
  type Origin,
  type SdpFault,
  type SdpLine,
  type SessionDescription,
  sdpLimits,
} from './model.ts';

/**
 * Reads a session description (RFC 8866 5). Total. Lines may end in CRLF or LF, the last one in nothing, and empty lines may
 * follow it; lines and attributes that nobody here knows are kept. Required is what an answer cannot do without: v=0 first,
 * one o=, and m= and c= lines that can be read.
 */
export function parseSdp(octets: Octets): SessionDescription | SdpFault {
  if (octets.length > sdpLimits.octets) return fault('too long', 0);
  const sessionLines: SdpLine[] = [];
  const media: MediaDescription[] = [];
  let lines = sessionLines;
  let origin: Origin | undefined;
  let sessionConnection: Connection | undefined;
  let current: { -readonly [key in keyof MediaDescription]: MediaDescription[key] } | undefined;
  let number = 0;

  for (let at = 0; at < octets.length; ) {
    number++;
    if (number > sdpLimits.lines) return fault('too many lines', number);
    let end = octets.indexOf('\n', at);
    const next = end < 0 ? octets.length : end + 1;
    if (end < 0) end = octets.length;
    if (end > at && octets.charCodeAt(end - 1) === 0x0d) end--;
    if (end === at) {
      if (onlyLineEnds(octets, next)) break;
      return fault('an empty line', number);
    }
    const letter = octets.charCodeAt(at);
    if (octets.charCodeAt(at + 1) !== 0x3d || letter < 0x61 || letter > 0x7a || end < at + 2)
      return fault('not a letter and "="', number);
    const value = octets.slice(at + 2, end);
    if (value.includes('\r') || value.includes('\0')) return fault('CR or NUL in a line', number);
    at = next;
    if (number === 1 && !(letter === 0x76 && value === '0')) return fault('does not begin with v=0', number);

    if (letter === 0x6d) {
      current = parseMedia(value);
      if (current === undefined) return fault('malformed m=', number);
      if (media.length === sdpLimits.media) return fault('too many m= lines', number);
      media.push(current);
      lines = current.lines as SdpLine[];
      continue;
    }
    if (letter === 0x63) {
      const connection = parseConnection(value);
      if (connection === undefined) return fault('malformed c=', number);
      if (current === undefined) sessionConnection ??= connection;
      else current.connection ??= connection;
    } else if (letter === 0x6f) {
      // A second one would be whose?
      if (origin !== undefined || current !== undefined) return fault('o= out of place', number);
      origin = parseOrigin(value);
      if (origin === undefined) return fault('malformed o=', number);
    }
    lines.push({ type: letter === 0x61 ? 'a' : String.fromCharCode(letter), value });
  }
  if (origin === undefined) return fault('no o=', number);
  return { lines: sessionLines, origin, connection: sessionConnection, media };
}

const fault = (reason: string, line: number): SdpFault => ({ kind: 'fault', reason, line });

function onlyLineEnds(octets: Octets, at: number): boolean {
  for (; at < octets.length; at++) {
    const code = octets.charCodeAt(at);
    if (code !== 0x0d && code !== 0x0a) return false;
  }
  return true;
}

/** The fields are counted from the end: some phones put spaces, or nothing, in the username. */
function parseOrigin(value: Octets): Origin | undefined {
  const fields = value.split(' ');
  const count = fields.length;
  if (count < 6) return undefined;
  const addressType = fields[count - 2]!;
  const address = unbracketed(fields[count - 1]!);
  const sessionId = fields[count - 5]!;
  const version = fields[count - 4]!;
  // The numbers are compared, not computed with: some peers write signs.
  if (sessionId === '' || version === '' || !isAddressType(addressType) || !isAddress(address)) return undefined;
  const username = count === 6 ? fields[0]! : fields.slice(0, count - 5).join(' ');
  return { username, sessionId, version, netType: fields[count - 3]!, addressType, address };
}

function parseConnection(value: Octets): Connection | undefined {
  const fields = value.trimEnd().split(' ');
  if (fields.length !== 3 || fields[0] !== 'IN' || !isAddressType(fields[1]!)) return undefined;
  const slash = fields[2]!.indexOf('/');
  const address = unbracketed(slash < 0 ? fields[2]! : fields[2]!.slice(0, slash));
  return isAddress(address) ? { addressType: fields[1], address } : undefined;
}

function parseMedia(value: Octets): MediaDescription | undefined {
  const fields = value.split(' ').filter((field) => field !== '');
  const [media, ports, protocol] = fields;
  if (media === undefined || ports === undefined || protocol === undefined) return undefined;
  if (!isName(media) || !isName(protocol)) return undefined;
  const slash = ports.indexOf('/');
  const port = portNumber(slash < 0 ? ports : ports.slice(0, slash));
  const portCount = slash < 0 ? undefined : portNumber(ports.slice(slash + 1));
  if (port < 0 || (portCount !== undefined && portCount < 1)) return undefined;
  const formats = fields.slice(3);
  // Without a format there is nothing to agree on; in a refused stream there is nothing to agree on anyway.
  if (formats.length === 0 && port !== 0) return undefined;
  return { media, port, portCount, protocol, formats, connection: undefined, lines: [] };
}

function isAddressType(text: string): text is AddressType {
  return text === 'IP4' || text === 'IP6';
}

/** Some write IPv6 addresses as in URIs (SIPp among them): "[2001:db8::1]". What is meant is plain. */
function unbracketed(address: string): string {
  return address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
}

/** An IP literal or a domain name: nothing that could begin another field or line. */
function isAddress(text: string): boolean {
  if (text === '' || text.length > 255) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const lower = code | 0x20;
    if (!((lower >= 0x61 && lower <= 0x7a) || (code >= 0x2d && code <= 0x3a && code !== 0x2f) || code === 0x5f))
      return false;
  }
  return true;
}

/** Letters, digits, "-" and "/": what media types and transport protocols are made of. */
function isName(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const lower = code | 0x20;
    if (!((lower >= 0x61 && lower <= 0x7a) || (code >= 0x2d && code <= 0x39 && code !== 0x2e))) return false;
  }
  return true;
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== '';
}

/** 0..65535, or -1. */
export function portNumber(text: string): number {
  if (!isDigits(text)) return -1;
  const port = Number(text);
  return port <= 65535 ? port : -1;
}
