import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cryptosOf, formatCrypto, parseCrypto, usableKeyOf } from './index.ts';

const key30 = 'WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz';
const key46 = `${'A'.repeat(62)}==`;
const key44 = `${'A'.repeat(59)}=`;
const key28 = `${'A'.repeat(38)}==`;

describe('a=crypto', () => {
  test.each([
    // RFC 4568 4.1, 9.1 and what is met in the field.
    [
      `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|2^20|1:4`,
      { inline: key30, lifetime: 2 ** 20, mki: { value: 1, length: 4 } },
    ],
    [`2 AES_CM_128_HMAC_SHA1_80 inline:${key30}|2^31|1:1`, { lifetime: 2 ** 31, mki: { value: 1, length: 1 } }],
    [`3 AES_CM_128_HMAC_SHA1_80 inline:${key30}|2^48`, { lifetime: 2 ** 48 }],
    [`4 AES_CM_128_HMAC_SHA1_80 inline:${key30}|1000000`, { lifetime: 1_000_000 }],
    [`5 AES_CM_128_HMAC_SHA1_80 inline:${key30}|1066:4`, { mki: { value: 1066, length: 4 } }],
    [`999999999 AES_256_CM_HMAC_SHA1_80 inline:${key46}`, { inline: key46 }],
    [`0 AEAD_AES_128_GCM inline:${key28} WSH=128 -x=y KDR=0`, { inline: key28 }],
  ])('%s', (text, key) => {
    const crypto = parseCrypto(text)!;
    expect(crypto.keys).toHaveLength(1);
    expect(crypto.keys[0]).toMatchObject(key);
    expect(formatCrypto(crypto)).toBe(text);
    expect(usableKeyOf(crypto)).toBe(crypto.keys[0]);
  });

  test.each([
    [`12  AEAD_AES_256_GCM \t inline:${key44}`, key44],
    // Padding is left out by some.
    [`12 AEAD_AES_256_GCM inline:${key44.slice(0, -1)}`, key44],
    [`012 AEAD_AES_256_GCM INLINE:${key44} `, key44],
  ])('is read leniently: %s', (text, inline) => {
    const crypto = parseCrypto(text)!;
    expect(crypto.tag).toBe(12);
    expect(usableKeyOf(crypto)).toEqual({ inline });
  });

  test.each([
    ['several keys', `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|1:4;inline:${key30}|2:4`],
    ['an unknown suite', `1 F8_128_HMAC_SHA1_80 inline:${key30}`],
    ['a key that is too short', `1 AES_CM_128_HMAC_SHA1_80 inline:${key30.slice(4)}`],
    ['a key that is too long', `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}AAAA`],
    ['the key of another suite', `1 AEAD_AES_128_GCM inline:${key30}`],
    ['nothing encrypted', `1 AES_CM_128_HMAC_SHA1_80 inline:${key30} UNENCRYPTED_SRTP`],
    ['RTCP not encrypted', `1 AES_CM_128_HMAC_SHA1_80 inline:${key30} UNENCRYPTED_SRTCP`],
    ['nothing authenticated', `1 AES_CM_128_HMAC_SHA1_80 inline:${key30} UNAUTHENTICATED_SRTP`],
    ['a derivation rate', `1 AES_CM_128_HMAC_SHA1_80 inline:${key30} KDR=8`],
    ['forward error correction', `1 AES_CM_128_HMAC_SHA1_80 inline:${key30} FEC_ORDER=SRTP_FEC`],
    ['an extension that must be understood', `1 AES_CM_128_HMAC_SHA1_80 inline:${key30} WSH=64 NEW=1`],
  ])('is read but not usable: %s', (_why, text) => {
    const crypto = parseCrypto(text)!;
    expect(formatCrypto(crypto)).toBe(text);
    expect(usableKeyOf(crypto)).toBeUndefined();
  });

  test.each([
    '',
    ' ',
    '1',
    '1 AES_CM_128_HMAC_SHA1_80',
    `x AES_CM_128_HMAC_SHA1_80 inline:${key30}`,
    `1000000000 AES_CM_128_HMAC_SHA1_80 inline:${key30}`,
    `-1 AES_CM_128_HMAC_SHA1_80 inline:${key30}`,
    `1 AES_CM_128_HMAC_SHA1_80 outline:${key30}`,
    '1 AES_CM_128_HMAC_SHA1_80 inline:',
    '1 AES_CM_128_HMAC_SHA1_80 inline:====',
    '1 AES_CM_128_HMAC_SHA1_80 inline:AAAAA',
    '1 AES_CM_128_HMAC_SHA1_80 inline:AAA==',
    '1 AES_CM_128_HMAC_SHA1_80 inline:A!AA',
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30};`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|0`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|2^49`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|281474976710657`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|2^`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|1:0`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|1:129`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|256:1`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|1:4|2^20`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|2^20|1:4|x`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|1:4|2:4`,
  ])('is malformed: %s', (text) => expect(parseCrypto(text)).toBeUndefined());

  test('malformed lines are passed over, the order of the others stays', () => {
    const lines = [
      { type: 'a', value: `crypto:2 AES_CM_128_HMAC_SHA1_32 inline:${key30}` },
      { type: 'a', value: 'crypto:nonsense' },
      { type: 'b', value: `crypto:7 AES_CM_128_HMAC_SHA1_80 inline:${key30}` },
      { type: 'a', value: `crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key30}` },
    ];
    expect(cryptosOf(lines).map(({ tag }) => tag)).toEqual([2, 1]);
  });

  const base64 = fc.uint8Array({ minLength: 1, maxLength: 50 }).map((octets) => Buffer.from(octets).toString('base64'));
  const anyKey = fc.record(
    {
      inline: base64,
      lifetime: fc.integer({ min: 1, max: 2 ** 48 }),
      mki: fc.record({ value: fc.integer({ min: 0, max: 255 }), length: fc.integer({ min: 1, max: 128 }) }),
    },
    { requiredKeys: ['inline'] },
  );
  test('what is formed is read as it was', () => {
    fc.assert(
      fc.property(
        fc.record({
          tag: fc.integer({ min: 0, max: 999_999_999 }),
          suite: fc.stringMatching(/^[A-Z0-9_]+$/),
          keys: fc.array(anyKey, { minLength: 1, maxLength: 3 }),
          parameters: fc.array(fc.stringMatching(/^[A-Z=0-9-]+$/), { maxLength: 3 }),
        }),
        (crypto) => {
          expect(parseCrypto(formatCrypto(crypto))).toEqual(crypto);
        },
      ),
    );
  });

  test('reading never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '1',
        ' ',
        '\t',
        'AES_CM_128_HMAC_SHA1_80',
        'inline:',
        key30,
        '|',
        '2^',
        '31',
        ':',
        ';',
        '=',
        'KDR',
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const crypto = parseCrypto(pieces.join(''));
        if (crypto) expect(parseCrypto(formatCrypto(crypto))).toEqual(crypto);
        if (crypto) usableKeyOf(crypto);
      }),
      { numRuns: 300 },
    );
  });
});
