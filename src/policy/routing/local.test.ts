import { describe, expect, test } from 'vitest';
import type { Route, Site, Trunk, User, VoiceFeature } from '#policy/configuration';
import { type CallFacts, type RoutePlan, Router, refusalOf } from './index.ts';

/*
 * Location rules in the plan of a call, as docs/location.md has them: delhi's gateway is restricted, and delhi has a policy of
 * its own for how calls leave; paris has neither.
 */

const trunk = (name: string, kind: Trunk['kind'], site?: string, more: Partial<Trunk> = {}): Trunk => ({
  name,
  kind,
  side: kind === 'ip-pbx' ? 'internal' : 'external',
  transport: 'udp',
  addresses: [],
  capacity: {},
  setupTimeout: 1,
  ringTimeout: 1,
  ...(site === undefined ? {} : { site }),
  ...more,
});
const site = (name: string, more: Partial<Site> = {}): Site => ({
  name,
  kind: 'central',
  subnets: [],
  resilient: false,
  survivability: 'none',
  ...more,
});
const features = (bypass: boolean): Record<VoiceFeature, boolean> => ({
  forwarding: true,
  transfer: true,
  'simultaneous-ring': true,
  'pstn-reroute': true,
  'bandwidth-override': false,
  'toll-bypass': bypass,
});
const user = (name: string, home: string, policy: string): User => ({
  name,
  line: `+100${name.length}`,
  numbers: [],
  site: home,
  policy,
  devices: 5,
  hidden: false,
});

const router = new Router({
  trunks: [
    trunk('delhi-gateway', 'pstn-gateway', 'delhi', { localOnly: true, usages: [] }),
    trunk('delhi-pbx', 'ip-pbx', 'delhi', { usages: ['anywhere'] }),
    trunk('paris-pbx', 'ip-pbx', 'paris', { usages: ['anywhere'] }),
    trunk('paris-itsp', 'itsp', 'paris'),
  ],
  routes: [
    { name: 'by paris', from: [], usages: ['anywhere'], to: ['paris-itsp', 'delhi-gateway'] },
    { name: 'by delhi', from: [], usages: ['local'], to: ['delhi-gateway'] },
    { name: 'paris-only', from: [], usages: ['paris'], to: ['paris-itsp'] },
    { name: 'gateway-only', from: [], usages: ['gateway'], to: ['delhi-gateway'] },
  ],
  sites: [site('delhi', { localPolicy: 'at-delhi' }), site('paris')],
  policies: [
    { name: 'bound', usages: ['anywhere'], features: features(false) },
    { name: 'free', usages: ['anywhere'], features: features(true) },
    { name: 'mute', usages: [], features: features(false) },
    { name: 'gateway', usages: ['gateway'], features: features(true) },
    { name: 'at-delhi', usages: ['local'], features: features(true) },
  ],
  users: [
    user('ann', 'delhi', 'bound'),
    user('bo', 'delhi', 'free'),
    user('cydney', 'delhi', 'mute'),
    user('gw', 'paris', 'gateway'),
  ],
});

const plan = (facts: Omit<CallFacts, 'called'>) => router.plan({ called: '+4930123', ...facts });
const trunksOf = (facts: Omit<CallFacts, 'called'>) => plan(facts).trunks.map((planned) => planned.trunk.name);
const at = (name?: string) => ({ here: { site: name } });

describe('calls that leave', () => {
  test.each([
    ['a bound user at an enabled site: by that policy', { source: 'ann', ...at('delhi') }, ['delhi-gateway']],
    ['at home unless it is known otherwise', { source: 'ann' }, ['delhi-gateway']],
    ['at a site without a policy: by his own, open trunks', { source: 'ann', ...at('paris') }, ['paris-itsp']],
    ['at no site: the same', { source: 'ann', ...at() }, ['paris-itsp']],
    ['a free user there: by his own', { source: 'bo', ...at('delhi') }, ['paris-itsp', 'delhi-gateway']],
    ['a free user elsewhere: open trunks', { source: 'bo', ...at('paris') }, ['paris-itsp']],
    ['a PBX there', { source: 'delhi-pbx' }, ['paris-itsp', 'delhi-gateway']],
    ['a PBX elsewhere', { source: 'paris-pbx' }, ['paris-itsp']],
  ])('%s', (_, facts, trunks) => expect(trunksOf(facts)).toEqual(trunks));

  test('what his own policy does not let him call he may not call by that of the site', () => {
    expect(plan({ source: 'cydney', ...at('delhi') })).toMatchObject({ route: undefined, trunks: [] });
  });

  test('who may use none of the trunks is told so', () => {
    const none = plan({ source: 'gw' });
    expect(refusalOf(none)).toBe(403);
    expect(none.decisions.at(-1)).toEqual({
      rule: 'trunk delhi-gateway',
      outcome: 'left out: it is for who is at delhi, and the caller is at paris',
    });
  });

  test('says by whose policy', () => {
    expect(plan({ source: 'ann' }).decisions).toContainEqual({
      rule: 'policy at-delhi',
      outcome: 'says how calls leave from delhi',
    });
  });
});

