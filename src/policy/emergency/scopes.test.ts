import { describe, expect, test } from 'vitest';
import type { Configuration, Emergency, Notify, Site, User } from '#policy/configuration';
import { trunk } from '../../../test/support/trunk.ts';
import { type EmergencyFacts, EmergencyPlanner } from './index.ts';

/** An organisation in three countries: help has other numbers in each. */

const site = (name: string, country: string | undefined, net: number): Site => ({
  name,
  kind: 'central',
  ...(country === undefined ? {} : { country }),
  subnets: [{ network: { host: `10.${net}.0.0`, bits: 16 } }],
  resilient: false,
  survivability: 'none',
  location: name,
});
const user = (name: string, more: Partial<User> = {}): User => ({
  name,
  numbers: [],
  devices: 1,
  hidden: false,
  ...more,
});
const desk = (name: string): Notify => ({ kind: 'message', to: `sip:${name}@pbx` });

const dallas = user('dallas', { line: '+12145550101', site: 'dallas' });
const berlin = user('berlin', { line: '+4930550101', site: 'berlin' });
const nomad = user('nomad', { line: '+12145550199' });
const gate = trunk('gate', { kind: 'ip-pbx', side: 'internal' });
const lab = trunk('lab', { kind: 'ip-pbx', side: 'internal', site: 'lab' });
const node = trunk('node:other', { kind: 'ip-pbx', side: 'internal', node: 'other' });

const emergency: Emergency = {
  numbers: [{ number: '911', masks: ['999'] }],
  tests: ['933'],
  to: ['us'],
  relay: '+18005550911',
  notify: [desk('all')],
  countries: {
    DE: {
      numbers: [
        { number: '112', masks: ['19222'], services: ['sos.fire'] },
        { number: '110', masks: [], services: ['sos.police'] },
      ],
      to: ['de'],
      relay: '+49305550911',
      notify: [desk('germany')],
    },
  },
  sites: {
    berlin: { to: ['berlin-gw'], notify: [desk('berlin')] },
    lab: { numbers: [{ number: '7777', masks: [] }], tests: ['7000'], notify: [desk('lab')], notifyAlone: true },
  },
  locations: ['dallas', 'berlin', 'lab', 'lyon'].map((name) => ({ name, civic: { country: 'XX' }, elins: [] })),
  callback: 1000,
};

const configuration = {
  trunks: [gate, lab, node, trunk('us'), trunk('de'), trunk('berlin-gw', { kind: 'pstn-gateway', site: 'berlin' })],
  routes: [],
  users: [dallas, berlin, nomad],
  dialPlans: [{ name: 'global', accessPrefix: '0', rules: [] }],
  sites: [site('dallas', 'US', 1), site('berlin', 'DE', 2), site('lab', 'DE', 3), site('lyon', 'FR', 4)],
  emergency,
} as unknown as Configuration & { emergency: Emergency };

const planner = new EmergencyPlanner(configuration);
const plan = (called: string, who: Partial<EmergencyFacts>) =>
  planner.plan({ number: who.user?.line ?? '', called, brings: undefined, at: 0, ...who });
const first = (called: string, who: Partial<EmergencyFacts>) => {
  const made = plan(called, who);
  return made && `${made.number} ${made.trunks[0]?.trunk.name} ${made.trunks[0]?.called}`;
};

const atDallas = { user: dallas, address: '10.1.0.9' };
const atBerlin = { user: berlin, address: '10.2.0.9' };
const atHome = { user: berlin, address: '192.0.2.9' };
const abroad = { user: berlin, address: '10.1.0.9' };

