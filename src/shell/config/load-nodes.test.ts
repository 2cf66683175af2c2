import { describe, expect, test } from 'vitest';
import { atNode } from '#engine/ports';
import { loadConfiguration } from './load.ts';
import { formatProblems } from './problems.ts';

/** Two nodes in Dublin, one pool; one of their own in Tukwila; a trunk at each site, a PBX that Dublin hears by all of its own. */
function file(changes: Readonly<Record<string, string>> = {}): string {
  const parts = {
    dub1: 'listeners: [dub-1-lan, dub-1-wan]',
    dub2: 'listeners: [dub-2-lan, dub-2-wan]',
    tuk: 'listeners: [tuk-lan, tuk-wan]',
    pool: 'nodes: [dub-1, dub-2], backup: tuk',
    pbx: 'listeners: [dub-1-lan, dub-2-lan]',
    media: '',
    ...changes,
  };
  return `listeners:
  - { name: dub-1-lan, side: internal, bind: 10.1.0.1 }
  - { name: dub-1-wan, side: external, bind: "0.0.0.0:5070", advertise: "192.0.2.1:5070" }
  - { name: dub-2-lan, side: internal, bind: 10.1.0.2 }
  - { name: dub-2-wan, side: external, bind: "0.0.0.0:5070", advertise: "192.0.2.2:5070" }
  - { name: tuk-lan, side: internal, bind: 10.2.0.1 }
  - { name: tuk-wan, side: external, bind: 198.51.100.1 }
sites:
  - { name: dublin }
  - { name: tukwila }
nodes:
  - { name: dub-1, site: dublin, ${parts.dub1}, media: { external: { bind: 10.1.0.1, advertise: 192.0.2.1 } } }
  - { name: dub-2, site: dublin, ${parts.dub2}, media: { external: { bind: 10.1.0.2, advertise: 192.0.2.2 } } }
  - { name: tuk, site: tukwila, ${parts.tuk}, records: /var/lib/tuk, heartbeat: 5s }
pools:
  - { name: dublin, ${parts.pool} }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.1.0.20, ${parts.pbx} }
  - { name: irish, kind: itsp, site: dublin, addresses: 203.0.113.1 }
  - { name: american, kind: itsp, site: tukwila, addresses: 203.0.113.2 }
routes:
  - { name: out, from: pbx, to: [irish, american] }
  - { name: in, from: [irish, american], to: pbx }
${parts.media}`;
}

function load(changes?: Readonly<Record<string, string>>) {
  return loadConfiguration(file(changes), { file: 'tandem.yaml', env: {} });
}

function told(changes: Readonly<Record<string, string>>): string[] {
  const loaded = load(changes);
  return (loaded.ok ? loaded.warnings : loaded.problems).map(
    ({ code, path, message }) => `${code} ${path}: ${message}`,
  );
}

test('nodes and pools', () => {
  const loaded = load();
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  expect(loaded.warnings).toEqual([]);
  const { nodes, pools } = loaded.configuration;
  expect(nodes![0]).toEqual({
    name: 'dub-1',
    site: 'dublin',
    listeners: ['dub-1-lan', 'dub-1-wan'],
    link: 'dub-1-lan/tcp',
    media: {
      internal: { bind: '10.1.0.1', advertise: '10.1.0.1' },
      external: { bind: '10.1.0.1', advertise: '192.0.2.1' },
    },
    heartbeat: 2_000,
  });
  expect(nodes![2]).toMatchObject({ name: 'tuk', records: '/var/lib/tuk', heartbeat: 5_000 });
  expect(nodes![2]!.media!.external).toEqual({ bind: '198.51.100.1', advertise: '198.51.100.1' });
  expect(pools).toEqual([{ name: 'dublin', nodes: ['dub-1', 'dub-2'], backup: 'tuk' }]);
});

test('one carrier has a trunk at each site, by one name (TRK-14); at one site it has one', () => {
  const carriers = (one: string, other: string) =>
    file()
      .replace('site: dublin, addresses: 203.0.113.1', `${one}, domain: sip.carrier.example`)
      .replace('site: tukwila, addresses: 203.0.113.2', `${other}, domain: sip.carrier.example`);
  const codes = (text: string) => {
    const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {} });
    return (loaded.ok ? loaded.warnings : loaded.problems).map(({ code }) => code);
  };
  expect(codes(carriers('site: dublin', 'site: tukwila'))).toEqual([]);
  expect(codes(carriers('site: dublin', 'site: dublin'))).toEqual(['TDM-1208']);
  expect(codes(carriers('site: dublin', 'side: external'))).toEqual(['TDM-1208']);
});

