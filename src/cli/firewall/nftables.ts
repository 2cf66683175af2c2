import type { Opening, Openings } from '#engine/ports';

type Network = NonNullable<Opening['from']>[number];

/** Rules of nftables, in words that both kinds of tables share. */

/** `ip saddr { 192.0.2.1, 192.0.2.64/26 }`, one for each version of IP that there are networks of. */
function fromNetworks(networks: readonly Network[]): string[] {
  return byVersion(networks, ({ host }) => host).map(
    ([ip, some]) => `${ip} saddr { ${some.map(networkText).join(', ')} }`,
  );
}

/** `udp dport 5060`. */
function toPorts({ transport, ports }: Pick<Opening, 'transport' | 'ports'>): string {
  return `${transport} dport ${ports.min === ports.max ? ports.min : `${ports.min}-${ports.max}`}`;
}

/** `ip daddr 192.0.2.5 `, empty where it is every address. */
function to(host: string | undefined): string {
  return host === undefined ? '' : `${versionOf(host)} daddr ${host} `;
}

export function versionOf(host: string): 'ip' | 'ip6' {
  return host.includes(':') ? 'ip6' : 'ip';
}

export function byVersion<T>(all: readonly T[], hostOf: (one: T) => string): ['ip' | 'ip6', T[]][] {
  const groups = Map.groupBy(all, (one) => versionOf(hostOf(one)));
  return [...groups].map(([ip, some]) => [ip, some]);
}

/** Rules that let those in who have to come, each after a line about who that is. `where`: what stands before each. */
export function accepting(openings: readonly Opening[], where = ''): string[] {
  const lines: string[] = [];
  let last: string | undefined;
  for (const opening of openings) {
    const { who, from, host, because } = opening;
    const about = because === undefined ? who : `Anybody: ${because}.`;
    if (about !== last) lines.push(`# ${about}`);
    last = about;
    const at = to(host);
    const sources = from ? fromNetworks(from) : [''];
    // A packet is of one version of IP at both ends.
    for (const source of sources)
      if (host === undefined || source === '' || source.startsWith(`${versionOf(host)} `))
        lines.push(`${where}${source === '' ? '' : `${source} `}${at}${toPorts(opening)} accept`);
  }
  return lines;
}

/** A table that takes the place of the one that was there under its name. */
export function tableText(
  about: readonly string[],
  name: string,
  chains: readonly (readonly [string, readonly string[]])[],
): string {
  const body = chains.map(
    ([chain, lines]) => `  chain ${chain} {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n`,
  );
  return `#!/usr/sbin/nft -f\n${about.map((line) => `# ${line}\n`).join('')}table inet ${name}\ndelete table inet ${name}\ntable inet ${name} {\n${body.join('\n')}}\n`;
}

function networkText({ host, bits }: Network): string {
  return bits === (host.includes(':') ? 128 : 32) ? host : `${host}/${bits}`;
}

/** Of a machine that Tandem runs on. `interfaces`: those that lead outside and nowhere else. */
export function hostTable(
  { signalling, media, outside }: Openings,
  file: string,
  interfaces: readonly string[],
): string {
  const ports = uniqueBy(media, ({ host, ports: { min } }) => `${host} ${min}`);
  const guarded = uniqueBy(
    signalling.concat(media).filter(({ host }) => host === undefined || !outside.includes(host)),
    (opening) => `${opening.host} ${toPorts(opening)}`,
  );
  const input = [
    'type filter hook input priority filter; policy accept;',
    'iifname "lo" accept',
    'ct state established,related accept',
    ...(interfaces.length > 0
      ? [
          '# Of what comes from outside: what is for an address there. None of inside, no broadcast, no multicast, but neighbours (RFC 4861).',
          `${interfaceSet('iifname', interfaces)} icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept`,
          `${interfaceSet('iifname', interfaces)} fib daddr . iif type != local counter drop`,
        ]
      : []),
    ...accepting(signalling),
    ...accepting(media),
    ...(outside.length > 0 ? ['# Nothing else of what is outside; a ping tells that we are there.'] : []),
    ...outside.flatMap((host) => [
      versionOf(host) === 'ip'
        ? `${to(host)}icmp type echo-request limit rate 10/second accept`
        : `${to(host)}icmpv6 type { echo-request, nd-neighbor-solicit, nd-neighbor-advert } limit rate 100/second accept`,
      `${to(host)}counter drop`,
    ]),
    ...(guarded.length > 0 ? ['# Of what is inside, our ports are for those above.'] : []),
    ...guarded.map((opening) => `${to(opening.host)}${toPorts(opening)} counter drop`),
  ];
  return tableText(
    [
      `Who may reach Tandem, by ${file}. Written by \`tandem firewall\`: write it anew when the file changes.`,
      'Load it with `nft -f`. It is a table of its own: what others drop stays dropped.',
    ],
    'tandem',
    [
      ...(ports.length > 0
        ? ([
            [
              'media_in',
              [
                'type filter hook prerouting priority raw; policy accept;',
                ...ports.map((one) => `${to(one.host)}${toPorts(one)} notrack`),
              ],
            ],
            [
              'media_out',
              [
                'type filter hook output priority raw; policy accept;',
                ...ports.map((one) =>
                  `${to(one.host)}${toPorts(one)} notrack`.replace('daddr', 'saddr').replace('dport', 'sport'),
                ),
              ],
            ],
          ] as const)
        : []),
      ['input', input],
      ...(interfaces.length > 0
        ? ([
            [
              'forward',
              [
                'type filter hook forward priority filter; policy accept;',
                '# We are no router.',
                `${interfaceSet('iifname', interfaces)} counter drop`,
              ],
            ],
          ] as const)
        : []),
    ],
  );
}

export function interfaceSet(key: 'iifname' | 'oifname', names: readonly string[]): string {
  return names.length === 1 ? `${key} "${names[0]}"` : `${key} { ${names.map((name) => `"${name}"`).join(', ')} }`;
}

function uniqueBy<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}
