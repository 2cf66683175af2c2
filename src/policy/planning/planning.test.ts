import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audioBandwidth, plainFraming } from '#policy/admission';
import { connectionDoubt, connectionFor, countriesWithoutTrunk, survivabilityFor } from './advice.ts';
import { compareWays, priceOf } from './branch-cost.ts';
import { BusyHours } from './busy-hours.ts';
import { type PlannedCodec, peakBandwidth, planningFigures } from './call-bandwidth.ts';
import { gatewaysFor, portsByRule } from './traffic-profiles.ts';

test.each([
  [20, 'moderate', 2],
  [20, 'light', 2],
  [100, 'moderate', 10],
  [10_000, 'moderate', 1_000],
  [47_000, 'heavy', 9_400],
  [15, 'light', 1],
  [16, 'light', 2],
  [0, 'heavy', 0],
] as const)('%d users, %s: %d ports', (users, profile, ports) => {
  expect(portsByRule(users, profile)).toBe(ports);
});

test('gateways: two at least, ten for 9,400 ports', () => {
  expect([0, 2, 960, 1_921, 9_400].map(gatewaysFor)).toEqual([0, 2, 2, 3, 10]);
});

describe('bandwidth', () => {
  test('of 100 calls with 20 octets of headers at 20 ms is 7,200 kbit/s', () => {
    expect(peakBandwidth(100, 20, 20)).toBe(7_200);
    expect(peakBandwidth(100, 40, 20)).toBe(100 * audioBandwidth('PCMA'));
    expect(peakBandwidth(1, 20, 10)).toBe(80);
  });

  test.each<[PlannedCodec, number[], number[]]>([
    ['G.711', [64, 80, 92, 156], [102, 166, 97]],
    ['G.722', [64, 80, 95.6, 159.6], [105.6, 169.6, 100.6]],
    ['Siren', [16, 32, 47.6, 63.6], [57.6, 73.6, 52.6]],
    ['RTAudio narrowband', [11.8, 27.8, 39.8, 51.6], [49.8, 61.6, 44.8]],
    ['RTAudio wideband', [29, 45, 57, 86], [67, 96, 62]],
  ])('%s as planners know it', (codec, sent, planned) => {
    const { payload, ip, secured, corrected, planned: plain, plannedCorrected, typical } = planningFigures(codec);
    expect([payload, ip, secured, corrected]).toEqual(sent);
    expect([plain, plannedCorrected, typical]).toEqual(planned);
  });

  test('as planners know it is what admission reserves', () => {
    expect(audioBandwidth('PCMA', { ...plainFraming, link: 18, srtp: 12 })).toBeCloseTo(
      planningFigures('G.711').secured,
      9,
    );
  });
});

test.each([
  [24, false, 'none'],
  [25, false, 'appliance'],
  [999, false, 'appliance'],
  [1_000, false, 'server'],
  [2_000, false, 'server'],
  [2_001, false, 'full'],
  [5_001, false, 'full'],
  [1_500, true, 'none'],
] as const)('a branch of %d users, its link doubled: %s, needs: %s', (users, resilient, what) => {
  expect(survivabilityFor(users, { resilient }).what).toBe(what);
});

test('presence and conferences need a whole site', () => {
  expect(survivabilityFor(100, { resilient: false, wholeService: true }).what).toBe('full');
  expect(survivabilityFor(10, { resilient: false, wholeService: true }).what).toBe('none');
});

test.each([
  [10, 1, 'internet'],
  [90, 9, 'internet'],
  [300, 30, 'mpls'],
  [2_000, 200, 'mpls'],
  [5_000, 500, 'private'],
] as const)('%d users with %d calls at once: %s', (users, ports, what) => {
  expect(connectionFor(users, ports).what).toBe(what);
  expect(connectionDoubt('internet', users, ports) === undefined).toBe(what === 'internet');
  expect(connectionDoubt('mpls', users, ports)).toBeUndefined();
});

test('strictness wants a line of its own', () => {
  expect(connectionFor(10, 1, { strict: true }).what).toBe('private');
});

test('each country with users needs a trunk', () => {
  const sites = [
    { country: 'DE', users: 10 },
    { country: 'FR', users: 5 },
    { country: 'FR', users: 5 },
    { country: 'US', users: 0 },
    { users: 3 },
  ];
  expect(countriesWithoutTrunk(sites, ['DE'])).toEqual(['FR']);
  expect(countriesWithoutTrunk(sites, ['DE', undefined])).toEqual([]);
  expect(countriesWithoutTrunk(sites, ['FR', 'DE'])).toEqual([]);
});

