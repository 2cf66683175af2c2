import { isTree, type Tree, type Value } from './edits.ts';

/** Sections that are lists of named objects, in the order in which they are looked for. */
export const sections = [
  'trunks',
  'routes',
  'users',
  'dial-plans',
  'policies',
  'groups',
  'sites',
  'links',
  'listeners',
  'nodes',
  'pools',
  'tests',
] as const;
export type Section = (typeof sections)[number];

/** What is asked for first; all else is behind a button, but what stands in the file. Absent: all. */
export const usualKeys: Readonly<Partial<Record<Section, readonly string[]>>> = {
  trunks: [
    ...['name', 'kind', 'description', 'site', 'profile', 'transport', 'addresses', 'domain', 'identity'],
    ...['registration', 'credentials', 'capacity', 'srtp', 'health', 'codecs', 'dial-plan'],
  ],
  users: ['name', 'display-name', 'line', 'numbers', 'site', 'location', 'password', 'dial-plan', 'policy', 'forward'],
  routes: ['name', 'from', 'called', 'to', 'usages', 'times', 'caller-id', 'refuse'],
  sites: ['name', 'kind', 'centre', 'region', 'country', 'subnets', 'location', 'dial-plan', 'policy', 'capacity'],
};

/** What an address mostly has; the other elements of RFC 5139 are added one by one. */
const usualCivic = ['country', 'A1', 'A3', 'PC', 'RD', 'HNO', 'BLD', 'FLR', 'ROOM'];

/** Which keys of a map are asked for at once, the others when somebody adds them; undefined: all. */
export function usualBelow(key: string): readonly string[] | undefined {
  return key === 'civic' ? usualCivic : undefined;
}

/** Sections of which the first that fits decides. */
export const orderedSections: readonly Section[] = ['routes'];

const ordered = new Set(['to', 'usages', 'trunks', 'addresses', 'next-hops', 'codecs', 'listeners', 'nodes']);

/** Whether of what stands in a list at this key the first comes first. */
export function orderCounts(key: string): boolean {
  return ordered.has(key);
}

/** Where the objects of a section stand: users may have a list beside a file. */
export function placeOf(tree: Tree, section: string): readonly string[] {
  const value = tree[section];
  return isTree(value) && section === 'users' ? [section, 'list'] : [section];
}

export function objectsOf(tree: Tree, section: string): readonly Tree[] {
  let value: Value | undefined = tree;
  for (const key of placeOf(tree, section)) value = isTree(value) ? value[key] : undefined;
  return Array.isArray(value) ? value.filter(isTree) : [];
}

export function nameOf(object: Tree): string {
  return typeof object.name === 'string' ? object.name : '';
}

/** What one is called to people: a link by its ends. */
export function titleOf(section: string, object: Tree): string {
  const { between } = object;
  return section === 'links' && Array.isArray(between) ? between.join(' – ') : nameOf(object);
}

/** What tells it apart in the address of its page. */
export function addressOf(section: string, object: Tree): string {
  const { between } = object;
  return section === 'links' && Array.isArray(between) ? between.join('--') : nameOf(object);
}

/** The step of a path to it: its name, or its place where it has none. */
export function stepOf(section: string, object: Tree, at: number): string | number {
  return section === 'links' ? at : nameOf(object);
}

/** Which objects a key names, by section; a key with others beside it has all of them. */
const named: Readonly<Record<string, readonly Section[]>> = {
  to: ['trunks', 'groups'],
  from: ['trunks', 'groups', 'users'],
  site: ['sites'],
  sites: ['sites'],
  centre: ['sites'],
  'dial-plan': ['dial-plans'],
  policy: ['policies'],
  'local-policy': ['policies'],
  between: ['sites'],
  listeners: ['listeners'],
  trunks: ['trunks'],
  trunk: ['trunks'],
  route: ['routes'],
  nodes: ['nodes'],
};

/** Of which sections the names are that stand at a key. */
export function sectionsNamed(key: string): readonly Section[] {
  return named[key] ?? [];
}

/** Names that may stand at a key. */
export function namesFor(tree: Tree, key: string): readonly string[] {
  if (key === 'location') {
    const { emergency } = tree;
    const places = isTree(emergency) ? emergency.locations : undefined;
    return Array.isArray(places) ? places.filter(isTree).map(nameOf) : [];
  }
  const names = (named[key] ?? []).flatMap((section) => objectsOf(tree, section).map(nameOf));
  if (key !== 'between') return names;
  const regions = objectsOf(tree, 'sites').flatMap(({ region }) => (typeof region === 'string' ? [region] : []));
  return [...new Set([...names, ...regions])];
}
