import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import { type Fault, fault, type Path, Problems } from './problems.ts';
import { type Environment, mask, substitute, unmask } from './variables.ts';

/**
 * A YAML file as a tree of maps, lists and texts, with the place of each.
 *
 * Every scalar stays the text that was written, variables replaced: the key decides what it is. So a prefix of `+49` or `00` is
 * not a number to anyone, and a trunk may be called `on`.
 */
export interface Source {
  /** Maps (without prototype), arrays, strings. Undefined when the file is no YAML at all. */
  readonly tree: unknown;
  readonly problems: Problems;
  /** Offset of the value at `path`, or of what is nearest above it. */
  valueAt(path: Path): number;
  /** Offset of the key at `path`. */
  keyAt(path: Path): number;
  /** The line of what stands at `path`, from 1; undefined: nothing does. */
  lineOf(path: Path): number | undefined;
}

// Aliases could make a small file endless.
const mostNodes = 200_000;
const mostDepth = 32;

/** `withoutSecrets`: a password whose variable is not set is any text. */
export function readSource(text: string, file: string, env: Environment, withoutSecrets = false): Source {
  const lines = new LineCounter();
  const problems = new Problems(file, (offset) => lines.linePos(offset));
  // Its own look for keys that are given twice compares each with each: a file of many would take minutes.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error', uniqueKeys: false } as const;
  const document = parseDocument(mask(text), options);
  const values = new Map<string, number>();
  const keys = new Map<string, number>();
  const find = (places: ReadonlyMap<string, number>, path: Path): number | undefined => places.get(path.join('\0'));
  const valueAt = (path: Path): number => {
    for (let length = path.length; length >= 0; length--) {
      const offset = find(values, path.slice(0, length));
      if (offset !== undefined) return offset;
    }
    return 0;
  };
  const source = (tree: unknown): Source => ({
    tree,
    problems,
    valueAt,
    keyAt: (path) => find(keys, path) ?? valueAt(path),
    lineOf: (path) => {
      const offset = find(keys, path) ?? find(values, path);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  });

  let broken = false;
  for (const error of document.errors) {
    // What follows a broken line is guesswork; a second document, a tab are not.
    const sure = error.code === 'MULTIPLE_DOCS';
    if (broken && !sure && error.code !== 'TAB_AS_INDENT') continue;
    problems.add(syntaxFault(error), error.pos[0], [], undefined);
    broken ||= !sure;
  }
  if (broken) return source(undefined);

  let nodes = 0;
  // Told at the end: a place is called by its name, which may stand further down.
  const found: { fault: Fault; offset: number; path: Path }[] = [];
  const add = (fault: Fault, offset: number, path: Path) => found.push({ fault, offset, path });

  const scalar = (written: string, offset: number, path: Path): string | undefined => {
    const { text: value, replaced, unset, malformed } = substitute(unmask(written), env);
    if (withoutSecrets && unset.length > 0 && path.at(-1) === 'password') return 'not given here';
    for (const name of unset) add(fault('TDM-1006', `the environment variable ${name} is not set.`), offset, path);
    for (const reference of malformed) {
      // Part of a password, it may be.
      const shown = path.at(-1) === 'password' ? 'what begins with ${' : `\`${reference}\``;
      add(fault('TDM-1007', `${shown} is not a reference.`), offset, path);
    }
    if (unset.length + malformed.length > 0) return undefined;
    return replaced && value === '' ? undefined : value;
  };

  /** The value of a node; undefined counts as not written. */
  const walk = (node: Node | null | undefined, path: Path, offset: number): unknown => {
    if (++nodes > mostNodes || path.length > mostDepth) {
      if (nodes < Infinity) add(fault('TDM-1005', 'with its aliases written out, the file is too large.'), offset, []);
      nodes = Infinity;
      return undefined;
    }
    const at = node?.range?.[0] ?? offset;
    values.set(path.join('\0'), at);
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (!target) add(fault('TDM-1005', 'the alias stands for nothing above it.'), at, path);
      return target && walk(target as Node, path, at);
    }
    if (isMap(node)) {
      const map = Object.create(null) as Record<string, unknown>;
      for (const pair of node.items as Pair<Node, Node | null>[]) {
        const keyOffset = pair.key.range?.[0] ?? at;
        if (!isScalar(pair.key)) {
          add(fault('TDM-1005', 'a key is not a plain word.'), keyOffset, path);
          continue;
        }
        const key = unmask(pair.key.source ?? String(pair.key.value));
        const inner = [...path, key];
        // The first one counts.
        if (key in map) {
          add(fault('TDM-1003', 'this key has been given before, in the same place.'), keyOffset, inner);
          continue;
        }
        keys.set(inner.join('\0'), keyOffset);
        if (isEmpty(pair.value)) {
          add(fault('TDM-1109', `\`${key}\` has no value.`), keyOffset, inner);
          map[key] = reported;
          continue;
        }
        const before = found.length;
        const value = walk(pair.value, inner, keyOffset);
        // Not to be reported as missing as well.
        if (value === undefined && found.length > before) map[key] = reported;
        else if (value !== undefined) map[key] = value;
      }
      return map;
    }
    if (isSeq(node)) {
      const list: unknown[] = [];
      for (const item of node.items as (Node | null)[]) {
        const inner = [...path, list.length];
        const before = found.length;
        if (isEmpty(item)) add(fault('TDM-1109', 'an entry of the list has no value.'), item?.range?.[0] ?? at, inner);
        const value = isEmpty(item) ? undefined : walk(item, inner, at);
        if (value !== undefined) list.push(value);
        else if (found.length > before) list.push(reported);
      }
      return list;
    }
    if (isScalar(node)) return scalar(node.source ?? String(node.value), at, path);
    return undefined;
  };

  const contents = document.contents as Node | null;
  if (isEmpty(contents)) {
    problems.add(fault('TDM-1004', 'the file says nothing.'), 0, [], undefined);
    return source(undefined);
  }
  const tree = walk(contents, [], 0);
  for (const { fault, offset, path } of found) problems.add(fault, offset, path, tree);
  return source(tree);
}

/** Stands where a value has been reported already: further checks pass over it. */
export const reported: unique symbol = Symbol('reported');

/** `key:` with nothing behind it, `~`, `null`. */
function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function syntaxFault(error: YAMLError): Fault {
  const said = unmask(error.message);
  if (error.code === 'MULTIPLE_DOCS') return fault('TDM-1005', 'the file holds more than one YAML document.');
  if (error.code === 'TAB_AS_INDENT')
    return fault('TDM-1002', 'a tab indents this line.', 'Indent with spaces: YAML takes no tabs.');
  return fault('TDM-1002', `${said.replace(/[.:]?\s*$/, '')}.`);
}
