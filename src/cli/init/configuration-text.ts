import type { Profile } from '#engine/ports';
import { formatDuration } from '../duration.ts';
import { type Answers, isDomain } from './answers.ts';

/** The first configuration: what it takes to call, each part with a word on what it is for. Passwords are in `passwordFile`. */
export function configurationText(
  answers: Answers,
  passwordFile: string,
  wants: Profile | undefined,
  consolePort = 8080,
): string {
  const { profile, name, provider, proxy, transport, user, bind, port, advertise, pbx, numbers, certificate, key } =
    answers;
  const at = (own: number | undefined) => (own === undefined ? text(bind) : text(`${bracketed(bind)}:${own}`));
  const told = advertise === undefined ? [] : [`    advertise: ${text(advertise)} # under which others reach us`];
  const places = provider.split(',').map((one) => one.trim());
  const [first] = places;
  const lines = [
    '# A PBX and a provider, by `tandem init`. `tandem check` says what it means; all there is: docs/configuration.md.',
    '',
    'listeners:',
    '  - name: sip # the PBX comes here, and the provider too unless it has its own below',
    '    side: both',
    `    bind: ${at(port)}`,
    ...told,
    '    transports: [udp, tcp]',
    ...(transport === 'tls'
      ? [
          '  - name: secure',
          '    side: external',
          `    bind: ${at(port === undefined ? undefined : port + 1)}`,
          ...told,
          '    transports: [tls]',
          `    tls: { certificate: ${text(certificate ?? './certificate.pem')}, key: ${text(key ?? './key.pem')} }`,
        ]
      : []),
    '',
    'trunks:',
    '  - name: pbx',
    '    kind: ip-pbx',
    `    addresses: ${text(pbx)}`,
    `  - name: ${text(name)}`,
    '    kind: itsp',
    `    profile: ${text(profile)} # what it can and wants; \`tandem check\` holds the trunk to it`,
    `    transport: ${transport}`,
    ...(isDomain(provider)
      ? proxy === undefined
        ? [`    domain: ${text(provider)} # looked up in the DNS`]
        : [`    domain: ${text(provider)} # what stands in requests`, `    next-hop: ${text(proxy)} # where they go`]
      : user === undefined
        ? [`    addresses: ${list(places)}`]
        : [
            `    domain: ${text(hostOf(first!))} # what stands in requests`,
            `    next-hop: ${list(places)} # where they go`,
          ]),
    ...ofProfile(wants, answers),
    ...(user === undefined
      ? []
      : [
          `    identity: { user: ${text(user)}${wants?.tandem?.['from-identity'] === 'required' ? ', from: identity' : ''} } # who we are to it`,
          `    credentials: { username: ${text(user)}, password-file: ${text(passwordFile)} }`,
          `    registration: ${wants?.tandem?.gin === 'required' ? '{ gin: true }' : '{}'} # kept up; \`tandem trunk list\` shows it`,
        ]),
    '',
    'routes:',
    '  - name: outbound',
    '    from: pbx',
    `    to: ${text(name)}`,
    '  - name: inbound',
    `    from: ${text(name)}`,
    ...(numbers === undefined || numbers === '' ? [] : [`    called: { prefix: ${text(numbers)} }`]),
    '    to: pbx',
    '',
    'media:',
    `  address: ${text(bind)}`,
    ...(advertise === undefined || /[A-Za-z]/.test(advertise) ? [] : [`  advertise: ${text(advertise)}`]),
    '',
    'records:',
    '  path: ./data',
    '',
    'management: # the console, for this machine alone',
    `  listen: ${text(`127.0.0.1:${consolePort}`)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What a profile says of a trunk that has to stand in the trunk as well. */
function ofProfile(
  profile: Profile | undefined,
  { transport, provider, trust, certificateName }: Answers,
): readonly string[] {
  const { networks, srtp, 'connection-renewal': renewal } = profile?.tandem ?? {};
  // An address is no name that a certificate is expected to bear, unless it is said so.
  const names = certificateName ?? (/[A-Za-z]/.test(provider) ? undefined : hostOf(provider.split(',')[0]!.trim()));
  const tls = [
    ...(transport !== 'tls' || names === undefined ? [] : [`names: ${text(names)}`]),
    ...(renewal === undefined ? [] : [`renewal: ${formatDuration(renewal)}`]),
    ...(trust === undefined ? [] : [`trust: [system, ${text(trust)}]`]),
  ];
  return [
    ...(networks
      ? [
          `    networks: [${networks.map(({ host, bits }) => `${host}/${bits}`).join(', ')}] # where its calls come from`,
        ]
      : []),
    ...(srtp === 'required' ? ['    srtp: required'] : []),
    ...(tls.length === 0 ? [] : [`    tls: { ${tls.join(', ')} }`]),
  ];
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** Without the port. */
function hostOf(place: string): string {
  return place.replace(/:\d+$/, '');
}

function list(places: readonly string[]): string {
  return places.length === 1 ? text(places[0]!) : `[${places.map(text).join(', ')}]`;
}

/** Quoted where YAML would read something else: a number, a colon, a bracket. */
function text(value: string): string {
  return /^[A-Za-z./][\w./-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
