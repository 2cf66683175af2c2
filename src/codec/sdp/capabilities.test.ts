import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configurationsOf, parseSdp, profileOf, protocolOf } from './index.ts';

const crypto = (tag: number) => `crypto:${tag} AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz`;

/** The ways of the first stream: protocol, tags of its a=crypto, what a=acfg would say. */
function ways(protocol: string, lines: readonly string[], session: readonly string[] = []): unknown[] {
  const text = ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...session];
  const sdp = parseSdp([...text, `m=audio 4000 ${protocol} 0`, ...lines].map((line) => `${line}\r\n`).join(''));
  if ('kind' in sdp) throw new Error(sdp.reason);
  return configurationsOf(sdp, sdp.media[0]!).map(({ profile, cryptos, actual }) => [
    protocolOf(profile),
    cryptos.map(({ tag }) => tag),
    actual,
  ]);
}

test.each(['RTP/AVP', 'RTP/SAVP', 'RTP/AVPF', 'RTP/SAVPF'])('the profile %s', (protocol) => {
  expect(protocolOf(profileOf(protocol)!)).toBe(protocol);
  expect(ways(protocol, [])).toEqual([[protocol, [], undefined]]);
});

test.each(['udptl', 'UDP/TLS/RTP/SAVPF', 'TCP/MRCPv2', 'rtp/avp', 'RTP/'])('%s is none of ours', (protocol) => {
  expect(profileOf(protocol)).toBeUndefined();
  expect(ways(protocol, ['a=tcap:1 RTP/SAVP', 'a=pcfg:1 t=1'])).toEqual([]);
});

describe('potential configurations (RFC 5939)', () => {
  const own = ['RTP/AVP', [1], undefined];

  test('as the field writes them: the keys stand beside', () => {
    expect(ways('RTP/AVP', ['a=tcap:1 RTP/SAVP', 'a=pcfg:1 t=1', `a=${crypto(1)}`])).toEqual([
      ['RTP/SAVP', [1], '1 t=1'],
      own,
    ]);
  });

  test('as the RFC writes them: the keys are capabilities too (4.1)', () => {
    expect(ways('RTP/AVP', ['a=tcap:1 RTP/SAVP RTP/AVP', `a=acap:1 ${crypto(7)}`, 'a=pcfg:1 t=1 a=1'])).toEqual([
      ['RTP/SAVP', [7], '1 t=1 a=1'],
      ['RTP/AVP', [], undefined],
    ]);
  });

  test('capabilities of the session count for its streams', () => {
    const session = ['a=tcap:1 RTP/SAVP', `a=acap:1 ${crypto(7)}`];
    expect(ways('RTP/AVP', ['a=pcfg:1 t=1 a=1'], session)[0]).toEqual(['RTP/SAVP', [7], '1 t=1 a=1']);
  });

  test('alternatives, by number', () => {
    expect(
      ways('RTP/AVP', [
        'a=tcap:3 RTP/SAVPF RTP/SAVP',
        `a=acap:1 ${crypto(7)}`,
        `a=acap:2 ${crypto(8)}`,
        'a=pcfg:5 t=4 a=1,2',
        'a=pcfg:2 t=3|4 a=1|2',
        'a=pcfg:1',
      ]),
    ).toEqual([
      ['RTP/AVP', [], '1'],
      ['RTP/SAVPF', [7], '2 t=3 a=1'],
      ['RTP/SAVPF', [8], '2 t=3 a=2'],
      ['RTP/SAVP', [7], '2 t=4 a=1'],
      ['RTP/SAVP', [8], '2 t=4 a=2'],
      ['RTP/SAVP', [7, 8], '5 t=4 a=1,2'],
      ['RTP/AVP', [], undefined],
    ]);
  });

  test('attributes that may be left out, or take the place of those there', () => {
    const lines = ['a=tcap:1 RTP/SAVP', `a=acap:1 ${crypto(7)}`, 'a=acap:2 ptime:30', `a=${crypto(1)}`];
    const first = (pcfg: string) => ways('RTP/AVP', [...lines, `a=pcfg:1 ${pcfg}`])[0];
    expect(first('t=1 a=1,[2]')).toEqual(['RTP/SAVP', [7, 1], '1 t=1 a=1,[2]']);
    expect(first('t=1 a=-m:1')).toEqual(['RTP/SAVP', [7], '1 t=1 a=-m:1']);
    expect(first('t=1 a=-ms:1')).toEqual(['RTP/SAVP', [7], '1 t=1 a=-ms:1']);
    expect(first('t=1 a=-s:1')).toEqual(['RTP/SAVP', [7, 1], '1 t=1 a=-s:1']);
    // What must be there and is not known: only m= is left.
    expect(first('t=1 a=1,2')).toEqual(own);
    expect(first('t=2')).toEqual(own);
    expect(first('t=1 +x=1')).toEqual(own);
    expect(first('t=1 x=1')).toEqual(['RTP/SAVP', [1], '1 t=1']);
  });

  test('an extension that is required leaves m= alone', () => {
    const lines = ['a=tcap:1 RTP/SAVP', 'a=pcfg:1 t=1', `a=${crypto(1)}`];
    expect(ways('RTP/AVP', ['a=creq:cap-v0', ...lines])).toHaveLength(2);
    expect(ways('RTP/AVP', ['a=creq:cap-v0,med-v0', ...lines])).toEqual([own]);
    expect(ways('RTP/AVP', lines, ['a=creq:new'])).toEqual([own]);
  });

  test('there are not more than a few', () => {
    const many = (letter: string) => `${letter}=${'1|'.repeat(5000)}1`;
    const lines = ['a=tcap:1 RTP/SAVP', `a=acap:1 ${crypto(7)}`, `a=pcfg:1 ${many('t')} ${many('a')}`];
    expect(ways('RTP/AVP', lines)).toHaveLength(17);
  });

  test('reading never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '1',
        '2',
        ' ',
        't=',
        'a=',
        '|',
        ',',
        '[',
        ']',
        '-m:',
        'RTP/SAVP',
        crypto(1),
        '\r\na=pcfg:',
        '\r\na=tcap:',
      ),
      fc.constantFrom('\r\na=acap:', '\r\na=creq:', '\r\na=crypto:', 'inline:', '2^31', ':', ';'),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const head =
          'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nm=audio 4000 RTP/AVP 0\r\na=pcfg:1 t=1\r\na=tcap:1 RTP/SAVP';
        const sdp = parseSdp(head + pieces.join(''));
        if ('kind' in sdp) return;
        const found = configurationsOf(sdp, sdp.media[0]!);
        expect(found.length).toBeGreaterThan(0);
        expect(found.at(-1)!.actual).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});
