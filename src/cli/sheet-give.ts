import {
  type Configuration,
  isPublic,
  type Listener,
  mediaOf,
  type Profile,
  type Trunk,
  type Tunnel,
  waysTo,
} from '#engine/ports';
import { formatHostPort } from '#kernel';
import { formatDuration } from './duration.ts';
import { isAddress } from './sheet-address.ts';
import { certificateNames, certificateRows } from './sheet-certificate.ts';
import { numbersOf } from './sheet-get.ts';
import { row, type SheetRow, type SheetSection } from './sheet-row.ts';

/** What the provider has to be told. */
export function giveSections(trunk: Trunk, configuration: Configuration, profile: Profile): SheetSection[] {
  const ways = waysTo(trunk, configuration);
  return [
    { title: 'Where we are', rows: whereabouts(trunk, ways) },
    { title: 'Certificate and encryption', rows: encryption(trunk, ways) },
    { title: 'Media', rows: media(trunk, configuration, profile) },
    { title: 'Calls', rows: calls(trunk, profile) },
  ];
}

function whereabouts(trunk: Trunk, ways: readonly Listener[]): SheetRow[] {
  const { connection } = trunk;
  const addresses = unique(ways.flatMap(addressOf));
  const certificates = unique(certificatesOf(trunk, ways));
  const names = unique([
    ...ways.map(({ advertise }) => advertise.host).filter((host) => !isAddress(host)),
    ...certificates.flatMap(certificateNames).filter((host) => !isAddress(host)),
  ]);
  const hidden = addresses.find((host) => !isPublic(host));
  const perimeter = connection?.type === 'internet' ? 'Our public address' : 'Public address of our perimeter router';
  const publicAddress = row(
    perimeter,
    addresses.filter(isPublic),
    hidden === undefined ? undefined : `${hidden} is not routed outside`,
  );
  return [
    row('Connection', [connection && `${connection.type}${connection.vpn ? ', through a VPN' : ''}`]),
    publicAddress,
    ...(connection?.vpn
      ? [
          row('Address of our VPN server', [connection.tunnel?.ours]),
          row(
            'Protocol of the VPN',
            [connection.tunnel && tunnelText(connection.tunnel)],
            'keys are handed over apart',
          ),
        ]
      : []),
    row('Our FQDN', names),
    row(
      'We listen on',
      ways.map(({ transport, advertise }) => `${transport} ${formatHostPort(advertise)}`),
    ),
    row(
      'Our requests come from',
      addresses,
      ways.some(({ transport }) => transport !== 'udp') ? 'over TCP and TLS, from any port' : undefined,
    ),
    row('You know us by', [knownBy(trunk)]),
  ];
}

function tunnelText({ kind, port }: Tunnel): string {
  return { ...tunnelNames, wireguard: `WireGuard, UDP ${port}` }[kind];
}
const tunnelNames = {
  ipsec: 'IPsec: ESP (RFC 4303), with IKEv2 over UDP 500',
  'ipsec-nat': 'IPsec: ESP and IKEv2 over UDP 4500 (RFC 3948)',
  gre: 'GRE (RFC 2784), in clear',
  'gre-ipsec': 'GRE (RFC 2784) within IPsec: ESP (RFC 4303), with IKEv2 over UDP 500',
} as const;

/** Where packets come from, as far as the file tells: behind a NAT only what is advertised counts. */
function addressOf({ advertise, bind }: Listener): string[] {
  if (isAddress(advertise.host)) return [advertise.host];
  return bind.host === '0.0.0.0' || bind.host === '::' ? [] : [bind.host];
}

function knownBy({ registration, credentials, transport }: Trunk): string {
  const ways = [
    ...(registration ? ['registration'] : []),
    ...(credentials ? ['digest'] : []),
    ...(transport === 'tls' ? ['certificate'] : []),
  ];
  return ways.length > 0 ? ways.join(', ') : 'address';
}

