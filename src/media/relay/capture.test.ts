import { describe, expect, test } from 'vitest';
import { pcma } from '#codec/g711';
import type { CapturePlan, SessionPlan, StreamSidePlan } from '#codec/media-control';
import { packetBlocks } from '#codec/pcapng';
import { Bench, peerA, peerB, plan, rtcp, rtp, side, stream } from '../../../test/support/relay-bench.ts';
import { SrtpPeer } from '../../../test/support/srtp-peer.ts';

const toA = (port: number) => `10.0.0.1:${port}`;
const toB = (port: number) => `203.0.113.1:${port}`;
const wanted: CapturePlan = { name: 'call-1', ms: 60_000, octets: 1_000_000 };

/** A call of which the outer side has SRTP, captured. */
function captured(capture: Partial<CapturePlan> = {}, a: Partial<StreamSidePlan> = {}) {
  const bench = new Bench();
  const peer = new SrtpPeer(1);
  const planned: SessionPlan = plan(
    [stream({ a: side('internal', peerA, a), b: side('external', peerB, { srtp: peer.plan, ...a }) })],
    { capture: { ...wanted, ...capture } },
  );
  const ports = bench.applyOne(planned);
  return {
    bench,
    peer,
    planned,
    fromA: (packet: Uint8Array) => bench.receive(peerA, toA(ports.a.port), packet),
    fromB: (packet: Uint8Array) => bench.receive(peerB, toB(ports.b.port), peer.seal(packet)),
    ports,
    file: () => bench.captures.files.get('call-1')!,
    notices: () => bench.notices.filter(({ kind }) => kind === 'captured'),
  };
}

/** "10.0.0.20:4000 > 10.0.0.1:20000" and the octets of each packet of a file. */
function packetsOf(file: Uint8Array) {
  return packetBlocks(file).map(({ block }) => {
    const view = new DataView(block.buffer, block.byteOffset + 28, block.length - 32);
    const host = (at: number) => [0, 1, 2, 3].map((i) => view.getUint8(at + i)).join('.');
    const length = view.getUint16(24) - 8;
    const data = block.slice(28 + 28, 28 + 28 + length);
    return { path: `${host(12)}:${view.getUint16(20)} > ${host(16)}:${view.getUint16(22)}`, data };
  });
}

describe('a capture', () => {
  test('has what comes and goes on both sides in clear, RTCP too, and changes nothing of it', () => {
    const { bench, peer, fromA, fromB, ports, file, planned, notices } = captured();
    const voice = rtp(1, { payload: 'hello' });
    expect(peer.open(fromA(voice)[0]?.data)).toEqual(voice);
    const answer = rtp(1, { payload: 'there', ssrc: 2 });
    expect(fromB(answer)).toEqual([{ path: `${toA(ports.a.port)} > ${peerA}`, data: answer }]);
    bench.receive('10.0.0.20:4001', toA(ports.a.port + 1), rtcp());
    const { capture: _, ...without } = planned;
    bench.apply(without);
    expect(packetsOf(file().octets)).toEqual([
      { path: `${peerA} > ${toA(ports.a.port)}`, data: voice },
      { path: `${toB(ports.b.port)} > ${peerB}`, data: voice },
      { path: `${peerB} > ${toB(ports.b.port)}`, data: answer },
      { path: `${toA(ports.a.port)} > ${peerA}`, data: answer },
      { path: `10.0.0.20:4001 > ${toA(ports.a.port + 1)}`, data: rtcp() },
      { path: `${toB(ports.b.port + 1)} > 198.51.100.30:6001`, data: rtcp() },
    ]);
    expect(file().ended).toBe(true);
    const over = { kind: 'captured', session: 's', name: 'call-1', why: 'stopped', packets: 6, dropped: 0 };
    expect(notices()).toEqual([{ ...over, octets: file().octets.length }]);
    fromA(rtp(2));
    expect(packetsOf(file().octets)).toHaveLength(6);
  });

  test('tells of us as peers see us, where we are bound to all addresses', () => {
    const bench = new Bench({ bind: { internal: '0.0.0.0', external: '0.0.0.0' }, advertise: '192.0.2.9' });
    const { a, b } = bench.applyOne(plan(undefined, { capture: wanted }));
    bench.receive(peerA, `0.0.0.0:${a.port}`, rtp(1));
    bench.pass(1000);
    expect(packetsOf(bench.captures.files.get('call-1')!.octets).map(({ path }) => path)).toEqual([
      `${peerA} > 192.0.2.9:${a.port}`,
      `192.0.2.9:${b.port} > ${peerB}`,
    ]);
  });

  test('what is not the peer’s is not in it', () => {
    const { bench, ports, file, fromA } = captured();
    fromA(rtp(1));
    bench.receive('10.0.0.99:4000', toA(ports.a.port), rtp(2));
    bench.receive(peerB, toB(ports.b.port), rtp(2));
    bench.pass(1000);
    expect(packetsOf(file().octets)).toHaveLength(2);
  });

  test('goes on with the same plan again, and another name begins another', () => {
    const { bench, planned, fromA, notices } = captured();
    fromA(rtp(1));
    bench.apply(planned);
    expect([notices(), bench.captures.files.size]).toEqual([[], 1]);
    bench.apply({ ...planned, capture: { ...wanted, name: 'call-2' } });
    fromA(rtp(2));
    bench.pass(1000);
    expect(notices()).toMatchObject([{ name: 'call-1', why: 'stopped', packets: 2 }]);
    expect(packetsOf(bench.captures.files.get('call-2')!.octets)).toHaveLength(2);
  });

  test('is on the disk within a second, ends with its time, and does not begin again', () => {
    const { bench, planned, fromA, file, notices } = captured({ ms: 3_500 });
    fromA(rtp(1));
    expect(packetsOf(file().octets)).toHaveLength(0);
    bench.pass(1000);
    expect(packetsOf(file().octets)).toHaveLength(2);
    bench.pass(2_499);
    expect(notices()).toEqual([]);
    bench.pass(1);
    expect(notices()).toMatchObject([{ why: 'time', packets: 2 }]);
    bench.apply(planned);
    fromA(rtp(2));
    bench.pass(2000);
    expect([packetsOf(file().octets).length, notices().length]).toEqual([2, 1]);
    expect(bench.relay.captured()).toEqual(notices());
  });

  test('never is larger than it may be', () => {
    const { fromA, file, notices } = captured({ octets: 5_000 });
    for (let sequence = 1; sequence < 200; sequence++) fromA(rtp(sequence, { payload: 'x'.repeat(160) }));
    expect(file().octets.length).toBeLessThanOrEqual(5_000);
    expect(file().octets.length).toBeGreaterThan(4_700);
    expect(notices()).toMatchObject([{ why: 'size', octets: file().octets.length }]);
  });

  test('holds nothing up when the disk does not keep up: what is lost is counted', () => {
    const { bench, fromA, notices, planned, file } = captured();
    fromA(rtp(1));
    bench.pass(1000);
    bench.captures.full = true;
    expect(fromA(rtp(2))).toHaveLength(1);
    bench.pass(1000);
    bench.captures.full = false;
    fromA(rtp(3));
    const { capture: _, ...without } = planned;
    bench.apply(without);
    expect(notices()).toMatchObject([{ why: 'stopped', packets: 4, dropped: 2, octets: file().octets.length }]);
  });

  test('a file that cannot be written ends it, and the call goes on', () => {
    const { fromA, file, notices } = captured();
    fromA(rtp(1));
    file().fail('ENOSPC: no space left on device');
    expect(notices()).toMatchObject([{ why: 'failed', detail: 'ENOSPC: no space left on device', packets: 0 }]);
    expect(fromA(rtp(2))).toHaveLength(1);
  });

  test('ends with the session, before that is told', () => {
    const { bench, fromA, notices } = captured();
    fromA(rtp(1));
    expect(bench.ask({ kind: 'close', session: 's' }).kind).toBe('closed');
    expect(notices()).toMatchObject([{ why: 'closed', packets: 2 }]);
    expect(bench.relay.nextDeadline()).toBeUndefined();
  });

  test.each(['../x', '', 'a/b', '.a', 'a b', 'x'.repeat(101)])('is not made under the name %j', (name) => {
    const bench = new Bench();
    const answer = bench.ask({ kind: 'apply', plan: plan(undefined, { capture: { ...wanted, name } }) });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'bad-request' });
  });
});