describe('calls by routes without usages', () => {
  const [gateway, itsp] = [
    trunk('gateway', 'pstn-gateway', 'delhi', { localOnly: true }),
    trunk('itsp', 'itsp', 'paris'),
  ];
  const open = (routes: readonly Route[]) =>
    new Router({
      trunks: [gateway, itsp, trunk('delhi-pbx', 'ip-pbx', 'delhi'), trunk('paris-pbx', 'ip-pbx', 'paris')],
      routes,
      sites: [site('delhi'), site('paris')],
    });
  const near = { name: 'near', from: [], to: ['gateway'] };
  const far = { name: 'far', from: [], to: ['itsp'] };
  const none = { name: 'none', from: [], to: [], refuse: 488 };
  const other = { name: 'other', from: [], called: { prefixes: ['1'] }, to: ['itsp'] };

  /** The first that is left a trunk takes the call, and no other is joined to it. */
  test.each<[string, readonly Route[], string, Partial<RoutePlan>, readonly string[]]>([
    ['the first is of use', [near, far], 'delhi-pbx', { route: 'near' }, ['gateway']],
    ['of the first nothing is left: the next', [near, far], 'paris-pbx', { route: 'far' }, ['itsp']],
    ['one that does not fit is passed by', [near, other, far], 'paris-pbx', { route: 'far' }, ['itsp']],
    ['the next refuses', [near, none, far], 'paris-pbx', { route: 'none', refuse: 488 }, []],
    ['there is no next', [near, other], 'paris-pbx', { route: 'near', refuse: 403 }, []],
    ['nor is the next of use', [near, { ...near, name: 'again' }], 'paris-pbx', { route: 'near', refuse: 403 }, []],
  ])('%s', (_, routes, source, expected, trunks) => {
    const found = open(routes).plan({ source, called: '+4930123' });
    expect(found).toMatchObject(expected);
    expect(found.refuse).toBe(expected.refuse);
    expect(found.trunks.map((planned) => planned.trunk.name)).toEqual(trunks);
  });

  test('of a long list too', () => {
    const many = Array.from(
      { length: 40 },
      (_, at): Route => ({ name: `r${at}`, from: [], called: { prefixes: [`9${at}`] }, to: ['itsp'] }),
    );
    expect(open([near, ...many, far]).plan({ source: 'paris-pbx', called: '+4930123' }).route).toBe('far');
  });
});

describe('who is transferred or forwarded', () => {
  const to = (source: string, name?: string) => ({ talker: { source, site: name } });

  test.each([
    ['a user at an enabled site', { source: 'gw', ...to('ann', 'delhi') }, ['delhi-gateway']],
    [
      'whatever site who transfers him is at',
      { source: 'bo', ...at('paris'), ...to('ann', 'delhi') },
      ['delhi-gateway'],
    ],
    ['a user elsewhere, by who is there', { source: 'bo', ...at('delhi'), ...to('ann', 'paris') }, ['paris-itsp']],
    ['a user at no site: open trunks', { source: 'bo', ...at('delhi'), ...to('ann') }, ['paris-itsp']],
    [
      'from a restricted trunk: only there',
      { source: 'bo', ...at('delhi'), ...to('delhi-gateway', 'delhi') },
      ['delhi-gateway'],
    ],
    ['from an open trunk elsewhere', { source: 'bo', ...at('delhi'), ...to('paris-itsp', 'paris') }, ['paris-itsp']],
  ])('%s', (_, facts, trunks) => expect(trunksOf(facts)).toEqual(trunks));
});

test('says whose place it is that counts', () => {
  const transferred = plan({ source: 'bo', ...at('paris'), talker: { source: 'ann', site: 'delhi' } });
  expect(transferred.decisions).toContainEqual({
    rule: 'policy at-delhi',
    outcome: 'says how calls leave from delhi',
  });
});

describe('a number of ours', () => {
  test('is its user, and goes by the routes only where it is to', () => {
    expect(plan({ source: 'bo' }).user).toBeUndefined();
    const within = router.plan({ source: 'bo', called: '+1003' });
    expect(within.user?.name).toBe('ann');
    const outside = router.plan({ source: 'bo', called: '+1003', outside: true });
    expect(outside.user).toBeUndefined();
    expect(outside.route).toBe('by paris');
  });
});

test('where no rule of location is in use nothing is left out', () => {
  const open = new Router({
    trunks: [trunk('far', 'itsp', 'paris'), trunk('pbx', 'ip-pbx', 'delhi')],
    routes: [{ name: 'out', from: [], to: ['far'] }],
    sites: [site('delhi'), site('paris')],
  });
  expect(open.plan({ source: 'pbx', called: '1' }).decisions).toEqual([{ rule: 'out', outcome: 'matches: far' }]);
});