function certificatesOf({ tls }: Trunk, ways: readonly Listener[]): string[] {
  const shown = ways.flatMap((one) => one.tls?.certificate ?? []);
  return tls?.certificate === undefined ? shown : [tls.certificate, ...shown];
}

function encryption(trunk: Trunk, ways: readonly Listener[]): SheetRow[] {
  const { srtp } = trunk;
  const certificates = unique(certificatesOf(trunk, ways));
  const many = certificates.length > 1;
  return [
    ...(trunk.transport === 'tls' || trunk.naptr
      ? [
          ...certificates.flatMap((file, at) => certificateRows(many ? `Certificate ${at + 1}` : 'Certificate', file)),
          row('Lowest version of TLS', [trunk.tls?.minVersion]),
          row('Your certificate', unique(ways.flatMap((one) => one.tls?.clientCertificate ?? [])), 'when you connect'),
        ]
      : [row('Certificate', [`none is needed over ${trunk.transport}`])]),
    row('Media', [srtp ? `SRTP, ${srtp.mode}; keys in SDP (RFC 4568)` : 'RTP in clear']),
    ...(srtp ? [row('Crypto suites', srtp.suites)] : []),
  ];
}

function media(trunk: Trunk, configuration: Configuration, profile: Profile): SheetRow[] {
  const { media: own } = configuration;
  const codecs = (profile.media?.['media-type-audio'] ?? []).map(({ 'media-format': format }) => format.toUpperCase());
  const payload = profile.dtmf?.['payload-number'];
  const addresses = unique(mediaOf(trunk, configuration).map(({ advertise }) => advertise));
  const anchored = own.mode === 'anchor';
  return [
    row('Address of our media', anchored ? addresses : [], anchored ? undefined : 'media goes from phone to phone'),
    row('Ports of our media', anchored ? [`UDP ${own.ports.min}-${own.ports.max}`] : []),
    row('Codecs', trunk.codecs?.allow ?? codecs, 'of those that our phones offer'),
    row('DTMF', [digitsOf(trunk, payload)]),
    row('Fax', [faxOf(trunk, anchored)]),
    row('Marks (DSCP)', [trunk.dscp && `${trunk.dscp.signalling} on signalling, ${trunk.dscp.media} on media`]),
  ];
}

function digitsOf({ dtmf }: Trunk, payload: number | undefined): string | undefined {
  if (dtmf === 'inband') return 'tones in G.711; no telephone-event';
  if (dtmf !== undefined && dtmf !== 'rtp-event')
    return `INFO with application/${dtmf === 'info' ? 'dtmf-relay' : 'dtmf'}; no telephone-event`;
  if (payload !== undefined) return `telephone-event (RFC 4733), payload type ${payload}`;
  return dtmf && 'telephone-event (RFC 4733)';
}

/** What becomes of a call that is a fax; what passes by us is for the phones to say. */
function faxOf({ fax, media, srtp }: Trunk, anchored: boolean): string | undefined {
  if (!anchored) return undefined;
  const t38 = srtp?.mode !== 'required' && (fax === undefined ? media?.includes('image') !== false : fax === 't38');
  return t38 ? 'T.38 over UDPTL where our side has it, else G.711' : 'G.711, no T.38';
}

function calls(trunk: Trunk, profile: Profile): SheetRow[] {
  const { identity, capacity, health } = trunk;
  const numbers = numbersOf(profile);
  const interval = health?.interval ?? 0;
  return [
    row('Our numbers', numbers.length > 0 ? numbers : []),
    row('Our account or main number', [identity?.user]),
    row('From names', [
      identity?.from === 'identity' ? 'the account; the caller is in P-Asserted-Identity' : 'the caller',
    ]),
    row('Calls at once', [capacity.calls?.toString()]),
    row('New calls a second', [capacity.callsPerSecond?.toString()]),
    row('OPTIONS from us', [interval > 0 ? `every ${formatDuration(interval)}` : 'none']),
    row('OPTIONS to us', ['answered']),
  ];
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
