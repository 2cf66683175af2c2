import { describe, expect, test } from 'vitest';
import { longestUdptl } from '#codec/udptl';
import { Bench, peerA, peerB, plan, rtcp, rtp, side, stream } from '../../../test/support/relay-bench.ts';

/** A UDPTL packet whose primary packet is so many octets. */
function udptl(sequence: number, primary = 1): Uint8Array {
  const packet = new Uint8Array(3 + primary + 2).fill(0x55);
  packet.set([sequence >> 8, sequence & 0xff, primary]);
  packet.set([0, 0], 3 + primary);
  return packet;
}

const fax = stream({ media: 'image', protocol: 'udptl' });

/** A call at our ports, first of these streams; what comes through to the other side of what a peer sends. */
function call(first = fax) {
  const bench = new Bench();
  const { a, b } = bench.applyOne(plan([first]));
  const ours = { a: `10.0.0.1:${a.port}`, b: `203.0.113.1:${b.port}` };
  return {
    bench,
    ours,
    fromA: (packet: Uint8Array, source = peerA) => bench.receive(source, ours.a, packet),
    fromB: (packet: Uint8Array, source = peerB) => bench.receive(source, ours.b, packet),
    becomes: (next: typeof fax) => expect(bench.applyOne(plan([next]))).toMatchObject({ a, b }),
    counters: () => {
      const answer = bench.ask({ kind: 'counters', sessions: ['s'] });
      if (answer.kind !== 'counters') throw new Error(answer.kind);
      return answer.sessions.s!;
    },
  };
}

