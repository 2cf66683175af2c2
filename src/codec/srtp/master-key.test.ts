import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSdesKey, sameMasterKey, srtpSuites } from './index.ts';

const inline = (octets: number) => Buffer.from(Uint8Array.from({ length: octets }, (_, i) => i)).toString('base64');
const cm = { suite: 'AES_CM_128_HMAC_SHA1_80', inline: inline(30) };

describe('a key of SDP security descriptions', () => {
  test.each(srtpSuites)('of $name has key and salt of its lengths', ({ name, keyLength, saltLength }) => {
    const key = readSdesKey({ suite: name, inline: inline(keyLength + saltLength) })!;
    expect([key.key.length, key.salt.length, key.mki.length]).toEqual([keyLength, saltLength, 0]);
    expect([key.key[1], key.salt[0]]).toEqual([1, keyLength]);
    expect(readSdesKey({ suite: name, inline: inline(keyLength + saltLength).replaceAll('=', '') })).toEqual(key);
    for (const wrong of [-1, 1])
      expect(readSdesKey({ suite: name, inline: inline(keyLength + saltLength + wrong) })).toBeUndefined();
  });

  test('the suites are those of RFC 4568, 6188 and 7714; SRTCP’s tag is never the short one', () => {
    expect(srtpSuites.map(({ name, rtpTag, rtcpTag }) => [name, rtpTag, rtcpTag])).toEqual([
      ['AES_CM_128_HMAC_SHA1_80', 10, 10],
      ['AES_CM_128_HMAC_SHA1_32', 4, 10],
      ['AES_256_CM_HMAC_SHA1_80', 10, 10],
      ['AES_256_CM_HMAC_SHA1_32', 4, 10],
      ['AEAD_AES_128_GCM', 16, 16],
      ['AEAD_AES_256_GCM', 16, 16],
    ]);
  });

  test.each([
    ['a suite we have not', { ...cm, suite: 'F8_128_HMAC_SHA1_80' }],
    ['what is no base64', { ...cm, inline: `${cm.inline.slice(0, -1)}!` }],
    ['padding where none belongs', { ...cm, inline: `${cm.inline}=` }],
    ['nothing', { ...cm, inline: '' }],
    ['an MKI that does not fit its length', { ...cm, mki: { value: 256, length: 1 } }],
    ['an MKI of no length', { ...cm, mki: { value: 0, length: 0 } }],
    ['an MKI longer than any', { ...cm, mki: { value: 0, length: 129 } }],
    ['an MKI that is no number', { ...cm, mki: { value: -1, length: 4 } }],
  ])('%s is refused', (_, key) => expect(readSdesKey(key)).toBeUndefined());

  test('an MKI stands in network order', () => {
    expect(readSdesKey({ ...cm, mki: { value: 0x010203, length: 4 } })?.mki).toEqual(Uint8Array.of(0, 1, 2, 3));
    expect(readSdesKey({ ...cm, mki: { value: 2 ** 53 - 1, length: 128 } })?.mki.slice(-8)).toEqual(
      Uint8Array.of(0, 0x1f, 255, 255, 255, 255, 255, 255),
    );
  });

  test('base64 is read as the platform writes it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 30 }), (octets) => {
        const key = readSdesKey({ ...cm, inline: Buffer.from(octets).toString('base64') })!;
        expect([...key.key, ...key.salt]).toEqual([...octets]);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readSdesKey({ ...cm, inline: text })));
  });

  test('two are the same when suite, key, salt and MKI are', () => {
    const read = (more = {}) => readSdesKey({ ...cm, ...more })!;
    expect(sameMasterKey(read(), read())).toBe(true);
    for (const other of [
      { inline: Buffer.alloc(30).toString('base64') },
      { suite: 'AES_CM_128_HMAC_SHA1_32' },
      { mki: { value: 1, length: 1 } },
    ])
      expect(sameMasterKey(read(), read(other))).toBe(false);
  });
});
