import { describe, expect, test } from 'vitest';
import { Bench, peerA, peerB, plan, remote, rtcp, rtp, side, stream } from '../../../test/support/relay-bench.ts';

/**
 * The latching matrix. Peer a is silent unless said otherwise; packets come for b's side, from the signalled
 * 198.51.100.30:6000, from its host with another port, or from elsewhere.
 */
const exact = peerB;
const otherPort = '198.51.100.30:6666';
const nat = '192.0.2.99:50000';
const attacker = '192.0.2.66:1234';

function bench(b = side('external', peerB)) {
  const bench = new Bench();
  const [allocated] = bench.apply(plan([stream({ b })]));
  const toB = `203.0.113.1:${allocated!.b.port}`;
  const toA = `10.0.0.1:${allocated!.a.port}`;
  return {
    bench,
    allocated: allocated!,
    /** What came through to a: true or false for each packet. */
    fromB: (source: string, ...packets: Uint8Array[]) =>
      packets.map((packet) => bench.receive(source, toB, packet).length === 1),
    /** Where a packet from a goes. */
    goesTo: () => bench.receive(peerA, toA, rtp(1))[0]?.path.split(' > ')[1],
    rtcpFromB: (source: string) => bench.receive(source, `203.0.113.1:${allocated!.b.rtcpPort}`, rtcp()).length === 1,
    rtcpGoesTo: () => bench.receive('10.0.0.20:4001', `10.0.0.1:${allocated!.a.rtcpPort}`, rtcp())[0]?.path,
    again: (next: ReturnType<typeof side>) => void bench.apply(plan([stream({ b: next })])),
  };
}

const run = (from: number, count: number, ssrc = 1) =>
  Array.from({ length: count }, (_, i) => rtp((from + i) & 0xffff, { ssrc }));

