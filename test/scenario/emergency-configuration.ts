/** Where ladders call for help: a site with a PBX, two providers of help that are told where it is, one that knows numbers, and a gateway. */
import type { Configuration, Trunk } from '#policy/configuration';

function trunk(name: string, host: string, more: Partial<Trunk> = {}): Trunk {
  return {
    name,
    kind: 'itsp',
    side: 'external',
    transport: 'udp',
    addresses: [{ host, port: 5060, matchPort: false }],
    capacity: {},
    setupTimeout: 8_000,
    ringTimeout: 60_000,
    ...more,
  };
}

/** `itsp` and `itsp2` are the usual providers: they come when nobody else helps. */
export function emergencyOf(usual: Configuration): Configuration {
  return {
    ...usual,
    trunks: [
      ...usual.trunks.map((one) => (one.name === 'pbx' ? { ...one, site: 'hq' } : one)),
      trunk('help', '203.0.113.91', { transport: 'tcp', emergency: 'location' }),
      trunk('help2', '203.0.113.92', { transport: 'tcp', emergency: 'location' }),
      trunk('carrier', '203.0.113.93', { emergency: 'elin' }),
      trunk('gw', '10.0.0.9', { kind: 'pstn-gateway', side: 'internal', site: 'hq' }),
    ],
    routes: [...usual.routes, { name: 'in-carrier', from: ['carrier'], to: ['itsp2'] }],
    sites: [
      {
        name: 'hq',
        kind: 'central',
        subnets: [{ network: { host: '10.0.1.0', bits: 24 } }],
        resilient: false,
        survivability: 'none',
        location: 'hq',
        dialPlan: 'hq',
      },
      { name: 'nowhere', kind: 'branch', centre: 'hq', subnets: [], resilient: false, survivability: 'none' },
    ],
    dialPlans: [{ name: 'hq', accessPrefix: '9', rules: [{ name: 'strip', pattern: '^(\\d+)$', to: '+49$1' }] }],
    emergency: {
      numbers: [
        { number: '911', masks: ['112'] },
        { number: '110', masks: [], services: ['sos.police'] },
      ],
      tests: ['933'],
      to: ['help', 'help2', 'gw'],
      sites: {},
      relay: '+18005550911',
      locations: [
        { name: 'hq', civic: { country: 'US', RD: 'Main', LOC: 'hq' }, elins: ['+12175559001'] },
        { name: 'desk', civic: { country: 'US', RD: 'Main', LOC: 'hq', SEAT: 'desk' }, elins: [] },
        { name: 'attic', civic: { country: 'US', RD: 'Hill', LOC: 'attic' }, elins: [] },
      ],
      notify: [{ kind: 'webhook', url: 'https://alarm.example.com/' }],
      callback: 1_800_000,
    },
  };
}

/** "to=gw+help", "relay=none", "asks=help" (it takes places by value alone, and lis.example.com is asked), "desk=sip:desk@10.0.0.2", "site=nowhere" (of the PBX). */
export function emergencyWith(configuration: Configuration, setting: string): Configuration {
  const [key = '', value = ''] = setting.split('=');
  const { emergency } = configuration;
  if (!emergency) throw new Error('"emergency …" is for the configuration emergency');
  switch (key) {
    case 'to':
      return { ...configuration, emergency: { ...emergency, to: value.split('+') } };
    case 'relay': {
      const { relay: _relay, ...without } = emergency;
      return { ...configuration, emergency: without };
    }
    case 'asks': {
      const dereference = { hosts: ['lis.example.com'], timeout: 500 };
      const trunks = configuration.trunks.map((one) =>
        one.name === value ? { ...one, emergency: 'location-value' as const } : one,
      );
      return { ...configuration, trunks, emergency: { ...emergency, dereference } };
    }
    case 'desk':
      return { ...configuration, emergency: { ...emergency, notify: [{ kind: 'message', to: value }] } };
    case 'site':
      return {
        ...configuration,
        trunks: configuration.trunks.map((one) => (one.name === 'pbx' ? { ...one, site: value } : one)),
      };
    default:
      throw new Error(
        `"emergency ${setting}" is no change: to=TRUNK+TRUNK, relay=none, asks=TRUNK, desk=URI, site=NAME`,
      );
  }
}
