import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeEvent } from '#codec/dtmf';
import { pcma } from '#codec/g711';
import type { DigitsPlan } from '#codec/media-control';
import { DualTone } from '#media/dtmf';
import { Bench, peerA, peerB, plan, side, stream } from '../../../test/support/relay-bench.ts';

/** Whatever a peer sends, in whatever order, and whatever signalling asks for meanwhile. */

const digits: readonly DigitsPlan[] = [
  { events: { 101: 8000, 102: 48_000 }, as: 'events', eventTypes: { 8000: 101 } },
  { tones: true, as: 'events', eventTypes: { 8000: 96 } },
  { events: { 101: 8000 }, as: 'tones', law: 'PCMA' },
  { events: { 101: 8000 }, tones: true, as: 'told' },
];

const tone = new Uint8Array(1600);
new DualTone(5).write(tone, 0, 1600, pcma);

type Step =
  | { readonly kind: 'said' | 'sung' | 'noise' }
  | {
      readonly kind: 'event';
      readonly type: number;
      readonly event: number;
      readonly end: boolean;
      readonly duration: number;
    }
  | { readonly kind: 'again'; readonly back: number }
  | { readonly kind: 'lost' | 'restarted' }
  | { readonly kind: 'asked'; readonly key: string; readonly ms: number }
  | { readonly kind: 'passes'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<Step>({ kind: 'said' }, { kind: 'sung' }, { kind: 'noise' }, { kind: 'lost' }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      type: fc.constantFrom(101, 102),
      event: fc.constantFrom(0, 5, 5, 5, 11, 16, 40),
      end: fc.boolean(),
      duration: fc.constantFrom(0, 160, 320, 800, 8000, 65_535),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), back: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'restarted' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('asked' as const),
      key: fc.constantFrom('1', '5', '#', '!'),
      ms: fc.constantFrom(1, 100, 5000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('passes' as const), ms: fc.constantFrom(5, 20, 100, 1000) }) },
);

test('no number of a source ever bears two packets, time goes on, and little comes of much', () => {
  fc.assert(
    fc.property(fc.constantFrom(...digits), fc.array(step, { maxLength: 120 }), (plans, steps) => {
      const bench = new Bench();
      const { a } = bench.applyOne(
        plan([stream({ a: side('internal', peerA, { digits: plans }), b: side('external', peerB) })]),
      );
      let sequence = 65_530;
      let timestamp = 4_294_967_000;
      let start = timestamp;
      let ssrc = 7;
      let came = 0;
      const sent: Uint8Array[] = [];
      const send = (packet: Uint8Array) => {
        came++;
        bench.receive(peerA, `10.0.0.1:${a.port}`, packet);
      };
      const rtp = (type: number, at: number, payload: Uint8Array) => {
        const packet = new Uint8Array(12 + payload.length);
        const view = new DataView(packet.buffer);
        packet[0] = 0x80;
        packet[1] = type;
        view.setUint16(2, sequence & 0xffff);
        view.setUint32(4, at >>> 0);
        view.setUint32(8, ssrc);
        packet.set(payload, 12);
        sequence++;
        sent.push(packet);
        send(packet);
      };
      let ms = 0;
      for (const one of steps) {
        switch (one.kind) {
          case 'said':
          case 'sung':
          case 'noise': {
            const at = (timestamp % 1440) | 0;
            rtp(
              one.kind === 'noise' ? 13 : 8,
              timestamp,
              one.kind === 'sung' ? tone.subarray(at, at + 160) : new Uint8Array(160).fill(0xd5),
            );
            timestamp += 160;
            start = timestamp;
            break;
          }
          case 'event': {
            const payload = new Uint8Array(4);
            writeEvent(payload, 0, one.event, one.end, one.duration);
            rtp(one.type, start, payload);
            timestamp += 160;
            break;
          }
          case 'again': {
            const old = sent.at(-one.back);
            if (old) send(old.slice());
            break;
          }
          case 'lost':
            sequence++;
            timestamp += 160;
            break;
          case 'restarted':
            ssrc++;
            sequence = (sequence * 7) & 0xffff;
            break;
          case 'asked':
            bench.ask({ kind: 'press', session: 's', from: 'a', key: one.key, ms: one.ms });
            break;
          case 'passes':
            bench.pass(one.ms);
            ms += one.ms;
        }
        bench.pass(20);
        ms += 20;
      }
      bench.pass(200_000);
      expect(bench.isAtRest()).toBe(true);
      const seen = new Map<string, string>();
      let last = '';
      let epoch = 0;
      for (const { data } of bench.io.sent) {
        const view = new DataView(data.buffer);
        const source = String(view.getUint32(8));
        if (source !== last && /^\d$|^\d\d$/.test(source)) epoch++;
        last = source;
        const name = `${source}/${view.getUint16(2)}`;
        const known = seen.get(name);
        const content = [...data].join();
        if (known !== undefined) expect(content).toBe(known);
        seen.set(name, content);
      }
      expect(epoch).toBeLessThanOrEqual(steps.length);
      // What a packet or a ms makes is bounded.
      expect(bench.io.sent.length).toBeLessThan(8 * came + ms / 10 + 32 * 260);
    }),
    { numRuns: 150 },
  );
});
