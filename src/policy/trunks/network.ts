import type { Network } from '#policy/configuration';

/** A network as numbers: an address belongs to it when its first `bits` bits are the same. */
export interface Prefix {
  /** 16-bit groups, eight of them for IPv6, two for IPv4. */
  readonly groups: readonly number[];
  readonly bits: number;
}

/** Undefined when it is none. */
export function prefixOf({ host, bits }: Network): Prefix | undefined {
  const groups = groupsOf(host);
  return groups && bits >= 0 && bits <= groups.length * 16 ? { groups, bits } : undefined;
}

export function contains({ groups, bits }: Prefix, host: string): boolean {
  const own = groupsOf(host);
  if (own?.length !== groups.length) return false;
  for (let i = 0, left = bits; left > 0; i++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if ((own[i]! & mask) !== (groups[i]! & mask)) return false;
  }
  return true;
}

/** Values by prefix, found in time that does not grow with their number: anybody may send a packet and have it looked up. */
export class NetworkTable<T> {
  /** By number of groups, then the lengths that there are, the longest first. */
  readonly #families = new Map<number, { readonly bits: number; readonly values: Map<number | string, T> }[]>();

  /** The first value of a prefix stays. */
  add({ groups, bits }: Prefix, value: T): void {
    const lengths = this.#families.get(groups.length) ?? [];
    this.#families.set(groups.length, lengths);
    let length = lengths.find((one) => one.bits === bits);
    if (!length) {
      length = { bits, values: new Map() };
      lengths.push(length);
      lengths.sort((a, b) => b.bits - a.bits);
    }
    const key = keyOf(groups, bits);
    if (!length.values.has(key)) length.values.set(key, value);
  }

  /** The value of the longest prefix that has the address. */
  find(host: string): T | undefined {
    if (this.#families.size === 0) return undefined;
    const groups = groupsOf(host);
    const lengths = groups && this.#families.get(groups.length);
    if (!lengths) return undefined;
    for (const { bits, values } of lengths) {
      const value = values.get(keyOf(groups, bits));
      if (value !== undefined) return value;
    }
    return undefined;
  }
}

/** One for each prefix of a length: the leading bits. */
function keyOf(groups: readonly number[], bits: number): number | string {
  if (groups.length === 2) return bits === 0 ? 0 : ((groups[0]! << 16) | groups[1]!) >>> (32 - bits);
  let key = '';
  for (let i = 0, left = bits; left > 0; i++, left -= 16)
    key += `${left >= 16 ? groups[i]! : groups[i]! >> (16 - left)},`;
  return key;
}

/** The 16-bit groups of an IP literal; undefined when it is none. */
function groupsOf(host: string): number[] | undefined {
  if (!host.includes(':')) return groupsOf4(host);
  const [head = '', tail, ...more] = host.split('::');
  if (more.length > 0) return undefined;
  const before = groupsOf6(head);
  const after = tail === undefined ? [] : groupsOf6(tail);
  if (!before || !after) return undefined;
  const gap = 8 - before.length - after.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  return [...before, ...new Array<number>(gap).fill(0), ...after];
}

function groupsOf4(text: string): number[] | undefined {
  const groups = [0, 0];
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : dot;
    if (code >= 0x30 && code <= 0x39) {
      octet = octet * 10 + code - 0x30;
      if (++digits > 3 || octet > 255) return undefined;
    } else if (code === dot && digits > 0 && dots < 4) {
      groups[dots >> 1] = (groups[dots >> 1]! << 8) | octet;
      dots++;
      octet = 0;
      digits = 0;
    } else return undefined;
  }
  return dots === 4 ? groups : undefined;
}
const dot = 0x2e;

function groupsOf6(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      const four = groupsOf4(part);
      if (!four) return undefined;
      groups.push(...four);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