describe('a trunk at a branch', () => {
  // New York calls its neighbours; the centre, in Redmond, pays long distance for that.
  const areas = [
    { prefix: '+1212', minutes: 20_000 },
    { prefix: '+1425', minutes: 2_000 },
  ];
  const centre = {
    kind: 'centre' as const,
    month: 50,
    rates: [
      { prefix: '+1', price: 0.02 },
      { prefix: '+1425', price: 0 },
    ],
  };
  const trunk = (month: number) => ({
    kind: 'trunk' as const,
    month,
    rates: [
      { prefix: '+1212', price: 0 },
      { prefix: '+1', price: 0.02 },
    ],
  });

  test('pays where it costs less than the calls do', () => {
    const { costs, best } = compareWays(areas, [centre, trunk(300)]);
    expect(costs.map(({ total }) => total)).toEqual([450, 340]);
    expect(best?.kind).toBe('trunk');
    expect(compareWays(areas, [centre, trunk(500)]).best?.kind).toBe('centre');
  });

  test('is the best way out if, and only if, nothing is cheaper', () => {
    const cents = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(cents, cents, cents, (month, minutes, more) => {
        const calls = [{ prefix: '+1212', minutes }, ...areas.slice(1)];
        const { best } = compareWays(calls, [{ ...centre, month: more }, trunk(month)]);
        // The centre takes 2 cents a minute to New York, the trunk as much to Redmond.
        const difference = more + minutes * 0.02 - (month + 2_000 * 0.02);
        if (Math.abs(difference) > 1e-6) expect(best?.kind).toBe(difference > 0 ? 'trunk' : 'centre');
      }),
    );
  });

  test('is not compared where a price is missing', () => {
    const { costs, best } = compareWays([...areas, { prefix: '+44', minutes: 1 }], [centre, trunk(300)]);
    expect(best).toBeUndefined();
    expect(costs[0]!.unpriced).toEqual(['+44']);
  });

  test('the longest prefix counts', () => {
    const prices = new Map([
      ['', 1],
      ['+1', 2],
      ['+14', 3],
    ]);
    expect(['+1425', '+1', '+49', ''].map((number) => priceOf(number, prices))).toEqual([3, 2, 1, 1]);
  });
});

describe('records', () => {
  const at = Date.UTC(2026, 10, 23, 9);
  const minute = 60_000;

  test('by the hour', () => {
    const traffic = new BusyHours();
    traffic.add(at + 30 * minute, at + 75 * minute);
    traffic.add(at + 70 * minute, at + 100 * minute);
    expect(traffic.hours()).toEqual([
      { at, erlangs: 0.5 },
      { at: at + 60 * minute, erlangs: 0.75 },
    ]);
    expect(traffic.busiest()).toEqual({ at: at + 60 * minute, erlangs: 0.75 });
    expect(traffic.peak).toEqual({ at: at + 70 * minute, calls: 2 });
    expect(traffic.hold).toBe(37.5 * minute);
    expect(traffic.averageBusiest((time) => Math.floor(time / 86_400_000))).toBe(0.75);
  });

  test('calls at once are as many as a list would tell', () => {
    const number = (max: number) => fc.integer({ min: 0, max });
    const call = fc.record({ record: number(1000), later: number(100), length: number(300) });
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 60 }), (calls) => {
        // As legs of calls come: by when the call began, and some began later.
        const traffic = new BusyHours();
        for (const { record, later, length } of calls.toSorted((one, other) => one.record - other.record))
          traffic.add(record + later, record + later + length, record);
        const inOrder = calls
          .map(({ record, later, length }) => ({ from: record + later, length }))
          .sort((one, other) => one.from - other.from);
        let most = 0;
        for (const [index, { from }] of inOrder.entries()) {
          const up = inOrder.slice(0, index).filter((one) => one.from + one.length > from).length + 1;
          most = Math.max(most, up);
        }
        expect(traffic.peak?.calls).toBe(most);
      }),
    );
  });

  test('nothing tells nothing', () => {
    const traffic = new BusyHours();
    expect([traffic.busiest(), traffic.peak, traffic.hold, traffic.averageBusiest(() => 0)]).toEqual([
      undefined,
      undefined,
      0,
      0,
    ]);
  });
});
