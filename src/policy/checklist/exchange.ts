import type { Trunk } from '#policy/configuration';
import { isPublic } from '#policy/trunks';
import { byHand, done, missing, notApplicable, ofEach, type Rule } from './item.ts';
import { isEncrypted, isHidden, isLiteral, providers, waysTo } from './of-trunks.ts';

const none = 'no trunk leads to a provider';

/** What is told and asked before anything is set up, and how the trunk is protected. */
export const exchangeRules: readonly Rule[] = [
  {
    id: 'provider-addresses',
    part: 'Exchange with the provider',
    what: 'IP address and FQDN of each of its gateways are known',
    look: (configuration) =>
      ofEach(providers(configuration), { none, well: 'of each, or the DNS has them' }, (trunk) =>
        trunk.addresses.every(({ host }) => isLiteral(host)) && !namesOf(trunk)
          ? 'ask for the FQDN of each gateway, and give it as `domain`'
          : undefined,
      ),
  },
  {
    id: 'our-data',
    part: 'Exchange with the provider',
    what: 'Our public address and FQDN have been given to it',
    look: (configuration) =>
      providers(configuration).length === 0
        ? notApplicable(none)
        : byHand('it stands in the hand-over document', 'Send what `tandem check FILE --hand-over DOC` writes.'),
  },
  {
    id: 'vpn-server',
    part: 'Exchange with the provider',
    what: 'The address of our VPN server has been given to it',
    look: (configuration) => {
      const tunnelled = providers(configuration).filter(({ connection }) => connection?.vpn);
      if (tunnelled.length === 0) return notApplicable('no trunk goes through a VPN');
      const unsaid = tunnelled.filter(({ connection }) => connection?.tunnel?.ours === undefined);
      if (unsaid.length === 0)
        return byHand('it stands in the hand-over document', 'Send what `tandem check FILE --hand-over DOC` writes.');
      return byHand(
        'no file knows it',
        ...unsaid.map(({ name }) => `${name}: say where it is, \`connection: { tunnel: { kind: ipsec, ours: … } }\`.`),
      );
    },
  },
  {
    id: 'certificates',
    part: 'Exchange with the provider',
    what: 'Where TLS is spoken, its certificate is trusted and ours is there',
    look: (configuration) =>
      ofEach(
        providers(configuration).filter(({ transport, naptr }) => transport === 'tls' || naptr),
        { none: 'no provider is reached over TLS: no certificate is needed', well: 'roots and certificates are there' },
        (trunk) => {
          const trust = trunk.tls?.trust;
          if (trust && !trust.system && trust.files.length === 0)
            return 'get the certificate of its authority, and give it under `tls.trust`';
          const own = trunk.tls?.certificate ?? waysTo(trunk, configuration).find(({ tls }) => tls)?.tls?.certificate;
          return own === undefined ? 'give its listener a certificate (`tls`)' : undefined;
        },
      ),
  },
  {
    id: 'tls-name',
    part: 'Exchange with the provider',
    what: 'Where TLS is spoken, the peer is known by name',
    look: (configuration) =>
      ofEach(
        configuration.trunks.filter(({ transport }) => transport === 'tls'),
        { none: 'no trunk speaks TLS', well: 'each is' },
        (trunk) =>
          trunk.addresses.some(({ host }) => !isLiteral(host)) || namesOf(trunk)
            ? undefined
            : 'give the FQDN that its certificate bears, as `domain` or `tls.names`',
      ),
  },
  {
    id: 'profile',
    part: 'Exchange with the provider',
    what: 'What the provider supports is known',
    look: (configuration) =>
      ofEach(providers(configuration), { none, well: 'each trunk has the profile of its provider' }, ({ profile }) =>
        profile === undefined ? 'say which `profile` it has, or `tandem trunk import` its capability set' : undefined,
      ),
  },
  {
    id: 'connection-type',
    part: 'Connection',
    what: 'It is known over what each trunk runs',
    look: (configuration) =>
      ofEach(providers(configuration), { none, well: 'of each' }, ({ connection }) =>
        connection ? undefined : 'say `connection: mpls`, `private` or `internet`',
      ),
  },
  {
    id: 'tunnel-ends',
    part: 'Connection',
    what: 'Both ends of each tunnel have a public address',
    look: (configuration) =>
      ofEach(
        configuration.trunks.filter(({ connection }) => connection?.tunnel),
        { none: 'no trunk says what tunnel it has', well: 'each has, as far as they are addresses' },
        ({ connection }) => {
          const { ours, theirs } = connection!.tunnel!;
          const hidden = [ours, theirs].filter((host) => host !== undefined && isLiteral(host) && !isPublic(host));
          return hidden.length === 0
            ? undefined
            : `${hidden.join(' and ')} cannot be reached from outside: give the address that the router has there`;
        },
      ),
  },
  {
    id: 'internet-protected',
    part: 'Connection',
    what: 'Nothing crosses the internet in clear',
    look: (configuration) =>
      ofEach(
        providers(configuration).filter(({ connection }) => connection?.type === 'internet'),
        { none: 'no trunk is said to run over the internet', well: 'each is in a tunnel, or has TLS and SRTP' },
        (trunk) =>
          isHidden(trunk) || isEncrypted(trunk)
            ? undefined
            : trunk.connection?.tunnel
              ? 'GRE encrypts nothing: run it within IPsec (`gre-ipsec`), or use TLS with `srtp: { mode: required }`'
              : 'build a tunnel and say `vpn: true`, or use TLS with `srtp: { mode: required }`',
      ),
  },
  {
    id: 'voice-first',
    part: 'Connection',
    what: 'Voice is marked where others share the line',
    look: (configuration) =>
      ofEach(
        providers(configuration).filter(({ connection }) => connection?.type === 'mpls'),
        { none: 'no trunk is said to run over MPLS', well: 'each marks its packets (DSCP)' },
        ({ dscp }) => ((dscp?.media ?? 0) > 0 ? undefined : 'mark its media: `dscp: { media: 46 }`'),
      ),
  },
  {
    id: 'two-sides',
    part: 'Connection',
    what: 'Inside and outside have addresses of their own',
    look: ({ listeners }) => {
      const both = listeners.filter(({ side }) => side === 'both');
      const inner = new Set(listeners.filter(({ side }) => side === 'internal').map(({ bind }) => bind.host));
      const shared = listeners.filter(({ side, bind }) => side === 'external' && inner.has(bind.host));
      if (both.length + shared.length === 0) return done('listeners of each side are apart');
      return missing(
        'one address is for both',
        ...[...both, ...shared].map(({ id }) => `${id}: bind it to an address that the other side has not`),
      );
    },
  },
];

function namesOf({ domain, tls, certificateNames }: Trunk): boolean {
  const names = [...(domain === undefined ? [] : [domain]), ...(tls?.names ?? []), ...(certificateNames ?? [])];
  return names.some((name) => !isLiteral(name));
}
