import type { Octets } from '#kernel';
import { readHostPort } from './host.ts';
import { all, classes, isUriText, isUser } from './octet-classes.ts';
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

/** The index of the colon after the scheme that text[start, end) begins with (RFC 3986 3.1), or -1. */
export function schemeEnd(text: Octets, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3a) return i > start ? i : -1;
    const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    const other = (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2e;
    if (!letter && (i === start || !other)) return -1;
  }
  return -1;
}

/**
 * Takes a URI apart; undefined when it is none. Of schemes other than sip, sips and tel only the scheme is given.
 */
export function parseUri(octets: Octets): SipUri | undefined {
  return readUri(octets, 0, octets.length);
}

/** The same of text[start, end). */
export function readUri(text: Octets, start: number, end: number): SipUri | undefined {
  const colon = schemeEnd(text, start, end);
  if (colon < 0) return undefined;
  const scheme = text.startsWith('sip:', start) ? 'sip' : text.slice(start, colon).toLowerCase();
  if (scheme === 'sip' || scheme === 'sips') return readSip(text, scheme, colon + 1, end);
  if (scheme === 'tel') return readTel(text, colon + 1, end);
  if (!all(isUriText, text, colon + 1, end)) return undefined;
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

function readSip(text: Octets, scheme: string, start: number, end: number): SipUri | undefined {
  // Unescaped "@" ends the userinfo and stands nowhere else.
  let at = -1;
  let colon = -1;
  let question = -1;
  let escaped = false;
  for (let i = start; i < end; i++) {
    switch (text.charCodeAt(i)) {
      case 0x40:
        if (at >= 0) return undefined;
        at = i;
        question = -1;
        break;
      case 0x3a:
        if (colon < 0) colon = i;
        break;
      case 0x3f:
        if (question < 0) question = i;
        break;
      case 0x25:
        escaped = true;
    }
  }
  let user: Octets | undefined;
  let password: Octets | undefined;
  let hostStart = start;
  if (at >= 0) {
    let userEnd = at;
    if (colon >= 0 && colon < at) {
      userEnd = colon;
      if (colon + 1 < at && !all(isUser, text, colon + 1, at)) return undefined;
      password = text.slice(colon + 1, at);
    }
    if (!all(isUser, text, start, userEnd) || (escaped && !escapedWell(text, start, at))) return undefined;
    user = text.slice(start, userEnd);
    hostStart = at + 1;
  }
  const hostPort = readHostPort(text, hostStart, end, false);
  if (hostPort === undefined) return undefined;
  let params = Params.none;
  let headers: Octets | undefined;
  if (hostPort.end < end) {
    const stop = question < 0 ? end : question;
    if (stop < end) {
      if (!all(isUriText, text, stop, end)) return undefined;
      headers = text.slice(stop + 1, end);
    }
    if (stop > hostPort.end) {
      if (!wellFormed(text, hostPort.end, stop)) return undefined;
      params = new Params(text, hostPort.end, stop, true);
    }
  }
  return { scheme, user, password, host: hostPort.host.toLowerCase(), port: hostPort.port, params, headers };
}

function readTel(text: Octets, start: number, end: number): SipUri | undefined {
  let stop = start;
  for (; stop < end && text.charCodeAt(stop) !== 0x3b; stop++) {
    // Digits, "+", visual separators, and the letters and signs of a local number (RFC 3966 3).
    const code = text.charCodeAt(stop);
    const hex = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x66;
    if (!(hex || (code >= 0x30 && code <= 0x39) || '+-.()*#'.includes(text.charAt(stop)))) return undefined;
  }
  if (stop === start || !wellFormed(text, stop, end)) return undefined;
  return {
    scheme: 'tel',
    user: text.slice(start, stop),
    password: undefined,
    host: '',
    port: undefined,
    params: stop < end ? new Params(text, stop, end, true) : Params.none,
    headers: undefined,
  };
}

function wellFormed(text: Octets, start: number, end: number): boolean {
  const reader = new ParamReader(text, start, end, true);
  while (reader.next());
  return reader.done;
}

/** Every "%" in text[start, end) has its two hexadecimal digits. */
function escapedWell(text: Octets, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) !== 0x25) continue;
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
