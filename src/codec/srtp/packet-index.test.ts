import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateIndex, maxRtpIndex, ReplayWindow, replayWindow } from './packet-index.ts';

describe('the index of a packet (RFC 3711 3.3.1, appendix A)', () => {
  test.each([
    // highest so far, sequence number, index
    [0, 0, 0],
    [0, 1, 1],
    [0, 32768, 32768],
    [0, 32769, -1], // nothing lies before the first roll-over
    [100, 65000, -1],
    [65535, 0, 65536],
    [65535, 32767, 32767],
    [65535, 32766, 65536 + 32766],
    [65536, 65535, 65535], // late, from before the wrap
    [3 * 65536 + 5, 65530, 2 * 65536 + 65530],
    [3 * 65536 + 65530, 5, 4 * 65536 + 5],
    [0x8000 * 65536 + 65535, 3, 0x8001 * 65536 + 3], // beyond 2^31
    [maxRtpIndex - 1, 65535, maxRtpIndex],
    [maxRtpIndex, 0, maxRtpIndex + 1],
  ])('after %d, sequence number %d is %d', (highest, sequence, index) =>
    expect(estimateIndex(highest, sequence)).toBe(index),
  );

  test('is right for whatever is less than 2^15 away', () => {
    const index = fc.integer({ min: 40_000, max: maxRtpIndex - 40_000 });
    fc.assert(
      fc.property(index, fc.integer({ min: -32767, max: 32767 }), (highest, away) => {
        expect(estimateIndex(highest, (highest + away) % 65536)).toBe(highest + away);
      }),
    );
  });
});

describe('the replay window', () => {
  test('is as wide as RFC 3711 3.3.2 wants', () => expect(replayWindow).toBeGreaterThanOrEqual(64));

  test('tells used from unused exactly as a list of all would', () => {
    const moves = fc.array(
      fc.oneof(fc.integer({ min: -300, max: 5 }), fc.integer({ min: 0, max: 600 }), fc.constant(1)),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), moves, (start, steps) => {
        const window = new ReplayWindow();
        const used = new Set<number>();
        let highest = -1;
        for (const step of steps) {
          const index = highest < 0 ? start : highest + step;
          if (index < 0) continue;
          const expected = highest >= 0 && (index <= highest - replayWindow || used.has(index));
          expect(window.has(index)).toBe(expected);
          if (expected) continue;
          window.add(index);
          used.add(index);
          highest = Math.max(highest, index);
          expect(window.highest).toBe(highest);
          expect(window.has(index)).toBe(true);
        }
      }),
    );
  });
});
