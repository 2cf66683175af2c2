import { isJoined, type Listener, type TrunkAddress } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { covers, familyName, isLoopback, isName, sameFamily } from './addresses.ts';
import type { Context, PlacedListener, PlacedTrunk } from './check-context.ts';
import { placeOfAddresses } from './check-sources.ts';
import type { Path } from './problems.ts';

/** Trunks and listeners: a way out, and no way in a circle. */
export function checkPairs(
  { draft, report }: Context,
  listeners: readonly PlacedListener[],
  trunks: readonly PlacedTrunk[],
): void {
  // A listener that is not sound may be the very one.
  const complete = listeners.length > 0 && draft.listeners.every((entry) => entry !== undefined);
  for (const placed of trunks) {
    const { it: trunk } = placed;
    const missing = new Set<string>();
    for (const { address, place } of targetsOf(placed)) {
      const named = isName(address.host);
      const loop = listeners.find(({ it }) => leadsTo(it, address));
      if (loop) report('TDM-1209', place, `${formatHostPort(address)} is our own listener "${loop.it.name}".`);
      const ways = listeners.filter(
        ({ it }) =>
          isJoined(trunk, it) &&
          (trunk.naptr === true || it.transport === trunk.transport) &&
          (named || sameFamily(it.bind.host, address.host)),
      );
      const wanted = [
        trunk.listeners ? `${trunk.side} side, of ${trunk.listeners.join(' and ')}` : `${trunk.side} side`,
        ...(trunk.naptr ? [] : [trunk.transport]),
        ...(named ? [] : [familyName(address.host)]),
      ].join(', ');
      const known = trunk.listeners?.every((name) => listeners.some(({ it }) => it.name === name)) ?? true;
      if (complete && known && ways.length === 0 && !missing.has(wanted)) {
        missing.add(wanted);
        report('TDM-1207', place, `no listener for it: ${wanted}.`);
      }
      if (named || isLoopback(address.host)) continue;
      if (ways.length > 0 && ways.every(({ it }) => isLoopback(it.advertise.host))) {
        const { it, path: at } = ways[0]!;
        report(
          'TDM-1304',
          [...at, 'bind'],
          `trunk "${trunk.name}" is told to answer to ${it.advertise.host}, its own machine.`,
        );
      }
    }
  }
}

/** Where requests to a trunk may go, and which line of the file says so. */
export function targetsOf(placed: PlacedTrunk): { readonly address: TrunkAddress; readonly place: Path }[] {
  const { path, it: trunk, entry } = placed;
  const at = (place: Path, addresses: readonly TrunkAddress[]) =>
    addresses.map((address, index) => ({ address, place: place.at(-1) === 'domain' ? place : [...place, index] }));
  if (trunk.nextHops) return at([...path, 'next-hop'], trunk.nextHops);
  const registrars = entry.registration?.registrar ? (trunk.registration?.registrars ?? []) : [];
  return [...at(placeOfAddresses(placed), trunk.addresses), ...at([...path, 'registration', 'registrar'], registrars)];
}

function leadsTo(listener: Listener, address: { host: string; port: number }): boolean {
  const { bind, advertise } = listener;
  if (advertise.port === address.port && advertise.host === address.host) return true;
  if (bind.port !== address.port) return false;
  return bind.host === address.host || (isLoopback(address.host) && covers(bind.host, address.host));
}
