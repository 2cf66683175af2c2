import type { Trunk } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { callFacts } from './check-trunk-calls.ts';
import { formatDuration } from './duration.ts';

type Address = Trunk['addresses'][number];

/** "203.0.113.10:5060 (from any port)", "sip.itsp.example (by the DNS)". */
export function formatAddress({ host, port, matchPort }: Address): string {
  if (matchPort) return formatHostPort({ host, port });
  return isAddress(host) ? `${formatHostPort({ host, port })} (from any port)` : `${host} (by the DNS)`;
}

function formatTarget({ host, port, matchPort }: Address): string {
  return matchPort || isAddress(host) ? formatHostPort({ host, port }) : `${host} (by the DNS)`;
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}

/** What a trunk is beyond its addresses: a row for each of its features that is on. No secrets. */
export function trunkFacts(trunk: Trunk): [what: string, how: string][] {
  const rows: [string, string | undefined][] = [
    ['requests go to', trunk.nextHops?.map(formatTarget).join(', ')],
    ['domain', trunk.domain],
    ['networks', trunk.networks?.map(({ host, bits }) => `${host}/${bits}`).join(', ')],
    ['identity', identity(trunk)],
    ['registers', registration(trunk)],
    ['answers challenges', trunk.credentials?.map(({ username, realm }) => `as ${username}${of(realm)}`).join(', ')],
    ['is challenged', trunk.authenticate && `as ${trunk.authenticate.username}${of(trunk.authenticate.realm)}`],
    ['is known by', trunk.certificateNames && `a certificate of ${trunk.certificateNames.join(', ')}`],
    ['TLS', tls(trunk)],
    ['SRTP', srtp(trunk)],
    ['runs over', trunk.connection && `${trunk.connection.type}${trunk.connection.vpn ? ', in a tunnel' : ''}`],
    ['marks', trunk.dscp && `${trunk.dscp.signalling} on signalling, ${trunk.dscp.media} on media`],
    ['may call', trunk.usages && (trunk.usages.join(', ') || 'users alone')],
    ...callFacts(trunk),
    ['failures', trunk.responses && `${trunk.responses.length} ${trunk.responses.length === 1 ? 'rule' : 'rules'}`],
    ['profile', trunk.profile],
    ['health', health(trunk)],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

function of(realm: string | undefined): string {
  return realm === undefined ? '' : ` (${realm})`;
}

function identity({ identity }: Trunk): string | undefined {
  if (!identity) return undefined;
  return `${identity.user}, From names ${identity.from === 'identity' ? 'it' : 'the caller'}`;
}

function registration({ registration }: Trunk): string | undefined {
  if (!registration) return undefined;
  const { registrars, expires, gin, outbound } = registration;
  const ways = [...(gin ? ['for all numbers'] : []), ...(outbound ? ['with flows kept open'] : [])];
  return [`at ${registrars.map(({ host }) => host).join(', ')} for ${formatDuration(expires)}`, ...ways].join(', ');
}

function tls({ tls }: Trunk): string | undefined {
  if (!tls) return undefined;
  const trusted = [...(tls.trust.system ? ["the system's roots"] : []), ...tls.trust.files].join(' and ');
  return `trusts ${trusted}; ${tls.certificate ? `shows ${tls.certificate}` : "shows the listener's certificate"}`;
}

function srtp({ srtp }: Trunk): string | undefined {
  return srtp && `${srtp.mode}${srtp.keysInClear ? ', keys may be sent in clear' : ''}`;
}

function health({ health }: Trunk): string {
  if (!health) return 'not asked for';
  const { interval, misses, failedCalls } = health;
  const options = interval === 0 ? [] : [`${misses} OPTIONS unanswered, one every ${formatDuration(interval)}`];
  const calls = failedCalls === 0 ? [] : [`${failedCalls} calls in a row without an answer`];
  const signs = [...options, ...calls];
  return signs.length === 0 ? 'not asked for' : `down after ${signs.join(', or ')}`;
}
