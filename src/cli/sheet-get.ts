import type { Profile, Trunk, TrunkAddress } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { isAddress } from './sheet-address.ts';
import { certificateRows } from './sheet-certificate.ts';
import { row, type SheetRow, type SheetSection } from './sheet-row.ts';

/** What the provider has to say. */
export function getSections(trunk: Trunk, profile: Profile): SheetSection[] {
  return [
    { title: 'Its gateways', rows: gateways(trunk, profile) },
    { title: 'The account', rows: account(trunk, profile) },
    { title: 'Certificates and encryption', rows: encryption(trunk, profile) },
    { title: 'Calls', rows: calls(trunk, profile) },
    { title: 'Media', rows: media(trunk, profile) },
    ...(profile.tandem?.notes ? [{ title: 'Notes', rows: [row('Of its profile', profile.tandem.notes)] }] : []),
  ];
}

function gateways(trunk: Trunk, profile: Profile): SheetRow[] {
  const rows = trunk.addresses.flatMap((address, at) => gateway(`Gateway ${at + 1}`, address, trunk));
  const proxies = trunk.nextHops ?? [];
  const none = profile.tandem?.['outbound-proxy'] === 'unsupported' ? ['none'] : undefined;
  const wanted = none ?? (profile['transport-info']?.['outbound-proxy'] ?? []).map(formatHostPort);
  return [
    ...rows,
    ...(proxies.length > 0
      ? proxies.map((one, at) => row(`Outbound proxy ${at + 1}`, [formatHostPort(one)]))
      : [row('Outbound proxy', wanted, wanted.length > 0 ? undefined : 'if there is one')]),
    row(
      'Networks that its calls come from',
      (trunk.networks ?? []).map(({ host, bits }) => `${host}/${bits}`),
      trunk.networks ? undefined : 'besides its gateways',
    ),
    ...(trunk.connection?.vpn ? [row('Address of its VPN server', [trunk.connection.tunnel?.theirs])] : []),
    row('More than one gateway, and failover', [availability(trunk, profile)]),
    ...(profile['transport-info']?.['dns-server']
      ? [row('Its name servers', profile['transport-info']['dns-server'])]
      : []),
  ];
}

/** For each gateway, address and name: one is in the configuration, the other keeps firewalls and certificates right. */
function gateway(what: string, { host, port, matchPort }: TrunkAddress, { transport, naptr }: Trunk): SheetRow[] {
  const literal = isAddress(host);
  const located = !literal && !matchPort;
  return [
    row(`${what}: IP address`, literal ? [host] : [], literal ? undefined : 'for firewalls'),
    row(`${what}: FQDN`, literal ? [] : [host], located ? 'found by NAPTR and SRV records' : undefined),
    row(`${what}: transport and port`, [
      naptr ? 'by its NAPTR records' : located ? `${transport}, by its SRV records` : `${transport} ${port}`,
    ]),
  ];
}

function availability({ addresses, nextHops }: Trunk, { tandem }: Profile): string | undefined {
  const many = (nextHops ?? addresses).length > 1;
  switch (tandem?.['high-availability']) {
    case 'single':
      return 'one address';
    case 'list':
      return 'several addresses, tried in this order';
    case 'dns':
      return 'one name, by DNS';
    default:
      return many ? 'several addresses, tried in this order' : undefined;
  }
}

function account(trunk: Trunk, profile: Profile): SheetRow[] {
  const { registration, credentials = [] } = trunk;
  const realms = profile['transport-info']?.realm ?? [];
  const supports = profile.tandem?.registration;
  const registers =
    registration !== undefined
      ? `yes${registration.gin ? ', all numbers at once (RFC 6140)' : ''}`
      : supports === 'required'
        ? undefined
        : 'no';
  return [
    row('SIP domain', [trunk.domain]),
    row('Registration', [registers]),
    ...(registration ? [row('Registrars', registration.registrars.map(formatHostPort))] : []),
    ...(registration || credentials.length > 0
      ? [
          row(
            'User names',
            credentials.map(({ username }) => username),
          ),
          row(
            'Realms',
            credentials.some(({ realm }) => realm !== undefined)
              ? credentials.flatMap(({ realm }) => realm ?? [])
              : realms.map(({ name }) => name),
          ),
          row('Passwords', ['handed over apart from this sheet']),
        ]
      : []),
    row('Numbers', numbersOf(profile)),
  ];
}

