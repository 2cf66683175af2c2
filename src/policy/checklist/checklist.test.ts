import { describe, expect, test } from 'vitest';
import type { Configuration, Listener, Site, Trunk, TunnelKind, User } from '#policy/configuration';
import { type CheckState, checklist } from './index.ts';

const listener = (
  name: string,
  side: Listener['side'],
  host: string,
  transport: Listener['transport'] = 'udp',
): Listener => ({
  ...{ id: `${name}/${transport}`, name, side, transport },
  bind: { host, port: 5060 },
  advertise: { host, port: 5060 },
});
const trunk = (name: string, host: string, more: Partial<Trunk> = {}) =>
  ({
    ...{ name, kind: 'itsp', side: 'external', transport: 'udp', capacity: {} },
    addresses: [{ host, port: 5060, matchPort: false }],
    ...more,
  }) as Trunk;
const site = (name: string, more: Partial<Site> = {}): Site => ({
  ...{ name, kind: 'central', subnets: [], resilient: false, survivability: 'none' },
  ...more,
});
const users = (count: number, at: string): User[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${at}${i}`, site: at, numbers: [], devices: 1, hidden: false }));

const sound: Configuration = {
  listeners: [listener('lan', 'internal', '10.0.0.5'), listener('wan', 'external', '192.0.2.5')],
  trunks: [trunk('pbx', '10.0.0.20', { kind: 'ip-pbx', side: 'internal' }), trunk('itsp', '203.0.113.10')],
  routes: [
    { name: 'out', from: ['pbx'], to: ['itsp'] },
    { name: 'in', from: ['itsp'], to: ['pbx'] },
  ],
  unknownSource: 'refuse',
  media: {
    mode: 'anchor',
    internal: { bind: '10.0.0.5', advertise: '10.0.0.5' },
    external: { bind: '192.0.2.5', advertise: '192.0.2.5' },
    ports: { min: 20_000, max: 20_099 },
    silence: 0,
  },
  records: { path: 'data' },
  timers: { t1: 500, t2: 4000, t4: 5000 },
};
const itsp = (more: Partial<Trunk>): Partial<Configuration> => ({
  trunks: [sound.trunks[0]!, trunk('itsp', '203.0.113.10', more)],
});
const gateway = (name: string) => trunk(name, `10.0.1.${name.length}`, { kind: 'pstn-gateway', side: 'internal' });
const tls = { trust: { system: true, files: [] }, wildcards: false, minVersion: 'TLSv1.2', renewal: 0 } as const;
const health = { interval: 60_000, misses: 5, successes: 1, failedCalls: 5 };

function look(id: string, more: Partial<Configuration>) {
  const item = checklist({ ...sound, ...more }).find((one) => one.id === id);
  if (!item) throw new Error(`there is no ${id}`);
  return item;
}

const branch = (more: Partial<Site>) => [site('centre'), site('branch', { kind: 'branch', centre: 'centre', ...more })];

const through = (kind: TunnelKind, ours?: string, theirs?: string) =>
  ({
    type: 'internet',
    vpn: true,
    tunnel: { kind, port: 51820, ...(ours && { ours }), ...(theirs && { theirs }) },
  }) as const;
const tunnel = (vlan: number | undefined) => ({ type: 'internet', vpn: true, ...(vlan && { vlan }) }) as const;
/** Two connections, each with a VLAN and a listener; to peers of their own unless the second one's is given. */
const tunnels = (vlans: readonly number[], ways: readonly string[], peer = '203.0.113.20'): Partial<Configuration> => ({
  listeners: [sound.listeners[0]!, listener('one', 'external', '192.0.2.5'), listener('two', 'external', '192.0.2.6')],
  trunks: [
    sound.trunks[0]!,
    trunk('itsp', '203.0.113.10', { connection: tunnel(vlans[0]), listeners: [ways[0]!] }),
    trunk('second', peer, { connection: tunnel(vlans[1]), listeners: [ways[1]!] }),
  ],
});

const shared = (calls: number): Partial<Configuration> => ({
  listeners: [listener('one', 'external', '192.0.2.5'), listener('two', 'external', '192.0.2.6')],
  nodes: ['one', 'two'].map((name) => ({ name, listeners: [name], link: `${name}/udp` })),
  trunks: [trunk('itsp', '203.0.113.10', { capacity: { calls } })],
});

/** What each item says of what: the least that makes it so. */
test.each<[string, CheckState, Partial<Configuration>]>([
  ['provider-addresses', 'missing', {}],
  ['provider-addresses', 'done', itsp({ domain: 'itsp.example' })],
  ['provider-addresses', 'missing', itsp({ domain: '203.0.113.10' })],
  ['provider-addresses', 'not-applicable', { trunks: [gateway('gw')] }],
  ['our-data', 'by-hand', {}],
  ['our-data', 'not-applicable', { trunks: [gateway('gw')] }],
  ['vpn-server', 'not-applicable', {}],
  ['vpn-server', 'by-hand', itsp({ connection: { type: 'internet', vpn: true } })],
  ['tunnel-ends', 'not-applicable', itsp({ connection: { type: 'internet', vpn: true } })],
  ['tunnel-ends', 'done', itsp({ connection: through('wireguard', '198.51.100.7', '203.0.113.1') })],
  ['tunnel-ends', 'done', itsp({ connection: through('wireguard', 'vpn.acme.example') })],
  ['tunnel-ends', 'missing', itsp({ connection: through('wireguard', '10.1.0.5', '203.0.113.1') })],
  ['tunnel-ends', 'missing', itsp({ connection: through('wireguard', '198.51.100.7', '192.168.0.1') })],
  ['internet-protected', 'missing', itsp({ connection: through('gre') })],
  ['internet-protected', 'done', itsp({ connection: through('gre-ipsec') })],
  ['isolation', 'by-hand', itsp({ connection: { type: 'internet', vpn: true } })],
  ['isolation', 'not-applicable', itsp({ connection: { type: 'mpls', vpn: false } })],
  ['certificates', 'not-applicable', {}],
  ['certificates', 'missing', itsp({ transport: 'tls', tls })],
  ['certificates', 'done', itsp({ transport: 'tls', tls: { ...tls, certificate: 'our.pem' } })],
  [
    'certificates',
    'missing',
    itsp({ transport: 'tls', tls: { ...tls, certificate: 'our.pem', trust: { system: false, files: [] } } }),
  ],
  ['tls-name', 'missing', itsp({ transport: 'tls' })],
  ['tls-name', 'done', itsp({ transport: 'tls', tls: { ...tls, names: ['sip.itsp.example'] } })],
  ['profile', 'missing', {}],
  ['profile', 'done', itsp({ profile: 'generic' })],
  ['connection-type', 'missing', {}],
  ['connection-type', 'done', itsp({ connection: { type: 'private', vpn: false } })],
  ['internet-protected', 'not-applicable', itsp({ connection: { type: 'mpls', vpn: false } })],
  ['internet-protected', 'missing', itsp({ connection: { type: 'internet', vpn: false } })],
  ['internet-protected', 'missing', itsp({ connection: { type: 'internet', vpn: false }, transport: 'tls' })],
  ['internet-protected', 'done', itsp({ connection: { type: 'internet', vpn: true } })],
  [
    'internet-protected',
    'done',
    itsp({
      connection: { type: 'internet', vpn: false },
      transport: 'tls',
      srtp: { mode: 'required', offer: 'crypto', suites: [], keysInClear: false },
    }),
  ],
  ['voice-first', 'missing', itsp({ connection: { type: 'mpls', vpn: false }, dscp: { signalling: 24, media: 0 } })],
  ['voice-first', 'done', itsp({ connection: { type: 'mpls', vpn: false }, dscp: { signalling: 24, media: 46 } })],
  ['segments', 'not-applicable', {}],
  ['segments', 'missing', itsp({ connection: tunnel(undefined) })],
  ['segments', 'done', itsp({ connection: tunnel(101) })],
  ['segments', 'missing', tunnels([101, 101], ['one', 'two'])],
  ['segments', 'missing', tunnels([101, 102], ['one', 'one'])],
  ['segments', 'done', tunnels([101, 102], ['one', 'two'])],
  ['segments', 'done', tunnels([101, 101], ['one', 'two'], '203.0.113.10')],
  ['open-outside', 'done', {}],
  ['open-outside', 'missing', { listeners: [...sound.listeners, listener('spare', 'external', '192.0.2.6', 'tls')] }],
  ['open-outside', 'missing', { listeners: [sound.listeners[0]!, listener('wan', 'external', '0.0.0.0')] }],
  ['open-outside', 'not-applicable', { listeners: [sound.listeners[0]!] }],
  ['node-shares', 'not-applicable', itsp({ capacity: { calls: 30 } })],
  ['node-shares', 'done', shared(30)],
  ['node-shares', 'missing', shared(1)],
  ['two-sides', 'done', {}],
  ['two-sides', 'missing', { listeners: [listener('one', 'both', '10.0.0.5')] }],
  [
    'two-sides',
    'missing',
    { listeners: [listener('lan', 'internal', '10.0.0.5'), listener('wan', 'external', '10.0.0.5')] },
  ],
  ['mesh', 'missing', {}],
  ['mesh', 'done', { trunks: [trunk('itsp', '203.0.113.10', { health })] }],
  ['mesh', 'missing', { trunks: [trunk('itsp', '203.0.113.10', { health, transport: 'tcp' })] }],
  ['trunk-unique', 'done', {}],
  ['trunk-unique', 'missing', { trunks: [trunk('one', '203.0.113.10'), trunk('two', '203.0.113.10')] }],
  [
    'trunk-unique',
    'done',
    {
      trunks: [
        trunk('one', '203.0.113.10', { listeners: ['wan'] }),
        trunk('two', '203.0.113.10', { side: 'internal' }),
      ],
    },
  ],
  ['node-at-trunk', 'not-applicable', {}],
  [
    'node-at-trunk',
    'missing',
    { ...itsp({ site: 'a' }), nodes: [{ name: 'n', site: 'b', listeners: ['wan'], link: 'wan/udp' }] },
  ],
  [
    'node-at-trunk',
    'done',
    { ...itsp({ site: 'b' }), nodes: [{ name: 'n', site: 'b', listeners: ['wan'], link: 'wan/udp' }] },
  ],
  ['two-gateways', 'not-applicable', {}],
  ['two-gateways', 'missing', { trunks: [gateway('gw')] }],
  ['two-gateways', 'done', { trunks: [gateway('gw'), gateway('gw-2')] }],
  ['gateway-served', 'done', { trunks: [gateway('gw')] }],
  ['gateway-served', 'missing', { trunks: [gateway('gw')], listeners: [listener('wan', 'external', '192.0.2.5')] }],
  ['provider-failover', 'missing', {}],
  ['provider-failover', 'done', { trunks: [...sound.trunks, trunk('other', '203.0.113.20')] }],
  ['provider-failover', 'done', { trunks: [trunk('itsp', 'sip.itsp.example')] }],
  ['capacity', 'missing', {}],
  ['capacity', 'done', itsp({ capacity: { calls: 30 } })],
  ['media-ports', 'done', itsp({ capacity: { calls: 25 } })],
  ['media-ports', 'missing', itsp({ capacity: { calls: 26 } })],
  ['media-ports', 'not-applicable', {}],
  ['trunk-sites', 'not-applicable', {}],
  ['trunk-sites', 'missing', { sites: [site('a')], ...itsp({ site: 'a' }) }],
  ['central-sites', 'not-applicable', { sites: [site('a')] }],
  ['central-sites', 'missing', { sites: [site('a'), site('b')], ...itsp({ site: 'a' }) }],
  ['countries', 'not-applicable', {}],
  [
    'countries',
    'missing',
    {
      sites: [site('a', { country: 'US' }), site('b', { country: 'IE' })],
      users: users(1, 'b'),
      ...itsp({ site: 'a' }),
    },
  ],
  [
    'countries',
    'done',
    {
      sites: [site('a', { country: 'US' }), site('b', { country: 'IE' })],
      users: users(1, 'a'),
      ...itsp({ site: 'a' }),
    },
  ],
  ['branch-survives', 'not-applicable', { sites: [site('a')] }],
  ['branch-survives', 'missing', { sites: branch({}), users: users(25, 'branch') }],
  ['branch-survives', 'done', { sites: branch({}), users: users(24, 'branch') }],
  ['branch-survives', 'done', { sites: branch({ resilient: true }), users: users(25, 'branch') }],
  ['branch-survives', 'done', { sites: branch({ survivability: 'appliance' }), users: users(25, 'branch') }],
  ['branch-way-out', 'not-applicable', { sites: branch({}) }],
  ['branch-way-out', 'missing', { sites: branch({ survivability: 'appliance' }) }],
  ['branch-way-out', 'done', { sites: branch({ survivability: 'appliance' }), ...itsp({ site: 'branch' }) }],
  ['connection-size', 'not-applicable', {}],
  [
    'connection-size',
    'done',
    { users: users(20, 'a'), sites: [site('a')], ...itsp({ site: 'a', connection: { type: 'internet', vpn: true } }) },
  ],
  [
    'connection-size',
    'missing',
    { users: users(200, 'a'), sites: [site('a')], ...itsp({ site: 'a', connection: { type: 'internet', vpn: true } }) },
  ],
  ['routes-out', 'done', {}],
  ['routes-out', 'missing', { routes: [sound.routes[1]!] }],
  [
    'routes-out',
    'done',
    {
      routes: [{ name: 'out', from: ['pbx'], to: ['world'] }],
      groups: [{ name: 'world', choice: 'ordered', members: [{ trunk: 'itsp', weight: 1 }] }],
    },
  ],
  ['routes-in', 'done', {}],
  ['routes-in', 'missing', { routes: [sound.routes[0]!] }],
  [
    'routes-in',
    'not-applicable',
    {
      routes: [],
      emergency: { numbers: [], to: ['itsp'], sites: {}, locations: [], notify: [], callback: 0 },
    },
  ],
  ['media-bypass', 'not-applicable', itsp({ mediaBypass: true })],
  [
    'media-bypass',
    'by-hand',
    { ...itsp({ mediaBypass: true }), media: { ...sound.media, bypass: { by: 'always', unmapped: false } } },
  ],
  ['codecs', 'done', {}],
  ['codecs', 'missing', itsp({ codecs: { allow: ['G729'] } })],
  ['emergency', 'missing', {}],
  ['samples', 'missing', {}],
  ['samples', 'done', { samples: [{ name: 'out', from: 'pbx', to: '+4930', expect: { trunks: ['itsp'] } }] }],
  ['samples', 'missing', { samples: [{ name: 'out', from: 'pbx', to: '+4930', expect: { trunks: ['pbx'] } }] }],
  ['test-call', 'by-hand', {}],
])('%s: %s', (id, state, more) => {
  const item = look(id, more);
  expect(item.state).toBe(state);
  expect(item.todo.length > 0).toBe(state === 'missing' || state === 'by-hand');
});

describe('items', () => {
  test('each has a name of its own, and stands with its part', () => {
    const items = checklist(sound);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    const order = items.map(({ part }) => part).filter((part, at, all) => part !== all[at - 1]);
    expect(new Set(order).size).toBe(order.length);
  });

  test('two addresses of a peer at three nodes are six connections', () => {
    const node = (name: string) => ({ name, listeners: ['wan'], link: 'wan/udp' });
    const addresses = ['203.0.113.10', '203.0.113.11'].map((host) => ({ host, port: 5060, matchPort: false }));
    const { because } = look('mesh', {
      trunks: [trunk('itsp', '', { addresses, health })],
      nodes: [node('a'), node('b'), node('c')],
    });
    expect(because).toBe('6 connections, addresses by nodes: 2 x 3');
  });

  test('what to do names the trunk', () => {
    expect(look('capacity', {}).todo).toEqual(['itsp: say how many calls were bought: `capacity: { calls: 30 }`']);
    expect(
      look('trunk-unique', { trunks: [trunk('one', '203.0.113.10'), trunk('two', '203.0.113.10')] }).todo[0],
    ).toContain('two: "one" has wan/udp to 203.0.113.10:5060, too');
  });
});
