import type { Profile, ProfileEntity } from '#engine/ports';
import { formatHostPort } from '#kernel';

/** What a capability set (RFC 10006) means as a trunk of ours. */

type Transport = 'udp' | 'tcp' | 'tls';

export interface TrunkOptions {
  readonly name: string;
  /** The way to go, of those that the provider takes; the safest unless given. */
  readonly transport?: Transport | undefined;
  /** What stands after `profile`. */
  readonly profileFile: string;
  /** The file of the provider's certificates, where it gave any. */
  readonly certificateFile?: string | undefined;
  /** The file of the password, where the provider gave it in clear. */
  readonly passwordFile?: string | undefined;
}

export interface ImportedTrunk {
  /** Keys of the configuration file. */
  readonly trunk: Readonly<Record<string, unknown>>;
  /** What is left to people. */
  readonly open: readonly string[];
}

/** The transports a provider takes, the safest first. TLS is told apart from TCP (RFC 10006 7.2, `secure`). */
export function transportsOf(profile: Profile): Transport[] {
  const listed = profile['transport-info']?.transport ?? [];
  const secure = profile.security?.signaling?.secure;
  const tls = secure === true || (secure === undefined && listed.includes('tls'));
  return [...(tls ? ['tls' as const] : []), ...(['tcp', 'udp'] as const).filter((one) => listed.includes(one))];
}

/** The password that the document itself holds: RFC 7317 has `$0$` before one that is not hashed. */
export function passwordIn(profile: Profile): string | undefined {
  const password = profile['transport-info']?.realm?.[0]?.password;
  return password?.startsWith('$0$') ? password.slice(3) : undefined;
}

export function trunkFrom(profile: Profile, options: TrunkOptions): ImportedTrunk {
  const {
    registrar = [],
    realm = [],
    'call-control': servers = [],
    'outbound-proxy': proxies = [],
  } = profile['transport-info'] ?? {};
  const transports = transportsOf(profile);
  const transport = options.transport ?? transports[0] ?? 'udp';
  const methods = profile['call-spec']?.['supported-method'] ?? [];
  const registers = registrar.length > 0;
  const open: string[] = [];
  const [account] = realm;
  const domain = realm.map(({ name }) => name).find(isDomain);

  if (transports.length === 0 && !options.transport) open.push('The provider names no transport: udp is a guess.');
  const ports = [...servers, ...proxies].map(({ port }) => port);
  if (transport === 'tls' && ports.includes(5060))
    open.push('The document gives port 5060 and TLS; the usual port of TLS is 5061: ask which it is.');
  if (servers.length + proxies.length + registrar.length === 0)
    open.push('The provider names no server: add `addresses`.');
  if (profile['transport-info']?.['dns-server'])
    open.push(
      `Its names may be known to its own name servers only: ${profile['transport-info']['dns-server'].join(', ')} (\`dns.servers\`).`,
    );
  open.push('Whether it runs over `mpls`, `private` or `internet` is not in the document: add `connection`.');
  if (transport !== 'tls' && !registers)
    open.push('Where its calls come from besides these addresses is not in the document: add `networks` if need be.');

  const identity = identityOf(profile, registers, account?.username);
  if (registers && identity === undefined) open.push('Who registers is not in the document: add `identity`.');
  const credentials = realm.map(({ name, username }, at) => {
    if (username === undefined) open.push(`The user name for the realm ${name} is not in the document.`);
    return {
      realm: name,
      username: username ?? `\${${variable(options.name, 'USERNAME')}}`,
      ...(at === 0 && options.passwordFile !== undefined
        ? { 'password-file': options.passwordFile }
        : { password: `\${${variable(options.name, at === 0 ? 'PASSWORD' : `PASSWORD_${at + 1}`)}}` }),
    };
  });
  for (const { password } of credentials as readonly { readonly password?: string }[])
    if (password !== undefined)
      open.push(
        `The password is not in the document in clear: set ${password.slice(2, -1)}, or use \`password-file\`.`,
      );

  return {
    trunk: {
      name: options.name,
      kind: 'itsp',
      transport,
      ...(proxies.length > 0 && { 'next-hop': proxies.map(place) }),
      ...(servers.length > 0 && { addresses: servers.map(place) }),
      ...domainOf(domain, registrar),
      ...(identity !== undefined && { identity }),
      ...(credentials.length > 0 && { credentials }),
      ...(registers && {
        registration: {
          registrar: registrar.map(place),
          ...(profile.extension?.includes('gin') && { gin: true }),
          ...(profile.extension?.includes('outbound') && { outbound: true }),
        },
      }),
      ...(transport === 'tls' ? tlsOf(profile, options.certificateFile) : {}),
      ...(transport === 'tls' && takesSdes(profile) && { srtp: 'required' }),
      ...(methods.length > 0 && !methods.includes('options') && { health: { interval: 'never' } }),
      profile: options.profileFile,
    },
    open,
  };
}

/** The document without what is nobody's business, and what of ours follows from it. */
export function profileFor(profile: Profile, provider: string): Profile {
  const transport = profile['transport-info'];
  const registers = (transport?.registrar?.length ?? 0) > 0;
  return {
    ...profile,
    ...(transport?.realm && {
      'transport-info': { ...transport, realm: transport.realm.map(({ password: _, ...rest }) => rest) },
    }),
    tandem: {
      title: `${provider}, by its capability set`,
      kinds: ['itsp'],
      ...(registers && { registration: 'required' }),
    },
  };
}

function identityOf(profile: Profile, registers: boolean, username: string | undefined): unknown {
  const asserted = profile['call-spec']?.['caller-id']?.['preferred-method'] === 'p-asserted-identity';
  const user = username ?? firstNumber(profile);
  if (user === undefined || (!registers && !asserted)) return undefined;
  return asserted ? { user, from: 'identity' } : user;
}

/** In E.164 where the provider wants that. */
function firstNumber(profile: Profile): string | undefined {
  const range = profile['call-spec']?.['number-range']?.find(({ type }) => type !== 'reference');
  const [number] = range?.value ?? [];
  if (number === undefined || number.startsWith('+')) return number;
  return profile['call-spec']?.['caller-id']?.['e164-format'] ? `+${number}` : number;
}

function domainOf(domain: string | undefined, registrars: readonly ProfileEntity[]): { domain?: string } {
  const from = domain ?? registrars[0]?.host;
  return from === undefined ? {} : { domain: from };
}

function tlsOf(profile: Profile, certificateFile: string | undefined): { tls?: unknown } {
  const versions = profile.security?.signaling?.version ?? [];
  const tls = {
    ...(certificateFile !== undefined && { trust: ['system', certificateFile] }),
    ...(versions.length > 0 && !versions.includes('tls12') && { 'min-version': 1.3 }),
  };
  return Object.keys(tls).length > 0 ? { tls } : {};
}

function takesSdes(profile: Profile): boolean {
  return profile.security?.['media-security']?.['key-management']?.includes('sdes') === true;
}

function place({ host, port }: ProfileEntity): string {
  return formatHostPort({ host, port });
}

/** Not every realm is one. */
function isDomain(text: string): boolean {
  return text.includes('.') && /^[A-Za-z0-9.-]+$/.test(text);
}

/** `SSP1_EXAMPLE_COM_PASSWORD`. */
function variable(name: string, what: string): string {
  const bare = name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return `${/^\d/.test(bare) ? '_' : ''}${bare}_${what}`;
}
