import { describe, expect, test } from 'vitest';
import type { Site, TrunkGroup } from '#policy/configuration';
import { Occupancy } from './occupancy.ts';

const trunk = (name: string, capacity = {}) => ({ name, capacity });
const group = (name: string, capacity: TrunkGroup['capacity'], ...trunks: string[]): TrunkGroup => ({
  name,
  choice: 'ordered',
  members: trunks.map((one) => ({ trunk: one, weight: 1 })),
  ...(capacity ? { capacity } : {}),
});
const site = (name: string, capacity?: Site['capacity']): Site => ({
  name,
  kind: 'central',
  subnets: [],
  resilient: false,
  survivability: 'none',
  ...(capacity ? { capacity } : {}),
});

describe('groups', () => {
  const made = (capacity: TrunkGroup['capacity']) =>
    new Occupancy({ groups: [group('carriers', capacity, 'east', 'west'), group('others', undefined, 'east')] });

  test('have as many calls as their trunks together may', () => {
    const occupancy = made({ calls: 2 });
    const [one, other] = [{}, {}];
    occupancy.take(trunk('east'), one, 0);
    expect(occupancy.refusal(trunk('west'), 0)).toBeUndefined();
    occupancy.take(trunk('west'), other, 0);
    expect(occupancy.refusal(trunk('east'), 0)).toEqual({ of: 'group carriers', refusal: 'calls' });
    expect(occupancy.refusal(trunk('north'), 0)).toBeUndefined();
    occupancy.release(trunk('east'), one);
    expect(occupancy.refusal(trunk('west'), 0)).toBeUndefined();
    expect(occupancy.inspect()).toEqual([{ name: 'group carriers', calls: 1, limits: { calls: 2 } }]);
  });

  test('and as many new ones in any second', () => {
    const occupancy = made({ callsPerSecond: 2 });
    occupancy.take(trunk('east'), {}, 0);
    occupancy.take(trunk('west'), {}, 500);
    expect(occupancy.refusal(trunk('east'), 999)).toEqual({ of: 'group carriers', refusal: 'calls-per-second' });
    expect(occupancy.refusal(trunk('east'), 1000)).toBeUndefined();
  });

  test('a leg that goes on is no start', () => {
    const occupancy = made({ callsPerSecond: 1, calls: 1 });
    occupancy.keep(trunk('east'), {});
    expect(occupancy.refusal(trunk('west'), 0)).toEqual({ of: 'group carriers', refusal: 'calls' });
  });

  test('a trunk of its own limits is full by itself', () => {
    const occupancy = made({ calls: 5 });
    occupancy.take(trunk('east', { calls: 1 }), {}, 0);
    expect(occupancy.refusal(trunk('east', { calls: 1 }), 0)).toEqual({ of: '', refusal: 'calls' });
  });
});

describe('a limit of new calls that changes', () => {
  const [wide, narrow] = [trunk('east', { callsPerSecond: 3 }), trunk('east', { callsPerSecond: 2 })];

  test('holds for the last ones, when it shrinks', () => {
    const occupancy = new Occupancy();
    for (const at of [0, 100, 200, 300]) occupancy.take(wide, {}, at);
    expect(occupancy.refusal(narrow, 1_199)).toEqual({ of: '', refusal: 'calls-per-second' });
    expect(occupancy.refusal(narrow, 1_200)).toBeUndefined();
    occupancy.take(narrow, {}, 1_250);
    expect(occupancy.refusal(narrow, 1_299)).toEqual({ of: '', refusal: 'calls-per-second' });
    expect(occupancy.refusal(narrow, 1_300)).toBeUndefined();
  });

  test('and when it grows', () => {
    const occupancy = new Occupancy();
    for (const at of [0, 100, 200]) occupancy.take(narrow, {}, at);
    expect(occupancy.refusal(wide, 250)).toBeUndefined();
    occupancy.take(wide, {}, 250);
    expect(occupancy.refusal(wide, 1_099)).toEqual({ of: '', refusal: 'calls-per-second' });
    expect(occupancy.refusal(wide, 1_100)).toBeUndefined();
    occupancy.take(wide, {}, 1_100);
    expect(occupancy.refusal(wide, 1_199)).toEqual({ of: '', refusal: 'calls-per-second' });
    expect(occupancy.refusal(wide, 1_200)).toBeUndefined();
  });
});

describe('sites', () => {
  test('count a call once, whichever of its ends are there', () => {
    const occupancy = new Occupancy({ sites: [site('a', { calls: 1 }), site('b', { calls: 2 }), site('c')] });
    const call = {};
    occupancy.charge(['a', 'a', 'c', undefined], call, 0);
    expect(occupancy.refusalAt(['b', 'a'], {}, 0)).toEqual({ of: 'site a', refusal: 'calls' });
    // It has its place there already.
    expect(occupancy.refusalAt(['a'], call, 0)).toBeUndefined();
    expect(occupancy.beyond(['a', 'b', undefined], [{}, call])).toEqual(['b', undefined]);
    occupancy.charge(['b'], call, 0);
    expect(occupancy.refusalAt(['a'], {}, 0)).toBeUndefined();
    expect(occupancy.inspect()).toMatchObject([
      { name: 'site a', calls: 0 },
      { name: 'site b', calls: 1 },
    ]);
    occupancy.charge([], call, 0);
    expect(occupancy.inspect()).toMatchObject([{ calls: 0 }, { calls: 0 }]);
  });

  test('the next trunk that is tried is no new call', () => {
    const occupancy = new Occupancy({ sites: [site('a', { callsPerSecond: 1 })] });
    const call = {};
    occupancy.charge(['a'], call, 0);
    occupancy.charge(['a'], call, 100);
    expect(occupancy.refusalAt(['a'], {}, 999)).toEqual({ of: 'site a', refusal: 'calls-per-second' });
    // What goes on is no start.
    expect(occupancy.refusalAt(['a'], {})).toBeUndefined();
    expect(occupancy.refusalAt(['a'], {}, 1000)).toBeUndefined();
  });

  test('without limits nobody has to ask', () => {
    expect(new Occupancy({ sites: [site('a')] }).limitsSites).toBe(false);
    expect(new Occupancy({ sites: [site('a', { calls: 1 })] }).limitsSites).toBe(true);
  });
});
