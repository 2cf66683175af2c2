import { escapeUser, type Header, quoted } from '#codec/sip-message';
import { bracketed, type HostPort, type Octets, type Random, toOctets } from '#kernel';
import type { FlowTransport } from '#sip/flow';
import type { OutgoingRequest, Target } from '#sip/transaction';
import type { Registrar, RegistrationSettings } from './settings.ts';

/** What stays the same for all REGISTERs of a registration (RFC 3261 10.2). */
export interface Identifiers {
  readonly callId: string;
  readonly tag: string;
  /** "urn:uuid:…" (RFC 5626 4.1). */
  readonly instance: string;
}

export function newIdentifiers({ instance }: RegistrationSettings, random: Random): Identifiers {
  return { callId: random.token(128), tag: random.token(64), instance: instance ?? newInstance(random) };
}

/** RFC 5626 4.1 wants a UUID that is the same from boot to boot; RFC 4122 4.4. */
function newInstance(random: Random): string {
  const hex = random.token(128);
  const variant = '89ab'.charAt(random.integer(4));
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** "sip:example.com": the domain without a user (RFC 3261 10.2). */
export function registrarUri({ host, port, matchPort }: Registrar): Octets {
  return `sip:${bracketed(host)}${matchPort ? `:${port}` : ''}`;
}

/** "sip:user@example.com" */
export function addressOfRecord({ user, domain }: RegistrationSettings, registrar: Registrar): Octets {
  return `sip:${escapeUser(toOctets(user))}@${bracketed(domain ?? registrar.host)}`;
}

/** The Contact's URI. With GIN no user stands in it, but `bnc` (RFC 6140 5.2). */
export function contactUri(settings: RegistrationSettings, transport: FlowTransport, advertised: HostPort): Octets {
  const user = settings.gin ? '' : `${escapeUser(toOctets(settings.contactUser ?? settings.user))}@`;
  const parameter = transport === 'udp' ? '' : `;transport=${transport}`;
  return `sip:${user}${bracketed(advertised.host)}:${advertised.port}${parameter}${settings.gin ? ';bnc' : ''}`;
}

export interface RegisterFacts {
  readonly identifiers: Identifiers;
  readonly registrar: Registrar;
  readonly contact: Octets;
  readonly cseq: number;
  /** Ms; 0 takes the registration back. */
  readonly expires: number;
  readonly outbound: boolean;
  /** Credentials. */
  readonly authorization: readonly Header[];
}

export function registerRequest(settings: RegistrationSettings, facts: RegisterFacts): OutgoingRequest {
  const { identifiers, registrar, outbound } = facts;
  const aor = addressOfRecord(settings, registrar);
  const seconds = String(Math.ceil(facts.expires / 1000));
  const flow = outbound ? `;+sip.instance="<${identifiers.instance}>";reg-id=1` : '';
  const headers: Header[] = [
    ['Max-Forwards', '70'],
    // Some registrars read the one, some the other.
    ['Contact', `<${facts.contact}>${flow};expires=${seconds}`],
    ['Expires', seconds],
  ];
  if (settings.gin) headers.push(['Require', 'gin'], ['Proxy-Require', 'gin']);
  headers.push(['Supported', ['path', ...(outbound ? ['outbound'] : []), ...(settings.gin ? ['gin'] : [])].join(', ')]);
  if (settings.headers) headers.push(...settings.headers);
  headers.push(...facts.authorization);
  const display = settings.display === undefined ? '' : `${quoted(toOctets(settings.display))} `;
  return {
    method: 'REGISTER',
    uri: registrarUri(registrar),
    from: `${display}<${aor}>;tag=${identifiers.tag}`,
    to: `${display}<${aor}>`,
    callId: identifiers.callId,
    cseq: facts.cseq,
    routes: [],
    headers,
    body: '',
  };
}

/** "tls 192.0.2.1:5061" */
export function describeTarget({ transport, remote }: Target): string {
  return `${transport} ${bracketed(remote.host)}:${remote.port}`;
}
