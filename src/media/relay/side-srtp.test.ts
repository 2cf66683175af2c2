import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StreamSidePlan } from '#codec/media-control';
import { srtpSuites } from '#codec/srtp';
import { Bench, peerA, peerB, plan, rtcp, rtp, side, stream } from '../../../test/support/relay-bench.ts';
import { SrtpPeer } from '../../../test/support/srtp-peer.ts';

const toA = (port: number) => `10.0.0.1:${port}`;
const toB = (port: number) => `203.0.113.1:${port}`;

const sideA = (more: Partial<StreamSidePlan>) => side('internal', peerA, more);
const sideB = (more: Partial<StreamSidePlan>) => side('external', peerB, more);
const planOf = (a: Partial<StreamSidePlan>, b: Partial<StreamSidePlan>) => plan([stream({ a: sideA(a), b: sideB(b) })]);

function forged(packet: Uint8Array): Uint8Array {
  const other = packet.slice();
  other[14]! ^= 1;
  return other;
}

describe.each(srtpSuites)('with $name', ({ name }) => {
  test('RTP inside, SRTP outside, and RTCP alike', () => {
    const peer = new SrtpPeer(1, name);
    const bench = new Bench();
    const { a, b } = bench.applyOne(planOf({}, { srtp: peer.plan }));
    const voice = rtp(1, { payload: 'hello' });
    const [out] = bench.receive(peerA, toA(a.port), voice);
    expect(out?.path).toBe(`${toB(b.port)} > ${peerB}`);
    expect(out?.data).not.toEqual(voice);
    expect(peer.open(out?.data)).toEqual(voice);
    expect(bench.receive(peerB, toB(b.port), peer.seal(voice))).toEqual([
      { path: `${toA(a.port)} > ${peerA}`, data: voice },
    ]);
    const report = rtcp(9);
    const [rtcpOut] = bench.receive('10.0.0.20:4001', toA(a.port + 1), report);
    expect(peer.open(rtcpOut?.data, 'Rtcp')).toEqual(report);
    expect(bench.receive('198.51.100.30:6001', toB(b.port + 1), peer.seal(report, 'Rtcp'))).toEqual([
      { path: `${toA(a.port + 1)} > 10.0.0.20:4001`, data: report },
    ]);
    expect(bench.counters('s', 'b')).toMatchObject({ packets: 1, rtcpPackets: 1, unauthentic: 0, replayed: 0 });
    expect(bench.counters('s', 'a')).not.toHaveProperty('unauthentic');
  });
});

test('SRTP on both sides, each with its own keys and suite', () => {
  const [inner, outer] = [new SrtpPeer(1, 'AEAD_AES_256_GCM'), new SrtpPeer(50, 'AES_CM_128_HMAC_SHA1_32')];
  const bench = new Bench();
  const { a, b } = bench.applyOne(planOf({ srtp: inner.plan }, { srtp: outer.plan }));
  for (let sequence = 1; sequence < 5; sequence++) {
    const voice = rtp(sequence, { payload: `${sequence}` });
    expect(outer.open(bench.receive(peerA, toA(a.port), inner.seal(voice))[0]?.data)).toEqual(voice);
    expect(inner.open(bench.receive(peerB, toB(b.port), outer.seal(voice))[0]?.data)).toEqual(voice);
  }
});

test('RTCP on the RTP port (RFC 5761) is opened and sealed as RTCP', () => {
  const [inner, outer] = [new SrtpPeer(1), new SrtpPeer(50)];
  const bench = new Bench();
  const { a, b } = bench.applyOne(planOf({ srtp: inner.plan }, { srtp: outer.plan }));
  bench.receive(peerA, toA(a.port), inner.seal(rtp(1)));
  bench.receive(peerB, toB(b.port), outer.seal(rtp(1)));
  bench.receive(peerB, toB(b.port), outer.seal(rtcp(3), 'Rtcp'));
  const [out] = bench.receive(peerA, toA(a.port), inner.seal(rtcp(4), 'Rtcp'));
  expect(out?.path).toBe(`${toB(b.port)} > ${peerB}`);
  expect(outer.open(out?.data, 'Rtcp')).toEqual(rtcp(4));
});

