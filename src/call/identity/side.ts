import { isIpv4Address, isIpv6Address } from '#codec/sip-message';
import type { HostPort } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Side } from './person.ts';

/** `to`, as people of `from` are shown to it. `shown`: hosts that messages of `from` named. */
export function sideOf(from: Trunk, shown: readonly string[], to: Trunk, home: HostPort): Side {
  return {
    home,
    hides: (domain) =>
      isAddress(domain) ||
      shown.some((host) => isWithin(domain, host)) ||
      namesOf(from).some((host) => isWithin(domain, host)),
    // Between nodes of ours a trunk group is what one asks another for (addressed.ts): it ends there, and is nobody else's to say.
    isTheirs: (domain) => !isNode(from) && !isNode(to) && namesOf(to).includes(domain),
  };
}

function isNode({ node, by }: Trunk): boolean {
  return node !== undefined || by !== undefined;
}

function namesOf({ domain, addresses, nextHops = [], registration }: Trunk): readonly string[] {
  const hosts = [...addresses, ...nextHops, ...(registration?.registrars ?? [])].map(({ host }) => host.toLowerCase());
  return domain === undefined ? hosts : [domain.toLowerCase(), ...hosts];
}

function isAddress(domain: string): boolean {
  return isIpv4Address(domain) || isIpv6Address(domain.startsWith('[') ? domain.slice(1, -1) : domain);
}

function isWithin(domain: string, host: string): boolean {
  return domain === host || domain.endsWith(`.${host}`);
}
