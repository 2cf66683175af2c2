import { describe, expect, test } from 'vitest';
import type { Planning, Site, Trunk, User } from '#policy/configuration';
import { linesFor } from './erlang.ts';
import { plan } from './plan.ts';
import { planInput, usualPlanning } from './plan-input.ts';
import { figure, type Reckoned } from './reckoned.ts';
import { RecordedTraffic } from './recorded-traffic.ts';

const site = (name: string, more: Partial<Site> = {}): Site => ({
  ...{ name, kind: 'central', subnets: [], resilient: false, survivability: 'none' },
  ...more,
});
const trunk = (name: string, more: Partial<Trunk> = {}) => ({ name, kind: 'itsp', capacity: {}, ...more }) as Trunk;
const person = (name: string, line: string, at: string): User => ({
  name,
  line,
  site: at,
  numbers: [],
  devices: 1,
  hidden: false,
});

const sites = [
  site('redmond', { country: 'US' }),
  site('new-york', { kind: 'branch', centre: 'redmond', country: 'US' }),
];
const trunks = [
  trunk('pbx', { kind: 'ip-pbx', site: 'new-york' }),
  trunk('itsp', {
    site: 'redmond',
    capacity: { calls: 2 },
    connection: { type: 'internet', vpn: true },
    rates: [
      { prefix: '+1', price: 0.02 },
      { prefix: '+1425', price: 0 },
    ],
  }),
];
const planning: Planning = {
  ...usualPlanning,
  sites: [
    { site: 'redmond', users: 400, strict: false, wholeService: false, areas: [] },
    {
      ...{ site: 'new-york', users: 100, profile: 'heavy', strict: false, wholeService: false, linkPrice: 10 },
      areas: [
        { prefix: '+1212', minutes: 20_000 },
        { prefix: '+1425', minutes: 2_000 },
      ],
      trunk: {
        month: 300,
        rates: [
          { prefix: '+1212', price: 0 },
          { prefix: '+1', price: 0.02 },
        ],
      },
    },
  ],
};
const input = planInput({ sites, trunks, planning });
const value = (rows: readonly Reckoned[], what: string) => rows.find((row) => row.what === what)?.value;

describe('a plan by users', () => {
  const made = plan(input);
  const [centre, branch] = made.sites;

  test('of a site: traffic, ports by the rule and by Erlang B, and bandwidth', () => {
    expect(value(centre!.reckoned, 'Traffic of the busy hour')).toBe(40); // 400 x 2 x 3 / 60
    expect(value(centre!.reckoned, 'Ports by the rule of thumb')).toBe(40);
    expect(value(centre!.reckoned, 'Lines by Erlang B')).toBe(53);
    expect(centre!.ports).toBe(53);
    // 80 kbit/s at IP, and a twentieth of RTCP.
    expect(centre!.bandwidth).toBeCloseTo(53 * 84, 6);
    expect(centre!.survivability).toBeUndefined();
    expect(centre!.connection.doubt).toContain('better is MPLS');
  });

  test('numbers that would move to a trunk of the branch', () => {
    const users = [
      person('ann', '+12125550101', 'new-york'),
      { ...person('bo', '+12125550102', 'new-york'), numbers: ['+12125550103'] },
    ];
    const [, branch] = plan(planInput({ sites, trunks, planning, users })).sites;
    expect(value(branch!.ways!.reckoned, 'Numbers that would move')).toBe(3);
  });

  test('of a branch: the cheapest way out, and what keeps it alive', () => {
    // 24 calls x 84 kbit/s x 10 a Mbit/s on the link, and 20,000 minutes at 0.02, against 300 and 2,000 at 0.02.
    expect(branch!.ports).toBe(24);
    expect(branch!.ways?.costs.map(({ total }) => total)).toEqual([expect.closeTo(20.16 + 400, 6), 340]);
    expect(branch!.ways?.best).toBe('trunk');
    expect(branch!.survivability).toMatchObject({ what: 'appliance', has: 'none' });
    expect(branch!.survivability?.doubt).toBeDefined();
  });

  test('one trunk for all takes fewer lines than each its own', () => {
    expect(made.whole.traffic).toBe(55);
    expect(made.whole.lines).toBe(linesFor(55, 0.01));
    expect(made.whole.apart).toBe(53 + linesFor(15, 0.01));
    expect(made.whole.lines).toBeLessThan(made.whole.apart);
    expect(made.doubts.at(-1)).toContain(`carry 2 calls at once, and ${made.whole.lines} are`);
  });

  test('what grows', () => {
    const grown = plan(planInput({ sites, trunks, planning: { ...planning, growth: 0.1 } }));
    expect(value(grown.sites[0]!.reckoned, 'Traffic of the busy hour')).toBe(44);
    expect(value(grown.sites[0]!.reckoned, 'Ports by the rule of thumb')).toBe(44);
  });

  test('bandwidth as it is sold is that of the formula', () => {
    const hundred = plan(
      planInput({ trunks: [], planning: { ...planning, blocking: 0.01, sites: [] } }, { users: 840 }),
    );
    expect(hundred.whole.lines).toBe(100);
    expect(hundred.bandwidth.sold.value).toBe(7_200);
    expect(hundred.bandwidth.real.map((one) => one.value)).toEqual([expect.closeTo(8_400, 6), 9_200, 10_200]);
  });

  test('agents of a queue, and lines for those who wait as well', () => {
    const queue = { name: 'support', callsPerHour: 200, handling: 180_000, within: 20_000, share: 0.8 };
    const [made] = plan(
      planInput({ trunks: [], planning: { ...usualPlanning, queues: [queue] } }, { users: 0 }),
    ).queues;
    expect(made).toMatchObject({ agents: 14 });
    expect(value(made!.reckoned, 'A call waits on average')).toBeCloseTo(7.836, 3);
    expect(made!.traffic).toBeCloseTo(10 + (200 * 7.836) / 3600, 2);
    expect(made!.lines).toBe(linesFor(made!.traffic, 0.01));
  });
});

