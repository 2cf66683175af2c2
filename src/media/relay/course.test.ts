import { describe, expect, test } from 'vitest';
import { type StreamCounters, unpackSteps } from '#codec/media-control';
import { Bench, peerA, peerB, plan, rtp, side, stream } from '../../../test/support/relay-bench.ts';

/** A receiver report on what went to its sender: 64 of 256 lost. */
function report(): Uint8Array {
  const packet = new Uint8Array(32);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x81);
  view.setUint8(1, 201);
  view.setUint16(2, 7);
  view.setUint8(12, 64);
  return packet;
}

/** Seconds of speech of a; of every 50 packets the first `lost` are. */
function speak(bench: Bench, port: number, from: number, seconds: number, lost = 0): void {
  for (let i = 0; i < 50 * seconds; i++) {
    if (i % 50 >= lost) bench.receive(peerA, `10.0.0.1:${port}`, rtp(from + i));
    bench.pass(20);
  }
}

const counters = (bench: Bench, course: boolean) => {
  const response = bench.ask({ kind: 'counters', sessions: ['s'], course });
  return response.kind === 'counters' ? response.sessions.s! : [];
};

const closed = (bench: Bench): readonly StreamCounters[] => {
  const response = bench.ask({ kind: 'close', session: 's' });
  return response.kind === 'closed' ? response.counters : [];
};

describe('how a call goes over time', () => {
  test('is told to who asks, and at its end', () => {
    const bench = new Bench();
    const { a, b } = bench.applyOne(plan());
    speak(bench, a.port, 1, 5);
    bench.receive('198.51.100.30:6001', `203.0.113.1:${b.port + 1}`, report());
    speak(bench, a.port, 251, 5, 10);
    expect(counters(bench, false)[0]).not.toHaveProperty('course');
    const told = counters(bench, true)[0]!.course!;
    expect(told).toMatchObject({ stepMs: 5000, agoMs: 10_000 });
    // At most one packet lies on either side of a step.
    const [first, second] = unpackSteps(told.a).packets;
    expect([Math.round(first! / 10), Math.round(second! / 10)]).toEqual([25, 20]);
    expect(unpackSteps(told.a).lost[0]).toBe(0);
    expect(unpackSteps(told.a).lost[1]).toBeGreaterThanOrEqual(40);
    expect(unpackSteps(told.b)).toMatchObject({
      packets: [0, 0],
      lost: [undefined, undefined],
      peerLoss: [undefined, 0.25],
    });
    bench.pass(2000);
    const [at] = closed(bench);
    expect(at!.course).toMatchObject({ stepMs: 5000, agoMs: 12_000 });
    expect(unpackSteps(at!.course!.a).packets).toHaveLength(3);
    expect(bench.relay.nextDeadline()).toBeUndefined();
  });

  test('of streams that left the session too, each from when it was', () => {
    const bench = new Bench();
    bench.apply(plan());
    bench.pass(10_000);
    // The party moves to the other network: it is measured anew.
    bench.apply(plan([stream({ b: side('internal', peerB) })]));
    bench.pass(15_000);
    expect(closed(bench).map(({ course }) => course)).toMatchObject([
      { agoMs: 25_000, a: '0*2;-*2;-*2;-*2;-*2' },
      { agoMs: 15_000, a: '0*3;-*3;-*3;-*3;-*3' },
    ]);
  });
});
