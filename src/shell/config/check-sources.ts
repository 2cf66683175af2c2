import { isJoined } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { isManifold, isWildcard } from './addresses.ts';
import type { Context, PlacedListener, PlacedTrunk } from './check-context.ts';
import type { Path } from './problems.ts';

/**
 * By what the trunks are known when they call: no two by the same, where one listener may hear both. A trunk is the pair of a
 * listening point of ours and one of its peer's.
 */
export function checkSources(
  { draft, report }: Context,
  listeners: readonly PlacedListener[],
  trunks: readonly PlacedTrunk[],
): void {
  const meet = meeting(listeners, draft.nodes);
  /** The addresses seen so far, by host. */
  const seen = new Map<string, { trunk: PlacedTrunk; port: number | undefined }[]>();
  const others = new Map<string, PlacedTrunk[]>();
  /** Is what is called so another trunk's already? */
  const claim = (key: string, words: string, trunk: PlacedTrunk, path: Path, clash = meet): void => {
    const same = others.get(key) ?? [];
    const other = same.find((one) => clash(one, trunk));
    others.set(key, [...same, trunk]);
    if (!other) return;
    if (other.it.name === trunk.it.name) report('TDM-1213', path, `${words} stands here twice.`);
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
      const other = same.find(
        (one) => (one.port === port || one.port === undefined || port === undefined) && meet(one.trunk, trunk),
      );
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
        // Whoever proves that he is this user is one trunk, wherever he comes in.
        () => true,
      );
  }
}

/** Whether two trunks may be heard by one listener. Where listeners are not sound, as far as their sides and names tell. */
function meeting(
  listeners: readonly PlacedListener[],
  nodes: Context['draft']['nodes'],
): (one: PlacedTrunk, other: PlacedTrunk) => boolean {
  const pointsOf = ({ it }: PlacedTrunk) => {
    const joined = listeners.filter((one) => isJoined(it, one.it)).map((one) => one.it.name);
    if (it.listeners) return joined;
    // A trunk of a site ends at the nodes that are there: a carrier may have one at each, by one name.
    const there = nodes.flatMap((node) =>
      node && node.site === it.site && it.site !== undefined ? node.listeners : [],
    );
    return there.length > 0 ? joined.filter((name) => there.includes(name)) : joined;
  };
  return (one, other) => {
    if (one.it.name === other.it.name) return true;
    const [own, theirs] = [pointsOf(one), pointsOf(other)];
    // One that no listener serves is told of elsewhere.
    return own.length === 0 || theirs.length === 0 || own.some((name) => theirs.includes(name));
  };
}

/** The key that a trunk's addresses come from. */
export function placeOfAddresses({ path, entry }: PlacedTrunk): Path {
  if (entry.addresses) return [...path, 'addresses'];
  if (entry['next-hop']) return [...path, 'next-hop'];
  return entry.domain === undefined ? path : [...path, 'domain'];
}
