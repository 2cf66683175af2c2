import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sensitive } from '#kernel';
import type { Configuration } from '#policy/configuration';
import { differences, shared } from './index.ts';

/** Of parts with names, values and secrets, as a configuration is made. */
const part = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(1, 2, 'a', 'b', true, new Sensitive('one'), new Sensitive('two')),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(tie('named'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'z'), tie('value')),
  ),
  named: fc.record({ name: fc.constantFrom('one', 'two', 'three'), is: tie('value') }),
})).value;
const whole = fc.dictionary(fc.constantFrom('trunks', 'routes', 'media'), part);

const plain = (value: unknown): unknown => {
  if (value instanceof Sensitive) return { secret: value.reveal() };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
};
/** Another object in every place. */
const copy = (value: unknown): unknown => {
  if (value instanceof Sensitive) return new Sensitive(value.reveal());
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)]));
};
const of = (parts: object) => parts as Configuration;

describe('what two configurations share', () => {
  test('the second is what it was, whatever the first is', () => {
    fc.assert(
      fc.property(whole, whole, (before, after) => {
        expect(plain(shared(before, after))).toEqual(plain(after));
      }),
    );
  });

  test('one that says the same is the same object', () => {
    fc.assert(
      fc.property(whole, (one) => {
        expect(shared(one, copy(one))).toBe(one);
      }),
    );
  });

  test('a part keeps its identity wherever its list moved it, and those around it', () => {
    const [a, b] = [
      { name: 'a', calls: 1 },
      { name: 'b', calls: 2 },
    ];
    const before = { trunks: [a, b], media: { mode: 'anchor' } };
    const after = shared(before, {
      trunks: [
        { name: 'b', calls: 2 },
        { name: 'a', calls: 9 },
      ],
      media: { mode: 'anchor' },
    });
    expect(after.trunks[0]).toBe(b);
    expect(after.trunks[1]).toEqual({ name: 'a', calls: 9 });
    expect(after.media).toBe(before.media);
  });
});

describe('the list of differences', () => {
  test('is empty when nothing differs, and only then', () => {
    fc.assert(
      fc.property(whole, whole, (before, after) => {
        const same = JSON.stringify(plain(sorted(before))) === JSON.stringify(plain(sorted(after)));
        expect(differences(of(before), of(after)).length === 0).toBe(same);
      }),
    );
  });

  test('names the places by names, and tells when each holds', () => {
    const before = {
      listeners: [{ id: 'lan/udp', port: 5060 }],
      trunks: [
        { name: 'pbx', ring: 20 },
        { name: 'itsp', capacity: { calls: 1 }, addresses: ['a'] },
      ],
      routes: [{ name: 'out', to: ['itsp'] }],
    };
    const after = {
      listeners: [{ id: 'lan/udp', port: 5062 }],
      trunks: [
        { name: 'itsp', capacity: { calls: 2 }, addresses: ['b'] },
        { name: 'new', ring: 1 },
      ],
      routes: [{ name: 'out', to: ['itsp', 'new'] }],
    };
    expect(differences(of(before), of(after))).toEqual([
      { path: ['listeners', 'lan/udp', 'port'], was: 5060, is: 5062, effect: 'restart' },
      { path: ['trunks', 'pbx'], was: { name: 'pbx', ring: 20 }, effect: 'live' },
      { path: ['trunks', 'itsp', 'capacity', 'calls'], was: 1, is: 2, effect: 'new-calls' },
      { path: ['trunks', 'itsp', 'addresses'], was: ['a'], is: ['b'], effect: 'live' },
      { path: ['trunks', 'new'], is: { name: 'new', ring: 1 }, effect: 'live' },
      { path: ['routes', 'out', 'to'], was: ['itsp'], is: ['itsp', 'new'], effect: 'new-calls' },
    ]);
  });

  test('the API of a node moves at once, the rest of a node does not', () => {
    const node = (port: number, heartbeat: number) =>
      of({ nodes: [{ name: 'one', heartbeat, management: { listen: { host: '10.0.0.1', port } } }] });
    expect(differences(node(1, 2), node(2, 3))).toMatchObject([
      { path: ['nodes', 'one', 'heartbeat'], effect: 'restart' },
      { path: ['nodes', 'one', 'management', 'listen', 'port'], effect: 'live' },
    ]);
    expect(differences(of({ nodes: [] }), node(1, 2))).toMatchObject([{ path: ['nodes', 'one'], effect: 'restart' }]);
  });

  test('records are kept for another time at once, and elsewhere after a restart', () => {
    const records = (path: string, keep: number) => of({ records: { path, keep } });
    expect(differences(records('a', 1), records('b', 2))).toMatchObject([
      { path: ['records', 'path'], effect: 'restart' },
      { path: ['records', 'keep'], effect: 'live' },
    ]);
    const always = of({ records: { path: 'a' } });
    expect(differences(always, records('a', 1))).toMatchObject([{ path: ['records', 'keep'], effect: 'live' }]);
  });

  test('does not repeat what only says who said what', () => {
    const trunk = (calls: number) => ({
      name: 'itsp',
      capacity: { calls },
      settings: [{ key: 'capacity.calls', value: String(calls), from: 'trunk' }],
    });
    expect(differences(of({ trunks: [trunk(1)] }), of({ trunks: [trunk(2)] }))).toEqual([
      { path: ['trunks', 'itsp', 'capacity', 'calls'], was: 1, is: 2, effect: 'new-calls' },
    ]);
    expect(differences(of({ trunks: [] }), of({ trunks: [trunk(1)] }))).toMatchObject([
      { path: ['trunks', 'itsp'], is: { name: 'itsp', capacity: { calls: 1 } } },
    ]);
    expect(JSON.stringify(differences(of({}), of({ trunks: [trunk(1)] })))).not.toContain('from');
  });

  test('tells another order, which routes and rules go by', () => {
    const [a, b] = [{ name: 'a' }, { name: 'b' }];
    expect(differences(of({ routes: [a, b] }), of({ routes: [b, a] }))).toEqual([
      { path: ['routes', 'order'], was: ['a', 'b'], is: ['b', 'a'], effect: 'new-calls' },
    ]);
  });

  test('shows no secret, neither the old nor the new', () => {
    const account = (password: string) =>
      of({ trunks: [{ name: 'itsp', credentials: { password: new Sensitive(password) } }] });
    const found = differences(account('old-one'), account('new-one'));
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toMatch(/old-one|new-one/);
    const whole = differences(of({ trunks: [] }), account('new-one'));
    expect(JSON.stringify(whole)).not.toContain('new-one');
  });
});

function sorted(value: unknown): unknown {
  if (value instanceof Sensitive || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
