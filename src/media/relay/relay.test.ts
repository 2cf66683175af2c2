import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MediaResponse, StreamSidePlan } from '#codec/media-control';
import { Bench, peerA, peerB, plan, rtcp, rtp, side, stream } from '../../../test/support/relay-bench.ts';

const toA = (port: number) => `10.0.0.1:${port}`;
const toB = (port: number) => `203.0.113.1:${port}`;

describe('a session', () => {
  test('gets an even port and the next for each side, on the side’s own address', () => {
    const bench = new Bench();
    const streams = bench.apply(plan([stream(), stream({ stream: 1, media: 'video' })]));
    expect(streams.map(({ stream }) => stream)).toEqual([0, 1]);
    for (const { a, b } of streams) {
      expect([a.host, b.host]).toEqual(['10.0.0.1', '203.0.113.1']);
      for (const { port, rtcpPort } of [a, b]) expect([port % 2, rtcpPort - port]).toEqual([0, 1]);
    }
    expect(bench.relay.inspect()).toEqual({ sessions: 1, sockets: 8 });
  });

  test('relays RTP and RTCP both ways, unchanged, from the port that the peer sends to', () => {
    const bench = new Bench();
    const { a, b } = bench.applyOne(plan());
    const voice = rtp(1, { payload: 'hello' });
    expect(bench.receive(peerA, toA(a.port), voice)).toEqual([{ path: `${toB(b.port)} > ${peerB}`, data: voice }]);
    expect(bench.receive(peerB, toB(b.port), voice)).toEqual([{ path: `${toA(a.port)} > ${peerA}`, data: voice }]);
    const report = rtcp();
    expect(bench.receive('10.0.0.20:4001', toA(a.port + 1), report)).toEqual([
      { path: `${toB(b.port + 1)} > 198.51.100.30:6001`, data: report },
    ]);
  });

  test('streams do not mix', () => {
    const bench = new Bench();
    const video = stream({
      stream: 1,
      media: 'video',
      a: side('internal', '10.0.0.20:5000'),
      b: side('external', '198.51.100.30:7000'),
    });
    const [, second] = bench.apply(plan([stream(), video]));
    expect(bench.receive('10.0.0.20:5000', toA(second!.a.port), rtp(1))[0]?.path).toBe(
      `${toB(second!.b.port)} > 198.51.100.30:7000`,
    );
    expect(bench.counters('s', 'a', 0).packets).toBe(0);
    expect(bench.counters('s', 'a', 1).packets).toBe(1);
  });

  test('the same plan again keeps its ports, sources and counters', () => {
    const bench = new Bench();
    const first = bench.apply(plan());
    bench.receive(peerA, toA(first[0]!.a.port), rtp(1));
    expect(bench.apply(plan())).toEqual(first);
    expect(bench.relay.inspect().sockets).toBe(4);
    expect(bench.counters('s', 'a')).toMatchObject({ packets: 1, source: { host: '10.0.0.20', port: 4000 } });
  });

  test('a stream more gets ports, a stream less gives them back and leaves its counters', () => {
    const bench = new Bench();
    const [kept, left] = bench.apply(plan([stream(), stream({ stream: 1 })]));
    bench.receive(peerA, toA(left!.a.port), rtp(1));
    expect(bench.apply(plan([stream()]))).toEqual([kept]);
    expect(bench.relay.inspect().sockets).toBe(4);
    expect(bench.ledgers.internal.inspect(bench.now)).toMatchObject({ taken: 1, quarantined: 1 });
    const [, again] = bench.apply(plan([stream(), stream({ stream: 2 })]));
    expect(again!.a.port).not.toBe(left!.a.port);
    const closed = bench.ask({ kind: 'close', session: 's' });
    if (closed.kind !== 'closed') throw new Error(closed.kind);
    expect(closed.counters.map(({ stream, a }) => [stream, a.packets])).toEqual([
      [1, 1],
      [0, 0],
      [2, 0],
    ]);
  });

  test('a side that moves to the other interface gets a port there', () => {
    const bench = new Bench();
    const [before] = bench.apply(plan());
    const [after] = bench.apply(plan([stream({ b: side('internal', '10.0.0.30:4000', { revision: 2 }) })]));
    expect(after!.b.host).toBe('10.0.0.1');
    expect(bench.ledgers.external.inspect(bench.now).taken).toBe(0);
    expect(bench.receive(peerA, toA(after!.a.port), rtp(1))[0]?.path).toBe(`${toA(after!.b.port)} > 10.0.0.30:4000`);
    expect([...bench.io.sockets.values()]).not.toContain(toB(before!.b.port));
  });

  test('closed: its counters come with the answer, its ports rest, it is unknown', () => {
    const bench = new Bench();
    const { a, b } = bench.applyOne(plan());
    for (const sequence of [1, 2, 4]) {
      bench.receive(peerA, toA(a.port), rtp(sequence));
      bench.now += 20;
    }
    bench.receive(peerB, toB(b.port + 1), rtcp());
    expect(bench.ask({ kind: 'close', session: 's' })).toMatchObject({
      kind: 'closed',
      session: 's',
      counters: [
        {
          stream: 0,
          media: 'audio',
          a: {
            packets: 3,
            bytes: 39,
            lost: 1,
            payloadType: 0,
            rtcpPackets: 0,
            dropped: 0,
            source: { host: '10.0.0.20', port: 4000 },
          },
          b: { packets: 0, bytes: 0, lost: 0, payloadType: -1, rtcpPackets: 1, dropped: 0 },
        },
      ],
    });
    expect(bench.relay.inspect()).toEqual({ sessions: 0, sockets: 0 });
    expect(bench.io.sockets.size).toBe(0);
    expect(bench.ledgers.internal.inspect(bench.now)).toMatchObject({ taken: 0, quarantined: 1 });
    expect(bench.ask({ kind: 'close', session: 's' })).toMatchObject({ kind: 'failed', reason: 'unknown-session' });
  });

  test('list and counters; unknown sessions are left out', () => {
    const bench = new Bench();
    bench.apply(plan());
    bench.apply({ ...plan(), session: 't' });
    expect(bench.ask({ kind: 'list' })).toMatchObject({ sessions: ['s', 't'] });
    const counters = bench.ask({ kind: 'counters', sessions: ['t', 'nobody', '__proto__'] });
    expect(counters).toMatchObject({ kind: 'counters', sessions: { t: [{ stream: 0 }] } });
    expect(Object.keys((counters as { sessions: object }).sessions)).toEqual(['t']);
  });

  test('stats: what was counted since it began, of streams that are gone too, and never less than before', () => {
    const bench = new Bench();
    const stats = () => (bench.ask({ kind: 'stats' }) as Extract<MediaResponse, { kind: 'stats' }>).stats;
    expect(stats()).toMatchObject({
      sessions: 0,
      streams: 0,
      silent: 0,
      packets: { received: 0, lost: 0 },
      refused: 0,
    });
    const { a } = bench.applyOne(plan());
    for (const sequence of [1, 2, 5, 4]) bench.receive(peerA, toA(a.port), rtp(sequence));
    bench.receive('198.51.100.9:9', toA(a.port), rtp(6));
    const before = stats();
    expect(before).toMatchObject({
      sessions: 1,
      streams: 1,
      packets: { received: 4, lost: 1, late: 1, dropped: 1 },
      octets: 52,
    });
    expect(before.ports.map(({ taken }) => taken)).toEqual([1, 1]);
    // What was taken for lost comes after all: the counter does not go back.
    bench.receive(peerA, toA(a.port), rtp(3));
    expect(stats().packets).toEqual({ received: 5, lost: 1, late: 2, dropped: 1 });
    bench.ask({ kind: 'close', session: 's' });
    expect(stats()).toMatchObject({ sessions: 0, streams: 0, packets: { received: 5, lost: 1, late: 2, dropped: 1 } });
  });

  test('what a peer reports of what came to it is counted with it, and how far away it is by the answer to a report', () => {
    const bench = new Bench();
    const { a, b } = bench.applyOne(plan());
    for (const sequence of [1, 2, 3]) bench.receive(peerA, toA(a.port), rtp(sequence));
    const words = (...of: number[]) =>
      Uint8Array.from(of.flatMap((word) => [word >>> 24, word >>> 16, word >>> 8, word].map((x) => x & 255)));
    bench.receive(peerA, toA(a.port + 1), words(0x80c80006, 1, 0xe1234567, 0x89abcdef, 0, 3, 480));
    bench.now += 130;
    // A half of them is lost, 80 units of 8 kHz; it answered after 100 ms.
    const block = [1, 0x80000002, 3, 80, 0x456789ab, Math.round(6553.6)];
    bench.receive(peerB, toB(b.port + 1), words(0x81c90007, 2, ...block));
    const { sessions } = bench.ask({ kind: 'counters', sessions: ['s'] }) as Extract<
      MediaResponse,
      { kind: 'counters' }
    >;
    const { a: fromA, b: fromB } = sessions.s![0]!;
    expect(fromA.report).toBeUndefined();
    expect(fromB.report).toMatchObject({ lost: 2, fractionLost: 0.5, jitterMs: 10 });
    expect(fromB.report!.roundTripMs).toBeCloseTo(30, 1);
  });

  test('what is no request is answered as bad, or not at all', () => {
    const bench = new Bench();
    expect(bench.ask({ kind: 'apply', plan: { session: 's' } })).toMatchObject({
      kind: 'failed',
      reason: 'bad-request',
    });
    expect(bench.relay.handle('hello', 0)).toBeUndefined();
  });

  test('jitter by the clock rate that the plan gives a dynamic payload type', () => {
    const bench = new Bench();
    const { a } = bench.applyOne(plan([stream({ a: side('internal', peerA, { clockRates: { 111: 48000 } }) })]));
    for (const [sequence, at] of [
      [0, 0],
      [1, 16],
    ] as const) {
      bench.now = 1000 + at;
      bench.receive(peerA, toA(a.port), rtp(sequence, { type: 111 }));
    }
    // 16 ms at 48 kHz are 768 units where the timestamps say 160: D = 608, J = 38.
    expect(bench.counters('s', 'a').jitterMs).toBeCloseTo((38 / 48000) * 1000, 9);
  });
});

