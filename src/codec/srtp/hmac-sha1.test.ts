import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HmacSha1 } from './hmac-sha1.ts';

const ascii = (text: string) => Uint8Array.from(Buffer.from(text));
const code = (hmac: HmacSha1) => {
  const out = new Uint8Array(20);
  hmac.write(out, 0, 20);
  return Buffer.from(out).toString('hex');
};

// RFC 2202 3.
test.each([
  [new Uint8Array(20).fill(0x0b), ascii('Hi There'), 'b617318655057264e28bc0b6fb378c8ef146be00'],
  [ascii('Jefe'), ascii('what do ya want for nothing?'), 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
  [new Uint8Array(20).fill(0xaa), new Uint8Array(50).fill(0xdd), '125d7342b9ac11cd91a39af48aa17b4f63f175d3'],
])('RFC 2202', (key, data, expected) => {
  const hmac = new HmacSha1(key);
  hmac.compute(data, data.length);
  expect(code(hmac)).toBe(expected);
});

test('of any length, with a word behind or without: as the platform has it', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 20, maxLength: 20 }),
      fc.uint8Array({ maxLength: 300 }),
      word,
      (key, data, last) => {
        const hmac = new HmacSha1(key);
        const behind = Buffer.alloc(4);
        behind.writeInt32BE(last);
        hmac.compute(data, data.length);
        expect(code(hmac)).toBe(createHmac('sha1', key).update(data).digest('hex'));
        hmac.computeWithWord(data, data.length, last);
        expect(code(hmac)).toBe(createHmac('sha1', key).update(data).update(behind).digest('hex'));
      },
    ),
    { numRuns: 300 },
  );
});

test('a tag matches only whole', () => {
  const hmac = new HmacSha1(new Uint8Array(20));
  hmac.compute(ascii('abc'), 3);
  const packet = new Uint8Array(13);
  hmac.write(packet, 3, 10);
  expect(hmac.matches(packet, 3, 10)).toBe(true);
  for (let bit = 0; bit < 80; bit++) {
    packet[3 + (bit >> 3)]! ^= 1 << (bit & 7);
    expect(hmac.matches(packet, 3, 10)).toBe(false);
    packet[3 + (bit >> 3)]! ^= 1 << (bit & 7);
  }
});
