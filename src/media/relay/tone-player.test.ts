import { describe, expect, test } from 'vitest';
import { pcma, pcmu } from '#codec/g711';
import type { PlayPlan } from '#codec/media-control';
import { payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from '#codec/rtp';
import { ToneSource } from '#codec/tones';
import { Bench, peerA, peerB, plan, rtp, type Sent, side, stream } from '../../../test/support/relay-bench.ts';

const ring: PlayPlan = {
  codec: 'PCMA',
  payloadType: 8,
  ptime: 20,
  tones: [
    { hz: [420], ms: 1000 },
    { hz: [], ms: 4000 },
  ],
};
const playing = (play: PlayPlan | undefined, name = 's', at = peerA) =>
  plan([stream({ a: side('internal', at, play ? { play } : {}), b: side('external', undefined) })], { session: name });

const to = (bench: Bench, peer: string): Sent[] => bench.io.sent.filter(({ path }) => path.endsWith(`> ${peer}`));

describe('a tone', () => {
  test('comes every 20 ms, numbered without a gap, and is the one that was asked for', () => {
    const bench = new Bench();
    bench.apply(playing(ring));
    bench.pass(10_000);
    const sent = to(bench, peerA);
    expect(sent).toHaveLength(501);
    const first = sent[0]!.data;
    const source = new ToneSource(pcma, ring.tones);
    const sound = new Uint8Array(160);
    for (const [at, { data }] of sent.entries()) {
      expect(data.length).toBe(12 + 160);
      expect([data[0], payloadTypeOf(data), data[1]! >> 7]).toEqual([0x80, 8, at === 0 ? 1 : 0]);
      expect(ssrcOf(data)).toBe(ssrcOf(first));
      expect((sequenceOf(data) - sequenceOf(first)) & 0xffff).toBe(at & 0xffff);
      expect((timestampOf(data) - timestampOf(first)) | 0).toBe(160 * at);
      source.fill(sound, 0, 160);
      expect(data.subarray(12)).toEqual(sound);
    }
  });

  test('goes on through the same plan again, begins anew by another, and ends with one that has none', () => {
    const bench = new Bench();
    bench.apply(playing(ring));
    bench.pass(100);
    bench.apply(playing(ring));
    bench.pass(100);
    const sent = to(bench, peerA).map(({ data }) => data);
    expect(sent.map((data) => data[1]! >> 7)).toEqual([1, ...Array(10).fill(0)]);
    bench.apply(playing({ ...ring, codec: 'PCMU', payloadType: 0 }));
    bench.pass(20);
    const after = to(bench, peerA).slice(11);
    expect(after.map(({ data }) => [payloadTypeOf(data), data[1]! >> 7])[0]).toEqual([0, 1]);
    expect(Math.abs(pcmu.linear[after[0]!.data[20]!]!)).toBeGreaterThan(100);
    // One source, and no number twice.
    expect(ssrcOf(after[0]!.data)).toBe(ssrcOf(sent[0]!));
    expect((sequenceOf(after[0]!.data) - sequenceOf(sent[0]!)) & 0xffff).toBe(11);
    bench.apply(playing(undefined));
    const count = bench.io.sent.length;
    bench.pass(1000);
    expect(bench.io.sent.length).toBe(count);
    expect(bench.isAtRest()).toBe(true);
  });

  test('gives way to the first RTP of the other peer, once and for all', () => {
    const bench = new Bench();
    const withB = plan([stream({ a: side('internal', peerA, { play: ring }) })]);
    const { b } = bench.applyOne(withB);
    bench.pass(100);
    expect(to(bench, peerA)).toHaveLength(6);
    bench.receive(peerB, `203.0.113.1:${b.port}`, rtp(1, { type: 8 }));
    bench.apply(withB);
    bench.pass(1000);
    expect(to(bench, peerA)).toHaveLength(7);
  });

  test('is not for those whose address is not known, nor on hold in the old way', () => {
    const bench = new Bench();
    bench.apply(plan([stream({ a: side('internal', undefined, { play: ring }) })]));
    bench.pass(100);
    bench.apply(playing(ring, 'held', '0.0.0.0:4000'));
    bench.pass(100);
    expect(bench.io.sent).toEqual([]);
  });

  test('does not add up its lateness, and passes over what could not be sent in time', () => {
    const bench = new Bench();
    bench.apply(playing(ring));
    const late = (ms: number) => {
      bench.now += ms;
      bench.relay.onDeadline(bench.now);
    };
    for (let i = 0; i < 100; i++) late(i % 2 === 0 ? 27 : 13);
    const steady = to(bench, peerA).length;
    expect(steady).toBe(101);
    late(1000);
    const sent = to(bench, peerA).map(({ data }) => data);
    expect(sent.length).toBe(steady + 1);
    const [before, after] = sent.slice(-2);
    expect((sequenceOf(after!) - sequenceOf(before!)) & 0xffff).toBe(1);
    expect((timestampOf(after!) - timestampOf(before!)) | 0).toBe(8000);
  });

  test('one of many has its own source; all share one deadline, and none outlives its session', () => {
    const bench = new Bench({ pairs: 100 });
    for (let i = 0; i < 50; i++) bench.apply(playing(ring, `s${i}`, `10.0.0.20:${5000 + i}`));
    bench.pass(1000);
    const sources = new Set(bench.io.sent.map(({ data }) => ssrcOf(data)));
    expect(sources.size).toBe(50);
    expect(bench.io.sent.length).toBe(50 * 51);
    for (let i = 0; i < 50; i++) bench.ask({ kind: 'close', session: `s${i}` });
    expect(bench.relay.nextDeadline()).toBeUndefined();
  });
});
