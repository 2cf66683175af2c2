import { describe, expect, test } from 'vitest';
import { contains, prefixOf } from './network.ts';

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
