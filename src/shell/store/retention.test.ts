import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ExpiryOrder, Retention } from './retention.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse('2026-11-24T00:00:00Z');

let sent: ExpiryOrder[];
let gone: { calls: number; before: number }[];
let troubles: string[];
/** How far the clock is ahead of where it should be. */
let wrong: number;
let retention: Retention;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  [sent, gone, troubles, wrong] = [[], [], [], 0];
  const mono = () => Date.now() - start;
  retention = new Retention({
    send: (order) => {
      sent.push(order);
      return true;
    },
    onExpired: (calls, before) => gone.push({ calls, before }),
    onTrouble: (detail) => troubles.push(detail),
    wall: () => Date.now() + wrong,
    mono,
    pause: 10 * 60_000,
  });
});
afterEach(() => {
  retention.close();
  vi.useRealTimers();
});

/** Each look is answered as one that found nothing. */
function pass(ms: number): void {
  for (let gone = 0; gone < ms; gone += 10 * 60_000) {
    vi.advanceTimersByTime(10 * 60_000);
    retention.heard({ calls: 0, more: false });
  }
}

describe('what is let go', () => {
  test('goes a part at a time, as long as there is more', () => {
    retention.keep(7 * day);
    expect(sent.map(({ before }) => before)).toEqual([start - 7 * day]);
    retention.heard({ calls: 250, more: true });
    vi.advanceTimersByTime(50);
    expect(sent.map(({ before }) => before)).toEqual([start - 7 * day, start - 7 * day]);
    retention.heard({ calls: 3, more: false });
    expect(gone).toEqual([{ calls: 253, before: start - 7 * day }]);
    vi.advanceTimersByTime(9 * 60_000);
    expect(sent).toHaveLength(2);
    vi.advanceTimersByTime(60_000);
    expect(sent).toHaveLength(3);
  });

  test('stays from the moment on in which somebody wants it longer', () => {
    retention.keep(day);
    retention.heard({ calls: 250, more: true });
    retention.keep(undefined);
    expect(gone).toEqual([{ calls: 250, before: start - day }]);
    vi.advanceTimersByTime(hour);
    expect(sent).toHaveLength(1);
  });

  test('what the thread has in its hands then is the last of it, and what is wanted instead comes behind', () => {
    retention.keep(day);
    retention.keep(30 * day);
    expect(sent).toHaveLength(1);
    retention.heard({ calls: 250, more: true });
    expect(sent.map(({ before }) => before)).toEqual([start - day, start - 30 * day]);
    retention.heard({ calls: 0, more: false });
    expect(gone).toEqual([{ calls: 250, before: start - day }]);
    vi.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(2);
  });

  test('is looked for again after trouble, and when another thread is there', () => {
    retention.keep(day);
    retention.failed('the disk is full');
    expect(troubles).toEqual(['the disk is full']);
    vi.advanceTimersByTime(10 * 60_000);
    expect(sent).toHaveLength(2);
    retention.lost();
    vi.advanceTimersByTime(10 * 60_000);
    expect(sent).toHaveLength(3);
  });
});

describe('a clock', () => {
  test('is believed at the start by a record of the week before, which is not of the last moments', () => {
    retention.keep(100 * day);
    expect(sent[0]!.unproven).toEqual({ since: start - 8 * day, until: start - day });
    retention.keep(day);
    retention.heard({ calls: 0, more: false });
    expect(sent[1]!.unproven).toEqual({ since: start - 7 * day - 12 * hour, until: start - 12 * hour });
  });

  test('that no record bears out is told of once, and believed when it has gone on for a day', () => {
    retention.keep(100 * day);
    retention.heard('doubtful');
    for (let look = 1; look < 144; look++) {
      vi.advanceTimersByTime(10 * 60_000);
      retention.heard('doubtful');
    }
    expect(sent.every(({ unproven }) => unproven !== undefined)).toBe(true);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain('2026-11-24T00:00:00.000Z: put it right');
    vi.advanceTimersByTime(10 * 60_000);
    expect(sent.at(-1)).toEqual({ before: start - 99 * day });
    expect(gone).toEqual([]);
  });

  test('that leaps by years has nothing deleted before it has gone on like that for a day', () => {
    retention.keep(100 * day);
    pass(2 * day);
    const before = sent.length;
    wrong = 5 * 365 * day;
    pass(day);
    expect(sent).toHaveLength(before);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain('the clock went 43800 h ahead at once, to 2031-11-25T00:10:00.000Z');
    pass(10 * 60_000);
    expect(sent).toHaveLength(before + 1);
  });

  test('that was put right again is believed by the records that it has', () => {
    retention.keep(100 * day);
    pass(2 * day);
    wrong = 365 * day;
    pass(hour);
    wrong = 0;
    vi.advanceTimersByTime(10 * 60_000);
    const now = start + 2 * day + hour + 10 * 60_000;
    expect(sent.at(-1)).toEqual({
      before: now - 100 * day,
      unproven: { since: now - 8 * day, until: now - day },
    });
  });

  test('that is put right by some hours, of records that are kept for long, is the same clock', () => {
    retention.keep(100 * day);
    pass(2 * day);
    wrong = 2 * hour;
    vi.advanceTimersByTime(10 * 60_000);
    expect(troubles).toEqual([]);
    expect(sent.at(-1)!.unproven).toBeUndefined();
  });
});
