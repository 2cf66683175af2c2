import { describe, expect, test } from 'vitest';
import type { Configuration, Listener, RegistrarConfiguration, Trunk } from '#policy/configuration';
import { openingsOf, sourcesOf } from './index.ts';

const listener = (name: string, side: Listener['side'], host: string, transport: Listener['transport'] = 'udp') => ({
  id: `${name}/${transport}`,
  name,
  side,
  transport,
  bind: { host, port: 5060 },
  advertise: { host, port: 5060 },
});

const trunk = (name: string, hosts: readonly string[], more: Partial<Trunk> = {}): Trunk => ({
  name,
  kind: 'itsp',
  side: 'external',
  transport: 'udp',
  addresses: hosts.map((host) => ({ host, port: 5060, matchPort: false })),
  capacity: {},
  setupTimeout: 10_000,
  ringTimeout: 180_000,
  ...more,
});

const pbx = trunk('pbx', ['10.0.0.20'], { kind: 'ip-pbx', side: 'internal' });

function open(more: Partial<Configuration> = {}, roaming = false) {
  return openingsOf(
    {
      listeners: [listener('lan', 'internal', '10.0.0.5'), listener('wan', 'external', '192.0.2.5')],
      trunks: [pbx, trunk('itsp', ['198.51.100.10'])],
      routes: [],
      unknownSource: 'refuse',
      media: {
        mode: 'anchor',
        internal: { bind: '10.0.0.5', advertise: '10.0.0.5' },
        external: { bind: '192.0.2.5', advertise: '203.0.113.5' },
        ports: { min: 20_000, max: 20_099 },
        silence: 0,
      },
      records: { path: 'data' },
      timers: { t1: 500, t2: 4000, t4: 5000 },
      ...more,
    },
    roaming,
  );
}

const registrar: RegistrarConfiguration = {
  domains: [],
  realm: 'acme.example',
  expires: { min: 60_000, max: 600_000 },
};

describe('where requests of a trunk come from', () => {
  test('its addresses and networks, each once', () => {
    const one = trunk('itsp', ['198.51.100.10', '203.0.113.1', '2001:db8::1', '203.0.113.1'], {
      networks: [
        { host: '198.51.100.0', bits: 26 },
        { host: '198.51.0.0', bits: 16 },
      ],
    });
    expect(sourcesOf(one)).toEqual([
      { host: '198.51.0.0', bits: 16 },
      { host: '203.0.113.1', bits: 32 },
      { host: '2001:db8::1', bits: 128 },
    ]);
  });

  test.each<[string, Partial<Trunk>, string]>([
    ['a password', { authenticate: {} as NonNullable<Trunk['authenticate']> }, 'password'],
    ['a certificate', { certificateNames: ['sip.itsp.example'] }, 'certificate'],
    ['a name', { addresses: [{ host: 'sip.itsp.example', port: 5060, matchPort: false }] }, 'the DNS'],
  ])('%s: anywhere', (_what, more, why) => {
    expect(sourcesOf(trunk('itsp', ['198.51.100.10'], more))).toContain(why);
  });

  test('a name that has networks: these', () => {
    const networks = [{ host: '198.51.100.0', bits: 26 }];
    expect(sourcesOf(trunk('itsp', ['sip.itsp.example'], { networks }))).toEqual(networks);
  });
});

