import type { Octets } from '#kernel';
import { all, classes, digitsWithin, isHost, isIpv6, skipSpace } from './octet-classes.ts';

/** What `readHostPort` found. `host` has no brackets. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number | undefined;
  /** The index after it. */
  readonly end: number;
}

/**
 * Reads `host [":" port]` at `at` and before `stop`, or undefined. `spaced` allows white space around the colon, as in Via's sent-by.
 * A port is 1..65535.
 */
export function readHostPort(text: Octets, at: number, stop: number, spaced: boolean): HostAndPort | undefined {
  let host: string;
  let end = at;
  if (text.charCodeAt(at) === 0x5b) {
    end = text.indexOf(']', at);
    if (end < 0 || end >= stop) return undefined;
    host = text.slice(at + 1, end);
    if (!isIpv6Address(host)) {
      // RFC 3261's grammar could make three colons before an IPv4 tail; two are meant (RFC 5118 4.10).
      host = host.replace(':::', '::');
      if (!host.includes('.') || !isIpv6Address(host)) return undefined;
    }
    end++;
  } else {
    while (end < stop && (classes[text.charCodeAt(end)]! & isHost) !== 0) end++;
    if (end === at) return undefined;
    host = text.slice(at, end);
  }
  const colon = spaced ? skipSpace(text, end) : end;
  if (colon >= stop || text.charCodeAt(colon) !== 0x3a) return { host, port: undefined, end };
  const start = spaced ? skipSpace(text, colon + 1) : colon + 1;
  end = start;
  while (end < stop && text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end++;
  const port = digitsWithin(text, start, end, 65535);
  return port < 1 ? undefined : { host, port, end };
}

/** text[start, end) is an IPv6 address without brackets and zone (RFC 4291 2.2). */
export function isIpv6Address(text: string, start = 0, end = text.length): boolean {
  if (end - start < 2 || end - start > 45 || !all(isIpv6, text, start, end)) return false;
  let groups = 0;
  let gap = false;
  let at = start;
  if (text.startsWith('::', at)) {
    gap = true;
    at += 2;
  }
  while (at < end) {
    let stop = at;
    while (stop < end && text.charCodeAt(stop) !== 0x3a) stop++;
    const dot = text.indexOf('.', at);
    if (dot >= 0 && dot < stop) {
      // An IPv4 tail stands for two groups and ends the address.
      if (stop !== end || !isIpv4Address(text, at, end)) return false;
      groups += 2;
      break;
    }
    if (stop === at || stop - at > 4) return false;
    groups++;
    at = stop;
    if (at === end) break;
    if (text.startsWith('::', at)) {
      if (gap) return false;
      gap = true;
      at += 2;
    } else {
      at++;
      if (at === end) return false;
    }
  }
  return gap ? groups < 8 : groups === 8;
}

/** text[start, end) is a dotted quad. */
export function isIpv4Address(text: string, start = 0, end = text.length): boolean {
  let at = start;
  for (let part = 0; part < 4; part++) {
    const from = at;
    while (at < end && text.charCodeAt(at) !== 0x2e) at++;
    if (at - from > 3 || digitsWithin(text, from, at, 255) < 0) return false;
    if (part < 3) {
      if (at >= end) return false;
      at++;
    }
  }
  return at === end;
}
