import type { Octets } from '#kernel';
import { readHostPort } from './host.ts';
import { all, classes, isUser, isVisible } from './octet-classes.ts';
import { ParamReader, Params } from './params.ts';

/** A URI of RFC 3261 19.1 or RFC 3966, in parts. */
export interface SipUri {
  /** Lower case. */
  readonly scheme: 'sip' | 'sips' | 'tel' | (string & {});
  /** Still escaped. The number of a tel URI. */
  readonly user?: Octets | undefined;
  /** Still escaped. */
  readonly password?: Octets | undefined;
  /** Lower case, no brackets; '' where the scheme has none. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly params: Params;
  /** After the "?", as received. */
  readonly headers?: Octets | undefined;
}

/** The index of the colon after a scheme (RFC 3986 3.1), or -1. */
export function schemeEnd(text: Octets): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3a) return i > 0 ? i : -1;
    const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    if (!letter && (i === 0 || !((code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2e)))
      return -1;
  }
  return -1;
}

/**
 * Takes a URI apart; undefined when it is none. Of schemes other than sip, sips and tel only the scheme is given.
 */
export function parseUri(octets: Octets): SipUri | undefined {
  const colon = schemeEnd(octets);
  if (colon < 0 || !all(isVisible, octets, colon + 1, octets.length)) return undefined;
  const scheme = octets.startsWith('sip:') ? 'sip' : octets.slice(0, colon).toLowerCase();
  if (scheme === 'sip' || scheme === 'sips') return parseSip(octets, scheme, colon + 1);
  if (scheme === 'tel') return parseTel(octets, colon + 1);
  return {
    scheme,
    user: undefined,
    password: undefined,
    host: '',
    port: undefined,
    params: Params.none,
    headers: undefined,
  };
}

function parseSip(octets: Octets, scheme: string, start: number): SipUri | undefined {
  // Unescaped "@" ends the userinfo and stands nowhere else.
  const at = octets.indexOf('@', start);
  let user: Octets | undefined;
  let password: Octets | undefined;
  let hostStart = start;
  if (at >= 0) {
    let end = at;
    const colon = octets.indexOf(':', start);
    if (colon >= 0 && colon < at) {
      end = colon;
      if (colon + 1 < at && !all(isUser, octets, colon + 1, at)) return undefined;
      password = octets.slice(colon + 1, at);
    }
    if (!escapedWell(octets, start, at) || !all(isUser, octets, start, end)) return undefined;
    user = octets.slice(start, end);
    hostStart = at + 1;
  }
  const hostPort = readHostPort(octets, hostStart, false);
  if (hostPort === undefined) return undefined;
  const { host, port, end } = hostPort;
  let params = Params.none;
  let headers: Octets | undefined;
  if (end < octets.length) {
    let stop = octets.indexOf('?', end);
    if (stop < 0) stop = octets.length;
    else headers = octets.slice(stop + 1);
    if (stop > end) {
      const raw = octets.slice(end, stop);
      if (!wellFormed(raw)) return undefined;
      params = new Params(raw, true);
    }
    if (headers?.includes('@')) return undefined;
  }
  return { scheme, user, password, host: host.toLowerCase(), port, params, headers };
}

function parseTel(octets: Octets, start: number): SipUri | undefined {
  let end = octets.indexOf(';', start);
  if (end < 0) end = octets.length;
  if (end === start) return undefined;
  for (let i = start; i < end; i++) {
    // Digits, "+", visual separators, and the letters and signs of a local number (RFC 3966 3).
    const code = octets.charCodeAt(i);
    const hex = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x66;
    if (!(hex || (code >= 0x30 && code <= 0x39) || '+-.()*#'.includes(octets.charAt(i)))) return undefined;
  }
  const raw = octets.slice(end);
  if (raw !== '' && !wellFormed(raw)) return undefined;
  const params = raw === '' ? Params.none : new Params(raw, true);
  return {
    scheme: 'tel',
    user: octets.slice(start, end),
    password: undefined,
    host: '',
    port: undefined,
    params,
    headers: undefined,
  };
}

function wellFormed(raw: Octets): boolean {
  const reader = new ParamReader(raw, 0, true);
  while (reader.next());
  return reader.done;
}

/** Every "%" in text[start, end) has its two hexadecimal digits. */
function escapedWell(text: Octets, start: number, end: number): boolean {
  for (let at = text.indexOf('%', start); at >= 0 && at < end; at = text.indexOf('%', at + 1)) {
    if (at + 2 >= end || hexValue(text.charCodeAt(at + 1)) < 0 || hexValue(text.charCodeAt(at + 2)) < 0) return false;
  }
  return true;
}

function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** A user part without its escapes: "%2B1" is "+1". What is no escape stays. */
export function unescapeUser(user: Octets): Octets {
  if (!user.includes('%')) return user;
  let out = '';
  for (let i = 0; i < user.length; i++) {
    if (user.charCodeAt(i) === 0x25) {
      const high = hexValue(user.charCodeAt(i + 1));
      const low = hexValue(user.charCodeAt(i + 2));
      if (high >= 0 && low >= 0) {
        out += String.fromCharCode(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += user.charAt(i);
  }
  return out;
}

/** Octets as a user part: what may not stand there raw is escaped, "%" and "#" too. */
export function escapeUser(octets: Octets): Octets {
  let out = '';
  let from = 0;
  for (let i = 0; i < octets.length; i++) {
    const code = octets.charCodeAt(i) & 0xff;
    if ((classes[code]! & isUser) !== 0 && code !== 0x25 && code !== 0x23 && code < 0x80) continue;
    out += `${octets.slice(from, i)}%${code < 16 ? '0' : ''}${code.toString(16).toUpperCase()}`;
    from = i + 1;
  }
  return from === 0 ? octets : out + octets.slice(from);
}
