import type { Configuration, Listener, MediaAddress, Trunk } from '#policy/configuration';
import { isJoined } from '#policy/trunks';
import { nodesOf } from './at-node.ts';

/** The listeners that a trunk is reached by: joined to it, of its transport, and of a node that it ends at. */
export function waysTo(trunk: Trunk, configuration: Configuration): readonly Listener[] {
  const ends = configuration.nodes && nodesOf(configuration, trunk);
  return configuration.listeners.filter(
    (one) =>
      isJoined(trunk, one) &&
      (trunk.naptr === true || one.transport === trunk.transport) &&
      (!ends || ends.length === 0 || ends.some(({ listeners }) => listeners.includes(one.name))),
  );
}

/** Where its media comes to us, one for each node that it ends at. */
export function mediaOf(trunk: Trunk, configuration: Configuration): readonly MediaAddress[] {
  const own = configuration.media[trunk.side];
  const ends = configuration.nodes ? nodesOf(configuration, trunk) : [];
  return ends.length === 0 ? [own] : ends.map(({ media }) => media?.[trunk.side] ?? own);
}
