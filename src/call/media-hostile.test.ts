import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from '#kernel';
import {
  allocate,
  bridge,
  crypto,
  key,
  keysIn,
  line,
  plain,
  read,
  sdp,
  secure,
  suites,
  versionOf,
} from './media-bridge.testing.ts';
import { MediaBridge, type MediaBridgeState } from './media-bridge.ts';

describe('whatever peers say', () => {
  const piece = fc.constantFrom(
    ...plain,
    ...secure(0),
    ...line('RTP/AVP', [], 0),
    ...line('RTP/SAVPF', [], 4002, 'video'),
    ...line('udptl', [], 4000, 'image'),
    ...['tcap:1 RTP/SAVP RTP/AVP', 'pcfg:1 t=1', 'pcfg:2 t=2 a=1', `acap:1 ${crypto(1)}`, 'acfg:1', 'crypto:x'].map(
      (attribute) => `a=${attribute}`,
    ),
    `a=${crypto(3, `${'A'.repeat(59)}=`, suites[1])}`,
    'a=sendonly',
    'c=IN IP4 0.0.0.0',
  );
  const face = fc.record({
    srtp: fc.option(
      fc.record({
        mode: fc.constantFrom('required' as const, 'optional' as const),
        offer: fc.constantFrom('crypto' as const, 'two-lines' as const, 'capability' as const),
        suites: fc.constantFrom([suites[0]], [...suites]),
        keysInClear: fc.boolean(),
      }),
      { nil: undefined },
    ),
    transport: fc.constantFrom('tls' as const, 'udp' as const),
  });
  const said = fc.array(piece, { maxLength: 8 });
  const step = fc.record({ from: fc.constantFrom('a' as const, 'b' as const), offer: said, answer: fc.option(said) });

  test('no exchange throws, tells one side’s key to the other, or runs RTP where SRTP is required', () => {
    fc.assert(
      fc.property(face, face, fc.array(step, { maxLength: 6 }), (a, b, steps) => {
        const { srtp: srtpA, srtp: _a, ...restA } = a;
        const { srtp: srtpB, srtp: _b, ...restB } = b;
        const media = bridge(
          { ...restA, ...(srtpA ? { srtp: srtpA } : {}) },
          { ...restB, ...(srtpB ? { srtp: srtpB } : {}) },
        );
        const mine = { a: new Set<string>(), b: new Set<string>() };
        const written = { a: '', b: '' };
        const lines = { a: 0, b: 0 };
        const see = (to: 'a' | 'b', body: string) => {
          const seen = read(body);
          // RFC 3264 8: lines are only ever added, and the same version is the same text.
          if (written[to] !== '' && versionOf(body) === versionOf(written[to])) expect(body).toBe(written[to]);
          written[to] = body;
          lines[to] = Math.max(lines[to], seen.media.length);
          for (const told of keysIn(body).flat()) mine[to].add(told);
        };
        for (const { from, offer: offered, answer: answered } of steps) {
          const to = from === 'a' ? 'b' : 'a';
          if (media.offer(from, sdp(offered)) !== undefined) {
            media.withdraw();
            continue;
          }
          allocate(media);
          const told = media.translateOffer();
          if ('fault' in told || answered === null) {
            media.withdraw();
            continue;
          }
          see(to, told.body);
          expect(read(told.body).media.length).toBeGreaterThanOrEqual(media.state.streams.length);
          const shown = media.answer(sdp(answered));
          if ('fault' in shown) {
            media.withdraw();
            continue;
          }
          see(from, shown.body);
          expect(read(shown.body).media).toHaveLength(sdp(offered).media.length);
          for (const stream of media.plan(0).streams) {
            for (const side of ['a', 'b'] as const) {
              const { srtp: plan, remote } = stream[side];
              const face = side === 'a' ? a : b;
              if (plan?.receive) expect(mine[side]).toContain(plan.send.inline);
              if (face.srtp === undefined || (face.transport === 'udp' && !face.srtp.keysInClear))
                expect(plan).toBeUndefined();
              else if (
                face.srtp.mode === 'required' &&
                remote &&
                stream[side].sends &&
                stream[side === 'a' ? 'b' : 'a'].remote
              )
                expect(plan?.receive).toBeDefined();
            }
          }
        }
        for (const told of mine.a) expect(mine.b).not.toContain(told);
        for (const peers of [key(0), `${'A'.repeat(59)}=`]) expect(written.a + written.b).not.toContain(peers);
        const kept = JSON.parse(JSON.stringify(media.state)) as MediaBridgeState;
        expect(JSON.stringify(new MediaBridge('call', kept, seeded(2)).plan(0))).toBe(JSON.stringify(media.plan(0)));
      }),
      { numRuns: 800 },
    );
  });
});