describe('keys in a capture', () => {
  const five = Uint8Array.of(5, 0x8a, 3, 0x20);
  const event = (type: number) => rtp(1, { type, payload: String.fromCharCode(...five) });
  const tone = (from: number) => {
    let text = '';
    for (let i = from; i < from + 160; i++) {
      const at = (2 * Math.PI * i) / 8000;
      text += String.fromCharCode(pcma.code(Math.round(6000 * Math.sin(770 * at) + 6000 * Math.sin(1336 * at))));
    }
    return text;
  };

  test.each([
    ['of the type that was agreed on', 101, { events: [101] }],
    ['of one that nobody told', 118, {}],
  ])('events %s have no number, on either side', (_name, type, told) => {
    const { bench, fromA, file, peer } = captured({}, told);
    expect(peer.open(fromA(event(type))[0]?.data)).toEqual(event(type));
    bench.pass(1000);
    expect(packetsOf(file().octets).map(({ data }) => data[12])).toEqual([0xff, 0xff]);
    expect(packetsOf(file().octets)[0]!.data.subarray(0, 12)).toEqual(event(type).subarray(0, 12));
  });

  test('events that are carried inside another packet (RFC 2198) go with it', () => {
    const { bench, fromA, file } = captured({}, { events: [101] });
    const payload = String.fromCharCode(0x80 | 101, 0, 0, 4, 0, ...five, 1, 2, 3);
    fromA(rtp(1, { type: 97, payload }));
    bench.pass(1000);
    for (const { data } of packetsOf(file().octets)) expect(new Set(data.subarray(12))).toEqual(new Set([0xff]));
  });

  test('tones become silence from the first packet on, and what is said stays', () => {
    const { bench, fromA, file } = captured();
    const said = 'q'.repeat(160);
    for (let n = 0; n < 5; n++) fromA(rtp(n + 1, { type: 8, payload: tone(160 * n) }));
    for (let n = 5; n < 10; n++) fromA(rtp(n + 1, { type: 8, payload: said }));
    bench.pass(1000);
    const came = packetsOf(file().octets).filter((_, i) => i % 2 === 0);
    const text = came.map(({ data }) => String.fromCharCode(...data.subarray(12)));
    const silence = String.fromCharCode(pcma.code(0)).repeat(160);
    expect(text.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => silence));
    expect(text.slice(-3)).toEqual([said, said, said]);
  });

  test('stay where that was allowed', () => {
    const { bench, fromA, file } = captured({ keys: true }, { events: [101] });
    fromA(event(101));
    fromA(rtp(2, { type: 8, payload: tone(0) }));
    bench.pass(1000);
    const [first, , third] = packetsOf(file().octets);
    expect(first!.data).toEqual(event(101));
    expect(third!.data).toEqual(rtp(2, { type: 8, payload: tone(0) }));
  });
});
