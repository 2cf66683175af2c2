import { Sensitive } from '#kernel';
import type { Configuration, EmergencyNumber, Location, Notify, Route, User } from '#policy/configuration';
import { helpNumber, type Organisation, passwordOf, registrarRealm, relayNumber, testNumber } from './organisation.ts';

const numbers: readonly EmergencyNumber[] = [{ number: helpNumber, masks: ['911', '110'], services: ['sos'] }];
const locations: readonly Location[] = ['centre', 'centre-floor', 'branch', 'branch-floor', 'desk'].map((name, i) => ({
  name,
  civic: { country: 'DE', A3: 'Berlin', RD: name, HNO: String(i) },
  elins: name === 'desk' ? [] : [`+4930770${i}`],
}));

const notifies: Readonly<Record<Organisation['notifies'][number], Notify>> = {
  message: { kind: 'message', to: 'sip:desk@10.0.0.20' },
  webhook: { kind: 'webhook', url: 'https://desk.house.example/help' },
  mail: { kind: 'mail', to: 'desk@house.example', server: { host: '10.0.0.25', port: 25 }, from: 'help@house.example' },
};

/** Names under which numbers stand in the simulated DNS. */
export const enumDomain = 'e164.house.example';

/** What the file says of the organisation, beside what it says of trunks. */
export function settingsOf(configuration: Configuration, organisation: Organisation): Configuration {
  const { people, sites, regionLinks, siteLinks, policies, mediaSite, groupCalls, domain, longest } = organisation;
  const { service, leastCost, hasEmergency, relay, first, ofBranch } = organisation;
  const [out, into] = configuration.routes;
  const asked = { timeout: 800 } as const;
  const usual: Route[] = [
    { ...out!, from: ['pbx', ...people.map(({ name }) => name)] },
    into!,
    { name: 'near', from: [], called: { prefixes: ['+4930', '+4955'] }, usages: ['near'], to: ['north'] },
    {
      name: 'nobody',
      from: [],
      called: { prefixes: ['+49900'] },
      usages: ['near', 'far'],
      priority: -1,
      to: [],
      refuse: 403,
    },
    {
      name: 'far',
      from: [],
      usages: ['far'],
      to: ['carriers'],
      ...(leastCost ? { choice: 'least-cost' } : {}),
    },
  ];
  return {
    ...configuration,
    trunks: configuration.trunks.map((trunk) => ({ ...trunk, ...organisation.trunks[trunk.name] })),
    groups: [
      {
        name: 'carriers',
        choice: 'round-robin',
        members: [
          { trunk: 'north', weight: 1 },
          { trunk: 'south', weight: 1 },
        ],
        ...(groupCalls === undefined ? {} : { capacity: { calls: groupCalls } }),
      },
    ],
    routes: usual,
    sites,
    regionLinks,
    siteLinks,
    policies,
    dialPlans: [
      {
        name: 'global',
        accessPrefix: '0',
        rules: [{ name: 'international', pattern: '^00([1-9]\\d+)$', to: '+$1' }],
      },
    ],
    users: people.map(
      ({ name, line, numbers: other, site, policy, location, most, capacity, forward, hidden }): User => ({
        name,
        line,
        numbers: other,
        site,
        password: new Sensitive<string>(passwordOf(name)),
        devices: most,
        hidden,
        ...(policy === undefined ? {} : { policy }),
        ...(location === undefined ? {} : { location }),
        ...(capacity ? { capacity } : {}),
        ...(forward ? { forward } : {}),
      }),
    ),
    registrar: {
      domains: domain === undefined ? [] : [domain],
      realm: registrarRealm,
      expires: { min: 30_000, max: longest * 1000 },
    },
    ...(hasEmergency
      ? {
          emergency: {
            numbers,
            tests: [testNumber],
            to: first,
            sites: { branch: { to: ofBranch } },
            ...(relay ? { relay: relayNumber } : {}),
            locations,
            notify: organisation.notifies.map((kind) => notifies[kind]),
            callback: 60_000,
          },
        }
      : {}),
    ...(service || organisation.enum
      ? {
          decisions: {
            ...(service ? { service: { ...asked, ...service, url: 'https://decide.house.example/' } } : {}),
            ...(organisation.enum ? { enum: { ...asked, ...organisation.enum, domain: enumDomain } } : {}),
          },
        }
      : {}),
    media: { ...configuration.media, ...(mediaSite === undefined ? {} : { site: mediaSite }) },
  };
}
