import { describe, expect, test } from 'vitest';
import type { Configuration } from '#policy/configuration';
import { trunk } from '../../../test/support/trunk.ts';
import { askDialPlan, askPolicy, askRoute, askTrunk, askUser } from './questions.ts';

const rule = (name: string, pattern: string, to: string) => ({ name, pattern, to });
const features = {
  forwarding: true,
  transfer: true,
  'simultaneous-ring': true,
  'pstn-reroute': true,
  'bandwidth-override': false,
  'toll-bypass': true,
};
const configuration: Configuration = {
  listeners: [],
  trunks: [trunk('pbx'), trunk('acme', { numbers: { called: [rule('strip', '^\\+(.*)$', '$1')], calling: [] } })],
  routes: [
    { name: 'national', from: ['pbx'], usages: ['near'], called: { prefixes: ['+49'] }, sites: ['x'], to: ['acme'] },
    { name: 'world', from: [], usages: ['far'], to: ['acme'] },
  ],
  dialPlans: [
    {
      name: 'berlin',
      accessPrefix: '0',
      rules: [rule('own', '^(\\d{3})$', '+49301$1'), rule('city', '^([2-9]\\d{5,})$', '+4930$1')],
    },
  ],
  policies: [
    { name: 'plain', usages: ['near', 'far'], features },
    { name: 'global', usages: [], features },
  ],
  sites: [
    {
      name: 'x',
      kind: 'central',
      subnets: [],
      resilient: false,
      survivability: 'none',
      policy: 'plain',
      dialPlan: 'berlin',
    },
  ],
  users: [
    { name: 'ann', line: '+49301234', numbers: [], devices: 1, hidden: false, site: 'x' },
    { name: 'bob', numbers: [], devices: 1, hidden: false },
  ],
  unknownSource: 'refuse',
  media: {
    mode: 'bypass',
    internal: { bind: '::', advertise: '::' },
    external: { bind: '::', advertise: '::' },
    ports: { min: 1, max: 2 },
    silence: 0,
  },
  records: { path: '' },
  timers: { t1: 500, t2: 4000, t4: 5000 },
};

describe('parts of what becomes of a call', () => {
  test('a dial plan: each rule by itself, and what is dialled before', () => {
    expect(askDialPlan(configuration, 'berlin', '234')).toEqual({
      number: '+49301234',
      decisions: [
        { rule: 'own', outcome: 'matches: 234 is +49301234' },
        { rule: 'city', outcome: 'no: 234 does not match ^([2-9]\\d{5,})$' },
      ],
    });
    expect(askDialPlan(configuration, 'berlin', '0234567')).toMatchObject({
      number: '+4930234567',
      decisions: [
        { rule: 'access prefix 0', outcome: 'off: 234567 is left' },
        { rule: 'own', outcome: 'no: 234567 does not match ^(\\d{3})$' },
        { rule: 'city', outcome: 'matches: 234567 is +4930234567' },
      ],
    });
    expect(askDialPlan(configuration, 'berlin', '0+4989123')).toMatchObject({
      number: '+4989123',
      decisions: [{}, {}, {}],
    });
    // Nothing fits behind the prefix: the rules are asked about the whole.
    expect(askDialPlan(configuration, 'berlin', '012')).toMatchObject({
      number: '+49301012',
      decisions: [{}, {}, {}, { rule: 'own', outcome: 'matches: 012 is +49301012' }, {}],
    });
    expect(askDialPlan(configuration, 'berlin', '1')?.number).toBeUndefined();
    expect(askDialPlan(configuration, 'gone', '1')).toBeUndefined();
  });

  test('a policy: usages in order, whoever has it; a number of ours is a number', () => {
    const plan = askPolicy(configuration, 'plain', '+49301234');
    expect(plan?.route).toBe('world');
    expect(plan?.decisions.map(({ rule }) => rule)).toEqual([
      'policy plain',
      'near / national',
      'far / world',
      'trunk acme',
    ]);
    expect(askPolicy(configuration, 'global', '+4930')?.route).toBeUndefined();
    expect(askPolicy(configuration, 'gone', '1')).toBeUndefined();
  });

  test('a route: its numbers, whoever calls', () => {
    expect(askRoute(configuration, 'national', '+4930')).toEqual({ rule: 'national', outcome: 'matches: acme' });
    expect(askRoute(configuration, 'national', '030')?.outcome).toBe('no: 030 does not begin with +49');
    expect(askRoute(configuration, 'gone', '1')).toBeUndefined();
  });

  test('a trunk: numbers as it writes them', () => {
    expect(askTrunk(configuration, 'acme', '+4930', '+49301')).toMatchObject({
      told: { called: '4930' },
      decisions: [{ rule: 'trunk acme', outcome: 'strip: +4930 is written 4930' }],
    });
    expect(askTrunk(configuration, 'pbx', '+4930', '')).toMatchObject({ decisions: [] });
    expect(askTrunk(configuration, 'gone', '1', '')).toBeUndefined();
  });

  test('a user: what holds for him, and where from it comes', () => {
    expect(askUser(configuration, 'ann')).toMatchObject({
      dialPlan: 'berlin',
      policy: { name: 'plain' },
      policyFrom: 'site x',
    });
    expect(askUser(configuration, 'bob')).toMatchObject({
      dialPlan: undefined,
      policy: { usages: [] },
      policyFrom: 'global',
    });
    expect(askUser(configuration, 'gone')).toBeUndefined();
  });
});