describe('ports', () => {
  test('run out: the request fails as a whole, and leaves nothing behind', () => {
    const bench = new Bench({ pairs: 2 });
    const three = [0, 1, 2].map((index) => stream({ stream: index }));
    expect(bench.ask({ kind: 'apply', plan: plan(three) })).toMatchObject({
      kind: 'failed',
      reason: 'no-ports',
      detail: expect.stringContaining('internal'),
    });
    expect(bench.relay.inspect()).toEqual({ sessions: 0, sockets: 0 });
    bench.now += 2000;
    bench.apply(plan(three.slice(0, 1)));
    expect(bench.ask({ kind: 'apply', plan: plan(three) })).toMatchObject({ kind: 'failed', reason: 'no-ports' });
    expect(bench.relay.inspect()).toEqual({ sessions: 1, sockets: 4 });
    bench.now += 2000;
    expect(bench.apply(plan(three.slice(0, 2)))).toHaveLength(2);
  });

  test.each([0, 1])('held by another program (the port + %i): the next pair is taken', (offset) => {
    const probe = new Bench();
    const taken = probe.apply(plan())[0]!.a.port;
    const bench = new Bench();
    bench.io.refuses.set(`10.0.0.1:${taken + offset}`, { failure: 'taken', detail: 'EADDRINUSE' });
    const [allocated] = bench.apply(plan());
    expect(allocated!.a.port).not.toBe(taken);
    expect(bench.io.sockets.size).toBe(4);
    expect(bench.ledgers.internal.inspect(bench.now)).toMatchObject({ taken: 1, quarantined: 1 });
  });

  test('all held by others: a clear failure after a bounded search', () => {
    const bench = new Bench({ pairs: 500 });
    bench.io.refuses.set('203.0.113.1', { failure: 'taken', detail: 'EADDRINUSE' });
    expect(bench.ask({ kind: 'apply', plan: plan() })).toMatchObject({
      reason: 'no-ports',
      detail: expect.stringContaining('other programs'),
    });
    expect(bench.ledgers.external.inspect(bench.now).quarantined).toBeLessThan(100);
    expect(bench.io.sockets.size).toBe(0);
  });

  test('an address that is not ours: fails at the first', () => {
    const bench = new Bench();
    bench.io.refuses.set('203.0.113.1', { failure: 'failed', detail: 'EADDRNOTAVAIL' });
    expect(bench.ask({ kind: 'apply', plan: plan() })).toMatchObject({
      reason: 'no-ports',
      detail: expect.stringContaining('EADDRNOTAVAIL'),
    });
    expect(bench.ledgers.external.inspect(bench.now).quarantined).toBe(1);
    expect(bench.relay.inspect()).toEqual({ sessions: 0, sockets: 0 });
  });
});

