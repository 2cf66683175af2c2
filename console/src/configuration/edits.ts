/** What a file says: each scalar is the text that stands there. */
export type Value = string | readonly Value[] | { readonly [key: string]: Value };
export type Tree = { readonly [key: string]: Value };

/** One change of the file, as the API takes it. */
export interface Edit {
  path: (string | number)[];
  value?: unknown;
  /** What stood there; null: nothing did. */
  was?: unknown;
  /** Of what is in a list: before which name it is to stand; null: at the end. */
  before?: string | number | null;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The smallest edits that make one object of another: keys are changed one by one, and so is what is in lists, where it can be told by its name or what it
 * says; comments stay with it. `asWritten`: as what stands in the file.
 */
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
  return (
    editsOfLists(path, before, after, asWritten) ?? [
      { path: [...path], value: asWritten(path, after), was: before ?? null },
    ]
  );
}

/** Undefined: one of them is no list, or has what cannot be told apart. */
function editsOfLists(
  path: readonly (string | number)[],
  before: Value | undefined,
  after: Value,
  asWritten: (path: readonly (string | number)[], value: Value) => unknown,
): Edit[] | undefined {
  const was = namesIn(before);
  const is = namesIn(after);
  if (!was || !is || was.size === 0 || is.size === 0) return undefined;
  const names = [...is.keys()];
  const isLeft = (name: string) => was.has(name);
  const stay = longestRising(names.filter(isLeft), [...was.keys()]);
  const edits = [...was].flatMap(([name, item]): Edit[] => {
    const next = is.get(name);
    return next === undefined
      ? [{ path: [...path, name], was: item }]
      : editsBetween([...path, name], item, next, asWritten);
  });
  // From the end: what one is to stand before is there.
  for (const [at, name] of [...names.entries()].reverse()) {
    const next = names[at + 1] ?? null;
    if (!isLeft(name))
      edits.push({
        path: [...path, name],
        value: asWritten([...path, name], is.get(name)!),
        was: null,
        ...(next !== null && { before: next }),
      });
    else if (!stay.has(name)) edits.push({ path: [...path, name], before: next });
  }
  return edits;
}

/** What is in a list, by name; undefined where that does not tell it apart. */
function namesIn(value: Value | undefined): ReadonlyMap<string, Value> | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = new Map<string, Value>();
  for (const item of value as readonly Value[]) {
    const name = typeof item === 'string' ? item : isTree(item) ? item.name : undefined;
    if (typeof name !== 'string' || name === '' || found.has(name)) return undefined;
    found.set(name, item);
  }
  return found;
}

/** The most that may stay where they are while the others are moved. */
function longestRising(names: readonly string[], before: readonly string[]): ReadonlySet<string> {
  const places = new Map(before.map((name, at) => [name, at]));
  /** The best that ends with each: how many, and what stands before it. */
  const best: { readonly length: number; readonly last: number | undefined }[] = [];
  for (const [at, name] of names.entries()) {
    let found: (typeof best)[number] = { length: 1, last: undefined };
    for (let i = 0; i < at; i++)
      if (places.get(names[i]!)! < places.get(name)! && best[i]!.length >= found.length)
        found = { length: best[i]!.length + 1, last: i };
    best.push(found);
  }
  const kept = new Set<string>();
  let at: number | undefined = best.reduce((most, one, i) => (one.length > (best[most]?.length ?? 0) ? i : most), 0);
  while (at !== undefined && at < names.length) {
    kept.add(names[at]!);
    at = best[at]!.last;
  }
  return kept;
}

/** The edit that adds an object to a section, which may not be there yet. What has no name stands at the end. */
export function adding(tree: Tree, path: readonly string[], name: string | undefined, value: unknown): Edit {
  const list = valueAt(tree, path);
  return Array.isArray(list)
    ? { path: [...path, name ?? list.length], value, was: null }
    : { path: [...path], value: [value], was: null };
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