describe('a plan by records', () => {
  const hour = Date.UTC(2026, 10, 2, 9);
  const minute = 60_000;
  const traffic = new RecordedTraffic({ trunks, users: [person('alice', '+12065550100;ext=7', 'redmond')] }, input);
  /** Out by `itsp` to a number, so many minutes long. */
  const out = (at: number, minutes: number, called: string, caller = '1') => ({
    ...{
      leg: { trunk: 'pbx' },
      caller,
      called,
      startedAt: at,
      endedAt: at + minutes * minute,
      talkMs: minutes * minute,
    },
    attempts: [{ leg: { trunk: 'itsp' }, called, startedAt: at, answeredAt: at, endedAt: at + minutes * minute }],
  });
  for (let call = 0; call < 6; call++) traffic.add(out(hour + call * minute, 30, '+12125550123'));
  traffic.add(out(hour + 10 * minute, 30, '14255550123', '+12065550100'));
  traffic.add({ ...out(hour + 20 * minute, 6, '+12065550100'), leg: { trunk: 'itsp' }, attempts: [] });
  const records = traffic.read((at) => Math.floor(at / 86_400_000))!;

  test('tell of trunks and sites', () => {
    expect(records.calls).toBe(8);
    expect(records.trunks.get('itsp')).toMatchObject({
      calls: 8,
      peak: { calls: 8 },
      busiest: { at: hour, erlangs: 3.6 },
    });
    expect(records.trunks.has('pbx')).toBe(false);
    expect(records.sites.get('new-york')).toMatchObject({ calls: 6, busiest: { erlangs: 3 } });
    expect(records.sites.get('redmond')).toMatchObject({ calls: 2, busiest: { erlangs: 0.6 } });
    expect(records.sites.get('redmond')?.called).toEqual([{ number: '+12065550100', calls: 1 }]);
    expect(records.sites.get('new-york')?.called).toEqual([]);
    // Six times thirty minutes on one day, for a month of them; no price of the branch tells +1212 from others but that of its own trunk.
    expect(records.sites.get('new-york')?.areas).toEqual([
      { prefix: '+1212', minutes: Math.round(180 * (365.25 / 12)) },
    ]);
    expect(records.sites.get('redmond')?.areas).toEqual([
      { prefix: 'elsewhere', minutes: Math.round(30 * (365.25 / 12)) },
    ]);
  });

  test('stand for what users are thought to do', () => {
    const made = plan({ ...input, records });
    expect(made.whole.traffic).toBeCloseTo(3.6, 9);
    expect(value(made.trunks[0]!.reckoned, 'Minutes')).toBeCloseTo(216, 9);
    expect(value(made.trunks[0]!.reckoned, 'Bandwidth of those, one way')).toBeCloseTo(8 * 84, 9);
    expect(made.trunks[0]).toMatchObject({ name: 'itsp', capacity: 2, lines: linesFor(3.6, 0.01) });
    expect(made.trunks[0]!.doubt).toBe(`it takes ${linesFor(3.6, 0.01)} lines to lose no more than 1 %, and it has 2`);
    expect(made.sites[1]!.ports).toBe(linesFor(3, 0.01));
    expect(made.sites[1]!.ways?.best).toBe('centre');
  });

  test('but not for users of a site that they know nothing of', () => {
    const only = { ...records, sites: new Map([...records.sites].filter(([name]) => name === 'new-york')) };
    const made = plan({ ...input, records: only });
    expect(made.sites[0]!.traffic).toBeGreaterThan(0);
    expect(made.whole.traffic).toBeCloseTo(3.6 + made.sites[0]!.traffic, 9);
    expect(made.whole.lines).toBe(linesFor(made.whole.traffic, 0.01));
  });
});

test.each([
  [0, '0'],
  [0.00719, '0.0072'],
  [84.1, '84.1'],
  [857.25, '857.25'],
  [9_400, '9,400'],
  [1_234_567.8, '1,234,568'],
  [-5.5, '-5.5'],
  [Number.POSITIVE_INFINITY, 'no end'],
])('%d is read as %s', (number, text) => {
  expect(figure(number)).toBe(text);
});
