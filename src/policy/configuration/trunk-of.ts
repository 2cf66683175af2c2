import type { Configuration, Trunk } from './configuration.ts';

const known = new WeakMap<object, ReadonlyMap<string, Trunk>>();

/** A trunk by its name, without a walk through all of them: some have thousands, and lists ask for each. */
export function trunkOf({ trunks }: Pick<Configuration, 'trunks'>, name: string): Trunk | undefined {
  let named = known.get(trunks);
  if (!named) {
    named = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    known.set(trunks, named);
  }
  return named.get(name);
}

/** The site of a trunk, where it has one. */
export function siteOf(configuration: Pick<Configuration, 'trunks'>, name: string | undefined): string | undefined {
  return name === undefined ? undefined : trunkOf(configuration, name)?.site;
}
