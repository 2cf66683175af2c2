import { BlockList, isIPv6 } from 'node:net';

/** What kind of addresses IP literals are (canonical form, as `readHost` gives them). */

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
  return loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}

/** Multicast or broadcast. */
export function isManifold(host: string): boolean {
  return manifold.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}

export function familyName(host: string): string {
  return isIPv6(host) ? 'IPv6' : 'IPv4';
}

/** May a socket bound to `bind` be the one at `host`? */
export function covers(bind: string, host: string): boolean {
  return bind === host || (isWildcard(bind) && sameFamily(bind, host));
}