describe('the API of a node', () => {
  const tls = 'tls: { certificate: gone.pem, key: gone.key }';
  const own = (management: string) => ({ tuk: `listeners: [tuk-lan, tuk-wan], management: { ${management} }` });
  const withAll = (keys: string, management: string) =>
    told({ ...own(management), media: `management: { ${keys} }\n` });

  test('is where it says, else where all are', () => {
    const loaded = load({
      ...own('listen: 10.2.0.1, url: "https://tuk.example.com/"'),
      media: 'management: { listen: "127.0.0.1:9000", behind-proxy: 10.0.0.7 }\n',
    });
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    const at = (node: string) => atNode(loaded.configuration, node)?.management;
    expect(at('tuk')).toMatchObject({ listen: { host: '10.2.0.1', port: 8080 }, url: 'https://tuk.example.com' });
    expect(at('tuk')?.behindProxy).toHaveLength(1);
    expect(at('dub-1')?.listen).toEqual({ host: '127.0.0.1', port: 9_000 });
    expect(at('dub-1')?.url).toBeUndefined();
  });

  test.each([
    [withAll('', 'listen: 10.2.0.1'), 'TDM-1248 nodes[2].management.listen: passwords would go to 10.2.0.1 in clear.'],
    [
      withAll('behind-proxy: 10.0.0.7', 'listen: "10.2.0.1:5060"'),
      'TDM-1206 nodes[2].management.listen: listener "tuk-lan" has tcp 10.2.0.1:5060 already.',
    ],
    [withAll('', 'url: "https://tuk.example.com"'), 'TDM-1249 nodes[2].management.url: nobody speaks HTTPS.'],
    [
      told(own('listen: 127.0.0.1')),
      'TDM-1216 nodes[2].management: there is no `management`, so the API is at its Unix socket alone.',
    ],
    [
      withAll(
        'oidc: { issuer: "https://a.example", client-id: t, roles: { value: a, role: viewer } }',
        'url: "http://127.0.0.1:8080"',
      ),
      'TDM-1250 management.oidc: there is no `url` for who has signed in to come back to.',
    ],
  ])('%j', (said, message) => {
    expect(said).toEqual([message]);
  });

  test('the certificate of all is looked at once', () => {
    const said = withAll(tls, 'url: "https://tuk.example.com"');
    expect(said.filter((one) => one.includes('gone.pem'))).toHaveLength(1);
  });

  test('a port of a listener of another machine is free', () => {
    expect(withAll('behind-proxy: 10.0.0.7', 'listen: "10.2.0.1:5070"')).toEqual([]);
    expect(withAll('behind-proxy: 10.0.0.7, listen: "0.0.0.0:5060"', 'listen: "10.2.0.1:8080"')).toEqual([
      'TDM-1206 management.listen: listener "dub-1-lan" has tcp 10.1.0.1:5060 already.',
    ]);
  });
});

describe('what does not go together', () => {
  test.each([
    [{ tuk: 'listeners: tuk-lan' }, ['TDM-1246 listeners[5]: it is of no node.']],
    [
      { tuk: 'listeners: [tuk-lan, tuk-wan, dub-1-wan]' },
      ['TDM-1246 nodes[2].listeners[2]: "dub-1-wan" is of node "dub-1".'],
    ],
    [
      { tuk: 'listeners: [tuk-lan, tuk-wan], link: dub-1-lan' },
      ['TDM-1245 nodes[2].link: "dub-1-lan" is none of its listeners.'],
    ],
    [{ pool: 'nodes: [dub-1, dub-3]' }, ['TDM-1231 pools[0].nodes[1]: there is no node "dub-3".']],
    [{ pool: 'nodes: [dub-1, dub-1]' }, ['TDM-1213 pools[0].nodes[1]: "dub-1" stands here twice.']],
    [{ pool: 'nodes: [dub-1, dub-2], backup: cork' }, ['TDM-1231 pools[0].backup: there is no pool or node "cork".']],
    [{ pool: 'nodes: [dub-1, dub-2], backup: dub-2' }, ['TDM-1247 pools[0].backup: it is to take its own place.']],
    [{ pbx: 'listeners: [dub-1-lan]' }, ['TDM-1247 trunks[0].listeners: none is of node "dub-2" of pool "dublin".']],
  ])('%o', (changes, problems) => {
    expect(told(changes)).toEqual(problems);
  });

  test('one address is one machine’s: two nodes cannot both have it', () => {
    const same = file().replace('bind: 10.1.0.2 }', 'bind: 10.1.0.1 }');
    const loaded = loadConfiguration(same, { file: 'tandem.yaml', env: {} });
    expect(loaded.ok ? [] : loaded.problems.map(({ code }) => code)).toContain('TDM-1206');
  });
});

test('where nodes speak TLS each is known by a name of its certificate', () => {
  const tls = (more: string, link = '', asks = '') =>
    `listeners:
  - { name: a-lan, side: internal, bind: 10.0.0.5 }
  - { name: a-link, side: internal, bind: "10.0.0.5:5061", transports: tls${link}, tls: { certificate: a.pem, key: a.key${asks} } }
  - { name: b-link, side: internal, bind: "10.0.0.6:5061", transports: tls, tls: { certificate: a.pem, key: a.key } }
nodes:
  - { name: a, listeners: [a-lan, a-link], link: a-link${more} }
  - { name: b, listeners: b-link, certificate-name: b.acme.example, trust: ca.pem }
trunks: []
routes: []
`;
  const of = (text: string) => {
    const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {} });
    return (loaded.ok ? [] : loaded.problems).filter(({ code }) => code === 'TDM-1245').map(({ message }) => message);
  };
  expect(of(tls(''))).toEqual([
    'its link "a-link" speaks tls at an address, and no name is known that its certificate bears.',
  ]);
  expect(of(tls(', certificate-name: a.acme.example'))).toEqual([]);
  expect(of(tls('', ', advertise: "a.acme.example:5061"'))).toEqual([]);
  expect(of(tls(', certificate-name: a.acme.example', '', ', client-certificate: none'))).toEqual([
    'its link "a-link" asks no node for a certificate.',
  ]);
});
