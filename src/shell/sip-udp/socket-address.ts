import { networkInterfaces } from 'node:os';

/** Linux `struct sockaddr_in` and `sockaddr_in6`: family in host order, port and address in network order. */

export const addressFamily = { ipv4: 2, ipv6: 10 } as const;
export const addressSize = { ipv4: 16, ipv6: 28 } as const;
/** Room for either. */
export const slotSize = 32;
/** sin6_scope_id, in host order. */
const zoneAt = 24;

/** Lays out the address of an IP literal at `at`, port 0; its size, or 0 when it is none (a name, a zone that is not there). */
export function writeSocketAddress(view: DataView, at: number, host: string): number {
  const isIpv6 = host.includes(':');
  const percent = isIpv6 ? host.indexOf('%') : -1;
  const words = isIpv6 ? ipv6Words(percent < 0 ? host : host.slice(0, percent)) : ipv4Words(host);
  const zone = percent < 0 ? 0 : zoneNamed(host.slice(percent + 1));
  if (words === undefined || zone === undefined) return 0;
  const size = isIpv6 ? addressSize.ipv6 : addressSize.ipv4;
  for (let i = 0; i < size; i += 2) view.setUint16(at + i, 0);
  view.setUint16(at, isIpv6 ? addressFamily.ipv6 : addressFamily.ipv4, true);
  const first = at + (isIpv6 ? 8 : 4);
  for (let i = 0; i < words.length; i++) view.setUint16(first + 2 * i, words[i]!);
  if (isIpv6) view.setUint32(at + zoneAt, zone, true);
  return size;
}

export function writePort(view: DataView, at: number, port: number): void {
  view.setUint16(at + 2, port);
}

export function readSocketAddress(view: DataView, at: number): { host: string; port: number } | undefined {
  const port = view.getUint16(at + 2);
  switch (view.getUint16(at, true)) {
    case addressFamily.ipv4: {
      const octets = [0, 1, 2, 3].map((i) => view.getUint8(at + 4 + i));
      return { host: octets.join('.'), port };
    }
    case addressFamily.ipv6: {
      const words = Array.from({ length: 8 }, (_, i) => view.getUint16(at + 8 + 2 * i));
      const zone = view.getUint32(at + zoneAt, true);
      return { host: zone === 0 ? ipv6Text(words) : `${ipv6Text(words)}%${zoneName(zone)}`, port };
    }
    default:
      return undefined;
  }
}

/** The number of an interface that a link-local address is of (RFC 4007 11); undefined when there is no such. */
function zoneNamed(name: string): number | undefined {
  for (const one of networkInterfaces()[name] ?? []) if (one.family === 'IPv6' && one.scopeid) return one.scopeid;
  return undefined;
}

function zoneName(zone: number): string {
  for (const [name, addresses] of Object.entries(networkInterfaces()))
    if (addresses?.some((one) => one.family === 'IPv6' && one.scopeid === zone)) return name;
  return String(zone);
}

function ipv4Words(host: string): number[] | undefined {
  const octets = host.split('.');
  if (octets.length !== 4) return undefined;
  const numbers = octets.map((octet) => (octet !== '' && octet.length <= 3 ? Number(octet) : Number.NaN));
  if (!numbers.every((number) => Number.isInteger(number) && number >= 0 && number <= 255)) return undefined;
  return [(numbers[0]! << 8) | numbers[1]!, (numbers[2]! << 8) | numbers[3]!];
}

function ipv6Words(host: string): number[] | undefined {
  const halves = host.split('::');
  if (halves.length > 2) return undefined;
  const parts = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(groupWords)));
  const [head, tail] = [parts[0]!, parts[1] ?? []];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const words = [...head, ...new Array<number>(halves.length === 2 ? missing : 0).fill(0), ...tail];
  return words.every((word) => word >= 0 && word <= 0xffff) ? words : undefined;
}

/** The one or two (an IPv4 tail) words of a group; NaN for what is none. */
function groupWords(group: string): number[] {
  if (group.includes('.')) return ipv4Words(group) ?? [Number.NaN];
  return [
    group.length >= 1 && group.length <= 4 && !/[^0-9a-fA-F]/.test(group) ? Number.parseInt(group, 16) : Number.NaN,
  ];
}

/** RFC 5952: lower case, the longest run of two or more zeros shortened, the first of equals. */
function ipv6Text(words: readonly number[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && words[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const text = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':');
  if (best.at < 0) return text(words);
  return `${text(words.slice(0, best.at))}::${text(words.slice(best.at + best.length))}`;
}
