import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUdptl, longestUdptl, udptlSequenceOf } from './index.ts';

const is = (...octets: number[]) => isUdptl(Uint8Array.from(octets), octets.length);
const long = (length: number, primary: number) => {
  const packet = new Uint8Array(length);
  packet.set([0, 1, 0x80 | (primary >> 8), primary & 0xff]);
  return packet;
};

describe('what is UDPTL (T.38 9.1)', () => {
  test('an indicator with nothing to repair with: no-signal', () => {
    expect(is(0, 0, 1, 0, 0, 0)).toBe(true);
  });
  test('a primary packet that just fits', () => expect(is(0, 1, 2, 0xc0, 1)).toBe(true));
  test('one that does not', () => expect(is(0, 1, 3, 0xc0, 1)).toBe(false));
  test('an empty primary packet, as what RTCP and STUN look like', () => {
    expect(is(0x80, 201, 0, 1, 0, 0, 0, 1)).toBe(false);
    expect(is(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42)).toBe(false);
  });
  test('nothing, and less than a header', () => {
    for (let length = 0; length <= 3; length++) expect(isUdptl(new Uint8Array(length), length)).toBe(false);
  });
  test('only as many octets count as came', () => expect(isUdptl(new Uint8Array(100).fill(9), 6)).toBe(false));
  test('a length of two octets', () => {
    expect(isUdptl(long(304, 300), 304)).toBe(true);
    expect(isUdptl(long(303, 300), 303)).toBe(false);
  });
  test('no pieces of something longer', () => expect(is(0, 1, 0xc1, 0, 0, 0)).toBe(false));
  test('the longest there is, and no longer', () => {
    const packet = new Uint8Array(longestUdptl + 1).fill(1);
    expect([isUdptl(packet, longestUdptl), isUdptl(packet, longestUdptl + 1)]).toEqual([true, false]);
  });
});

test('never reads beyond what came, never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      const padded = new Uint8Array(octets.length + 8).fill(0xff);
      padded.set(octets);
      expect(isUdptl(padded, octets.length)).toBe(isUdptl(octets, octets.length));
    }),
  );
});

test('the sequence number', () => expect(udptlSequenceOf(Uint8Array.of(0x12, 0x34, 0, 0))).toBe(0x1234));
