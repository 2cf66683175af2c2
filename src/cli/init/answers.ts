import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { Profile } from '#engine/ports';
import { profileOf, shippedProfiles } from '#shell/config';

/** What has to be known for a first configuration. */
export interface Answers {
  /** A name in `profiles`, or the path of one. */
  readonly profile: string;
  /** What the trunk is called. */
  readonly name: string;
  /** Where the provider is: a domain, a host with a port, or several with commas between. */
  readonly provider: string;
  /** Where requests go, if not to where the domain leads: an outbound proxy. */
  readonly proxy?: string;
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** The account, where the provider wants a registration or a digest. */
  readonly user?: string;
  readonly password?: string;
  /** The address of this machine. */
  readonly bind: string;
  readonly port?: number;
  /** Under which address others reach it, where a NAT is between. */
  readonly advertise?: string;
  /** Where the PBX is. */
  readonly pbx: string;
  /** How the numbers begin that the provider sends to us; all unless given. */
  readonly numbers?: string;
  /** PEM files, for TLS: ours, and whose certificates are believed to be the provider's. */
  readonly certificate?: string;
  readonly key?: string;
  readonly trust?: string;
  /** The name that its certificate bears, where that is not the one it is found by. */
  readonly certificateName?: string;
}

/** Those that most want come first. */
const usual = ['generic-udp-register', 'generic-tls-register', 'generic-udp-static'];

/** Profiles of those who carry calls, with their titles. */
export function providerProfiles(): readonly { readonly name: string; readonly title: string }[] {
  const others = shippedProfiles().filter((name) => !usual.includes(name));
  return [...usual, ...others].flatMap((name) => {
    const { kinds, title } = profileOf(name)?.tandem ?? {};
    return kinds && !kinds.includes('itsp') ? [] : [{ name, title: title ?? name }];
  });
}

export function wantsRegistration(profile: Profile | undefined): boolean {
  return profile?.tandem?.registration === 'required';
}

/** The way that the profile likes best; the safest where it takes several. */
export function transportOf(profile: Profile | undefined): 'udp' | 'tcp' | 'tls' {
  const taken = profile?.['transport-info']?.transport ?? ['udp'];
  return (['tls', 'tcp', 'udp'] as const).find((one) => taken.includes(one)) ?? 'udp';
}

/** Where the profile says that its provider is. */
export function placesOf(profile: Profile | undefined): string | undefined {
  const places = profile?.['transport-info']?.['call-control'];
  return (
    places
      ?.map((place) => ('host' in place ? `${place.host}${place.port === undefined ? '' : `:${place.port}`}` : ''))
      .filter(Boolean)
      .join(', ') || undefined
  );
}

/** The first address of this machine that others may reach. */
export function ownAddress(): string {
  for (const addresses of Object.values(networkInterfaces()))
    for (const { address, family, internal } of addresses ?? []) if (!internal && family === 'IPv4') return address;
  return '127.0.0.1';
}

const host =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

/** Is it a name of its own, to be looked up by SRV? */
export function isDomain(provider: string): boolean {
  return /[A-Za-z]/.test(provider) && !/[:,[]/.test(provider);
}

const pem = (text: string) => (existsSync(text) ? undefined : `${text} is not there: the path of a file in PEM`);

/** Why it cannot be so; undefined: it can. By the names of the answers. */
export const faults: { readonly [Key in keyof Answers]?: (text: string) => string | undefined } = {
  name: (text) =>
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text) ? undefined : 'Letters, digits, dots and dashes, such as itsp-a',
  provider: (text) =>
    text.split(',').every((one) => host.test(one.trim()))
      ? undefined
      : 'A name or an address: sip.example.com, 203.0.113.10:5061',
  proxy: (text) => (host.test(text) ? undefined : 'A name or an address: proxy.example.com, 203.0.113.10:5061'),
  bind: (text) => (/^[\d.]+$|^[0-9a-fA-F:]+$/.test(text) ? undefined : 'An address of this machine: 192.0.2.5'),
  port: (text) =>
    /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536 ? undefined : 'A number from 1 to 65535; 5060 is usual',
  advertise: (text) =>
    host.test(text) ? undefined : 'An address, or our name where the provider wants one: 203.0.113.5',
  pbx: (text) => (host.test(text) ? undefined : 'A name or an address: 10.0.0.20, pbx.example.com:5080'),
  user: (text) => (text === '' ? 'The name of the account, often its number' : undefined),
  numbers: (text) =>
    text === '' || /^\+?[0-9]{1,15}$/.test(text) ? undefined : 'The beginning that they share: +4930123',
  certificateName: (text) => (host.test(text) ? undefined : 'A name, as it stands in the certificate: sip.example.com'),
  certificate: pem,
  key: pem,
  trust: pem,
};
