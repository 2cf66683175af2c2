import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { chooseSrtpCiphers } from '#media-process';
import { CounterMode } from './counter-mode.ts';
import { CounterModeTransform } from './counter-mode-transform.ts';
import { GcmOpening, GcmSealing } from './gcm-transform.ts';
import { refusal, SrtpReceiver, SrtpSender, srtpSuite } from './index.ts';
import { deriveSessionKeys } from './session-keys.ts';

/** The vectors of the RFCs, by each set of ciphers that there is. */
const names = process.platform === 'linux' ? ['node', 'openssl'] : ['node'];

const octets = (hex: string) =>
  Uint8Array.from(hex.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) => Number(`0x${pair}`));
const hex = (data: Uint8Array, length = data.length) => Buffer.from(data.subarray(0, length)).toString('hex');

const none = new Uint8Array(0);
const master = (suite: string, key: string, salt: string) => ({
  suite: srtpSuite(suite)!,
  key: octets(key),
  salt: octets(salt),
  mki: none,
});

describe.each(names)('by the ciphers of %s', (name) => {
  const ciphers = chooseSrtpCiphers(name);

  test('are who they say', () => expect(ciphers.name).toBe(name));

  // RFC 3711 B.2, RFC 6188 7.1: the first blocks, and those where the counter carries.
  test.each([
    [
      'AES-128, RFC 3711 B.2',
      '2b7e151628aed2a6abf7158809cf4f3c',
      'e03ead0935c95e80e166b16dd92b4eb4 d23513162b02d0f72a43a2fe4a5f97ab 41e95b3bb0a2e8dd477901e4fca894c0',
      'ec8cdf7398607cb0f2d21675ea9ea1e4 362b7c3c6773516318a077d7fc5073ae 6a2cc3787889374fbeb4c81b17ba6c44',
    ],
    [
      'AES-256, RFC 6188 7.1',
      '57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98',
      '92bdd28a93c3f52511c677d08b5515a4 9da71b2378a854f67050756ded165bac 63c4868b7096d88421b563b8c94c9a31',
      'cea518c90fd91ced9cbb18c078a54711 3dbc4814f4da5f00a08772b63c6a046d 6eb246913062a16891433e97dd01a57f',
    ],
  ])('keystream of %s', (_, key, first, late) => {
    const aes = ciphers.aes(octets(key));
    // A megabyte: no datagram is as long, so it goes through the ciphers' own buffer piece by piece.
    const work = new Uint8Array(0xff02 * 16);
    const encrypt = (length: number) => {
      for (let at = 0; at < length; at += 65536) {
        const piece = work.subarray(at, Math.min(length, at + 65536));
        ciphers.work.set(piece);
        aes.encrypt(piece.length);
        piece.set(ciphers.work.subarray(0, piece.length));
      }
    };
    const mode = new CounterMode(
      { work, view: new DataView(work.buffer) },
      { encrypt, end: () => {} },
      octets('f0f1f2f3f4f5f6f7f8f9fafbfcfd'),
    );
    mode.keystream(work.length, 0, 0);
    aes.end();
    expect(hex(work, 48)).toBe(hex(octets(first)));
    expect(hex(work.subarray(0xfeff * 16))).toBe(hex(octets(late)));
  });

  test.each([
    [
      'AES-128, RFC 3711 B.3',
      master('AES_CM_128_HMAC_SHA1_80', 'e1f97a0d3e018be0d64fa32c06de4139', '0ec675ad498afeebb6960b3aabe6'),
      'c61e7a93744f39ee10734afe3ff7a087',
      'cebe321f6ff7716b6fd4ab49af256a156d38baa4',
      '30cbbc08863d8c85d49db34a9ae1',
    ],
    [
      'AES-256, RFC 6188 7.2',
      master(
        'AES_256_CM_HMAC_SHA1_80',
        'f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6',
        '3b04803de51ee7c96423ab5b78d2',
      ),
      '5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4',
      'fd9c32d39ed5fbb5a9dc96b30818454d1313dc05',
      'fa31791685ca444a9e07c6c64e93',
    ],
  ])('key derivation of %s', (_, from, key, authentication, salt) => {
    const { rtp, rtcp } = deriveSessionKeys(ciphers, from);
    expect([rtp.key, rtp.authentication, rtp.salt].map((one) => hex(one))).toEqual([key, authentication, salt]);
    expect(new Set([rtp.key, rtcp.key, rtp.salt, rtcp.salt].map((one) => hex(one))).size).toBe(4);
  });

  test('key derivation of GCM: its short salt stands left (RFC 7714 11)', () => {
    const from = master('AEAD_AES_128_GCM', '000102030405060708090a0b0c0d0e0f', '404142434445464748494a4b');
    expect(hex(deriveSessionKeys(ciphers, from).rtp.salt)).toBe('1fcd5d561e66dc49ec1c3ccb');
  });

  test('a whole packet of AES_CM_128_HMAC_SHA1_80, as libsrtp makes it', () => {
    const from = master('AES_CM_128_HMAC_SHA1_80', 'e1f97a0d3e018be0d64fa32c06de4139', '0ec675ad498afeebb6960b3aabe6');
    const plain = octets('800f1234decafbadcafebabe abababababababababababababababab');
    const sealed = '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb';
    const out = new Uint8Array(256);
    expect(hex(out, new SrtpSender(ciphers, from).sealRtp(plain, plain.length, out))).toBe(sealed);
    const receiver = new SrtpReceiver(ciphers, from);
    expect(hex(out, receiver.openRtp(octets(sealed), sealed.length / 2, out))).toBe(hex(plain));
  });

  describe('GCM, RFC 7714', () => {
    const key = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
    const salt = octets('517569642070726f2071756f');
    const rtp = octets(
      '8040f17b8041f8d35501a0b2 47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573',
    );
    const rtcp = octets(
      '81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef',
    );
    const keys = (bits: 128 | 256) => {
      const of = { key: octets(key.slice(0, bits / 4)), authentication: none, salt };
      return { suite: srtpSuite(`AEAD_AES_${bits}_GCM`)!, mki: none, rtp: of, rtcp: of };
    };
    const [rtpSsrc, rtcpSsrc] = [0x5501a0b2, 0x4d617273];

    test.each([
      [
        '16.1',
        128,
        'f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce',
      ],
      [
        '16.2',
        256,
        '32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13',
      ],
    ] as const)('SRTP, %s', (_, bits, text) => {
      const sealed = octets(`8040f17b8041f8d35501a0b2${text}`);
      const out = new Uint8Array(256);
      const sealing = new GcmSealing(ciphers, keys(bits));
      expect(hex(out, sealing.sealRtp(rtp, rtp.length, rtpSsrc, 0xf17b, out))).toBe(hex(sealed));
      const opening = new GcmOpening(ciphers, keys(bits));
      expect(hex(out, opening.openRtp(sealed, sealed.length, rtpSsrc, 0xf17b, out))).toBe(hex(rtp));
    });

    test.each([
      [
        '17.1',
        128,
        '63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade',
      ],
      [
        '17.2',
        256,
        'd50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be',
      ],
    ] as const)('SRTCP, %s', (_, bits, text) => {
      const sealed = octets(`81c8000d4d617273${text}800005d4`);
      const out = new Uint8Array(256);
      const sealing = new GcmSealing(ciphers, keys(bits));
      expect(hex(out, sealing.sealRtcp(rtcp, rtcp.length, rtcpSsrc, 0x5d4, out))).toBe(hex(sealed));
      const opening = new GcmOpening(ciphers, keys(bits));
      expect(opening.rtcpIndex(sealed, sealed.length)).toBe(0x5d4);
      expect(hex(out, opening.openRtcp(sealed, sealed.length, rtcpSsrc, out))).toBe(hex(rtcp));
    });

    test.each([
      ['17.3', 128, '841dd9683dd78ec92ae58790125f62b3'],
      ['17.4', 256, '91db4afbfeee5a978fab4393ed2615fe'],
    ] as const)('SRTCP that is authenticated only, %s', (_, bits, tag) => {
      const tagged = octets(`${hex(rtcp)}${tag}000005d4`);
      const out = new Uint8Array(256);
      const opening = new GcmOpening(ciphers, keys(bits));
      expect(hex(out, opening.openRtcp(tagged, tagged.length, rtcpSsrc, out))).toBe(hex(rtcp));
      tagged[20]! ^= 1;
      expect(opening.openRtcp(tagged, tagged.length, rtcpSsrc, out)).toBe(refusal.unauthentic);
    });
  });

  test('SRTCP in counter mode without E is authenticated and taken as it is (RFC 3711 3.4)', () => {
    const from = master('AES_CM_128_HMAC_SHA1_80', 'e1f97a0d3e018be0d64fa32c06de4139', '0ec675ad498afeebb6960b3aabe6');
    const keys = deriveSessionKeys(ciphers, from);
    const plain = octets('80c90001cafebabe 0011223344556677');
    const word = octets('00000007');
    const tag = createHmac('sha1', keys.rtcp.authentication).update(plain).update(word).digest().subarray(0, 10);
    const packet = Uint8Array.from([...plain, ...word, ...tag]);
    const transform = new CounterModeTransform(ciphers, keys);
    const out = new Uint8Array(64);
    expect(transform.rtcpIndex(packet, packet.length)).toBe(7);
    expect(hex(out, transform.openRtcp(packet, packet.length, 0xcafebabe | 0, out))).toBe(hex(plain));
  });
});