describe('nothing latched', () => {
  test('we send to the signalled address', () => expect(bench().goesTo()).toBe(exact));

  test('the signalled address is heard at once', () => {
    const { fromB, goesTo } = bench();
    expect(fromB(exact, rtp(7))).toEqual([true]);
    expect(goesTo()).toBe(exact);
  });

  test('the signalled host with another port is heard at once, and sent to', () => {
    const { fromB, goesTo } = bench();
    expect(fromB(otherPort, rtp(7))).toEqual([true]);
    expect(goesTo()).toBe(otherPort);
  });

  test('another host is heard from its third packet in a row on, and sent to', () => {
    const { fromB, goesTo, bench: on } = bench();
    expect(fromB(nat, rtp(7), rtp(8))).toEqual([false, false]);
    expect(goesTo()).toBe(exact);
    expect(fromB(nat, rtp(9), rtp(10))).toEqual([true, true]);
    expect(goesTo()).toBe(nat);
    expect(on.counters('s', 'b')).toMatchObject({
      packets: 2,
      dropped: 2,
      source: { host: '192.0.2.99', port: 50000 },
    });
  });

  test.each([
    ['over the wrap', run(65534, 3), true],
    ['a gap', [rtp(1), rtp(2), rtp(4)], false],
    ['a gap, then three', [rtp(1), rtp(2), rtp(4), rtp(5), rtp(6)], true],
    ['the same again and again', [rtp(1), rtp(1), rtp(1), rtp(1)], false],
    ['a duplicate among them', [rtp(1), rtp(2), rtp(2), rtp(3)], true],
    ['backwards', [rtp(3), rtp(2), rtp(1)], false],
    ['two SSRCs', [rtp(1), rtp(2, { ssrc: 2 }), rtp(3)], false],
    ['junk', Array.from({ length: 9 }, () => Uint8Array.of(1, 2, 3)), false],
    ['STUN', Array.from({ length: 9 }, () => new Uint8Array(20)), false],
    ['RTCP', Array.from({ length: 9 }, () => rtcp()), false],
  ])('another host: %s', (_, packets, latches) =>
    expect(
      bench()
        .fromB(nat, ...packets)
        .at(-1),
    ).toBe(latches),
  );

  test('three packets from three hosts prove nothing', () => {
    const { fromB } = bench();
    const from = (host: number, sequence: number) => fromB(`192.0.2.${host}:9`, rtp(sequence))[0];
    expect([from(1, 1), from(2, 2), from(3, 3), from(1, 2), from(1, 3), from(1, 4)]).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  test('junk from the signalled address is not heard, and does not latch', () => {
    const { fromB } = bench();
    expect(fromB(otherPort, Uint8Array.of(0x80, 0), new Uint8Array(20))).toEqual([false, false]);
    expect(fromB(nat, ...run(1, 3)).at(-1)).toBe(true);
  });

  test('RTCP of the signalled host shuts others out', () => {
    const { fromB, rtcpFromB } = bench();
    expect(rtcpFromB('198.51.100.30:6001')).toBe(true);
    expect(fromB(nat, ...run(1, 5))).not.toContain(true);
  });

  test('nothing signalled: nobody is heard, nothing is sent', () => {
    const { fromB, goesTo, rtcpFromB, bench: on } = bench(side('external', undefined));
    expect(fromB(exact, ...run(1, 5))).not.toContain(true);
    expect(rtcpFromB(exact)).toBe(false);
    expect(goesTo()).toBeUndefined();
    expect(on.counters('s', 'b')).toMatchObject({ packets: 0, dropped: 6 });
    expect(on.counters('s', 'a')).toMatchObject({ packets: 1, dropped: 1 });
  });
});

describe('latched', () => {
  test('RTP bleed: nobody else is heard, however long and well-formed, and the call stays where it is', () => {
    const { fromB, goesTo, bench: on } = bench();
    fromB(exact, rtp(1));
    expect(fromB(attacker, ...run(1, 100))).not.toContain(true);
    expect(fromB(attacker, ...run(2, 100, 1))).not.toContain(true);
    expect(goesTo()).toBe(exact);
    expect(fromB(exact, rtp(2))).toEqual([true]);
    expect(on.counters('s', 'b')).toMatchObject({ packets: 2, lost: 0, dropped: 200 });
  });

  test('to the signalled address: its other ports are not heard', () => {
    const { fromB } = bench();
    fromB(exact, rtp(1));
    expect(fromB(otherPort, ...run(2, 5))).not.toContain(true);
  });

  test('to another port of the host: a third port is not heard, the signalled one takes over', () => {
    const { fromB, goesTo } = bench();
    fromB(otherPort, rtp(1));
    expect(fromB('198.51.100.30:7777', ...run(2, 5))).not.toContain(true);
    expect(fromB(exact, rtp(2))).toEqual([true]);
    expect(fromB(otherPort, rtp(3))).toEqual([false]);
    expect(goesTo()).toBe(exact);
  });

  test('to another host: one who was there first loses the call to the signalled host', () => {
    const { fromB, goesTo } = bench();
    expect(fromB(attacker, ...run(1, 3)).at(-1)).toBe(true);
    expect(goesTo()).toBe(attacker);
    expect(fromB(nat, ...run(1, 9))).not.toContain(true);
    expect(fromB(otherPort, rtp(50))).toEqual([true]);
    expect(goesTo()).toBe(otherPort);
    expect(fromB(attacker, ...run(4, 9))).not.toContain(true);
  });
});

describe('new signalling', () => {
  const moved = (at: string | undefined, revision = 2) => side('external', at, { revision });

  test('the same again changes nothing', () => {
    const { fromB, goesTo, again } = bench();
    fromB(nat, ...run(1, 3));
    again(side('external', peerB));
    expect(goesTo()).toBe(nat);
    expect(fromB(nat, rtp(4))).toEqual([true]);
  });

  test('another host: the old one is shut out at once, we send to the new one before it speaks', () => {
    const { fromB, goesTo, again } = bench();
    fromB(exact, rtp(1));
    again(moved('198.51.100.44:8000'));
    expect(goesTo()).toBe('198.51.100.44:8000');
    expect(fromB(exact, ...run(2, 9)).slice(0, 2)).toEqual([false, false]);
  });

  test('another host that has spoken: the old one does not come back', () => {
    const { fromB, again } = bench();
    fromB(exact, rtp(1));
    again(moved('198.51.100.44:8000'));
    expect(fromB('198.51.100.44:8000', rtp(100))).toEqual([true]);
    expect(fromB(exact, ...run(2, 9))).not.toContain(true);
  });

  test('another port of the same host: the old one is heard until the new one speaks, we send to the new one at once', () => {
    const { fromB, goesTo, again } = bench();
    fromB(exact, rtp(1));
    again(moved('198.51.100.30:8000'));
    expect(goesTo()).toBe('198.51.100.30:8000');
    expect(fromB(exact, rtp(2), rtp(3))).toEqual([true, true]);
    expect(goesTo()).toBe('198.51.100.30:8000');
    expect(fromB('198.51.100.30:8000', rtp(4))).toEqual([true]);
    expect(fromB(exact, rtp(5))).toEqual([false]);
  });

  test('another port of the same host, whose packets come from a third: it displaces the old one', () => {
    const { fromB, goesTo, again } = bench();
    fromB(otherPort, rtp(1));
    again(moved('198.51.100.30:8000'));
    expect(fromB(otherPort, rtp(2))).toEqual([true]);
    expect(fromB('198.51.100.30:9999', rtp(3))).toEqual([true]);
    expect(goesTo()).toBe('198.51.100.30:9999');
    expect(fromB(otherPort, rtp(4))).toEqual([false]);
  });

  test('the old source is shut out of attackers too: it is still the host that was signalled', () => {
    const { fromB, again } = bench();
    fromB(exact, rtp(1));
    again(moved('198.51.100.30:8000'));
    expect(fromB(attacker, ...run(1, 9))).not.toContain(true);
  });

  test('to where the source is already: it stays latched', () => {
    const { fromB, goesTo, again } = bench();
    fromB(otherPort, rtp(1));
    again(moved(otherPort));
    expect(goesTo()).toBe(otherPort);
    expect(fromB('198.51.100.30:7777', rtp(2))).toEqual([false]);
    expect(fromB(exact, rtp(2))).toEqual([false]);
  });

  test('behind NAT: learned anew by three packets', () => {
    const { fromB, goesTo, again } = bench(side('external', '192.168.1.5:4000'));
    fromB(nat, ...run(1, 3));
    again(moved('192.168.1.5:4002'));
    expect(fromB('192.0.2.99:50002', ...run(9, 3))).toEqual([false, false, true]);
    expect(goesTo()).toBe('192.0.2.99:50002');
  });

  test('a changed address counts even if the revision was forgotten', () => {
    const { goesTo, again } = bench();
    again(side('external', '198.51.100.44:8000'));
    expect(goesTo()).toBe('198.51.100.44:8000');
  });

  test('the address gone: nothing is sent, nobody heard; back again: learned anew', () => {
    const { fromB, goesTo, again } = bench();
    fromB(exact, rtp(1));
    again(moved(undefined));
    expect(goesTo()).toBeUndefined();
    expect(fromB(exact, rtp(2))).toEqual([false]);
    again(moved(peerB, 3));
    expect(fromB(exact, rtp(3))).toEqual([true]);
  });

  test('hold by 0.0.0.0 (RFC 2543): nothing is sent, even to one who speaks', () => {
    const { fromB, goesTo, again } = bench();
    fromB(exact, rtp(1));
    again(moved('0.0.0.0:6000'));
    expect(goesTo()).toBeUndefined();
    expect(fromB(exact, ...run(2, 3))).toEqual([false, false, true]);
    expect(goesTo()).toBeUndefined();
    again(moved(peerB, 3));
    expect(goesTo()).toBe(exact);
  });
});

describe('RTCP', () => {
  test('goes to the signalled address, from its own port', () => {
    const { rtcpGoesTo, allocated } = bench();
    expect(rtcpGoesTo()).toBe(`203.0.113.1:${allocated.b.rtcpPort} > 198.51.100.30:6001`);
  });

  test('to an address of its own (RFC 3605)', () => {
    const { rtcpGoesTo, rtcpFromB } = bench(side('external', peerB, { remote: remote(peerB, '198.51.100.31:7001') }));
    expect(rtcpGoesTo()).toMatch(/ > 198.51.100.31:7001$/);
    expect(rtcpFromB('198.51.100.31:7001')).toBe(true);
  });

  test('from any port of the host, once; then only that', () => {
    const { rtcpFromB, rtcpGoesTo } = bench();
    expect(rtcpFromB('198.51.100.30:9001')).toBe(true);
    expect(rtcpFromB('198.51.100.30:9003')).toBe(false);
    expect(rtcpGoesTo()).toMatch(/ > 198.51.100.30:9001$/);
    expect(rtcpFromB('198.51.100.30:6001')).toBe(true);
    expect(rtcpFromB('198.51.100.30:9001')).toBe(false);
  });

  test('from the host that RTP latched to, and from nobody else', () => {
    const { fromB, rtcpFromB, rtcpGoesTo } = bench(side('external', '192.168.1.5:4000'));
    expect(rtcpFromB('192.0.2.99:50001')).toBe(false);
    fromB(nat, ...run(1, 3));
    expect(rtcpFromB('192.0.2.66:1')).toBe(false);
    expect(rtcpFromB('192.0.2.99:50001')).toBe(true);
    expect(rtcpGoesTo()).toMatch(/ > 192.0.2.99:50001$/);
  });

  test('follows when RTP moves to a stronger source', () => {
    const { fromB, rtcpFromB, rtcpGoesTo } = bench();
    fromB(attacker, ...run(1, 3));
    expect(rtcpFromB('192.0.2.66:1235')).toBe(true);
    fromB(exact, rtp(1));
    expect(rtcpFromB('192.0.2.66:1235')).toBe(false);
    expect(rtcpGoesTo()).toMatch(/ > 198.51.100.30:6001$/);
  });

  test('new signalling moves it', () => {
    const { rtcpFromB, rtcpGoesTo, again } = bench();
    rtcpFromB('198.51.100.30:9001');
    again(side('external', '198.51.100.44:8000', { revision: 2 }));
    expect(rtcpGoesTo()).toMatch(/ > 198.51.100.44:8001$/);
    expect(rtcpFromB('198.51.100.30:9001')).toBe(false);
  });

  test('RTP or junk on its port is not heard', () => {
    const { bench: on, allocated } = bench();
    const to = `203.0.113.1:${allocated.b.rtcpPort}`;
    expect(on.receive('198.51.100.30:6001', to, rtp(1))).toEqual([]);
    expect(on.receive('198.51.100.30:6001', to, new Uint8Array(40))).toEqual([]);
    expect(on.counters('s', 'b')).toMatchObject({ dropped: 2, rtcpPackets: 0 });
  });

  test('multiplexed with RTP (RFC 5761): heard from the latched source only, and answered there', () => {
    const { bench: on, fromB, rtcpGoesTo, allocated } = bench();
    const report = [rtcp()];
    fromB(otherPort, rtp(1));
    expect(fromB(attacker, ...report)).toEqual([false]);
    expect(rtcpGoesTo()).toMatch(/:6001$/);
    expect(fromB(otherPort, ...report)).toEqual([true]);
    expect(rtcpGoesTo()).toBe(`203.0.113.1:${allocated.b.port} > ${otherPort}`);
    expect(on.counters('s', 'b')).toMatchObject({ packets: 1, rtcpPackets: 1, dropped: 1 });
  });

  test('multiplexed by signalling: to the RTP port from the first; out to a peer that does not, from the RTCP port', () => {
    const {
      fromB,
      rtcpGoesTo,
      allocated,
      bench: on,
    } = bench(side('external', peerB, { remote: remote(peerB, peerB) }));
    expect(rtcpGoesTo()).toBe(`203.0.113.1:${allocated.b.port} > ${exact}`);
    expect(fromB(exact, rtcp())).toEqual([true]);
    expect(on.io.sent.at(-1)!.path).toBe(`10.0.0.1:${allocated.a.rtcpPort} > 10.0.0.20:4001`);
    // It proved no RTP source: the host may still send RTP from another port.
    expect(fromB(otherPort, rtp(1))).toEqual([true]);
  });
});

describe('targets that are none', () => {
  test.each([
    '127.0.0.1:4000',
    '224.0.0.5:4000',
    '255.255.255.255:4000',
    '[::1]:4000',
    'example.com:4000',
    '198.51.100.30:0',
  ])('%s', (at) => {
    const [, host, port] = /^\[?([^\]]*)\]?:(\d+)$/.exec(at)!;
    const address = { host: host!, port: Number(port) };
    const { goesTo } = bench(side('external', undefined, { remote: { rtp: address, rtcp: address } }));
    expect(goesTo()).toBeUndefined();
  });

  test('the very socket that would send', () => {
    const { goesTo, again, allocated } = bench();
    again(side('external', `203.0.113.1:${allocated.b.port}`, { revision: 2 }));
    expect(goesTo()).toBeUndefined();
  });

  test('loopback, from loopback', () => {
    const on = new Bench({ bind: { internal: '127.0.0.1', external: '127.0.0.1' } });
    const [allocated] = on.apply(
      plan([stream({ a: side('internal', '127.0.0.1:4000'), b: side('external', '127.0.0.1:6000') })]),
    );
    const sent = on.receive('127.0.0.1:4000', `127.0.0.1:${allocated!.a.port}`, rtp(1));
    expect(sent[0]?.path).toBe(`127.0.0.1:${allocated!.b.port} > 127.0.0.1:6000`);
  });
});
