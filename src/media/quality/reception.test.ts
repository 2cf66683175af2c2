import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reception } from './index.ts';

const clock = 8000;

function rtp(sequence: number, { ssrc = 1, timestamp = sequence * 160, type = 0 } = {}): Uint8Array {
  const packet = new Uint8Array(172);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, type);
  view.setUint16(2, sequence);
  view.setUint32(4, timestamp);
  view.setUint32(8, ssrc);
  return packet;
}

/** Receives packets 20 ms apart. */
function receive(sequences: readonly number[], ssrc = 1, into = new Reception()): Reception {
  for (const [i, sequence] of sequences.entries()) into.add(rtp(sequence & 0xffff, { ssrc }), 172, clock, i * 20);
  return into;
}

const run = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

describe('loss (RFC 3550 A.3)', () => {
  test.each([
    ['nothing came', [], 0],
    ['one packet', [7], 0],
    ['none lost', run(1, 50), 0],
    ['two lost', [1, 2, 4, 5, 7], 2],
    ['out of order is not lost', [1, 2, 4, 3, 5], 0],
    ['before the first: expected counts from the first', [10, 9, 11], -1],
    ['a duplicate', [1, 2, 2, 3], -1],
    ['a duplicate hides a loss', [1, 2, 2, 4], 0],
    ['over the wrap', [65533, 65534, 65535, 65536, 65537], 0],
    ['lost at the wrap', [65534, 65537, 65538], 2],
    ['late over the wrap', [65534, 65536, 65535, 65537], 0],
    ['two wraps', run(0, 71).map((step) => step * 2000), 140_001 - 71],
    ['the largest gap that counts as loss', [1, 3000], 2998],
    ['a jump that one packet does not prove', [1, 2, 30000, 3, 4], 0],
    ['a jump that two packets prove begins a new run', [1, 2, 4, 30000, 30001, 30003], 1 + 1],
    ['99 behind is late', [200, 101], -1],
    ['a restart far behind', [5000, 5001, 100, 101, 102], 0],
  ])('%s', (_, sequences, lost) => expect(receive(sequences).lost).toBe(lost));

  test('adds up over SSRCs', () => {
    const reception = receive([1, 2, 4]);
    receive([9000, 9003], 2, reception);
    receive([1, 2], 1, reception);
    expect(reception.lost).toBe(1 + 2);
    expect(reception.packets).toBe(7);
    expect(reception.bytes).toBe(7 * 172);
  });

  test('is what was left out, whatever was left out and wherever the wrap falls', () => {
    fc.assert(
      fc.property(fc.nat(65535), fc.array(fc.boolean(), { maxLength: 300 }), (first, kept) => {
        const sequences = [first, ...run(first + 1, kept.length).filter((_, i) => kept[i]), first + kept.length + 1];
        expect(receive(sequences).lost).toBe(kept.filter((keep) => !keep).length);
      }),
    );
  });
});

describe('jitter (RFC 3550 A.8)', () => {
  /** Packets of 20 ms at these times. */
  const jitter = (times: readonly number[], timestamp0 = 0) => {
    const reception = new Reception();
    for (const [i, time] of times.entries())
      reception.add(rtp(i, { timestamp: (timestamp0 + i * 160) >>> 0 }), 172, clock, time);
    return reception.jitterMs;
  };

  test('by hand: |D| = 40 units each time; J = 2.5, 4.84375, 7.041015625 units of 1/8000 s', () => {
    expect(jitter([0, 25])).toBeCloseTo(2.5 / 8, 9);
    expect(jitter([0, 25, 40])).toBeCloseTo(4.84375 / 8, 9);
    expect(jitter([0, 25, 40, 65])).toBeCloseTo(7.041015625 / 8, 9);
  });

  test('an even stream has none, over the timestamp wrap too', () => {
    expect(jitter([0, 20, 40, 60], 2 ** 32 - 200)).toBe(0);
  });

  test('is not known without a clock rate', () => {
    const reception = new Reception();
    reception.add(rtp(1, { type: 96 }), 172, 0, 0);
    reception.add(rtp(2, { type: 96 }), 172, 0, 20);
    expect(reception.jitterMs).toBeUndefined();
    expect(reception.payloadType).toBe(96);
  });

  test('packets without a clock rate leave it alone', () => {
    const reception = new Reception();
    reception.add(rtp(1), 172, clock, 0);
    for (const i of [2, 3, 4]) reception.add(rtp(i, { type: 101, timestamp: 160 }), 16, 0, i * 50);
    reception.add(rtp(5, { timestamp: 160 + 160 * 10 }), 172, clock, 200);
    expect(reception.jitterMs).toBe(0);
  });

  test('a new SSRC starts again', () => {
    const reception = receive([1, 2, 3]);
    reception.add(rtp(4), 172, clock, 500);
    expect(reception.jitterMs).toBeGreaterThan(10);
    reception.add(rtp(77, { ssrc: 5, timestamp: 123456 }), 172, clock, 510);
    expect(reception.jitterMs).toBe(0);
  });

  test('another clock rate starts again', () => {
    const reception = new Reception();
    reception.add(rtp(1), 172, 8000, 0);
    reception.add(rtp(2), 172, 8000, 60);
    reception.add(rtp(3, { timestamp: 9 }), 172, 16000, 80);
    expect(reception.jitterMs).toBe(0);
    reception.add(rtp(4, { timestamp: 9 + 320 }), 172, 16000, 116);
    expect(reception.jitterMs).toBeCloseTo(1, 9);
  });
});
