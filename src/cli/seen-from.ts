import { atNode, type Configuration } from '#engine/ports';
import { exitCodes, Failure } from './failure.ts';

/** The part of a configuration for several nodes that one of them sees, the others among its trunks. */
export function seenFrom(configuration: Configuration, node: string | undefined): Configuration {
  const names = (configuration.nodes ?? []).map(({ name }) => name);
  if (node === undefined && names.length === 0) return configuration;
  const seen = node === undefined ? undefined : atNode(configuration, node);
  if (seen) return seen;
  throw new Failure(
    names.length === 0
      ? 'the configuration has no nodes: leave out --node'
      : `the configuration is for several nodes: say from which to look, by --node ${names.join(' or --node ')}`,
    exitCodes.usage,
  );
}
