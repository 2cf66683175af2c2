/** Who a ladder's parties are: where each name of a party is found. */
import { isIpv4Address, isIpv6Address } from '#codec/sip-message';
import type { HostPort } from '#kernel';
import type { Configuration, Trunk } from '#policy/configuration';
import type { Place } from './phone.ts';
import { usersDomain } from './user-settings.ts';
import type { Zone } from './zone.ts';

/**
 * Trunks by name, their further addresses as NAME-2…, and somebody whom no trunk names. Whom the DNS leads to is called by the
 * first label of its name: `one` is one.itsp.example, of the trunks that are called, or register, at some of its name.
 * Users are inside, with more devices as NAME-2 and NAME-3, and at home, behind a NAT that leads to us from outside.
 */
export function placesOf({ trunks, listeners, users = [] }: Configuration, zone: Zone): Map<string, Place> {
  const places = new Map<string, Place>();
  const add = (label: string, address: HostPort, of: readonly Trunk[]) => {
    const side = of[0]?.side ?? 'external';
    const auth = of[0]?.authenticate;
    places.set(label, {
      trunks: of.map(({ name }) => name),
      address,
      ours: listeners.find((listener) => listener.side === side)!.advertise,
      listener: side,
      hosts: [address.host, ...of.flatMap(hostsOf)],
      account: auth && { username: auth.username, password: auth.password.reveal() },
    });
  };
  for (const trunk of trunks) {
    const literals = [...trunk.addresses, ...(trunk.nextHops ?? [])].filter(({ host }) => isAddress(host));
    literals.forEach(({ host, port }, index) => {
      const all = trunks.filter(({ addresses }) => addresses.some((one) => one.host === host && one.port === port));
      add(index === 0 ? trunk.name : `${trunk.name}-${index + 1}`, { host, port }, all.length > 0 ? all : [trunk]);
    });
  }
  for (const { name, address, port } of zone.addresses()) {
    const of = trunks.filter((trunk) => hostsOf(trunk).some((host) => name === host || name.endsWith(`.${host}`)));
    const label = name.split('.')[0]!;
    const usual = of[0]?.transport === 'tls' ? 5061 : 5060;
    const known = places.get(label)?.address.host;
    add(known === undefined || known === address ? label : `${label}-2`, { host: address, port: port ?? usual }, of);
  }
  // Where no trunk is, but where one may prove itself to be.
  const roaming = trunks.filter((one) => one.authenticate ?? one.certificateNames ?? one.networks);
  add('stranger', { host: '198.51.100.9', port: 5060 }, roaming);
  for (const [at, { name, password, line = name }] of users.entries()) {
    const account = password && { username: name, password: password.reveal() };
    const device = (label: string, side: Trunk['side'], host: string, behind?: string) =>
      places.set(label, {
        trunks: [name],
        address: { host, port: behind === undefined ? 5060 : 40_000 },
        ours: listeners.find((listener) => listener.side === side)!.advertise,
        listener: side,
        hosts: [host, behind ?? host, usersDomain],
        account,
        user: name,
        line: line.split(';')[0]!,
        ...(behind === undefined ? {} : { behind }),
      });
    device(name, 'internal', `10.0.1.${at + 1}`);
    device(`${name}-2`, 'internal', `10.0.2.${at + 1}`);
    device(`${name}-3`, 'internal', `10.0.3.${at + 1}`);
    device(`${name}-home`, 'external', `198.51.100.${at + 101}`, `192.168.1.${at + 1}`);
  }
  return places;
}

/** What a trunk is called in URIs. */
function hostsOf({ addresses, nextHops = [], domain, registration }: Trunk): string[] {
  const all = [...addresses, ...nextHops, ...(registration?.registrars ?? [])].map(({ host }) => host);
  return domain === undefined ? all : [...all, domain];
}

function isAddress(host: string): boolean {
  return isIpv4Address(host) || isIpv6Address(host);
}

/** The party of a label: `pbx` of `pbx#2`. */
export function peerOf(label: string): string {
  return label.replace(/#\d+$/, '');
}
