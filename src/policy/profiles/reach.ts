import type { TrunkAddress } from '#policy/configuration';
import { contains, prefixOf } from '#policy/trunks';
import type { ProfileEntity } from './profile.ts';
import { choice, type Finding, isAddress, type Rule, rule, supportRule } from './rule.ts';

/** Where the peer is, and how one gets there. */

const written = ({ host, port }: ProfileEntity) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/** The first of `used` that is none of those the peer named. */
function stranger(
  used: readonly TrunkAddress[],
  named: readonly ProfileEntity[] | undefined,
  key: Finding['path'],
  what: string,
): Finding | undefined {
  if (!named || named.length === 0) return undefined;
  const at = used.findIndex(({ host, port }) => !named.some((one) => one.host === host && one.port === port));
  if (at < 0) return undefined;
  return {
    path: [...key, at],
    message: `${written(used[at]!)} is not ${what}.`,
    cure: `It has ${named.map(written).join(', ')}.`,
  };
}

/** The key that a trunk's `addresses` were compiled from is not known here; the file's check finds what is nearest. */
export const reachRules: readonly Rule[] = [
  rule('transport-info.transport', ({ trunk, profile }) => {
    const listed = profile['transport-info']?.transport;
    if (!listed || listed.length === 0) return undefined;
    const secure = profile.security?.signaling?.secure;
    // TLS is TCP with `secure`; where that is not said, TCP may be it.
    const tls = secure ?? listed.includes('tcp');
    const taken = tls && !listed.includes('tls') ? [...listed, 'tls' as const] : listed;
    if (taken.includes(trunk.transport)) return undefined;
    // That there is no TLS at all is told by its own field.
    if (trunk.transport === 'tls' && secure === false) return undefined;
    const message = trunk.naptr
      ? `without NAPTR records, \`auto\` goes over ${trunk.transport}; the peer takes ${choice(taken)}.`
      : `the peer takes ${choice(taken)}, not ${trunk.transport}.`;
    return { path: ['transport'], message, cure: `Say \`transport: ${taken.at(-1)}\`.` };
  }),
  rule('transport-info.registrar', ({ trunk, profile }) =>
    stranger(
      trunk.registration?.registrars ?? [],
      profile['transport-info']?.registrar,
      ['registration', 'registrar'],
      'a registrar of the peer',
    ),
  ),
  rule('transport-info.call-control', ({ trunk, profile }) =>
    trunk.nextHops
      ? undefined
      : stranger(trunk.addresses, profile['transport-info']?.['call-control'], ['addresses'], 'a server of the peer'),
  ),
  rule('transport-info.outbound-proxy', ({ trunk, profile }) => {
    const proxies = profile['transport-info']?.['outbound-proxy'];
    if (!proxies || proxies.length === 0) return undefined;
    if (trunk.nextHops) return stranger(trunk.nextHops, proxies, ['next-hop'], 'an outbound proxy of the peer');
    return {
      path: ['next-hop'],
      message: 'all requests go by the outbound proxy of the peer.',
      cure: `Add \`next-hop: ${proxies.map(written).join(', ')}\`.`,
    };
  }),
  supportRule(
    'tandem.outbound-proxy',
    (own) => own['outbound-proxy'],
    ({ trunk }) => trunk.nextHops !== undefined,
    {
      path: ['next-hop'],
      what: 'an outbound proxy',
      add: 'Add `next-hop` with the address that the peer gave for it.',
      remove: 'Remove `next-hop`: requests go straight to the peer.',
    },
  ),
  rule('tandem.kinds', ({ trunk, own }) =>
    own.kinds && !own.kinds.includes(trunk.kind)
      ? {
          path: ['kind'],
          message: `the profile is one of ${choice(own.kinds)}, not of ${trunk.kind}.`,
          cure: `Say \`kind: ${own.kinds[0]}\`, or name the profile of what the peer is.`,
        }
      : undefined,
  ),
  rule('tandem.connection-types', ({ trunk, own }) => {
    const types = own['connection-types'];
    return types && trunk.connection && !types.includes(trunk.connection.type)
      ? {
          path: ['connection'],
          message: `the peer is reached over ${choice(types)}, not over ${trunk.connection.type}.`,
          cure: 'Order one of these connections, or ask the peer.',
        }
      : undefined;
  }),
  rule('tandem.contact', ({ trunk, ways, own }) => {
    const { contact } = own;
    if (contact !== 'name' && contact !== 'address') return undefined;
    const wrong = ways.find(({ advertise }) => isAddress(advertise.host) === (contact === 'name'));
    if (!wrong) return undefined;
    const noun = contact === 'name' ? 'a name (FQDN)' : 'an IP address';
    return {
      path: [],
      message: `Contact must bear ${noun}, and listener "${wrong.name}" gives ${wrong.advertise.host}.`,
      cure: `Set \`advertise\` of listener "${wrong.name}", over which ${trunk.transport} goes, to ${noun}.`,
    };
  }),
  rule('tandem.networks', ({ trunk, own }) => {
    // Known by its certificate or password, it may come from anywhere.
    if (!own.networks || trunk.certificateNames || trunk.authenticate) return undefined;
    const known = trunk.networks ?? [];
    const missing = own.networks.find(({ host, bits }) => {
      const inside = known.some((one) => one.bits <= bits && contains(prefixOf(one)!, host));
      return (
        !inside && !trunk.addresses.some((address) => bits === (host.includes(':') ? 128 : 32) && address.host === host)
      );
    });
    return missing
      ? {
          path: ['networks'],
          message: `calls come from ${missing.host}/${missing.bits} as well, and would be refused.`,
          cure: `Add \`networks: [${own.networks.map(({ host, bits }) => `${host}/${bits}`).join(', ')}]\`.`,
        }
      : undefined;
  }),
  rule('tandem.dns-load-balancing', ({ targets, own }) => {
    if (own['dns-load-balancing'] !== false) return undefined;
    const named = targets.find(({ host, matchPort }) => !isAddress(host) && !matchPort);
    return named
      ? {
          path: [],
          message: `the peer has no NAPTR and SRV records to find ${named.host} by.`,
          cure: 'Give its addresses, or its name with the port.',
        }
      : undefined;
  }),
  rule('tandem.high-availability', ({ targets, profile, own }) => {
    const all = profile['transport-info']?.['call-control'] ?? [];
    switch (own['high-availability']) {
      case 'single':
        return targets.length > 1
          ? {
              path: [],
              message: `the peer has one address, and the trunk ${targets.length}.`,
              cure: 'Give one address; a second connection is a trunk of its own, joined by a group.',
            }
          : undefined;
      case 'list': {
        const left = all.filter(({ host, port }) => !targets.some((one) => one.host === host && one.port === port));
        if (targets.length > 1 && left.length === 0) return undefined;
        return {
          path: [],
          message: 'the peer is reached at several addresses, each of which has to be given.',
          cure: all.length > 0 ? `Give all, in this order: ${all.map(written).join(', ')}.` : 'Give all of them.',
        };
      }
      case 'dns':
        return targets.some(({ host }) => !isAddress(host))
          ? undefined
          : {
              path: [],
              message: 'the peer moves calls between its hosts by DNS, and the trunk names addresses only.',
              cure: 'Give its name in place of addresses.',
            };
      default:
        return undefined;
    }
  }),
];