describe('silence', () => {
  const watched = (streams = [stream()], silenceMs = 5000) => plan(streams, { silenceMs });
  const mute = { sends: false };

  const silent = (silentMs: number, more: object = {}) => ({ kind: 'silent', session: 's', silentMs, ...more });
  const heard = (silentMs: number, more: object = {}) => ({ kind: 'heard', session: 's', silentMs, ...more });

  test('is told when its time has come, each time that it has once more, and when it is over', () => {
    const bench = new Bench();
    const { a } = bench.applyOne(watched());
    bench.pass(4999);
    expect(bench.notices).toEqual([]);
    bench.pass(1);
    expect(bench.notices.splice(0)).toEqual([silent(5000)]);
    bench.pass(11_000);
    expect(bench.notices.splice(0)).toEqual([silent(10_000), silent(15_000)]);
    bench.receive(peerA, toA(a.port), rtp(1));
    expect(bench.notices.splice(0)).toEqual([heard(16_000)]);
    bench.pass(4999);
    expect(bench.notices).toEqual([]);
    bench.pass(1);
    expect(bench.notices).toEqual([silent(5000)]);
  });

  describe('of one peer while the other speaks', () => {
    const talk = (bench: Bench, port: number, ms: number, more: (bench: Bench) => void = () => {}) => {
      for (let at = 0; at < ms; at += 1000) {
        bench.pass(1000);
        bench.receive(peerB, toB(port), rtp(at));
        more(bench);
      }
    };

    test('is told once, with its side, and when it is over', () => {
      const bench = new Bench();
      const { a, b } = bench.applyOne(watched());
      talk(bench, b.port, 30_000);
      expect(bench.notices.splice(0)).toMatchObject([{ kind: 'silent', side: 'a' }]);
      bench.receive(peerA, toA(a.port), rtp(1));
      expect(bench.notices.splice(0)).toEqual([heard(30_000, { side: 'a' })]);
      talk(bench, b.port, 4000);
      expect(bench.notices).toEqual([]);
    });

    test('RTCP alone does not do for speech', () => {
      const bench = new Bench();
      const { a, b } = bench.applyOne(watched());
      talk(bench, b.port, 12_000, () => bench.receive('10.0.0.20:4001', toA(a.port + 1), rtcp()));
      expect(bench.notices).toMatchObject([{ kind: 'silent', side: 'a' }]);
    });

    test.each([
      ['it pauses by agreement', { pauses: true as const }, 0],
      ['its last packet was comfort noise that nobody had agreed on', {}, 13],
    ])('but it does where %s', (_, more, type) => {
      const bench = new Bench();
      const { a, b } = bench.applyOne(watched([stream({ a: side('internal', peerA, more) })]));
      bench.receive(peerA, toA(a.port), rtp(1, { type }));
      talk(bench, b.port, 12_000, () => bench.receive('10.0.0.20:4001', toA(a.port + 1), rtcp()));
      expect(bench.notices).toEqual([]);
      // Without even that it is gone.
      talk(bench, b.port, 12_000);
      expect(bench.notices).toMatchObject([{ kind: 'silent', side: 'a' }]);
    });

    test('is nothing where it should not send, and over when it need not any more', () => {
      const bench = new Bench();
      const held = watched([stream({ a: side('internal', peerA, mute) })]);
      const { b } = bench.applyOne(held);
      talk(bench, b.port, 12_000);
      expect(bench.notices).toEqual([]);
      bench.apply(watched());
      talk(bench, b.port, 6000);
      expect(bench.notices.splice(0)).toMatchObject([{ kind: 'silent', side: 'a' }]);
      bench.apply(held);
      expect(bench.notices).toMatchObject([{ kind: 'heard', side: 'a' }]);
    });

    test('becomes the silence of both when the other falls silent too', () => {
      const bench = new Bench();
      const { b } = bench.applyOne(watched());
      talk(bench, b.port, 6000);
      bench.notices.length = 0;
      bench.pass(5000);
      expect(bench.notices).toEqual([silent(5000)]);
      expect(bench.relay.silences(bench.now)).toEqual([silent(5000), silent(11_000, { side: 'a' })]);
    });
  });

  test('goes on through the same plan again', () => {
    const bench = new Bench();
    bench.apply(watched());
    bench.pass(3000);
    bench.apply(watched());
    bench.pass(2000);
    expect(bench.notices.splice(0)).toEqual([silent(5000)]);
    bench.pass(2000);
    bench.apply(watched());
    expect(bench.notices).toEqual([]);
    bench.pass(3000);
    expect(bench.notices).toEqual([silent(10_000)]);
  });

  test('text comes when somebody writes: it is not watched', () => {
    const bench = new Bench();
    bench.apply(watched([stream({ media: 'text' })]));
    expect(bench.isAtRest()).toBe(true);
    expect(bench.notices).toEqual([]);
  });

  test.each([
    ['RTP of either side', (bench: Bench, { b }: { b: { port: number } }) => bench.receive(peerB, toB(b.port), rtp(1))],
    [
      'RTCP',
      (bench: Bench, { b }: { b: { port: number } }) => bench.receive('198.51.100.30:6001', toB(b.port + 1), rtcp()),
    ],
  ])('%s puts it off', (_, speak) => {
    const bench = new Bench();
    const [allocated] = bench.apply(watched());
    for (let i = 0; i < 10; i++) {
      bench.pass(4000);
      speak(bench, allocated!);
    }
    const ofAll = () => bench.notices.filter((notice) => !('side' in notice));
    expect(ofAll()).toEqual([]);
    bench.pass(5000);
    expect(ofAll()).toEqual([silent(5000)]);
  });

  test('packets that are dropped do not', () => {
    const bench = new Bench();
    const { a } = bench.applyOne(watched());
    bench.pass(3000);
    bench.receive('192.0.2.66:1', toA(a.port), rtp(1));
    bench.receive(peerA, toA(a.port), new Uint8Array(20));
    bench.pass(2000);
    expect(bench.notices).toHaveLength(1);
  });

  test('nor do those of a peer that should not send', () => {
    const bench = new Bench();
    const { a } = bench.applyOne(watched([stream({ a: side('internal', peerA, mute) })]));
    bench.pass(3000);
    expect(bench.receive(peerA, toA(a.port), rtp(1))).toHaveLength(1);
    bench.pass(2000);
    expect(bench.notices).toHaveLength(1);
  });

  test('one stream of several is enough', () => {
    const bench = new Bench();
    const [first, second] = bench.apply(watched([stream(), stream({ stream: 1 })]));
    for (let i = 0; i < 5; i++) {
      bench.pass(3000);
      bench.receive(peerA, toA(second!.a.port), rtp(i));
      bench.receive(peerB, toB(first!.b.port), rtp(i));
    }
    expect(bench.notices).toEqual([]);
  });

  test('on hold, where nobody sends, there is none; after it, the time starts anew', () => {
    const bench = new Bench();
    const hold = watched([stream({ a: side('internal', peerA, mute), b: side('external', peerB, mute) })]);
    bench.apply(watched());
    bench.pass(4000);
    bench.apply(hold);
    bench.pass(3_600_000);
    expect(bench.notices).toEqual([]);
    bench.apply(watched());
    bench.pass(4999);
    expect(bench.notices).toEqual([]);
    bench.pass(1);
    expect(bench.notices).toHaveLength(1);
  });

  test('0 is never; a closed session neither', () => {
    const bench = new Bench();
    bench.apply(watched([stream()], 0));
    expect(bench.isAtRest()).toBe(true);
    expect(bench.notices).toEqual([]);
    bench.apply(watched());
    bench.ask({ kind: 'close', session: 's' });
    expect(bench.relay.nextDeadline()).toBeUndefined();
  });

  test('still lasting, it can be asked for', () => {
    const bench = new Bench();
    const { a } = bench.applyOne(watched());
    bench.apply({ ...watched(), session: 'other', silenceMs: 90_000 });
    bench.pass(7000);
    expect(bench.relay.silences(bench.now)).toEqual([{ kind: 'silent', session: 's', silentMs: 7000 }]);
    bench.receive(peerA, toA(a.port), rtp(1));
    expect(bench.relay.silences(bench.now)).toEqual([]);
  });
});

