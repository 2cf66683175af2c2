import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxStreams, readMediaRequest } from './index.ts';

const remote = { rtp: { host: '192.0.2.1', port: 4000 }, rtcp: { host: '192.0.2.1', port: 4001 } };
const side = { interface: 'internal', remote, sends: true, revision: 1 };
const srtpKey = { suite: 'AES_CM_128_HMAC_SHA1_80', inline: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' };
const tone = {
  codec: 'PCMA',
  payloadType: 8,
  ptime: 20,
  tones: [
    { hz: [425], ms: 1000 },
    { hz: [], ms: 4000 },
  ],
};
const stream = { stream: 0, media: 'audio', a: side, b: { ...side, interface: 'external' } };
const plan = { session: 's', streams: [stream], silenceMs: 0 };
const apply = (part: object) => ({ id: 1, kind: 'apply', plan: { ...plan, ...part } });

describe('a request', () => {
  test.each([
    ['apply', apply({})],
    [
      'apply without remote',
      apply({ streams: [{ ...stream, b: { interface: 'external', sends: false, revision: 0 } }] }),
    ],
    ['apply with clock rates', apply({ streams: [{ ...stream, a: { ...side, clockRates: { 111: 48000 } } }] })],
    ['apply with SRTP', apply({ streams: [{ ...stream, a: { ...side, srtp: { send: srtpKey, receive: srtpKey } } }] })],
    [
      'apply with SRTP whose peer has not answered',
      apply({ streams: [{ ...stream, a: { ...side, srtp: { send: { ...srtpKey, mki: { value: 1, length: 4 } } } } }] }),
    ],
    ['apply with DSCP', apply({ streams: [{ ...stream, a: { ...side, dscp: 46 } }] })],
    [
      'apply with payload types',
      apply({ streams: [{ ...stream, a: { ...side, payloadTypes: { 96: 101, 0: 127 }, redundant: [97] } }] }),
    ],
    ['apply with a tone', apply({ streams: [{ ...stream, a: { ...side, play: tone } }] })],
    ['apply with a peer that pauses', apply({ streams: [{ ...stream, a: { ...side, pauses: true } }] })],
    [
      'apply with keys that become events',
      apply({
        streams: [
          { ...stream, a: { ...side, digits: { events: { 101: 8000 }, as: 'events', eventTypes: { 48000: 96 } } } },
        ],
      }),
    ],
    [
      'apply with keys that become tones',
      apply({ streams: [{ ...stream, a: { ...side, digits: { tones: true, as: 'tones', law: 'PCMA' } } }] }),
    ],
    ['a key', { id: 1, kind: 'press', session: 's', from: 'a', key: '#', ms: 250 }],
    ['apply of no streams', apply({ streams: [] })],
    ['close', { id: 1, kind: 'close', session: 's' }],
    ['counters', { id: 1, kind: 'counters', sessions: ['s'] }],
    ['list', { id: 1, kind: 'list' }],
    ['list with more than we know', { id: 1, kind: 'list', since: 3 }],
  ])('%s is taken as it is', (_, request) => expect(readMediaRequest(request)).toBe(request));

  test.each([
    ['unknown kind', { id: 1, kind: 'dance' }],
    ['close without session', { id: 1, kind: 'close' }],
    ['counters of a string', { id: 1, kind: 'counters', sessions: 's' }],
    ['no plan', { id: 1, kind: 'apply' }],
    ['nameless session', apply({ session: '' })],
    ['silence that is no time', apply({ silenceMs: -1 })],
    ['the same stream twice', apply({ streams: [stream, stream] })],
    [
      'too many streams',
      apply({ streams: Array.from({ length: maxStreams + 1 }, (_, i) => ({ ...stream, stream: i })) }),
    ],
    ['an interface we have not', apply({ streams: [{ ...stream, a: { ...side, interface: 'dmz' } }] })],
    ...[
      {},
      { as: 'morse' },
      { as: 'events', events: { 128: 8000 } },
      { as: 'events', events: { 101: 0 } },
      { as: 'events', eventTypes: { 8000: 128 } },
      { as: 'events', eventTypes: { fast: 101 } },
      { as: 'tones', law: 'G729' },
    ].map((digits): [string, object] => [
      `keys that become nothing: ${JSON.stringify(digits)}`,
      apply({ streams: [{ ...stream, a: { ...side, digits } }] }),
    ]),
    [
      'a port that is none',
      apply({ streams: [{ ...stream, a: { ...side, remote: { ...remote, rtp: { host: 'x', port: 65536 } } } }] }),
    ],
    ...[
      {},
      { ...tone, codec: 'opus' },
      { ...tone, payloadType: 128 },
      { ...tone, ptime: 0 },
      { ...tone, tones: [] },
      { ...tone, tones: Array.from({ length: 17 }, () => ({ hz: [], ms: 100 })) },
      { ...tone, tones: [{ hz: [425] }] },
      { ...tone, tones: [{ hz: [425], ms: 1 }] },
      { ...tone, tones: [{ hz: [4000], ms: 100 }] },
      { ...tone, tones: [{ hz: [425.5], ms: 100 }] },
      { ...tone, tones: [{ hz: [400, 425, 450, 475, 500], ms: 100 }] },
    ].map((play): [string, object] => [
      `a tone that is none: ${JSON.stringify(play)}`,
      apply({ streams: [{ ...stream, a: { ...side, play } }] }),
    ]),
    ...[
      {},
      { receive: srtpKey },
      { send: { ...srtpKey, suite: 'NULL' } },
      { send: { ...srtpKey, inline: 'c2hvcnQ=' } },
      { send: { ...srtpKey, inline: 7 } },
      { send: { ...srtpKey, mki: { value: 256, length: 1 } } },
      { send: { ...srtpKey, mki: null } },
      { send: srtpKey, receive: { ...srtpKey, suite: 'AEAD_AES_256_GCM' } },
      null,
    ].map((srtp): [string, object] => [
      `SRTP that is none (${JSON.stringify(srtp)})`,
      apply({ streams: [{ ...stream, a: { ...side, srtp } }] }),
    ]),
    ['DSCP that is none', apply({ streams: [{ ...stream, a: { ...side, dscp: 64 } }] })],
    ...[
      { payloadTypes: { 96: 128 } },
      { payloadTypes: { 128: 96 } },
      { payloadTypes: { x: 96 } },
      { payloadTypes: 96 },
      { redundant: [128] },
      { redundant: 97 },
    ].map((part): [string, object] => [
      `payload types that are none (${JSON.stringify(part)})`,
      apply({ streams: [{ ...stream, a: { ...side, ...part } }] }),
    ]),
    ['a clock rate that is none', apply({ streams: [{ ...stream, a: { ...side, clockRates: { 96: 'fast' } } }] })],
  ])('%s is answered as bad', (_, request) =>
    expect(readMediaRequest(request)).toMatchObject({ id: 1, fault: expect.any(String) }),
  );

  test.each([{ key: 'E' }, { key: '55' }, { key: 5 }, { ms: 0 }, { ms: 1e9 }, { from: 'c' }, { session: '' }])(
    'a key that is none: %j',
    (part) => {
      const request = { id: 1, kind: 'press', session: 's', from: 'a', key: '5', ms: 250, ...part };
      expect(readMediaRequest(request)).toEqual({ id: 1, fault: 'not a key' });
    },
  );

  test('a bad key is not told again', () => {
    const inline = 'c2VjcmV0IGtleQ==';
    const read = readMediaRequest(
      apply({ streams: [{ ...stream, a: { ...side, srtp: { send: { ...srtpKey, inline } } } }] }),
    );
    expect(JSON.stringify(read)).not.toContain(inline);
    expect(read).toHaveProperty('fault');
  });

  test('without an id there is nobody to answer', () => {
    for (const value of [
      undefined,
      null,
      1,
      'list',
      [],
      {},
      { kind: 'list' },
      { id: 'x', kind: 'list' },
      { id: -1, kind: 'list' },
    ])
      expect(readMediaRequest(value)).toBeUndefined();
  });

  test('any JSON: never a throw', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readMediaRequest(value)));
    fc.assert(fc.property(fc.jsonValue(), (value) => void readMediaRequest({ id: 1, kind: 'apply', plan: value })));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readMediaRequest(apply({ streams: [value] }))).toHaveProperty('fault');
      }),
    );
  });
});
