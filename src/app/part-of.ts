import type { Configuration } from '#engine/ports';
import { atNode } from '#policy/nodes';

/** What of a configuration is this process's, or why that cannot be said. */
export function partOf(configuration: Configuration, node: string | undefined): Configuration | string {
  const names = (configuration.nodes ?? []).map(({ name }) => name);
  if (names.length === 0)
    return node === undefined ? configuration : 'the configuration has no nodes: leave out --node';
  if (node === undefined)
    return `the configuration is for several nodes: say which this is, by --node ${names.join(' or --node ')}`;
  return atNode(configuration, node) ?? `there is no node "${node}": there are ${names.join(', ')}`;
}
