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
    const ring = new MessageRing({ octets: 4 * 512 });
    for (const callId of ['00', '01', '02', '03']) ring.note(1, false, flow, message(callId));
    ring.note(2, false, flow, message('00'));
    expect(ring.find(['01'])).toEqual([]);
    expect(ring.find(['00'])).toHaveLength(2);
    for (let n = 0; n < 1_000; n++) ring.note(n, false, flow, message(String(n % 100).padStart(2, '0')));
    expect(ring.octets).toBe(4 * message('00').length);
    expect(ring.find(['96', '97', '98', '99'])).toHaveLength(4);
  });

  test('a call that goes on keeps what it began with, however many others there are', () => {
    const ring = new MessageRing({ octets: 200 * 512 });
    for (let at = 0; at < 3; at++) ring.note(at, false, flow, message('long'));
    for (let at = 3; at < 1_000; at++) ring.note(at, false, flow, message(at % 10 === 0 ? 'long' : `short-${at}`));
    const found = ring.find(['long']).map(({ at }) => at);
    expect([found.length, ...found.slice(0, 4)]).toEqual([102, 0, 1, 2, 10]);
    for (let at = 1_000; at < 1_200; at++) ring.note(at, false, flow, message(`short-${at}`));
    expect(ring.find(['long'])).toEqual([]);
  });

  test('what would take the room of all others is not kept', () => {
    const ring = new MessageRing({ octets: 8 * 512 });
    ring.note(1, false, flow, message('a'));
    ring.note(2, false, flow, message('b', `X: ${'x'.repeat(1_000)}\r\n`));
    expect([ring.find(['a']).length, ring.find(['b']).length]).toEqual([1, 0]);
  });

  test('of one that talks without end the first and the newest stay', () => {
    const ring = new MessageRing({ ofOne: 3 });
    for (let at = 0; at < 10; at++) ring.note(at, false, flow, message('a'));
    expect(ring.find(['a']).map(({ at }) => at)).toEqual([0, 8, 9]);
    expect(ring.octets).toBe(3 * message('a').length);
  });

  test('two Call-IDs with one hash are told apart', () => {
    // FNV-1a of both is 0x7573f977.
    const [one, other] = ['call-46469', 'call-253384'];
    const ring = new MessageRing();
    ring.note(1, false, flow, message(one));
    ring.note(2, false, flow, message(other));
    expect([ring.find([one]).map(({ at }) => at), ring.find([other]).map(({ at }) => at)]).toEqual([[1], [2]]);
  });

  test('what it finds is what was said, whatever the sizes and limits', () => {
    const said = fc.record({
      callId: fc.constantFrom('a', 'b', 'c', 'd', 'long-one', 'e'),
      more: fc.nat({ max: 2_000 }),
      sent: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 120 }), fc.integer({ min: 4, max: 60 }), (all, blocks) => {
        const ring = new MessageRing({ octets: blocks * 512, ofOne: 5 });
        const texts = all.map(({ callId, more }) => message(callId, `X: ${'x'.repeat(more)}\r\n`));
        all.forEach(({ callId, sent }, at) => {
          ring.note(at, sent, flow, texts[at]!);
          const isTooLarge = Math.ceil(texts[at]!.length / 512) > blocks >> 2;
          expect(ring.find([callId]).at(-1)?.at === at).toBe(!isTooLarge);
        });
        const found = ring.find(['a', 'b', 'c', 'd', 'long-one', 'e']);
        expect(found.map(({ at }) => at)).toEqual([...new Set(found.map(({ at }) => at))].sort((a, b) => a - b));
        for (const { at, sent, octets } of found) expect([octets, sent]).toEqual([texts[at], all[at]!.sent]);
        expect(ring.octets).toBe(found.reduce((sum, { octets }) => sum + octets.length, 0));
        expect(ring.octets).toBeLessThanOrEqual(blocks * 512);
      }),
    );
  });
});
