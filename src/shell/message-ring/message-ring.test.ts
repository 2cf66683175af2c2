import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage } from '#codec/sip-message';
import type { Flow } from '#engine/ports';
import { callIdOf, MessageRing } from './index.ts';

const flow: Flow = { listener: 'lan/udp', transport: 'udp', remote: { host: '10.0.0.2', port: 5060 } };
const message = (callId: string, more = '') =>
  `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: ${callId}\r\nCSeq: 1 OPTIONS\r\n${more}Content-Length: 0\r\n\r\n`;

describe('the Call-ID of a message', () => {
  test.each([
    ['as it is usual', message('a@b'), 'a@b'],
    ['in short', message('a@b').replace('Call-ID:', 'i:'), 'a@b'],
    ['in any case, with blanks', message('a@b').replace('Call-ID:', 'cALL-iD  :\t '), 'a@b'],
    [
      'behind fields that begin like it',
      message('a@b').replace('Call-ID:', 'Call-Info: x\r\nIdentity: y\r\nCall-ID:'),
      'a@b',
    ],
    [
      'in the body only',
      message('x')
        .replace(/Call-ID:.*\r\n/, '')
        .concat('Call-ID: a@b\r\n'),
      undefined,
    ],
    ['of a keep-alive', '\r\n\r\n', undefined],
    ['of nothing', '', undefined],
    ['cut off', 'OPTIONS sip:a@b SIP/2.0\r\nCall-ID: a', undefined],
    ['with line feeds alone', 'OPTIONS sip:a@b SIP/2.0\nCall-ID: a@b\n\n', 'a@b'],
  ])('%s', (_what, octets, expected) => {
    expect(callIdOf(octets)).toBe(expected);
  });

  test('is the one that the parser reads', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9.!%*_+~-]{1,30}(@[a-z0-9.]{1,10})?$/), (callId) => {
        const read = parseMessage(message(callId));
        expect(callIdOf(message(callId))).toBe(read.kind === 'fault' ? undefined : read.callId);
      }),
    );
  });

  test('is looked for in anything at all without harm', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('i', ':', '\r', '\n', ' ', 'Call-ID', 'x') }), (text) => {
        callIdOf(text);
      }),
    );
  });
});

describe('the ring', () => {
  test('finds both legs of a call in the order of time', () => {
    const ring = new MessageRing();
    ring.note(1, false, flow, message('a'));
    ring.note(2, true, flow, message('b'));
    ring.note(3, true, flow, message('a'));
    ring.note(4, true, flow, message('c'));
    expect(ring.find(['a', 'b', 'a']).map(({ at, sent }) => [at, sent])).toEqual([
      [1, false],
      [2, true],
      [3, true],
    ]);
    expect(ring.find(['none'])).toEqual([]);
  });

  test('does not grow beyond its limit; who has been silent for longest goes first', () => {
    const size = message('00').length + 160;
    const ring = new MessageRing({ octets: 3 * size });
    for (const callId of ['00', '01', '02']) ring.note(1, false, flow, message(callId));
    ring.note(2, false, flow, message('00'));
    expect(ring.find(['01'])).toEqual([]);
    expect(ring.find(['00'])).toHaveLength(2);
    for (let n = 0; n < 1_000; n++) ring.note(n, false, flow, message(String(n % 100).padStart(2, '0')));
    expect(ring.octets).toBeLessThanOrEqual(3 * size);
  });

  test('of one that talks without end the first and the newest stay', () => {
    const ring = new MessageRing({ ofOne: 3 });
    for (let at = 0; at < 10; at++) ring.note(at, false, flow, message('a'));
    expect(ring.find(['a']).map(({ at }) => at)).toEqual([0, 8, 9]);
    expect(ring.octets).toBe(3 * (message('a').length + 160));
  });
});