describe('what is opened', () => {
  test('each listener for its trunks', () => {
    const { signalling, outside } = open();
    expect(signalling.map(({ who, host, from }) => [who, host, from])).toEqual([
      ['pbx', '10.0.0.5', [{ host: '10.0.0.20', bits: 32 }]],
      ['itsp', '192.0.2.5', [{ host: '198.51.100.10', bits: 32 }]],
    ]);
    expect(outside).toEqual(['192.0.2.5']);
  });

  test('a listener that trunks name for these alone, in any of its transports', () => {
    const { signalling } = open({
      listeners: [
        listener('one', 'external', '192.0.2.5'),
        listener('two', 'external', '192.0.2.6'),
        listener('two', 'external', '192.0.2.6', 'tcp'),
      ],
      trunks: [
        trunk('a', ['198.51.100.10'], { listeners: ['one'] }),
        trunk('b', ['198.51.100.11'], { listeners: ['two'] }),
      ],
    });
    expect(signalling.map(({ who, host, transport }) => `${who} ${transport} ${host}`)).toEqual([
      'a udp 192.0.2.5',
      'b udp 192.0.2.6',
      'b tcp 192.0.2.6',
    ]);
  });

  test('what ends at other nodes opens nothing', () => {
    const by = { nodes: ['b'], trunk: 'itsp' };
    expect(open({ trunks: [pbx, trunk('itsp', ['10.0.0.6'], { by })] }).signalling.map(({ who }) => who)).toEqual([
      'pbx',
    ]);
  });

  test('where telephones register anybody gets in', () => {
    const { signalling, media } = open({ registrar }, true);
    expect(signalling.every(({ from, because }) => from === undefined && because !== undefined)).toBe(true);
    expect(media.map(({ from, because }) => [from, because])).toEqual([
      [undefined, 'telephones may be anywhere'],
      [undefined, 'telephones may be anywhere'],
    ]);
  });

  test('from outside telephones come only where that is said', () => {
    const { signalling, media } = open({ registrar });
    expect(signalling.map(({ who, host }) => [who, host])).toEqual([
      ['anybody', '10.0.0.5'],
      ['itsp', '192.0.2.5'],
    ]);
    expect(media.map(({ who }) => who)).toEqual(['anybody', 'itsp']);
  });

  test('media for the networks that all trunks there name; for anybody where one names none', () => {
    const mediaNetworks = [{ host: '198.51.100.64', bits: 26 }];
    const known = trunk('itsp', ['198.51.100.10'], { mediaNetworks });
    expect(open({ trunks: [pbx, known] }).media).toMatchObject([
      { host: '10.0.0.5', because: expect.stringContaining('of pbx') },
      { who: 'itsp', host: '192.0.2.5', from: mediaNetworks, ports: { min: 20_000, max: 20_099 } },
    ]);
    const outer = open({ trunks: [known, trunk('other', ['198.51.100.11'])] }).media;
    expect(outer.map(({ who, from }) => [who, from])).toEqual([['other', undefined]]);
  });

  test('no media that does not pass us', () => {
    const { media } = open();
    expect(media.length).toBe(2);
    const bypass = {
      mode: 'bypass',
      internal: { bind: '10.0.0.5', advertise: '' },
      external: { bind: '192.0.2.5', advertise: '' },
      ports: { min: 1, max: 2 },
      silence: 0,
    } as const;
    expect(open({ media: bypass }).media).toEqual([]);
  });

  test('an address that is for both sides is not shut, nor is one that is every address', () => {
    const both = [listener('lan', 'internal', '192.0.2.5'), listener('wan', 'external', '192.0.2.5')];
    expect(open({ listeners: both }).outside).toEqual([]);
    const every = open({ listeners: [listener('wan', 'external', '0.0.0.0')] });
    expect(every.outside).toEqual(['192.0.2.5']);
    expect(every.signalling[0]!.host).toBeUndefined();
  });
});

describe('the API', () => {
  const usual = { sessions: { idle: 1, lifetime: 1 }, tokens: { lifetime: 1 } };
  const tls = { certificate: 'a', key: 'b' };
  const proxy = { host: '10.0.0.7', bits: 32 };
  const opened = (host: string, more: object) =>
    open({ management: { listen: { host, port: 8443 }, ...usual, ...more } }).signalling.slice(2);

  test('is opened where it is on the network: to proxies alone in clear, to anybody by TLS', () => {
    expect(open().signalling).toHaveLength(2);
    expect(opened('127.0.0.1', {})).toEqual([]);
    expect(opened('::1', { tls })).toEqual([]);
    const at = { transport: 'tcp', ports: { min: 8443, max: 8443 } };
    expect(opened('0.0.0.0', { behindProxy: [proxy] })).toEqual([
      { ...at, host: undefined, who: 'proxies of the API', from: [proxy] },
    ]);
    expect(opened('192.0.2.5', { tls })).toMatchObject([{ ...at, host: '192.0.2.5', who: 'anybody' }]);
  });

  test('is not opened outside because it is at every address', () => {
    expect(opened('0.0.0.0', { tls })).toEqual([]);
  });
});

test('where it is told how the program is, load balancers ask, and nobody on loopback or outside by chance', () => {
  const opened = (host: string) => open({ health: { listen: { host, port: 8081 } } }).signalling.slice(2);
  expect(opened('127.0.0.1')).toEqual([]);
  expect(opened('0.0.0.0')).toEqual([]);
  const at = { transport: 'tcp', ports: { min: 8081, max: 8081 } };
  expect(opened('10.0.0.5')).toMatchObject([{ ...at, host: '10.0.0.5', who: 'anybody' }]);
});
