import { formatHostPort } from '#kernel';
import { isManifold, isWildcard } from './addresses.ts';
import type { Context, PlacedTrunk } from './check-context.ts';
import type { Path } from './problems.ts';

/** By what the trunks are known when they call: no two by the same. */
export function checkSources({ report }: Context, trunks: readonly PlacedTrunk[]): void {
  /** The addresses seen so far, by host. */
  const seen = new Map<string, { trunk: PlacedTrunk; port: number | undefined }[]>();
  const others = new Map<string, PlacedTrunk>();
  /** Is what is called so another trunk's already? */
  const claim = (key: string, words: string, trunk: PlacedTrunk, path: Path): void => {
    const other = others.get(key);
    if (!other) others.set(key, trunk);
    else if (other.it.name === trunk.it.name) report('TDM-1213', path, `${words} stands here twice.`);
    else report('TDM-1208', path, `trunk "${other.it.name}" has ${words} already.`);
  };
  for (const trunk of trunks) {
    const { path, entry, it } = trunk;
    const place = placeOfAddresses(trunk);
    for (const [at, address] of it.addresses.entries()) {
      const { host } = address;
      const port = address.matchPort ? address.port : undefined;
      const here = place.length > path.length && place.at(-1) === 'domain' ? place : [...place, at];
      if (isWildcard(host) || isManifold(host)) report('TDM-1204', here, `${host} is not the address of one machine.`);
      const same = seen.get(host) ?? [];
      const other = same.find((one) => one.port === port || one.port === undefined || port === undefined);
      if (other?.trunk.it.name === it.name)
        report('TDM-1213', here, `${host} stands here twice${other.port === port ? '' : ', with and without a port'}.`);
      else if (other) {
        const claimed =
          other.port === undefined ? `${host} with every port` : formatHostPort({ host, port: other.port });
        const name = `trunk "${other.trunk.it.name}"`;
        if (it.registration && other.trunk.it.registration) report('TDM-1307', here, `${name} has ${claimed} too.`);
        else report('TDM-1208', here, `${name} has ${claimed} already.`);
      }
      seen.set(host, [...same, { trunk, port }]);
    }
    for (const [at, { host, bits }] of (entry.networks ?? []).entries())
      claim(`network ${host}/${bits}`, `${host}/${bits}`, trunk, [...path, 'networks', at]);
    for (const [at, name] of (entry['certificate-names'] ?? []).entries())
      claim(`certificate ${name}`, `the name ${name}`, trunk, [...path, 'certificate-names', at]);
    const { authenticate } = entry;
    if (authenticate)
      claim(
        `user ${authenticate.realm}\0${authenticate.username}`,
        `the user ${authenticate.username} of the realm ${authenticate.realm}`,
        trunk,
        [...path, 'authenticate'],
      );
  }
}

/** The key that a trunk's addresses come from. */
export function placeOfAddresses({ path, entry }: PlacedTrunk): Path {
  if (entry.addresses) return [...path, 'addresses'];
  if (entry['next-hop']) return [...path, 'next-hop'];
  return entry.domain === undefined ? path : [...path, 'domain'];
}
