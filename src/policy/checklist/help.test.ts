import { describe, expect, test } from 'vitest';
import type { Configuration, Emergency, Node, Site, Trunk } from '#policy/configuration';
import { helpRules } from './help.ts';
import type { CheckState } from './index.ts';

/** The items of calls for help: two providers, a gateway at the branch. */

const trunk = (name: string, host: string, more: Partial<Trunk> = {}) =>
  ({
    ...{ name, kind: 'itsp', side: 'external', transport: 'tls', capacity: {} },
    addresses: [{ host, port: 5061, matchPort: false }],
    ...more,
  }) as Trunk;
const site = (name: string, more: Partial<Site> = {}): Site => ({
  ...{ name, kind: 'central', subnets: [], resilient: false, survivability: 'none', location: name },
  ...more,
});
const node = (name: string, at: string): Node => ({ name, site: at, listeners: [name], link: `${name}/tls` });
const listener = (name: string) => ({
  ...{ id: `${name}/tls`, name, side: 'external', transport: 'tls' },
  ...{ bind: { host: '192.0.2.5', port: 5061 }, advertise: { host: '192.0.2.5', port: 5061 } },
});
const own = { type: 'private', vpn: false } as const;

const emergency: Emergency = {
  numbers: [{ number: '911', masks: [] }],
  tests: ['933'],
  to: ['first', 'second'],
  relay: '+18005550911',
  sites: { branch: { to: ['gateway'] } },
  locations: [{ name: 'hq', civic: { country: 'US' }, elins: ['+1'] }],
  notify: [{ kind: 'message', to: 'sip:desk@pbx' }],
  callback: 0,
};
const sound = {
  listeners: [listener('a'), listener('b')],
  trunks: [
    trunk('first', '203.0.113.1', { emergency: 'location', connection: own, listeners: ['a'] }),
    trunk('second', '203.0.113.2', { emergency: 'location', connection: own, listeners: ['b'] }),
    trunk('gateway', '10.2.0.9', { kind: 'pstn-gateway', site: 'branch', emergency: 'elin' }),
  ],
  nodes: [node('a', 'hq'), node('b', 'branch')],
  routes: [],
  media: {},
  sites: [site('hq'), site('branch', { kind: 'branch', centre: 'hq' })],
  emergency,
} as unknown as Configuration & { emergency: Emergency };

function look(id: string, more: object = {}) {
  const rule = helpRules.find((one) => one.id === id);
  if (!rule) throw new Error(`no item ${id}`);
  return rule.look({ ...sound, ...more });
}
const help = (more: Partial<Emergency>) => ({ emergency: { ...emergency, ...more } });
const first = (more: Partial<Trunk>, drop: readonly (keyof Trunk)[] = []) => ({
  trunks: sound.trunks.map((one) =>
    one.name === 'first'
      ? Object.fromEntries(Object.entries({ ...one, ...more }).filter(([key]) => !drop.includes(key as keyof Trunk)))
      : one,
  ),
});

test.each<[string, CheckState, object]>([
  ['emergency', 'done', {}],
  ['emergency-second', 'done', {}],
  ['emergency-second', 'missing', help({ to: ['first'] })],
  ['emergency-told', 'done', {}],
  ['emergency-told', 'by-hand', first({}, ['emergency'])],
  ['emergency-told', 'not-applicable', help({ to: ['gateway'] })],
  ['emergency-places', 'done', {}],
  ['emergency-places', 'missing', { sites: [{ ...site('hq'), location: undefined }] }],
  [
    'emergency-places',
    'done',
    {
      sites: [
        { ...site('hq'), location: undefined, subnets: [{ network: { host: '10.0.0.0', bits: 8 }, location: 'x' }] },
      ],
    },
  ],
  ['emergency-addresses', 'by-hand', {}],
  ['emergency-addresses', 'not-applicable', help({ locations: [] })],
  ['emergency-relay', 'done', {}],
  ['emergency-relay', 'missing', help({ relay: undefined as never })],
  ['emergency-local', 'done', {}],
  ['emergency-local', 'missing', help({ sites: {} })],
  ['emergency-local', 'missing', { nodes: [node('a', 'hq')] }],
  ['emergency-local', 'not-applicable', { sites: [site('hq')] }],
  ['emergency-desk', 'done', {}],
  ['emergency-desk', 'missing', help({ notify: [] })],
  ['emergency-desk', 'missing', help({ sites: { branch: { to: ['gateway'], notify: [], notifyAlone: true } } })],
  ['emergency-line', 'not-applicable', {}],
  ['emergency-line', 'missing', first({ connection: { type: 'internet' } as never })],
  ['emergency-line', 'done', first({ connection: { type: 'internet', vpn: true } as never })],
  ['emergency-line', 'done', first({ connection: { type: 'internet' } as never, srtp: { mode: 'required' } as never })],
  ['emergency-line', 'missing', first({ connection: { type: 'internet' } as never, transport: 'tcp' })],
  ['emergency-line', 'missing', first({}, ['connection'])],
  ['emergency-apart', 'done', {}],
  ['emergency-apart', 'missing', first({ listeners: ['b'] })],
  ['emergency-apart', 'by-hand', { nodes: [] }],
  ['emergency-apart', 'not-applicable', help({ to: ['first'] })],
  ['emergency-tried', 'by-hand', {}],
])('%s: %s', (id, state, more) => {
  const item = look(id, more);
  expect(item.state).toBe(state);
  expect(item.todo.length > 0).toBe(state === 'missing' || state === 'by-hand');
});

describe('what is to be done', () => {
  test('without numbers of help there is one thing to do', () => {
    const found = helpRules.map(({ id, look: of }) => [id, of({ ...sound, emergency: undefined as never }).state]);
    expect(found.filter(([, state]) => state !== 'not-applicable')).toEqual([['emergency', 'missing']]);
  });

  test('names the site, or the trunk', () => {
    expect(look('emergency-local', help({ sites: {} })).todo[0]).toMatch(/^branch: give it a gateway/);
    expect(look('emergency-line', first({ connection: { type: 'internet' } as never })).todo[0]).toMatch(
      /^first: .*IPsec/,
    );
    expect(look('emergency-apart', first({ listeners: ['b'] })).because).toBe('all end at branch');
    expect(look('emergency-addresses').todo).toContainEqual(
      expect.stringContaining('load the number of the place (ELIN)'),
    );
  });

  test('of a country that has its own providers these are looked at', () => {
    const german = {
      sites: [site('berlin', { country: 'DE' })],
      ...help({ to: [], countries: { DE: { to: ['first'] } } }),
    };
    expect(look('emergency-second', german).todo).toEqual([expect.stringMatching(/^berlin: /)]);
  });
});
