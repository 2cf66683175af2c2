import { describe, expect, test } from 'vitest';
import type { Configuration } from '#policy/configuration';
import { trunk } from '../../../test/support/trunk.ts';
import { type Directive, Router } from './route.ts';

const numbers = { called: [{ name: 'strip', pattern: '^\\+(\\d+)$', to: '$1' }], calling: [] };
const features = {
  forwarding: true,
  transfer: true,
  'simultaneous-ring': true,
  'pstn-reroute': true,
  'bandwidth-override': false,
  'toll-bypass': false,
};
const configuration: Partial<Configuration> & Pick<Configuration, 'trunks' | 'routes'> = {
  trunks: [trunk('pbx'), trunk('acme', { numbers }), trunk('beta'), trunk('gate', { site: 'delhi', localOnly: true })],
  groups: [{ name: 'both', choice: 'ordered', members: ['acme', 'beta'].map((name) => ({ trunk: name, weight: 1 })) }],
  routes: [{ name: 'rest', from: [], to: ['beta'] }],
  users: [{ name: 'bob', line: '+4930200', numbers: [], devices: 1, hidden: false }],
};
const router = new Router(configuration);
const heard = [{ rule: 'decision service', outcome: 'acme, after 3 ms' }];
const directed = (more: Partial<Directive>) =>
  router.plan({ source: 'pbx', called: '+4930100', decided: { by: 'decision service', heard, ...more } });

describe('what somebody outside said of a call', () => {
  test('stands in place of the routes; numbers are written as each trunk writes them', () => {
    expect(directed({ to: [{ target: 'acme' }, { target: 'beta' }] })).toMatchObject({
      route: 'decision service',
      trunks: [{ trunk: { name: 'acme' }, called: '4930100' }, { trunk: { name: 'beta' } }],
      decisions: [...heard, { rule: 'trunk acme', outcome: 'strip: +4930100 is written 4930100' }],
    });
  });

  test('a group is a group, a trunk is tried once, a number for one of them is told as it is', () => {
    const { trunks } = directed({ to: [{ target: 'acme', called: '+1' }, { target: 'both' }] });
    expect(trunks.map(({ trunk, called }) => [trunk.name, called])).toEqual([
      ['acme', '+1'],
      ['beta', undefined],
    ]);
  });

  test('another number leads by the routes, or to whose it is; another caller is told, and nothing else of him', () => {
    expect(directed({ called: '+4930300', caller: '+4930999' })).toMatchObject({
      route: 'rest',
      number: '+4930300',
      trunks: [{ trunk: { name: 'beta' }, called: '+4930300', caller: { number: '+4930999', masks: true } }],
    });
    expect(directed({ called: '+4930200' })).toMatchObject({ user: { name: 'bob' }, trunks: [] });
  });

  test('a refusal is one', () => {
    expect(directed({ refuse: 603 })).toMatchObject({ route: 'decision service', refuse: 603, trunks: [] });
  });

  test('names that nobody has are passed over; when there is no other, the routes decide', () => {
    expect(directed({ to: [{ target: 'gone' }] })).toMatchObject({
      route: 'rest',
      decisions: [
        ...heard,
        { rule: 'gone', outcome: 'passed over: there is no such trunk or group' },
        { rule: 'rest', outcome: 'matches: beta' },
      ],
    });
  });

  test('what may not be joined stays apart, and who is held by his site is', () => {
    expect(directed({ to: [{ target: 'gate' }] })).toMatchObject({ trunks: [], refuse: 403 });
    const held = new Router({
      ...configuration,
      sites: [
        {
          name: 'delhi',
          kind: 'branch',
          subnets: [],
          resilient: false,
          survivability: 'none',
          localPolicy: 'local',
        },
      ],
      policies: [
        { name: 'bound', usages: ['all'], features },
        { name: 'local', usages: ['all'], features },
      ],
      routes: [{ name: 'rest', from: [], usages: ['all'], to: ['gate'] }],
      users: [{ name: 'ann', numbers: [], devices: 1, hidden: false, site: 'delhi', policy: 'bound' }],
    });
    const decided = { by: 'ENUM', heard: [], to: [{ target: 'beta' }] };
    const plan = held.plan({ source: 'ann', called: '+4930100', decided });
    expect(plan.trunks.map(({ trunk: { name } }) => name)).toEqual(['gate']);
    expect(plan.decisions[0]).toEqual({
      rule: 'ENUM',
      outcome: 'not heeded: policy local says how calls leave from here',
    });
  });
});