/** Ranges as first number and count. */
export function numbersOf(profile: Profile): string[] {
  return (profile['call-spec']?.['number-range'] ?? []).flatMap(({ type, count, value = [] }) =>
    type === 'range' && count !== undefined ? value.map((first) => `${count} from ${first} on`) : value,
  );
}

function encryption(trunk: Trunk, profile: Profile): SheetRow[] {
  const { transport, naptr, tls, srtp } = trunk;
  if (transport !== 'tls' && !naptr)
    return [
      row('Transports', transports(trunk, profile)),
      row('Certificate', [`none is needed over ${transport}`]),
      row('Media', [srtp ? `SRTP, ${srtp.mode}` : 'RTP in clear']),
    ];
  const files = tls?.trust.files ?? [];
  const location = profile.security?.['certificate-location'];
  const names = tls?.names ?? (trunk.domain === undefined ? [] : [trunk.domain]);
  return [
    row('Transports', transports(trunk, profile)),
    ...(files.length > 0
      ? files.flatMap((file, at) => certificateRows(`Its authority ${at + 1}`, file))
      : [row('The certificate of its authority', [], 'a public one is believed without')]),
    ...(location === undefined ? [] : [row('Its certificates', [location])]),
    row('The name in its certificate', names.length > 0 ? names : trunk.addresses.map(({ host }) => host)),
    row('Client certificate', [profile.tandem?.['client-certificate']]),
    row('Versions of TLS', [
      ...(profile.security?.signaling?.version?.map((one) => ({ tls12: '1.2', tls13: '1.3' })[one]) ?? []),
    ]),
    row('Media', [srtp ? `SRTP, ${srtp.mode}` : 'RTP in clear']),
    row('Crypto suites', profile.tandem?.['srtp-suites'] ?? []),
  ];
}

function transports({ transport, naptr }: Trunk, profile: Profile): readonly string[] {
  const listed = profile['transport-info']?.transport ?? [];
  const secure = profile.security?.signaling?.secure && !listed.includes('tls') ? ['tls'] : [];
  return listed.length > 0 ? [...listed, ...secure] : naptr ? [] : [transport];
}

function calls(trunk: Trunk, profile: Profile): SheetRow[] {
  const { tandem = {}, 'call-spec': spec = {} } = profile;
  const yes = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'yes' : 'no');
  const e164 = spec['caller-id']?.['e164-format'] ? 'e164' : undefined;
  return [
    row('Calls at once', [tandem.calls === undefined ? undefined : String(tandem.calls)]),
    row('Format of numbers', [tandem['number-format'] ?? e164]),
    row('Caller in', [spec['caller-id']?.['preferred-method']]),
    row('Methods', spec['supported-method']?.map((one) => one.toUpperCase()) ?? []),
    row('Extensions', profile.extension ?? []),
    row('OPTIONS from us', [
      tandem['options-ping'] ?? (spec['supported-method']?.includes('options') ? 'optional' : undefined),
    ]),
    row('Early media', [yes(spec['early-media'])]),
    row('Forking', [yes(spec['signaling-forking'])]),
    row('Early dialogs at most', [tandem['max-early-dialogs']?.toString()]),
    row('Transfer by REFER', [tandem.refer]),
    row('Session timer', [tandem['session-timer']]),
    row('Emergency calls: location', tandem.emergency ?? []),
    row('Connection', [trunk.connection?.type]),
  ];
}

function media({ mediaNetworks = [] }: Trunk, { media: own = {}, dtmf }: Profile): SheetRow[] {
  return [
    row(
      'Codecs, in its order',
      (own['media-type-audio'] ?? []).map(({ 'media-format': format, rate, ptime, parameter }) =>
        [format.toUpperCase(), rate && `${rate} Hz`, ptime && `${ptime} ms`, parameter].filter(Boolean).join(' '),
      ),
    ),
    row('DTMF', [
      dtmf?.['payload-number'] === undefined ? undefined : `telephone-event, payload type ${dtmf['payload-number']}`,
    ]),
    row('Fax', own.fax?.protocol ?? []),
    row('Waits for our first packet', [
      own.rtp?.['rtp-trigger'] === undefined ? undefined : own.rtp['rtp-trigger'] ? 'yes' : 'no',
    ]),
    row(
      'Networks and ports of its media',
      mediaNetworks.map(({ host, bits }) => `${host}/${bits}`),
    ),
  ];
}