describe('a fax by UDPTL', () => {
  test('passes both ways, octet by octet, from the port that its peer sends to', () => {
    const { fromA, fromB, ours } = call();
    const [page, signal] = [udptl(0, 40), udptl(0)];
    expect(fromA(page)).toEqual([{ path: `${ours.b} > ${peerB}`, data: page }]);
    expect(fromB(signal)).toEqual([{ path: `${ours.a} > ${peerA}`, data: signal }]);
  });

  test('what is no UDPTL, and what is longer than any, goes nowhere and moves nothing', () => {
    const { fromA, counters } = call();
    const big = new Uint8Array(longestUdptl + 1);
    for (const octets of [Uint8Array.of(), Uint8Array.of(0, 1), Uint8Array.of(0, 1, 9, 9), big])
      expect(fromA(octets)).toEqual([]);
    expect(counters()[0]).toMatchObject({ media: 'image', a: { packets: 0, dropped: 4 } });
    expect(counters()[0]!.a.source).toBeUndefined();
  });

  test('it latches as RTP does: another port of the host at once, another host at its third in a row', () => {
    const { fromA, fromB } = call();
    expect(fromB(udptl(0), '198.51.100.30:6002')).toHaveLength(1);
    expect(fromA(udptl(0))[0]!.path).toMatch('> 198.51.100.30:6002');

    const nat = call();
    const from = '192.0.2.99:5000';
    expect([0, 0, 1, 3, 4, 5].map((n) => nat.fromB(udptl(n), from).length)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(nat.fromA(udptl(0))[0]!.path).toMatch(`> ${from}`);
  });

  test('who is not the source is not heard', () => {
    const { fromB, counters } = call();
    fromB(udptl(0));
    expect([1, 2, 3, 4].map((n) => fromB(udptl(n), '192.0.2.66:6000').length)).toEqual([0, 0, 0, 0]);
    expect(counters()[0]!.b).toMatchObject({ packets: 1, dropped: 4 });
  });

  test('there is no RTCP of it', () => {
    const { bench, ours, fromA } = call();
    const [host, port] = ours.a.split(':');
    expect(bench.receive('10.0.0.20:4001', `${host}:${Number(port) + 1}`, rtcp())).toEqual([]);
    expect(fromA(rtcp())).toEqual([]);
  });

  test('its losses are counted over the wrap of the sequence, late ones and doubles too', () => {
    const { fromA, counters } = call();
    for (const sequence of [65533, 65534, 0, 1, 65535, 4]) fromA(udptl(sequence));
    expect(counters()[0]!.a).toMatchObject({ packets: 6, bytes: 36, lost: 2, payloadType: -1, rtcpPackets: 0 });
    fromA(udptl(4));
    expect(counters()[0]!.a.lost).toBe(1);
  });
});

describe('a voice stream that becomes a fax', () => {
  test('keeps its ports and the source it latched to', () => {
    const { fromA, fromB, becomes } = call(stream());
    fromB(rtp(1), '198.51.100.30:6444');
    becomes(fax);
    expect(fromA(udptl(0))[0]!.path).toMatch('> 198.51.100.30:6444');
  });

  test('what is still under way of the voice does not come into the fax', () => {
    const { fromA, becomes, counters } = call(stream());
    // A sequence number that reads as the length of a primary packet.
    fromA(rtp(0x1001, { ssrc: 7 }));
    becomes(fax);
    expect(fromA(rtp(0x1002, { ssrc: 7, payload: 'x'.repeat(160) }))).toEqual([]);
    // A fax that lasts: its sequence number looks like RTP.
    expect(fromA(udptl(0x8000, 40))).toHaveLength(1);
    expect(counters()).toMatchObject([
      { stream: 0, media: 'audio', a: { packets: 1 } },
      { stream: 0, media: 'image', a: { packets: 1, dropped: 1 } },
    ]);
  });

  test('and voice again, and a fax again: RTP as before, each counted for itself', () => {
    const { fromA, becomes, counters } = call(stream());
    fromA(rtp(1));
    becomes(fax);
    for (const sequence of [0, 1, 3]) fromA(udptl(sequence));
    becomes(stream());
    expect(fromA(udptl(4))).toEqual([]);
    expect(fromA(rtp(2))).toHaveLength(1);
    becomes(fax);
    for (const sequence of [0, 1]) fromA(udptl(sequence));
    expect(counters()).toMatchObject([
      { media: 'audio', a: { packets: 2, lost: 0, dropped: 1 } },
      { media: 'image', a: { packets: 5, lost: 1, dropped: 0 } },
    ]);
  });

  test('is not watched for silence while it is a fax, nor is the voice beside it', () => {
    const { bench } = call(stream());
    const beside = stream({ stream: 1, media: 'image', protocol: 'udptl' });
    bench.apply(plan([stream(), beside], { silenceMs: 1000 }));
    bench.pass(10_000);
    expect(bench.notices).toEqual([]);
    bench.apply(plan([stream()], { silenceMs: 1000 }));
    bench.pass(1000);
    expect(bench.notices).toMatchObject([{ kind: 'silent' }]);
  });

  test('nothing of ours comes into a fax: no tone, and no key', () => {
    const made = (first: typeof fax) => {
      const { bench, fromA, fromB } = call(stream());
      const play = { codec: 'PCMA', payloadType: 8, ptime: 20, tones: [{ hz: [425], ms: 1000 }] } as const;
      const digits = { as: 'events', eventTypes: { 8000: 101 } } as const;
      for (const says of [fromA, fromB]) says(rtp(1, { type: 8, payload: 'x'.repeat(160) }));
      bench.applyOne(plan([{ ...first, a: { ...first.a, play }, b: { ...first.b, digits } }]));
      const before = bench.io.sent.length;
      bench.ask({ kind: 'press', session: 's', from: 'b', key: '5', ms: 100 });
      bench.pass(1000);
      return bench.io.sent.length - before;
    };
    expect(made(stream())).toBeGreaterThan(40);
    expect(made(fax)).toBe(0);
  });

  test('a fax is never planned with SRTP', () => {
    const { bench } = call();
    const srtp = { send: { suite: 'AES_CM_128_HMAC_SHA1_80', inline: 'A'.repeat(40) } };
    const bad = { ...fax, a: side('internal', peerA, { srtp }) };
    expect(bench.ask({ kind: 'apply', plan: plan([bad]) })).toMatchObject({ kind: 'failed', reason: 'bad-request' });
    expect(bench.ask({ kind: 'apply', plan: plan([stream({ a: bad.a })]) })).toMatchObject({ kind: 'applied' });
  });
});
