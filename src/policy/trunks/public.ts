import { contains, type Prefix, prefixOf } from './network.ts';

/** RFC 1918, 6598, 3927, 4193, 4291, loopback, groups, what is kept for later, and none at all. */
const inner: readonly Prefix[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
].map(([host, bits]) => prefixOf({ host: host as string, bits: bits as number })!);

/** Is an IP literal an address that the rest of the world can send to? */
export function isPublic(address: string): boolean {
  return !inner.some((prefix) => contains(prefix, address));
}
