import type { Setting } from '#engine/ports';
import { type JsonSchema, rawSchema } from './json-schema.ts';
import { entriesOf } from './names.ts';
import type { Path } from './problems.ts';

/**
 * What trunks take from their site and from all trunks: the most specific place that says a key counts, key by key. It is done on the
 * tree, before anything is checked, so that all that follows sees whole trunks.
 */

/** Where a setting comes from that is not the trunk's own: `site "tokyo"`, `trunk-defaults`. */
export interface Inheritance {
  /** The place that said what stands at `path`; undefined where the file says it there, or not at all. */
  readonly originOf: (path: Path) => string | undefined;
  /** What is said of each trunk, by its place in the list; undefined where there are no defaults. */
  readonly settingsOf: (trunk: number) => readonly Setting[] | undefined;
}

type Tree = Record<string, unknown>;

/** Completes the trunks of the tree. */
export function inherit(tree: unknown): Inheritance {
  const origins = new Map<string, string>();
  const nothing: Inheritance = { originOf: () => undefined, settingsOf: () => undefined };
  if (!isMap(tree)) return nothing;
  const all = tree['trunk-defaults'];
  const sites = new Map(entriesOf(tree, 'sites').flatMap((site) => (isMap(site) ? [[site.name, site]] : [])));
  const some = isMap(all) || [...sites.values()].some((site) => isMap(site['trunk-defaults']));
  if (!some) return nothing;
  const trunks = entriesOf(tree, 'trunks');
  for (const [index, trunk] of trunks.entries()) {
    if (!isMap(trunk)) continue;
    const own = sites.get(trunk.site)?.['trunk-defaults'];
    if (isMap(own)) complete(trunk, own, { at: ['trunks', index], from: `site ${String(trunk.site)}`, origins });
    if (isMap(all)) complete(trunk, all, { at: ['trunks', index], from: 'trunk-defaults', origins });
  }
  const originOf = (path: Path) => {
    for (let length = path.length; length > 2; length--) {
      const from = origins.get(path.slice(0, length).join('\0'));
      if (from !== undefined) return from;
    }
    return undefined;
  };
  return {
    originOf,
    settingsOf: (index) => {
      const trunk = trunks[index];
      return isMap(trunk) ? settings(trunk, ['trunks', index], (path) => originOf(path) ?? 'trunk') : undefined;
    },
  };
}

interface Where {
  readonly at: Path;
  readonly from: string;
  readonly origins: Map<string, string>;
}

/** Maps that say one thing: parts of another would make a third. */
const taken = new Set(['connection', 'rates']);

function complete(trunk: Tree, defaults: Tree, where: Where): void {
  const keys = keysOfTrunk();
  for (const [key, value] of Object.entries(defaults)) {
    const schema = keys[key];
    if (!schema) continue;
    if (!taken.has(key) && !schema['x-single'] && key in trunk) {
      trunk[key] = inFull(trunk[key], schema);
      take(trunk, key, inFull(value, schema), where);
    } else take(trunk, key, value, where);
  }
}

/** Takes a value where there is none; of a map what it lacks. */
function take(map: Tree, key: string, value: unknown, { at, from, origins }: Where): void {
  const path = [...at, key];
  const own = map[key];
  if (!(key in map)) {
    map[key] = copy(value);
    origins.set(path.join('\0'), from);
  } else if (isMap(own) && isMap(value) && !taken.has(key)) {
    for (const [inner, one] of Object.entries(value)) take(own, inner, one, { at: path, from, origins });
  }
}

/** A short form as the map that it stands for. */
function inFull(value: unknown, schema: JsonSchema): unknown {
  const short = schema['x-short'];
  if (typeof short !== 'string' || (typeof value !== 'string' && !Array.isArray(value))) return value;
  return Object.assign(Object.create(null), { [short]: value });
}

let known: Readonly<Record<string, JsonSchema>> | undefined;

/** Those that trunks may take, with the marks of their forms. */
function keysOfTrunk(): Readonly<Record<string, JsonSchema>> {
  known ??= (rawSchema().$defs as Record<string, JsonSchema>)['trunk-defaults']!.properties as Record<
    string,
    JsonSchema
  >;
  return known;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isMap(value)) return value;
  const map = Object.create(null) as Tree;
  for (const [key, inner] of Object.entries(value)) map[key] = copy(inner);
  return map;
}

function isMap(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function settings(map: Tree, at: Path, originOf: (path: Path) => string): Setting[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const path = [...at, key];
    if (isMap(value)) return settings(value, path, originOf);
    return { key: path.slice(2).join('.'), value: textOf(key, value), from: originOf(path) };
  });
}

function textOf(key: string, value: unknown): string {
  if (key === 'password' || key === 'secret') return '(hidden)';
  if (!Array.isArray(value)) return String(value);
  return value.every((one) => typeof one === 'string')
    ? value.join(', ')
    : value.length === 1
      ? '1 entry'
      : `${value.length} entries`;
}