describe('the numbers of help', () => {
  test.each<[string, string, Partial<EmergencyFacts>, string | undefined]>([
    ['of everywhere, at a site of which nothing else is said', '911', atDallas, '911 us 911'],
    ['its masks', '999', atDallas, '911 us 911'],
    ['none of another country, who is at a site', '112', atDallas, undefined],
    ['of the country of the site, its trunks before others', '112', atBerlin, '112 berlin-gw 112'],
    ['another of it', '110', atBerlin, '110 berlin-gw 110'],
    ['its masks too', '19222', atBerlin, '112 berlin-gw 112'],
    ['behind the access prefix', '0110', atBerlin, '110 berlin-gw 110'],
    ['instead of those of everywhere', '911', atBerlin, undefined],
    ['of the site, by its trunk', '7777', { trunk: lab }, '7777 de 7777'],
    ['instead of those of its country', '112', { trunk: lab }, undefined],
    ['of a country of which nothing is said', '911', { address: '10.4.0.9', user: nomad }, '911 us 911'],
  ])('%s: %s', (_what, called, who, expected) => {
    expect(first(called, who)).toBe(expected);
  });

  test.each<[string, string, Partial<EmergencyFacts>, string]>([
    ['his own', '112', atHome, '112 de +49305550911'],
    ['those of everywhere', '911', atHome, '911 us +18005550911'],
    ['those of a site', '7777', atHome, '7777 de +49305550911'],
    ['who has no site, those of everywhere', '999', { user: nomad }, '911 us +18005550911'],
    ['who has no site, those of a country', '110', { user: nomad }, '110 de +49305550911'],
    ['a PBX without a site', '110', { trunk: gate }, '110 de +49305550911'],
  ])('where who calls is not known, all of them: %s', (_what, called, who, expected) => {
    expect(first(called, who)).toBe(expected);
  });

  test.each<[string, string]>([
    ['110', '911 us 911'],
    ['19222', '911 us 911'],
    ['911', '911 us 911'],
  ])('who is abroad dials %s as at home, and help is called by the number of the place', (called, expected) => {
    expect(first(called, abroad)).toBe(expected);
  });

  test('what is dialled at home for one service calls the same one abroad', () => {
    const other = user('other', { line: '+33450550101', site: 'lyon' });
    const french = new EmergencyPlanner({
      ...configuration,
      users: [other],
      emergency: {
        ...emergency,
        countries: {
          ...emergency.countries,
          FR: {
            numbers: [
              { number: '15', masks: [] },
              { number: '17', masks: [], services: ['sos.police'] },
            ],
          },
        },
      },
    });
    const facts = { user: other, number: '', address: '10.2.0.9', brings: undefined, at: 0 };
    expect(french.plan({ ...facts, called: '17' })?.number).toBe('110');
    expect(french.plan({ ...facts, called: '15' })?.number).toBe('112');
  });

  test('services by number of the place (RFC 5031)', () => {
    const service = 'urn:service:sos.police';
    expect(plan('', { ...atBerlin, service })?.number).toBe('110');
    expect(plan('', { ...atDallas, service })?.number).toBe('911');
  });

  test('numbers to try it with say the first number of the place', () => {
    expect(plan('933', atBerlin)).toMatchObject({ test: true, number: '112' });
    expect(plan('933', { trunk: lab })).toBeUndefined();
    expect(plan('7000', { trunk: lab })).toMatchObject({ test: true, number: '7777' });
  });

  test('what another node has made the number of help stays it, whatever it is a mask of', () => {
    const masking = new EmergencyPlanner({
      ...configuration,
      emergency: { ...emergency, numbers: [{ number: '911', masks: ['112'] }] },
    });
    const facts = { number: '', called: '112', brings: undefined, at: 0 };
    expect(masking.plan({ ...facts, trunk: node })?.number).toBe('112');
    expect(masking.plan({ ...facts, trunk: gate })?.number).toBe('911');
  });

  test('what may be one is known for all places at once, before it is known who calls', () => {
    for (const number of ['911', '999', '112', '110', '7777', '933', '7000', '0112'])
      expect(planner.mayBe(number, ''), number).toBe(true);
    expect(planner.mayBe('113', '')).toBe(false);
  });

  test('a file that names numbers for countries alone knows all of them where nothing is said', () => {
    const only = new EmergencyPlanner({ ...configuration, emergency: { ...emergency, numbers: [], tests: [] } });
    const facts = { number: '', brings: undefined, at: 0 } as const;
    expect(only.knowsNumbers).toBe(true);
    expect(only.plan({ ...facts, called: '112', user: dallas, address: '10.1.0.9' })?.number).toBe('112');
    expect(only.plan({ ...facts, called: '7777', user: dallas, address: '10.1.0.9' })?.number).toBe('7777');
  });
});

describe('who hears of it', () => {
  const told = (who: Partial<EmergencyFacts>, called = '112') =>
    plan(called, who)?.notify.map((one) => (one.kind === 'message' ? one.to : one.kind));

  test('those of the site, of its country and of everywhere', () => {
    expect(told(atBerlin)).toEqual(['sip:berlin@pbx', 'sip:germany@pbx', 'sip:all@pbx']);
    expect(told(atDallas, '911')).toEqual(['sip:all@pbx']);
  });
  test('those of the site alone, where it says so', () => {
    expect(told({ trunk: lab }, '7777')).toEqual(['sip:lab@pbx']);
  });
  test('those where he is when he is abroad, and of his own site when nobody knows where that is', () => {
    expect(told(abroad)).toEqual(['sip:all@pbx']);
    expect(told(atHome)).toEqual(['sip:berlin@pbx', 'sip:germany@pbx', 'sip:all@pbx']);
  });
});
