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
  const octets = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (octets.length !== 4 || octets.some((octet) => octet > 255)) return undefined;
  return [(octets[0]! << 8) | octets[1]!, (octets[2]! << 8) | octets[3]!];
}

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
