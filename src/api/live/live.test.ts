import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ended, liveCall, liveTrunk, mirrorOf, start } from './live.testing.ts';
import { Mirror } from './mirror.ts';
import { type CallOrder, callOrders, pageOf, placeIn, predicate } from './query.ts';
import { Traffic } from './traffic.ts';

const at = start;

describe('the mirror', () => {
  test('holds what it was told, in text', () => {
    const mirror = mirrorOf({ calls: [liveCall('a', { caller: 'J\xc3\xb6rg' })], trunks: [liveTrunk('itsp')] });
    expect(mirror.state).toBe('current');
    expect(mirror.calls.get('a')?.caller).toBe('Jörg');
    mirror.apply({ kind: 'calls', calls: [], gone: ['a'], at });
    mirror.apply({ kind: 'trunks', trunks: [], gone: ['itsp'], at });
    expect(mirror.calls.size + mirror.trunks.size).toBe(0);
  });

  test('after the link fell what was not told again is gone, and not a moment before all was told', () => {
    const mirror = mirrorOf({ calls: [liveCall('a'), liveCall('b')], trunks: [liveTrunk('x'), liveTrunk('y')] });
    mirror.lost();
    expect([mirror.state, mirror.calls.size]).toEqual(['lost', 2]);
    mirror.apply({ kind: 'begin', calls: 1, at });
    mirror.apply({ kind: 'trunks', trunks: [liveTrunk('y')], at });
    mirror.apply({ kind: 'calls', calls: [liveCall('b'), liveCall('c')], at });
    expect([...mirror.calls.keys()]).toEqual(['a', 'b', 'c']);
    mirror.apply({ kind: 'current', at });
    expect([...mirror.calls.keys()]).toEqual(['b', 'c']);
    expect([...mirror.trunks.keys()]).toEqual(['y']);
    expect(
      mirror.journal
        .after(0)!
        .map(({ event }) => event.kind)
        .slice(-2),
    ).toEqual(['calls', 'mirror']);
    expect(mirror.journal.after(0)!.at(-2)!.event).toEqual({
      kind: 'calls',
      changed: [],
      gone: ['a'],
      before: [expect.objectContaining({ call: 'a' })],
    });
  });

  test('a call that has ended is no live one, and its record is at hand', () => {
    const mirror = mirrorOf({ calls: [liveCall('a')] });
    mirror.apply({ kind: 'ended', records: [ended('a', 20)], at });
    expect(mirror.calls.size).toBe(0);
    expect(mirror.ended.get('a')?.end.reason).toBe('hangup');
    for (let n = 0; n < 6_000; n++) mirror.apply({ kind: 'ended', records: [ended(`c${n}`, 20)], at });
    expect(mirror.ended.size).toBe(5_000);
    expect(mirror.ended.has('c5999')).toBe(true);
  });

  test('knows how old it is', () => {
    let now = at;
    const mirror = mirrorOf({}, () => now);
    now += 700;
    expect(mirror.lag).toBe(700);
    mirror.apply({ kind: 'at', at: now });
    mirror.apply({ error: 'what is no news' });
    expect(mirror.lag).toBe(0);
  });

  test('whatever is told and cut off when, it ends up with what stands', () => {
    const change = fc.record({ call: fc.constantFrom('a', 'b', 'c', 'd'), stands: fc.boolean(), cut: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const stands = new Set<string>();
        const mirror = new Mirror(
          () => at,
          () => true,
        );
        const tellAll = () => {
          mirror.apply({ kind: 'begin', calls: stands.size, at });
          mirror.apply({ kind: 'calls', calls: [...stands].map((call) => liveCall(call)), at });
          mirror.apply({ kind: 'current', at });
        };
        tellAll();
        for (const { call, stands: does, cut } of changes) {
          if (does) stands.add(call);
          else stands.delete(call);
          if (cut) {
            mirror.lost();
            tellAll();
          } else if (does) mirror.apply({ kind: 'calls', calls: [liveCall(call)], at });
          else mirror.apply({ kind: 'ended', records: [ended(call, 1)], at });
          expect(new Set(mirror.calls.keys())).toEqual(stands);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the journal', () => {
  test('tells what came after a number, as long as that is known', () => {
    const { journal } = mirrorOf();
    const before = journal.number;
    for (let n = 0; n < 300; n++)
      journal.add(
        { kind: 'calls', changed: Array.from({ length: 200 }, (_, i) => liveCall(`${n}-${i}`)), gone: [], before: [] },
        at,
      );
    expect(journal.after(before)).toBeUndefined();
    const kept = journal.after(journal.number - 50)!;
    expect(kept).toHaveLength(50);
    expect(kept[0]!.number).toBe(journal.number - 49);
    expect(journal.after(journal.number)).toEqual([]);
    expect(journal.after(journal.number + 1)).toBeUndefined();
  });
});

describe('a list of calls', () => {
  const calls = fc.array(
    fc.record({ key: fc.nat(5), trunk: fc.constantFrom('x', 'y'), site: fc.constantFrom('p', 'q', undefined) }),
    { maxLength: 60 },
  );

  test('page by page it is what sorting all of them gives, each once, whichever order', () => {
    fc.assert(
      fc.property(
        calls,
        fc.constantFrom(...callOrders),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (raw, order, descending, limit) => {
          const all = raw.map(({ key, trunk, site }, i) =>
            liveCall(`c${i}`, {
              startedAt: key,
              answeredAt: key % 3,
              caller: `${key}`,
              called: `${9 - key}`,
              phase: key % 2 ? 'setup' : 'answered',
              a: { trunk },
              ...(site === undefined ? {} : { site }),
            }),
          );
          const got: string[] = [];
          for (let after: ReturnType<typeof placeIn> | undefined; ; ) {
            const page = pageOf(all, { trunk: 'x' }, { order, descending, after, limit });
            expect(page.total).toBe(all.filter(({ a }) => a.trunk === 'x').length);
            got.push(...page.calls.map(({ call }) => call));
            if (!page.more) break;
            after = placeIn(order, page.calls.at(-1)!);
          }
          const sign = descending ? -1 : 1;
          const place = (call: (typeof all)[number]) => placeIn(order as CallOrder, call);
          const wanted = all
            .filter(({ a }) => a.trunk === 'x')
            .sort((one, other) => {
              const [k1, i1] = place(one);
              const [k2, i2] = place(other);
              return sign * (k1 < k2 ? -1 : k1 > k2 ? 1 : i1 < i2 ? -1 : 1);
            });
          expect(got).toEqual(wanted.map(({ call }) => call));
        },
      ),
      { numRuns: 100 },
    );
  });

  test.each([
    [{ trunk: 'itsp' }, true],
    [{ trunk: 'other' }, false],
    [{ number: '+4930' }, true],
    [{ number: '30' }, false],
    [{ phase: 'setup' }, false],
    [{ emergency: false }, true],
    [{ emergency: true }, false],
    [{ state: 'hold' }, true],
    [{ state: 'silent' }, false],
    [{ text: 'ITS' }, true],
    [{ text: '777' }, true],
    [{ text: 'nobody' }, false],
    [{ site: 'berlin' }, false],
  ] as const)('%o: %s', (filter, fits) => {
    expect(predicate(filter)(liveCall('a', { hold: ['caller'] }))).toBe(fits);
  });
});

describe('traffic', () => {
  test('of the hour, and of the one before; of trunks, and of no users', () => {
    const traffic = new Traffic((name) => name !== 'ann');
    const busy = { by: 'callee', reason: 'busy' } as const;
    const dead = { by: 'tandem', reason: 'unreachable' } as const;
    traffic.add(ended('a', 10));
    traffic.add(ended('b', 20, { end: busy, answeredAt: undefined }));
    traffic.add(ended('c', 3_700, { end: dead, answeredAt: undefined, to: 'ann' }));
    const now = start + 3_710_000;
    expect(traffic.hour('all', '', now)).toMatchObject({ calls: 1, answered: 0, effective: 0 });
    expect(traffic.hour('all', '', now - 3_600_000)).toMatchObject({
      calls: 2,
      answered: 1,
      effective: 2,
      talkMs: 10_000,
    });
    expect(traffic.hour('to', 'itsp', now - 3_600_000).reasons).toEqual(
      new Map([
        ['hangup', 1],
        ['busy', 1],
      ]),
    );
    expect(traffic.hour('to', 'ann', now).calls).toBe(0);
    expect(traffic.lastFailure('itsp')).toBeUndefined();
  });

  test('begins with what the records know', () => {
    const traffic = new Traffic((name) => name === 'itsp');
    const sum = { at: start, reason: 'busy', wasAnswered: false, calls: 7, talkMs: 0 } as const;
    traffic.seed([
      { ...sum, part: 'to', trunk: 'itsp', at: start + 60_000 },
      { ...sum, part: 'to', trunk: 'itsp' },
      { ...sum, part: 'to', trunk: 'ann' },
      { ...sum, part: 'all', trunk: '' },
    ]);
    expect(traffic.hour('to', 'itsp', start + 120_000)).toMatchObject({ calls: 14, effective: 14, answered: 0 });
    expect(traffic.hour('all', '', start + 120_000).calls).toBe(7);
    expect(traffic.hour('to', 'ann', start + 120_000).calls).toBe(0);
  });

  test('the last failure, in words; two hours are kept', () => {
    const traffic = new Traffic(() => true);
    const refused = { by: 'callee', reason: 'rejected', sip: { status: 403, phrase: 'Forbidden' } } as const;
    traffic.add(ended('a', 10, { end: refused, answeredAt: undefined }));
    expect(traffic.lastFailure('itsp')).toEqual({
      at: start + 10_000,
      call: 'a',
      end: refused,
    });
    traffic.add(ended('b', 3 * 3_600));
    expect(traffic.hour('all', '', start + 60_000).calls).toBe(0);
    // So late that its hours are over.
    traffic.add(ended('c', 30));
    expect(traffic.hour('all', '', start + 3 * 3_600_000).calls).toBe(1);
  });
});
