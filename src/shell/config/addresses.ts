import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';

/** What kind of addresses IP literals are (canonical form, as `readHost` gives them). A name is of no kind. */

export function isName(host: string): boolean {
  return isIP(host) === 0;
}

export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

export function sameFamily(a: string, b: string): boolean {
  return isIPv6(a) === isIPv6(b);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const manifold = new BlockList();
manifold.addSubnet('224.0.0.0', 4);
manifold.addSubnet('ff00::', 8, 'ipv6');
manifold.addAddress('255.255.255.255');

export function isLoopback(host: string): boolean {
  return !isName(host) && loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}

/** Multicast or broadcast. */
export function isManifold(host: string): boolean {
  return !isName(host) && manifold.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}

export function familyName(host: string): string {
  return isIPv6(host) ? 'IPv6' : 'IPv4';
}

/** May a socket bound to `bind` be the one at `host`? */
export function covers(bind: string, host: string): boolean {
  return bind === host || (isWildcard(bind) && sameFamily(bind, host));
}

/** The first address of the network of `bits` that `host` is in. */
export function networkOf(host: string, bits: number): string {
  const six = isIPv6(host);
  const [digits, radix] = six ? [16, 16] : [8, 10];
  const parts = six ? groupsOf(host) : host.split('.').map(Number);
  const masked = parts.map((part, index) => {
    const kept = Math.min(digits, Math.max(0, bits - index * digits));
    return (part >>> (digits - kept)) << (digits - kept);
  });
  const address = masked.map((part) => part.toString(radix)).join(six ? ':' : '.');
  return six ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

/** The eight groups of an IPv6 address. */
function groupsOf(host: string): number[] {
  // A tail in IPv4 form stands for two groups.
  const hex = host.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...[a, b, c, d]: string[]) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [head, tail] = hex.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = tail === undefined ? [] : Array<string>(8 - head!.length - tail.length).fill('0');
  return [...head!, ...zeros, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
}
