import { describe, expect, test } from 'vitest';
import type { Site, Trunk, User } from '#policy/configuration';
import { type End, hasLocationRules, obstacle, Whereabouts } from './index.ts';

const site = (name: string, more: Partial<Site> = {}): Site => ({
  name,
  kind: 'central',
  subnets: [],
  resilient: false,
  survivability: 'none',
  ...more,
});
const trunk = (name: string, kind: Trunk['kind'], more: Partial<Trunk> = {}): Trunk => ({
  name,
  kind,
  side: 'external',
  transport: 'udp',
  addresses: [],
  capacity: {},
  setupTimeout: 1,
  ringTimeout: 1,
  ...more,
});
const user = (name: string, more: Partial<User> = {}): User => ({
  name,
  numbers: [],
  devices: 5,
  hidden: false,
  ...more,
});
const network = (host: string, bits: number) => ({ network: { host, bits } });

describe('who is where', () => {
  const delhi = site('delhi', { subnets: [network('10.1.0.0', 16)] });
  const floor = site('delhi-floor', { subnets: [network('10.1.9.0', 24)] });
  const paris = site('paris');
  const carrier = site('carrier', { subnets: [network('203.0.113.5', 32)] });
  const whereabouts = new Whereabouts({ sites: [delhi, floor, paris, carrier] });

  test.each([
    ['at an address of a site he is there', 'paris', '10.1.2.3', delhi],
    ['and there most narrowly', 'paris', '10.1.9.1', floor],
    ['at an address of none he is away', 'delhi', '198.51.100.7', undefined],
    ['but where his own site names no addresses he is at home', 'paris', '198.51.100.7', paris],
    ['without an address he is at home', 'delhi', undefined, delhi],
    ['who belongs nowhere is nowhere', undefined, '198.51.100.7', undefined],
    ['but where his address is', undefined, '10.1.2.3', delhi],
  ])('%s', (_, home, address, expected) => {
    const ann = user('ann', home === undefined ? {} : { site: home });
    expect(whereabouts.ofUser(ann, address)).toBe(expected);
    expect(whereabouts.of(trunk('ann', 'ip-pbx', { user: ann }), address)).toBe(expected);
  });

  test('a trunk ends where it says, else where its address is', () => {
    const at = { host: '203.0.113.5', port: 5060, matchPort: false };
    expect(whereabouts.ofTrunk(trunk('itsp', 'itsp', { addresses: [at] }))).toBe(carrier);
    expect(whereabouts.ofTrunk(trunk('itsp', 'itsp', { addresses: [at], site: 'paris' }))).toBe(paris);
    expect(whereabouts.ofTrunk(trunk('itsp', 'itsp', { addresses: [{ ...at, host: '192.0.2.1' }] }))).toBeUndefined();
    expect(whereabouts.ofTrunk(trunk('itsp', 'itsp'))).toBeUndefined();
    // What speaks for it tells nothing of it.
    expect(whereabouts.of(trunk('itsp', 'itsp'), '10.1.2.3')).toBeUndefined();
  });

  test('no rule is in use until one is', () => {
    expect(hasLocationRules({ sites: [paris], trunks: [trunk('t', 'itsp')] })).toBe(false);
    expect(hasLocationRules({ trunks: [trunk('t', 'itsp', { localOnly: true })] })).toBe(true);
    expect(hasLocationRules({ sites: [site('x', { localTermination: true })], trunks: [] })).toBe(true);
    expect(hasLocationRules({ sites: [site('x', { localPolicy: 'y' })], trunks: [] })).toBe(true);
  });
});

describe('who may be joined', () => {
  const here = site('delhi', { country: 'IN' });
  const there = site('paris', { country: 'FR' });
  const end = (kind: Trunk['kind'], at: Site | undefined, more: Partial<Trunk> = {}): End => ({
    trunk: trunk('it', kind, more),
    site: at,
  });
  const localOnly = { localOnly: true };

  /** Rows of docs/location.md: a restricted gateway at delhi, and who is at its other end. Whoever of the two calls. */
  test.each([
    ['a user there', end('ip-pbx', here), true],
    ['a user elsewhere', end('ip-pbx', there), false],
    ['a user away', end('ip-pbx', undefined), false],
    ['a PBX there', end('ip-pbx', here), true],
    ['a PBX elsewhere', end('ip-pbx', there), false],
    ['a restricted trunk there', end('pstn-gateway', here, localOnly), true],
    ['a restricted trunk elsewhere', end('pstn-gateway', there, localOnly), false],
    ['an open trunk there', end('itsp', here), true],
    ['an open trunk elsewhere', end('itsp', there), false],
    ['a trunk that is nowhere', end('itsp', undefined), false],
  ])('a restricted trunk and %s: %s', (_, other, may) => {
    const restricted = end('pstn-gateway', here, localOnly);
    expect(obstacle(other, restricted) === undefined).toBe(may);
    expect(obstacle(restricted, other) === undefined).toBe(may);
  });

  test('a restricted trunk at no site is for nobody', () => {
    const restricted = end('pstn-gateway', undefined, localOnly);
    expect(obstacle(end('ip-pbx', undefined), restricted)).toMatch('no site that is known');
    expect(obstacle(end('ip-pbx', here), restricted)).toBeDefined();
  });

  test.each([
    ['users of two sites', end('ip-pbx', here), end('ip-pbx', there)],
    ['a user and an open trunk elsewhere', end('ip-pbx', here), end('itsp', there)],
    ['a user away and an open trunk', end('ip-pbx', undefined), end('itsp', there)],
    ['two open trunks', end('itsp', here), end('itsp', there)],
  ])('%s: whoever is where', (_, one, other) => {
    expect(obstacle(one, other)).toBeUndefined();
    expect(obstacle(other, one)).toBeUndefined();
  });

  test('says why', () => {
    const restricted = end('pstn-gateway', here, { ...localOnly, name: 'gateway' });
    expect(obstacle(end('ip-pbx', there), restricted)).toBe('it is for who is at delhi, and the caller is at paris');
    expect(obstacle(restricted, end('ip-pbx', undefined))).toBe(
      'trunk gateway reaches who is at delhi, and this is at no site that is known',
    );
  });

  /** A site that keeps its calls in its country. */
  const strict = site('lyon', { country: 'FR', localTermination: true });
  test.each([
    ['by a trunk of its country', end('ip-pbx', strict), end('itsp', there), true],
    ['by one of another', end('ip-pbx', strict), end('itsp', here), false],
    ['by one that ends nobody knows where', end('ip-pbx', strict), end('itsp', undefined), false],
    ['to a user in another country', end('ip-pbx', strict), end('ip-pbx', here), true],
    ['from another site', end('ip-pbx', here), end('itsp', there), true],
    ['from abroad, to who is there', end('itsp', here), end('ip-pbx', strict), true],
    ['of a trunk that ends there', end('itsp', strict), end('itsp', here), true],
  ])('a call %s: %s', (_, caller, callee, may) => {
    expect(obstacle(caller, callee) === undefined).toBe(may);
  });

  test('says which country', () => {
    expect(obstacle(end('ip-pbx', strict), end('itsp', here))).toBe('calls from lyon stay in FR, and it ends in IN');
  });
});
