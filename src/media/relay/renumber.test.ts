import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bench, peerA, peerB, plan, rtp, side, stream } from '../../../test/support/relay-bench.ts';
import { SrtpPeer } from '../../../test/support/srtp-peer.ts';
import { renumber, renumbering } from './renumber.ts';

const toA = (port: number) => `10.0.0.1:${port}`;
const toB = (port: number) => `203.0.113.1:${port}`;

/** Marker, type and payload of a packet after it went through. */
function renumbered(packet: Uint8Array, types: Record<number, number>, redundant?: readonly number[]): Uint8Array {
  const copy = packet.slice();
  const table = renumbering(types, redundant);
  if (table) renumber(copy, copy.length, table);
  return copy;
}

test('each side gets its own numbers, the counters tell what came', () => {
  const bench = new Bench();
  const a = side('internal', peerA, { payloadTypes: { 101: 96, 96: 101 } });
  const b = side('external', peerB, { payloadTypes: { 96: 101, 101: 96 } });
  const ports = bench.applyOne(plan([stream({ a, b })]));
  const [out] = bench.receive(peerA, toA(ports.a.port), rtp(1, { type: 101 }));
  expect(out?.data).toEqual(rtp(1, { type: 96 }));
  const [back] = bench.receive(peerB, toB(ports.b.port), rtp(1, { type: 96 }));
  expect(back?.data).toEqual(rtp(1, { type: 101 }));
  expect(bench.receive(peerA, toA(ports.a.port), rtp(2, { type: 8 }))[0]?.data).toEqual(rtp(2, { type: 8 }));
  expect(bench.counters('s', 'a').payloadType).toBe(8);
  expect(bench.counters('s', 'b').payloadType).toBe(96);
  // The next plan knows of no difference.
  bench.apply(plan());
  expect(bench.receive(peerA, toA(ports.a.port), rtp(3, { type: 101 }))[0]?.data).toEqual(rtp(3, { type: 101 }));
});

test('between SRTP and SRTP', () => {
  const [inner, outer] = [new SrtpPeer(1), new SrtpPeer(50)];
  const bench = new Bench();
  const a = side('internal', peerA, { srtp: inner.plan, payloadTypes: { 97: 111 } });
  const { a: at } = bench.applyOne(plan([stream({ a, b: side('external', peerB, { srtp: outer.plan }) })]));
  const [out] = bench.receive(peerA, toA(at.port), inner.seal(rtp(1, { type: 97 })));
  expect(outer.open(out?.data)).toEqual(rtp(1, { type: 111 }));
});

test('the marker stays', () => {
  const packet = rtp(1, { type: 101 });
  packet[1]! |= 0x80;
  expect(renumbered(packet, { 101: 96 })[1]).toBe(0x80 | 96);
});

test('types inside of redundant packets too (RFC 2198 3)', () => {
  const packet = Uint8Array.from([
    ...rtp(1, { type: 100, payload: '' }),
    0x80 | 98,
    0,
    0,
    2,
    0x80 | 98,
    0,
    0,
    1,
    98,
    1,
    2,
    98,
  ]);
  const inside = renumbered(packet, { 100: 121, 98: 120 }, [100]).subarray(12);
  expect([...inside]).toEqual([0x80 | 120, 0, 0, 2, 0x80 | 120, 0, 0, 1, 120, 1, 2, 98]);
  // Of others the payload is let be.
  expect([...renumbered(packet, { 100: 121, 98: 120 }).subarray(12)]).toEqual([...packet.subarray(12)]);
});

test('nothing is done where nothing differs', () => {
  expect(renumbering(undefined, [96])).toBeUndefined();
  expect(renumbering({}, [])).toBeUndefined();
  expect(renumbering({ 96: 96, 0: 0 }, [])).toBeUndefined();
});

test('a packet that ends too early is not written past its end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 40 }), fc.integer({ min: 0, max: 127 }), (packet, to) => {
      const length = Math.max(12, packet.length - 4);
      packet[1] = 100;
      const before = packet.slice();
      renumber(packet, length, renumbering({ 100: to === 100 ? 101 : to }, [100])!);
      expect(packet.subarray(length)).toEqual(before.subarray(length));
    }),
  );
});
