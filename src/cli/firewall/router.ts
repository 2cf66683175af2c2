import { type Configuration, mediaOf, openingsOf, type Trunk, waysTo } from '#engine/ports';
import { accepting, byVersion, interfaceSet, tableText, versionOf } from './nftables.ts';

/** Interfaces of a router, or VPN server, at which the tunnel of a trunk ends. */
export interface RouterInterfaces {
  /** The end of the tunnel, with what comes out of it. */
  readonly tunnel: string;
  /** The VLAN that leads to us. */
  readonly inside: string;
  /** Where the tunnel itself runs, where that is for it alone. */
  readonly outside?: string;
}

/** Rules for it: from the provider's side nothing but what has to reach us passes, and nothing reaches the router itself. */
export function routerTable(
  trunk: Trunk,
  configuration: Configuration,
  file: string,
  interfaces: RouterInterfaces,
): string {
  const { tunnel, inside, outside } = interfaces;
  // Telephones register elsewhere: nothing of theirs comes out of this tunnel.
  const { registrar: _, ...rest } = configuration;
  const { signalling, media } = openingsOf({ ...rest, trunks: [trunk] });
  const hosts = [
    ...new Set([
      ...waysTo(trunk, configuration).map(({ bind }) => bind.host),
      ...(configuration.media.mode === 'anchor' ? mediaOf(trunk, configuration).map(({ bind }) => bind) : []),
    ]),
  ];
  const both = [tunnel, inside];
  const inwards = `iifname "${tunnel}" oifname "${inside}" `;
  return tableText(
    [
      `The router at which the tunnel of ${trunk.name} ends, by ${file}. Written by \`tandem firewall --router\`.`,
      `${tunnel}: the end of the tunnel; ${inside}: the VLAN that leads to Tandem${outside === undefined ? '' : `; ${outside}: where the tunnel runs`}.`,
    ],
    `tandem_${trunk.name.replaceAll(/[^A-Za-z0-9]/g, '_')}`,
    [
      [
        'forward',
        [
          'type filter hook forward priority filter; policy accept;',
          `${interfaceSet('iifname', both)} meta pkttype { broadcast, multicast } counter drop`,
          `iifname "${inside}" oifname "${tunnel}" ct state established,related accept`,
          `${inwards}ct state established,related accept`,
          '# What we send.',
          ...byVersion(hosts, (host) => host).map(
            ([ip, some]) => `iifname "${inside}" oifname "${tunnel}" ${ip} saddr { ${some.join(', ')} } accept`,
          ),
          ...accepting([...signalling, ...media], inwards),
          '# From the tunnel to nobody else, from the VLAN nowhere else, and nobody else to either.',
          `${interfaceSet('iifname', both)} counter drop`,
          `${interfaceSet('oifname', both)} counter drop`,
        ],
      ],
      [
        'input',
        [
          'type filter hook input priority filter; policy accept;',
          '# The router itself is nobody to them.',
          `${interfaceSet('iifname', both)} icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept`,
          `iifname "${tunnel}" ct state established,related accept`,
          `iifname "${tunnel}" counter drop`,
          ...(outside === undefined ? [] : outer(trunk, outside)),
        ],
      ],
    ],
  );
}

/** Of the outside, the tunnel alone. */
function outer({ connection }: Trunk, outside: string): string[] {
  const tunnel = connection?.tunnel;
  const at = `iifname "${outside}" `;
  if (!tunnel) return ['# Of the tunnel it is not said what it is: `connection.tunnel`.'];
  const { kind, theirs, ours, port } = tunnel;
  const isAddress = (host: string | undefined): host is string =>
    host !== undefined && (host.includes(':') || /^[\d.]+$/.test(host));
  const ends = [
    isAddress(theirs) ? `${versionOf(theirs)} saddr ${theirs} ` : '',
    isAddress(ours) ? `${versionOf(ours)} daddr ${ours} ` : '',
  ].join('');
  const protocols = {
    wireguard: [`udp dport ${port}`],
    ipsec: ['udp dport { 500, 4500 }', 'meta l4proto esp'],
    'ipsec-nat': ['udp dport { 500, 4500 }'],
    gre: ['meta l4proto gre'],
    'gre-ipsec': ['udp dport { 500, 4500 }', 'meta l4proto esp', 'meta ipsec exists meta l4proto gre'],
  }[kind];
  return [
    `# Of what is outside, the tunnel alone${kind === 'gre-ipsec' ? ': GRE that did not come within IPsec is of somebody else' : ''}.`,
    ...protocols.map((one) => `${at}${ends}${one} accept`),
    `${at}icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept`,
    `${at}ct state established,related accept`,
    `${at}counter drop`,
  ];
}
