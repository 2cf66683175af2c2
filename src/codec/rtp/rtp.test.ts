import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRtcp, isRtp, looksLikeRtcp, payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from './index.ts';

const octets = (...values: number[]) => Uint8Array.from(values);
const rtp = (first: number, second: number, ...rest: number[]) => {
  const packet = new Uint8Array(12 + rest.length);
  packet.set([first, second, 0x12, 0x34, 0xff, 0xff, 0xff, 0xfe, 0x80, 0, 0, 1, ...rest]);
  return packet;
};

describe('an RTP header (RFC 3550 5.1)', () => {
  test('is read in place', () => {
    const packet = rtp(0x80, 0x88, 1, 2, 3);
    expect(isRtp(packet, packet.length)).toBe(true);
    expect(payloadTypeOf(packet)).toBe(8);
    expect(sequenceOf(packet)).toBe(0x1234);
    expect(timestampOf(packet) >>> 0).toBe(0xfffffffe);
    expect(ssrcOf(packet) >>> 0).toBe(0x80000001);
  });

  test.each([
    ['eleven octets', rtp(0x80, 0).subarray(0, 11), false],
    ['no payload', rtp(0x80, 0), true],
    ['version 1', rtp(0x40, 0), false],
    ['version 0, as STUN has', rtp(0x00, 1), false],
    ['DTLS', rtp(22, 254), false],
    ['one contributing source that is not there', rtp(0x81, 0), false],
    ['one contributing source', rtp(0x81, 0, 0, 0, 0, 9), true],
    ['an extension without its header', rtp(0x90, 0, 0, 0, 0), false],
    ['an extension of no words', rtp(0x90, 0, 0xbe, 0xde, 0, 0), true],
    ['an extension longer than the packet', rtp(0x90, 0, 0xbe, 0xde, 0, 1), false],
    ['an extension of one word', rtp(0x90, 0, 0xbe, 0xde, 0, 1, 1, 2, 3, 4), true],
    ['source and extension', rtp(0x91, 0, 0, 0, 0, 9, 0xbe, 0xde, 0, 1, 1, 2, 3, 4), true],
    ['the marker on payload type 0', rtp(0x80, 0x80), true],
    ['payload type 63 with marker', rtp(0x80, 191), true],
    ['RTCP sender report', rtp(0x80, 200), false],
    ['payload type 96 with marker', rtp(0x80, 224), true],
  ])('%s', (_, packet, expected) => expect(isRtp(packet, packet.length)).toBe(expected));

  test('the length given counts, not the buffer', () => {
    const buffer = new Uint8Array(2000);
    buffer.set(rtp(0x8f, 0));
    expect(isRtp(buffer, 12)).toBe(false);
    expect(isRtp(buffer, 72)).toBe(true);
  });
});

describe('RTCP', () => {
  test.each([
    ['receiver report', octets(0x80, 201, 0, 1, 0, 0, 0, 1), true],
    ['reduced-size feedback (RFC 5506)', octets(0x81, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2), true],
    ['seven octets', octets(0x80, 201, 0, 1, 0, 0, 0), false],
    ['longer than it is', octets(0x80, 201, 0, 2, 0, 0, 0, 1), false],
    ['version 1', octets(0x40, 201, 0, 1, 0, 0, 0, 1), false],
    ['an RTP payload type', octets(0x80, 0, 0, 1, 0, 0, 0, 1), false],
  ])('%s', (_, packet, expected) => expect(isRtcp(packet, packet.length)).toBe(expected));

  test('is told from RTP by packet types 192 to 223 (RFC 5761 4)', () => {
    const types = Array.from({ length: 256 }, (_, type) => type).filter((type) => looksLikeRtcp(octets(0x80, type), 2));
    expect([types[0], types.at(-1), types.length]).toEqual([192, 223, 32]);
  });

  test('no datagram is both, and none throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (packet) => {
        expect(isRtp(packet, packet.length) && isRtcp(packet, packet.length)).toBe(false);
      }),
    );
  });
});
