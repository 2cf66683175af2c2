import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, NetworkTable, prefixOf } from './network.ts';

describe('a network', () => {
  test.each([
    ['192.0.2.0', 24, '192.0.2.77', true],
    ['192.0.2.0', 24, '192.0.3.77', false],
    ['52.112.0.0', 14, '52.115.255.255', true],
    ['52.112.0.0', 14, '52.116.0.0', false],
    ['192.0.2.7', 32, '192.0.2.7', true],
    ['192.0.2.7', 32, '192.0.2.8', false],
    ['0.0.0.0', 0, '203.0.113.9', true],
    ['0.0.0.0', 0, '2001:db8::1', false],
    ['2001:db8::', 32, '2001:db8:ffff::1', true],
    ['2001:db8::', 32, '2001:db9::1', false],
    ['2001:db8:0:8000::', 49, '2001:db8:0:ffff::1', true],
    ['2001:db8:0:8000::', 49, '2001:db8:0:7fff::1', false],
    ['::ffff:192.0.2.0', 120, '::ffff:192.0.2.9', true],
    ['192.0.2.0', 24, 'not an address', false],
  ])('%s/%i has %s: %s', (host, bits, address, expected) => {
    expect(contains(prefixOf({ host, bits })!, address)).toBe(expected);
  });

  test.each([
    ['192.0.2.0', 33],
    ['192.0.2', 24],
    ['2001:db8::', 129],
    ['1::2::3', 64],
    ['1:2:3:4:5:6:7:8:9', 64],
    ['name.example', 8],
  ])('%s/%i is none', (host, bits) => {
    expect(prefixOf({ host, bits })).toBeUndefined();
  });
});

describe('a table of networks', () => {
  const four = fc.ipV4();
  const six = fc.ipV6();

  test('finds what looking at one after the other finds', () => {
    const network = fc.oneof(
      fc.record({ host: four, bits: fc.integer({ min: 0, max: 32 }) }),
      fc.record({ host: six, bits: fc.integer({ min: 0, max: 128 }) }),
    );
    fc.assert(
      fc.property(fc.array(network, { maxLength: 12 }), fc.oneof(four, six), fc.nat(), (networks, other, pick) => {
        const prefixes = networks.map((one) => prefixOf(one)!);
        const table = new NetworkTable<number>();
        for (const [index, prefix] of prefixes.entries()) table.add(prefix, index);
        // An address of some network, so that it is not all misses.
        for (const host of [other, networks.length > 0 ? networks[pick % networks.length]!.host : other]) {
          let best: number | undefined;
          for (const [index, prefix] of prefixes.entries())
            if (contains(prefix, host) && (best === undefined || prefix.bits > prefixes[best]!.bits)) best = index;
          expect(table.find(host)).toBe(best);
        }
      }),
    );
  });

  test('has nothing for what is no address', () => {
    const table = new NetworkTable<string>();
    expect(table.find('192.0.2.1')).toBeUndefined();
    table.add(prefixOf({ host: '0.0.0.0', bits: 0 })!, 'all');
    expect(table.find('192.0.2.1')).toBe('all');
    for (const host of ['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1..2.3', '1.2.3.4.', 'name', '::1', '0001.2.3.4'])
      expect(table.find(host)).toBeUndefined();
  });
});
