import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KeptTrace, TraceStore } from './index.ts';

const start = 1_700_000_000_000;
const day = 86_400_000;
const roomy = { size: 1e9, lifetime: 7 * day };

const trace = (call: string, more: Partial<KeptTrace<string>> = {}): KeptTrace<string> => ({
  call,
  at: start,
  caller: '+493012345',
  called: '+4940777',
  trunks: ['pbx', 'itsp'],
  reason: 'rejected',
  messages: ['INVITE', 'SIP/2.0 503'],
  ...more,
});

/** What does not get smaller. */
function noise(seed: number, length: number): string {
  let x = seed | 1;
  let text = '';
  while (text.length < length) {
    x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    text += (x >>> 0).toString(36);
  }
  return text;
}

describe('traces on the disk', () => {
  test('come back as they were kept', () => {
    const store = TraceStore.open<string>();
    const kept = trace('1', { messages: ['ä\u0000ÿ', ''] });
    expect(store.keep(kept, roomy, start)).toBe(true);
    expect(store.get('1')).toEqual(kept);
    expect(store.get('2')).toBeUndefined();
    // Once more is the same.
    store.keep({ ...kept, reason: 'busy' }, roomy, start);
    expect(store.stands()).toEqual({ traces: 1, oldest: start });
    expect(store.get('1')!.reason).toBe('busy');
  });

  test('are found by trunk, number, reason and time, newest first, page by page', () => {
    const store = TraceStore.open<string>();
    for (let n = 0; n < 10; n++)
      store.keep(
        trace(`c${n}`, { at: start + n, trunks: n % 2 ? ['pbx'] : ['pbx', 'itsp'], called: `+49${n}` }),
        roomy,
        start,
      );
    const calls = (query: object) => store.list({ limit: 100, ...query }).map(({ call }) => call);
    expect(calls({ trunk: 'itsp' })).toEqual(['c8', 'c6', 'c4', 'c2', 'c0']);
    // Not by a part of a name.
    expect(calls({ trunk: 'its' })).toEqual([]);
    expect(calls({ number: '+497' })).toEqual(['c7']);
    expect(calls({ reason: 'busy' })).toEqual([]);
    expect(calls({ from: start + 3, to: start + 5 })).toEqual(['c4', 'c3']);
    const first = store.list({ limit: 3 });
    expect(store.list({ limit: 3, before: first.at(-1)!.id }).map(({ call }) => call)).toEqual(['c6', 'c5', 'c4']);
    expect(first[0]).toMatchObject({ call: 'c9', messages: 2, trunks: ['pbx'] });
    expect(store.remove('c9')).toBe(true);
    expect(store.remove('c9')).toBe(false);
  });

  test('never take more than they may, whatever is kept in which order; the newest stays', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            length: fc.nat(60_000),
            hours: fc.integer({ min: -300, max: 20 }),
            size: fc.integer({ min: 200_000, max: 400_000 }),
          }),
          {
            minLength: 1,
            maxLength: 40,
          },
        ),
        (some) => {
          const store = TraceStore.open<string>();
          let now = start;
          for (const [n, { length, hours, size }] of some.entries()) {
            now += 3_600_000;
            const at = now + hours * 3_600_000;
            const was = store.keep(
              trace(`c${n}`, { at, messages: [noise(n, length)] }),
              { size, lifetime: 7 * day },
              now,
            );
            expect(store.size).toBeLessThanOrEqual(size);
            expect(store.stands().oldest ?? now).toBeGreaterThanOrEqual(now - 7 * day);
            expect(was).toBe(true);
            expect(store.get(`c${n}`) !== undefined).toBe(at >= now - 7 * day);
          }
          store.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  test('give the disk back', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tandem-traces-'));
    const store = TraceStore.open<string>(directory);
    for (let n = 0; n < 60; n++) store.keep(trace(`c${n}`, { messages: [noise(n, 50_000)] }), roomy, start);
    const full = store.size;
    expect(full).toBeGreaterThan(1_000_000);
    store.prune({ size: 300_000, lifetime: day }, start);
    expect(store.size).toBeLessThanOrEqual(300_000);
    expect(store.stands().traces).toBeGreaterThan(2);
    expect(store.get('c59')).toBeDefined();
    store.prune(roomy, start + 8 * day);
    expect(store.stands()).toEqual({ traces: 0 });
    store.close();
    expect(statSync(join(directory, 'traces.sqlite')).size).toBeLessThan(100_000);
    expect(statSync(join(directory, 'traces.sqlite')).mode & 0o777).toBe(0o600);
    const again = TraceStore.open<string>(directory);
    again.keep(trace('later'), roomy, start);
    expect(again.stands().traces).toBe(1);
    again.close();
    rmSync(directory, { recursive: true });
  });

  test('one that is too large alone leaves the others where they are', () => {
    const store = TraceStore.open<string>();
    store.keep(trace('small'), roomy, start);
    expect(store.keep(trace('huge', { messages: [noise(7, 400_000)] }), { ...roomy, size: 200_000 }, start)).toBe(
      false,
    );
    expect(store.get('small')).toBeDefined();
  });
});
