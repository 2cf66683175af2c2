import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * Where nothing is sent, whoever names it: what a machine of a cloud tells of itself, keys among it, is had from these addresses by whoever
 * can have a request sent from there. Networks of the organisation are where receivers stand: they are no such places.
 */
const forbidden = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  // Link-local (RFC 3927), and the metadata of most clouds.
  ['169.254.0.0', 16],
  ['192.0.0.192', 32],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['224.0.0.0', 3],
] as const)
  forbidden.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
  ['ff00::', 8],
] as const)
  forbidden.addSubnet(network, bits, 'ipv6');

const own = new BlockList();
own.addSubnet('127.0.0.0', 8, 'ipv4');
own.addAddress('::1', 'ipv6');

/** Prefixes that stand for an IPv4 address in their last 32 bits: mapped (RFC 4291 2.5.5.2), NAT64 (RFC 6052 2.1). */
const embedding = ['0000:0000:0000:0000:0000:ffff:', '0064:ff9b:0000:0000:0000:0000:'];

/** Whether an address is one where nothing is sent. */
export function isForbidden(address: string): boolean {
  return check(forbidden, address);
}

/** Whether it is of this machine alone. */
export function isLoopback(address: string): boolean {
  return check(own, address);
}

/** The host of a URL: without brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/** Whether a URL means this machine in so many words: in clear is good enough then. */
export function namesLoopback(url: URL): boolean {
  const host = hostOf(url);
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host));
}

/** What keeps a URL from being told anything; undefined: nothing. */
export function urlFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'It is not a URL: https://hooks.example.com/tandem, say.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'It begins with https://.';
  if (url.username !== '' || url.password !== '')
    return 'Names and passwords do not belong in a URL: receivers know us by the signature.';
  if (url.hash !== '') return 'What is behind # is never sent: leave it out.';
  if (url.protocol === 'http:' && !namesLoopback(url))
    return 'Only to this machine itself may it go in clear: use https://.';
  const host = hostOf(url);
  if (isIP(host) !== 0 && isForbidden(host)) return `Nothing is sent to ${host}.`;
  return undefined;
}

function check(list: BlockList, address: string): boolean {
  if (isIP(address) === 0) return true;
  if (!isIPv6(address)) return list.check(address, 'ipv4');
  // A zone (fe80::1%eth0) is no part of the address.
  const bare = address.split('%', 1)[0]!;
  const inner = embedded(bare);
  return list.check(bare, 'ipv6') || (inner !== undefined && list.check(inner, 'ipv4'));
}

/** The IPv4 address that an IPv6 address stands for. */
function embedded(address: string): string | undefined {
  const full = expanded(address);
  const prefix = embedding.find((one) => full.startsWith(one));
  if (prefix === undefined) return undefined;
  const [high = '0', low = '0'] = full.slice(prefix.length).split(':');
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.');
}

/** All eight groups of four digits. */
function expanded(address: string): string {
  // The URL parser writes each address in one way: an IPv4 address at the end, too, as two groups.
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...zeros, ...last].map((group) => group.padStart(4, '0')).join(':');
}
