import { BlockList, isIP, isIPv6 } from 'node:net';

/** Is it an IP address, rather than a name? */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

/** Is it an address that the rest of the world can send to? */
export function isPublic(address: string): boolean {
  return !inner.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** RFC 1918, 6598, 3927, 4193, 4291, loopback and none. */
const inner = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  inner.addSubnet(network, bits);
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inner.addSubnet(network, bits, 'ipv6');
