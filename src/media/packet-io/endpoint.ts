const mapped = 0xffff;

/** A transport address as the packet path compares it. Immutable. */
export class Endpoint {
  readonly port: number;
  /** The address as four words (PacketIo). */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  #host: string | undefined;

  constructor(a: number, b: number, c: number, d: number, port: number) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    this.port = port;
  }

  /** From an IP literal; undefined when it is none. */
  static of(host: string, port: number): Endpoint | undefined {
    const words = parseAddress(host);
    return words && new Endpoint(words[0], words[1], words[2], words[3], port);
  }

  /** IP literal, in its canonical form. */
  get host(): string {
    this.#host ??= formatAddress(this.a, this.b, this.c, this.d);
    return this.#host;
  }

  get isIpv4(): boolean {
    return this.a === 0 && this.b === 0 && this.c === mapped;
  }

  is(a: number, b: number, c: number, d: number, port: number): boolean {
    return this.port === port && this.d === d && this.c === c && this.b === b && this.a === a;
  }

  hasHost(a: number, b: number, c: number, d: number): boolean {
    return this.d === d && this.c === c && this.b === b && this.a === a;
  }

  equals(other: Endpoint): boolean {
    return this.is(other.a, other.b, other.c, other.d, other.port);
  }
}

/**
 * Whether media may go to `to` from a socket bound to `from`. Never to the unspecified address (RFC 2543's hold),
 * multicast, broadcast or reserved addresses, and to this host's loopback only from loopback: an SDP must not be
 * able to aim our packets at the services of our own host.
 */
export function maySendTo(to: Endpoint, from: Endpoint): boolean {
  if (to.port === 0 || to.isIpv4 !== from.isIpv4) return false;
  if (isLoopback(to)) return isLoopback(from);
  if (to.isIpv4) {
    const first = to.d >>> 24;
    return first !== 0 && first < 224;
  }
  const unspecified = to.a === 0 && to.b === 0 && to.c === 0 && to.d === 0;
  return !unspecified && to.a >>> 24 !== 0xff;
}

function isLoopback(address: Endpoint): boolean {
  if (address.isIpv4) return address.d >>> 24 === 127;
  return address.a === 0 && address.b === 0 && address.c === 0 && address.d === 1;
}

/** An IP literal, without brackets or zone, as four words; undefined when it is none. */
export function parseAddress(text: string): readonly [number, number, number, number] | undefined {
  if (!text.includes(':')) {
    const word = parseIpv4(text);
    return word === undefined ? undefined : [0, 0, mapped, word];
  }
  // "head::tail": the groups before and after the one run of zeros that `::` stands for.
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const word = (at: number) => (groups[at]! << 16) | groups[at + 1]!;
  return [word(0), word(2), word(4), word(6)];
}

function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let word = 0;
  for (const part of parts) {
    if (part.length < 1 || part.length > 3) return undefined;
    let octet = 0;
    for (let i = 0; i < part.length; i++) {
      const digit = part.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) return undefined;
      octet = octet * 10 + digit;
    }
    if (octet > 255) return undefined;
    word = (word << 8) | octet;
  }
  return word;
}

/** The 16-bit groups between colons; the address's last two may be written as dotted IPv4. */
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (isEnd && index === parts.length - 1 && part.includes('.')) {
      const word = parseIpv4(part);
      if (word === undefined) return undefined;
      groups.push(word >>> 16, word & 0xffff);
      continue;
    }
    if (part.length < 1 || part.length > 4) return undefined;
    let group = 0;
    for (let i = 0; i < part.length; i++) {
      const digit = hexDigit(part.charCodeAt(i));
      if (digit < 0) return undefined;
      group = group * 16 + digit;
    }
    groups.push(group);
  }
  return groups;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 0x20;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** The canonical text (RFC 5952 4): lower case, the longest run of two or more zero groups as `::`. */
function formatAddress(a: number, b: number, c: number, d: number): string {
  if (a === 0 && b === 0 && c === mapped) return `${d >>> 24}.${(d >>> 16) & 255}.${(d >>> 8) & 255}.${d & 255}`;
  const groups = [a, b, c, d].flatMap((word) => [word >>> 16, word & 0xffff]);
  let from = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      from = i;
      length = end - i;
    }
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  if (from < 0) return hex(groups);
  return `${hex(groups.slice(0, from))}::${hex(groups.slice(from + length))}`;
}
