import { SocketAddress } from 'node:net';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSocketAddress, writePort, writeSocketAddress } from './socket-address.ts';

const view = new DataView(new ArrayBuffer(64));

function through(host: string) {
  if (writeSocketAddress(view, 8, host) === 0) return undefined;
  writePort(view, 8, 5061);
  return readSocketAddress(view, 8);
}

test('the layout is the one of the system', () => {
  expect(writeSocketAddress(view, 0, '192.0.2.7')).toBe(16);
  writePort(view, 0, 5060);
  expect([...new Uint8Array(view.buffer, 0, 16)]).toEqual([2, 0, 19, 196, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(writeSocketAddress(view, 0, '2001:db8::ff')).toBe(28);
  writePort(view, 0, 5060);
  expect([...new Uint8Array(view.buffer, 0, 28)]).toEqual([
    ...[10, 0, 19, 196, 0, 0, 0, 0],
    ...[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff],
    ...[0, 0, 0, 0],
  ]);
});

test('every address comes back as Node writes it', () => {
  fc.assert(
    fc.property(fc.ipV4(), (host) => {
      expect(through(host)).toEqual({ host, port: 5061 });
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (host) => {
      const { address } = new SocketAddress({ address: host, family: 'ipv6' });
      // Node writes an embedded IPv4 address with dots; what it means is the same.
      const same = new SocketAddress({ address: through(host)!.host, family: 'ipv6' }).address;
      expect(same).toBe(address);
    }),
  );
  for (const host of ['::', '::1', '1::', 'fe80::1', '2001:db8:0:1:1:1:1:1', '2001:0:0:1::1']) {
    expect(through(host)?.host).toBe(new SocketAddress({ address: host, family: 'ipv6' }).address);
  }
});

test('a link-local address keeps its zone (RFC 4007)', () => {
  const zoned = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap((one) => (one.family === 'IPv6' && one.scopeid ? [`fe80::7%${name}`] : [])),
  );
  for (const host of zoned) expect(through(host)).toEqual({ host, port: 5061 });
});

test.each([
  '',
  'example.org',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '1..2.3',
  'fe80::1%no-such-interface',
  '1:2:3',
  '::1::',
  '12345::',
])('%j is left to others', (host) => {
  expect(through(host)).toBeUndefined();
});