describe('what is not authentic', () => {
  test('is dropped and counted by kind, and the true packet still comes through', () => {
    const peer = new SrtpPeer(1);
    const bench = new Bench();
    const { a, b } = bench.applyOne(planOf({}, { srtp: peer.plan }));
    const sealed = peer.seal(rtp(1));
    const report = peer.seal(rtcp(), 'Rtcp');
    expect(bench.receive(peerB, toB(b.port), forged(sealed))).toEqual([]);
    expect(bench.receive(peerB, toB(b.port), rtp(1))).toEqual([]); // in clear
    expect(bench.receive('198.51.100.30:6001', toB(b.port + 1), rtcp())).toEqual([]);
    expect(bench.counters('s', 'b')).toMatchObject({ packets: 0, unauthentic: 3, replayed: 0, dropped: 0 });
    expect(bench.receive(peerB, toB(b.port), sealed)[0]?.path).toBe(`${toA(a.port)} > ${peerA}`);
    expect(bench.receive(peerB, toB(b.port), sealed)).toEqual([]);
    expect(bench.receive('198.51.100.30:6001', toB(b.port + 1), report)).toHaveLength(1);
    expect(bench.receive('198.51.100.30:6001', toB(b.port + 1), report)).toEqual([]);
    expect(bench.counters('s', 'b')).toMatchObject({ packets: 1, rtcpPackets: 1, unauthentic: 3, replayed: 2 });
  });

  test('does not latch, nor keep silence away', () => {
    const peer = new SrtpPeer(1);
    const bench = new Bench();
    const { a, b } = bench.applyOne({ ...planOf({ sends: false }, { srtp: peer.plan }), silenceMs: 5000 });
    bench.pass(3000);
    bench.receive('198.51.100.30:7777', toB(b.port), forged(peer.seal(rtp(1))));
    expect(bench.counters('s', 'b')).not.toHaveProperty('source');
    expect(bench.receive(peerA, toA(a.port), rtp(1))[0]?.path).toBe(`${toB(b.port)} > ${peerB}`);
    bench.pass(2000);
    expect(bench.notices).toHaveLength(1);
    bench.receive('198.51.100.30:7777', toB(b.port), peer.seal(rtp(2)));
    expect(bench.counters('s', 'b').source).toEqual({ host: '198.51.100.30', port: 7777 });
  });

  test('a copy from elsewhere that is faster than the original does not take its place', () => {
    const peer = new SrtpPeer(1);
    const bench = new Bench();
    const { b } = bench.applyOne(planOf({}, { srtp: peer.plan }));
    expect(bench.receive(peerB, toB(b.port), peer.seal(rtp(1)))).toHaveLength(1);
    const sealed = peer.seal(rtp(2));
    expect(bench.receive('192.0.2.66:6000', toB(b.port), sealed)).toEqual([]);
    expect(bench.receive(peerB, toB(b.port), sealed)).toHaveLength(1);
    expect(bench.counters('s', 'b')).toMatchObject({ packets: 2, dropped: 1, replayed: 0 });
  });

  test('before the peer’s key is known nothing of it is read; we may send all the same', () => {
    const peer = new SrtpPeer(1);
    const bench = new Bench();
    const { a, b } = bench.applyOne(planOf({}, { srtp: { send: peer.plan.send } }));
    expect(peer.open(bench.receive(peerA, toA(a.port), rtp(1))[0]?.data)).toEqual(rtp(1));
    const early = peer.seal(rtp(1));
    expect(bench.receive(peerB, toB(b.port), early)).toEqual([]);
    expect(bench.counters('s', 'b').unauthentic).toBe(1);
    bench.apply(planOf({}, { srtp: peer.plan }));
    expect(bench.receive(peerB, toB(b.port), early)).toHaveLength(1);
    expect(peer.open(bench.receive(peerA, toA(a.port), rtp(2))[0]?.data)).toEqual(rtp(2));
  });

  test('whatever comes to an SRTP side, its peer is always heard', () => {
    const packet = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.record({ at: fc.nat(99), bit: fc.nat(7) }));
    fc.assert(
      fc.property(fc.array(fc.tuple(packet, fc.boolean()), { maxLength: 30 }), (steps) => {
        const peer = new SrtpPeer(1);
        const bench = new Bench();
        const { a, b } = bench.applyOne(planOf({}, { srtp: peer.plan }));
        for (const [i, [next, isRtcp]] of steps.entries()) {
          const sealed = peer.seal(rtp(65_530 + i));
          let junk = sealed.slice();
          if (next instanceof Uint8Array) junk = next;
          else junk[next.at % junk.length]! ^= 1 << next.bit;
          expect(bench.receive(peerB, toB(b.port + (isRtcp ? 1 : 0)), junk)).toEqual([]);
          expect(bench.receive(peerB, toB(b.port), sealed)).toEqual([
            { path: `${toA(a.port)} > ${peerA}`, data: rtp(65_530 + i) },
          ]);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the plan applied again', () => {
  /** A call whose roll-over counters stand at 1, in both directions. */
  function longCall() {
    const peer = new SrtpPeer(1);
    const bench = new Bench();
    const { a, b } = bench.applyOne(planOf({}, { srtp: peer.plan }));
    const talk = (sequence: number) => {
      const voice = rtp(sequence % 65536, { payload: `${sequence}` });
      expect(peer.open(bench.receive(peerA, toA(a.port), voice)[0]?.data)).toEqual(voice);
      expect(bench.receive(peerB, toB(b.port), peer.seal(voice))[0]?.data).toEqual(voice);
    };
    for (const sequence of [40_000, 65_535, 65_536]) talk(sequence);
    return { peer, bench, a, b, talk };
  }

  test('with the same keys goes on counting: roll-over counters and replay window stay', () => {
    const { peer, bench, b, talk } = longCall();
    const last = peer.seal(rtp(1));
    expect(bench.receive(peerB, toB(b.port), last)).toHaveLength(1);
    // A re-INVITE, hold and back, another mark: all with the same keys.
    const again = (more: object) => bench.apply(planOf({}, { srtp: peer.plan, revision: 2, ...more }));
    again({});
    again({ sends: false });
    again({ dscp: 46 });
    expect(bench.receive(peerB, toB(b.port), last)).toEqual([]);
    expect(bench.counters('s', 'b').replayed).toBe(1);
    talk(65_538);
  });

  test('with other keys begins anew; packets of the old key are taken until one of the new has come', () => {
    const { peer, bench, a, b } = longCall();
    const next = new SrtpPeer(7);
    const underway = [65_537, 65_538].map((sequence) => peer.seal(rtp(sequence - 65_536)));
    bench.apply(planOf({}, { srtp: next.plan }));
    expect(next.open(bench.receive(peerA, toA(a.port), rtp(5, { ssrc: 2 }))[0]?.data)).toEqual(rtp(5, { ssrc: 2 }));
    expect(bench.receive(peerB, toB(b.port), underway[0]!)).toHaveLength(1);
    expect(bench.receive(peerB, toB(b.port), underway[0]!)).toEqual([]);
    expect(bench.receive(peerB, toB(b.port), next.seal(rtp(1)))).toHaveLength(1);
    expect(bench.receive(peerB, toB(b.port), underway[1]!)).toEqual([]);
    expect(bench.counters('s', 'b')).toMatchObject({ replayed: 1, unauthentic: 1 });
  });

  test('a change that is taken back: no index of the old key is used twice', () => {
    const { peer, bench, a, talk } = longCall();
    bench.apply(planOf({}, { srtp: new SrtpPeer(7).plan }));
    bench.receive(peerA, toA(a.port), rtp(1));
    bench.apply(planOf({}, { srtp: peer.plan }));
    talk(65_540);
  });

  test('SRTP that goes and comes back with its keys goes on counting too', () => {
    const { peer, bench, a, talk } = longCall();
    bench.apply(planOf({}, {}));
    expect(bench.receive(peerA, toA(a.port), rtp(1))[0]?.data).toEqual(rtp(1));
    bench.apply(planOf({}, { srtp: peer.plan }));
    talk(65_540);
    expect(bench.counters('s', 'b')).toHaveProperty('unauthentic');
  });

  test('a side that moves to the other interface takes its SRTP along', () => {
    const peer = new SrtpPeer(1);
    const bench = new Bench();
    const { a } = bench.applyOne(planOf({}, { srtp: peer.plan }));
    for (const sequence of [40_000, 65_535, 0]) peer.open(bench.receive(peerA, toA(a.port), rtp(sequence))[0]?.data);
    const moved = bench.applyOne(
      plan([stream({ a: sideA({}), b: side('internal', '10.0.0.30:4000', { srtp: peer.plan, revision: 2 }) })]),
    );
    expect(peer.open(bench.receive(peerA, toA(moved.a.port), rtp(1))[0]?.data)).toEqual(rtp(1));
  });

  test('a bad key is refused, the session goes on as it was, and the key is not told', () => {
    const { peer, bench, talk } = longCall();
    const bad = { ...peer.plan.send, inline: 'bm90IGEga2V5' };
    const answer = bench.ask({ kind: 'apply', plan: planOf({}, { srtp: { send: bad } }) });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'bad-request' });
    expect(JSON.stringify(answer)).not.toContain(bad.inline);
    talk(65_540);
  });
});

test('what the peer in clear sends twice under one number is sealed once', () => {
  const peer = new SrtpPeer(1);
  const bench = new Bench();
  const { a } = bench.applyOne(planOf({}, { srtp: peer.plan }));
  expect(bench.receive(peerA, toA(a.port), rtp(1, { payload: 'one' }))).toHaveLength(1);
  expect(bench.receive(peerA, toA(a.port), rtp(1, { payload: 'two' }))).toEqual([]);
  expect(bench.counters('s', 'a')).toMatchObject({ packets: 2, dropped: 1 });
});

test('keys are neither in counters nor in what is inspected', () => {
  const peer = new SrtpPeer(1);
  const bench = new Bench();
  bench.apply(planOf({ srtp: peer.plan }, {}));
  const shown = JSON.stringify([bench.relay.inspect(), bench.ask({ kind: 'counters', sessions: ['s'] })]);
  for (const { inline } of [peer.plan.send, peer.plan.receive!]) expect(shown).not.toContain(inline);
});

test('DSCP: both sockets of the side, again only when it changes, and taken away', () => {
  const bench = new Bench();
  const { a, b } = bench.applyOne(planOf({ dscp: 46 }, {}));
  const marks = () =>
    Object.fromEntries([...bench.io.sockets].map(([socket, name]) => [name, bench.io.dscp.get(socket)]));
  expect(marks()).toEqual({
    [toA(a.port)]: 46,
    [toA(a.port + 1)]: 46,
    [toB(b.port)]: undefined,
    [toB(b.port + 1)]: undefined,
  });
  bench.io.dscp.clear();
  bench.apply(planOf({ dscp: 46 }, { dscp: 10 }));
  expect(marks()).toMatchObject({ [toA(a.port)]: undefined, [toB(b.port)]: 10 });
  bench.apply(planOf({}, { dscp: 10 }));
  expect(marks()).toMatchObject({ [toA(a.port)]: 0, [toA(a.port + 1)]: 0, [toB(b.port)]: 10 });
});
