import { describe, expect, test } from 'vitest';
import type { Route, User } from '#policy/configuration';
import { trunk } from '../../../test/support/trunk.ts';
import { Router } from './route.ts';

const user = (policy: string): User => ({ name: 'ann', numbers: [], devices: 1, hidden: false, policy });
const features = {
  forwarding: true,
  transfer: true,
  'simultaneous-ring': true,
  'pstn-reroute': true,
  'bandwidth-override': false,
  'toll-bypass': true,
};

const hints = (called: string, ...routes: Route[]) =>
  new Router({ trunks: [trunk('pbx'), trunk('acme')], routes })
    .plan({ source: 'pbx', called })
    .decisions.filter(({ outcome }) => outcome.startsWith('nearly'))
    .map(({ rule, outcome }) => [rule, /it takes (\S+)/.exec(outcome)?.[1]]);
const route = (name: string, called: NonNullable<Route['called']>): Route => ({ name, from: [], called, to: ['acme'] });

describe('a route that nearly took the call', () => {
  test.each([
    ['+493012345', { prefixes: ['0301'] }, '03012345'],
    ['+493012345', { pattern: '^0049\\d+$' }, '00493012345'],
    ['+12065550100', { pattern: '^\\d{10}$' }, '2065550100'],
    ['+445550100', { prefixes: ['01144'] }, '011445550100'],
    ['00493012345', { prefixes: ['+49'] }, '+493012345'],
    ['493012345', { prefixes: ['+49'] }, '+493012345'],
    ['003012345', { pattern: '^0[1-9]\\d+$' }, '03012345'],
    ['000493012345', { prefixes: ['+49'] }, '+493012345'],
    ['8', { prefixes: ['08'] }, '08'],
  ] as const)('%s for %o: as %s', (called, wanted, written) => {
    expect(hints(called, route('city', wanted))).toEqual([['city', written]]);
  });

  test('is told in a sentence', () => {
    const plan = new Router({ trunks: [trunk('pbx'), trunk('acme')], routes: [route('city', { prefixes: ['030'] })] });
    expect(plan.plan({ source: 'pbx', called: '+493012345' }).decisions.at(-1)).toEqual({
      rule: 'city',
      outcome:
        'nearly: compared +493012345, it takes 03012345 (as within its country): a dial plan rule that writes it so would do',
    });
  });

  test('is one that would really take it: neither its exceptions nor other reasons count as near', () => {
    expect(hints('+493012345', route('city', { prefixes: ['030'], except: ['03012'] }))).toEqual([]);
    expect(hints('+493012345', { ...route('city', { prefixes: ['030'] }), from: ['acme'] })).toEqual([]);
    expect(hints('+493012345', route('else', { prefixes: ['+31'] }))).toEqual([]);
  });

  test('says nothing where another took it, nor more than three times', () => {
    expect(hints('+493012345', route('city', { prefixes: ['030'] }), { name: 'rest', from: [], to: ['acme'] })).toEqual(
      [],
    );
    const many = Array.from({ length: 9 }, (_, i) => route(`r${i}`, { prefixes: ['030'] }));
    expect(hints('+493012345', ...many)).toHaveLength(3);
  });

  test('is found in a long list, of which the rest is counted', () => {
    const many = Array.from({ length: 99 }, (_, i) => route(`r${i}`, { prefixes: [`+1${i + 100}`] }));
    const { decisions } = new Router({
      trunks: [trunk('pbx'), trunk('acme')],
      routes: [...many, route('city', { prefixes: ['030'] })],
    }).plan({ source: 'pbx', called: '+493012345' });
    expect(decisions).toEqual([
      { rule: 'routes', outcome: 'no: 100 others are for numbers that begin in other ways' },
      { rule: 'city', outcome: expect.stringContaining('it takes 03012345') },
    ]);
  });
});

describe('a route for people with more rights', () => {
  const routes: Route[] = [
    { ...route('abroad', { prefixes: ['+'] }), usages: ['international'] },
    { ...route('home', { prefixes: ['+49'] }), usages: ['national'] },
  ];
  const policies = [{ name: 'plain', usages: ['national', 'gone'], features }];
  const router = new Router({ trunks: [trunk('acme')], routes, policies, users: [user('plain')] });

  test('is named, and usages without routes too', () => {
    expect(router.plan({ source: 'ann', called: '+3120' }).decisions).toEqual([
      { rule: 'policy plain', outcome: 'lets call national, gone' },
      { rule: 'national / home', outcome: 'no: +3120 does not begin with +49' },
      { rule: 'gone', outcome: 'no: no route is of this usage' },
      { rule: 'international / abroad', outcome: 'nearly: it takes +3120, for who has usage international' },
    ]);
  });

  test('by what it was decided is told as data', () => {
    expect(router.plan({ source: 'ann', called: '+4930' }).basis).toEqual({
      ...{ user: 'ann', policy: 'plain', usages: ['national', 'gone'], usage: 'national' },
    });
    expect(router.plan({ source: 'acme', called: '+4930' }).basis).toEqual({});
  });
});
