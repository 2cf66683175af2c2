import { type Edit, isTree, type Tree, type Value } from './edits.ts';
import { type Section, sectionsNamed } from './objects.ts';

/** Where a name stands that is of another object. */
export interface Reference {
  /** Whose: `routes`, `out`; and below it: `to`. Names where things have such, else places. */
  readonly path: readonly (string | number)[];
  /** It is one of a list. */
  readonly isListed: boolean;
  readonly value: string;
}

/** Where an object is named, in the order of the file. */
export function referencesTo(tree: Tree, section: Section, name: string): readonly Reference[] {
  const found: Reference[] = [];
  const walk = (value: Value, path: readonly (string | number)[], key: string, isListed: boolean): void => {
    if (typeof value === 'string') {
      if (value === name && path.length > 1 && sectionsNamed(key).includes(section))
        found.push({ path, isListed, value });
    } else if (isTree(value)) {
      for (const [inner, one] of Object.entries(value)) walk(one, [...path, inner], inner, false);
    } else {
      const names = value.map((one) => (isTree(one) && typeof one.name === 'string' ? one.name : undefined));
      const isNamed = new Set(names).size === names.length && !names.includes(undefined);
      for (const [at, one] of value.entries())
        walk(one, [...path, typeof one === 'string' ? one : isNamed ? names[at]! : at], key, true);
    }
  };
  walk(tree, [], '', false);
  return found;
}

/** Gives an object another name, and says it wherever it is named. */
export function renaming(tree: Tree, path: readonly string[], section: Section, from: string, to: string): Edit[] {
  return [
    ...referencesTo(tree, section, from).map((one) => ({ path: [...one.path], value: to, was: one.value })),
    { path: [...path, from, 'name'], value: to, was: from },
  ];
}

/** Takes a name away wherever it stands. A link that has one end is none. */
export function unnaming(tree: Tree, section: Section, name: string): Edit[] {
  const edits: Edit[] = [];
  const links = new Set<number>();
  for (const { path, value } of referencesTo(tree, section, name)) {
    const [first, second] = path;
    if (first === 'links' && typeof second === 'number') links.add(second);
    else edits.push({ path: [...path], was: value });
  }
  // The last first: the places of the others stay what they are.
  return [...edits, ...[...links].sort((a, b) => b - a).map((at): Edit => ({ path: ['links', at] }))];
}
