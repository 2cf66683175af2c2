/** What a file says: each scalar is the text that stands there. */
export type Value = string | readonly Value[] | { readonly [key: string]: Value };
export type Tree = { readonly [key: string]: Value };

/** One change of the file, as the API takes it. */
export interface Edit {
  path: (string | number)[];
  value?: unknown;
  /** What stood there; null: nothing did. */
  was?: unknown;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The smallest edits that make one object of another: keys are changed one by one, lists as a whole. `asWritten`: as what stands in the file. */
export function editsBetween(
  path: readonly (string | number)[],
  before: Value | undefined,
  after: Value | undefined,
  asWritten: (path: readonly (string | number)[], value: Value) => unknown = (_path, value) => value,
): Edit[] {
  if (same(before, after)) return [];
  if (after === undefined) return [{ path: [...path], was: before }];
  // Braces that stand empty stay a map: what goes into them goes in whole.
  if (isTree(before) && isTree(after) && Object.keys(before).length > 0) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => editsBetween([...path, key], before[key], after[key], asWritten));
  }
  return [{ path: [...path], value: asWritten(path, after), was: before ?? null }];
}

function same(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => same(item, other[at]));
  if (!isTree(one) || !isTree(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]));
}

/** The tree with another value at a path; undefined takes the key away, and what is empty then stays. */
export function withValue(tree: Tree, path: readonly string[], value: Value | undefined): Tree {
  const [key, ...rest] = path;
  if (key === undefined) return tree;
  const below = tree[key];
  const next = rest.length === 0 ? value : withValue(isTree(below) ? below : {}, rest, value);
  const { [key]: _, ...others } = tree;
  if (next === undefined) return others;
  return key in tree ? { ...tree, [key]: next } : { ...others, [key]: next };
}

export function valueAt(tree: Tree, path: readonly string[]): Value | undefined {
  let value: Value | undefined = tree;
  for (const key of path) value = isTree(value) ? value[key] : undefined;
  return value;
}