describe('whatever comes', () => {
  const ringing = { codec: 'PCMU', payloadType: 0, ptime: 60, tones: [{ hz: [425], ms: 1000 }] } as const;
  const source = fc.constantFrom(
    peerA,
    peerB,
    '10.0.0.20:4001',
    '198.51.100.30:6001',
    '198.51.100.30:9',
    '192.0.2.66:7',
    '[2001:db8::1]:9',
  );
  const packet = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .record({ sequence: fc.nat(65535), ssrc: fc.nat(2), type: fc.nat(255) })
      .map(({ sequence, ...more }) => rtp(sequence, more)),
    fc.constant(rtcp()),
  );
  const sideOf = (name: 'internal' | 'external', at: string) =>
    fc
      .record({
        gone: fc.boolean(),
        sends: fc.boolean(),
        revision: fc.nat(3),
        moved: fc.boolean(),
        more: fc.constantFrom<Partial<StreamSidePlan>>({}, {}, { play: ringing }, { pauses: true }),
      })
      .map(({ gone, moved, more, ...rest }) =>
        side(moved ? 'internal' : name, gone ? undefined : at, { ...rest, ...more }),
      );
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('packet' as const), from: source, which: fc.nat(), data: packet }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('apply' as const),
        session: fc.constantFrom('s', 't', 'u'),
        indexes: fc.uniqueArray(fc.nat(3), { maxLength: 3 }),
        a: sideOf('internal', peerA),
        b: sideOf('external', peerB),
        silenceMs: fc.constantFrom(0, 1000, 3000),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('close' as const), session: fc.constantFrom('s', 't', 'u', 'v') }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(4000) }) },
  );

  test('nothing throws, no packet is sent twice, counters add up, and after the last call everything is given back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const bench = new Bench({ pairs: 5 });
        let received = 0;
        for (const next of steps) {
          if (next.do === 'pass') bench.pass(next.ms);
          else if (next.do === 'close') bench.ask({ kind: 'close', session: next.session });
          else if (next.do === 'apply') {
            const streams = next.indexes.map((index) => stream({ stream: index, a: next.a, b: next.b }));
            bench.ask({ kind: 'apply', plan: { session: next.session, streams, silenceMs: next.silenceMs } });
          } else {
            const open = [...bench.io.sockets.values()];
            if (open.length === 0) continue;
            expect(bench.receive(next.from, open[next.which % open.length]!, next.data).length).toBeLessThanOrEqual(1);
            received++;
          }
          const { taken: inside } = bench.ledgers.internal.inspect(bench.now);
          const { taken: outside } = bench.ledgers.external.inspect(bench.now);
          expect(bench.io.sockets.size).toBe(2 * (inside + outside));
          expect(new Set(bench.io.sockets.values()).size).toBe(bench.io.sockets.size);
        }
        // But for tones, in packets of 60 ms.
        expect(bench.io.sent.filter(({ data }) => data.length !== 12 + 480).length).toBeLessThanOrEqual(received);
        for (const session of ['s', 't', 'u']) {
          const closed = bench.ask({ kind: 'close', session });
          if (closed.kind !== 'closed') continue;
          for (const { a, b } of closed.counters)
            for (const { packets, rtcpPackets, dropped } of [a, b]) {
              expect(Math.min(packets, rtcpPackets, dropped)).toBeGreaterThanOrEqual(0);
              expect(packets + rtcpPackets).toBeLessThanOrEqual(received);
            }
        }
        expect(bench.relay.inspect()).toEqual({ sessions: 0, sockets: 0 });
        expect(bench.io.sockets.size).toBe(0);
        expect(bench.relay.nextDeadline()).toBeUndefined();
        bench.now += 2000;
        for (const ledger of Object.values(bench.ledgers))
          expect(ledger.inspect(bench.now)).toEqual({ pairs: 5, taken: 0, quarantined: 0 });
      }),
      { numRuns: 300 },
    );
  });
});
