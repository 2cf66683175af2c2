import { Sensitive } from '#kernel';
import type { Configuration } from '#policy/configuration';
import { type Effect, effectOf } from './effects.ts';
import { nameIn } from './named.ts';
import { shared } from './sharing.ts';

/** One thing in which two configurations differ. */
export interface Difference {
  /** `trunks`, `itsp-a`, `capacity`, `calls`: keys, and names of what is in lists. */
  readonly path: readonly string[];
  /** Undefined: there was, or there is, no such thing. Secrets are not shown. */
  readonly was?: unknown;
  readonly is?: unknown;
  readonly effect: Effect;
}

/** In what `after` differs from `before`, in the order of its keys. */
export function differences(before: Configuration, after: Configuration): readonly Difference[] {
  const found: Difference[] = [];
  const add = (path: readonly string[], was: unknown, is: unknown) =>
    found.push({
      path,
      ...(was === undefined ? {} : { was: shown(was, path) }),
      ...(is === undefined ? {} : { is: shown(is, path) }),
      effect: effectOf(path),
    });
  const compare = (path: readonly string[], was: unknown, is: unknown): void => {
    if (was === is || isToldElsewhere(path)) return;
    const old = partsOf(was);
    const now = partsOf(is);
    if (!old || !now || old.isList !== now.isList) return void add(path, was, is);
    for (const key of new Set([...old.parts.keys(), ...now.parts.keys()]))
      compare([...path, key], old.parts.get(key), now.parts.get(key));
    if (!old.isList) return;
    const kept = [...old.parts.keys()].filter((key) => now.parts.has(key));
    const order = [...now.parts.keys()].filter((key) => old.parts.has(key));
    if (kept.some((key, index) => key !== order[index])) add([...path, 'order'], kept, order);
  };
  compare([], before, shared(before, after));
  return found;
}

/** What only repeats others, each with who said it: a change of it is a change of them. */
function isToldElsewhere([section, , key]: readonly string[]): boolean {
  return section === 'trunks' && key === 'settings';
}

interface Parts {
  readonly parts: ReadonlyMap<string, unknown>;
  readonly isList: boolean;
}

/** By name or key; undefined of what is compared as a whole: values, and lists of things without names. */
function partsOf(value: unknown): Parts | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Sensitive) return undefined;
  if (!Array.isArray(value)) return { parts: new Map(Object.entries(value)), isList: false };
  const names = value.map(nameIn);
  if (names.includes(undefined) || new Set(names).size < names.length) return undefined;
  return { parts: new Map(value.map((part, index) => [names[index]!, part])), isList: true };
}

function shown(value: unknown, path: readonly string[]): unknown {
  if (value instanceof Sensitive) return '(secret)';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part, index) => shown(part, [...path, nameIn(part) ?? String(index)]));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => {
      const at = [...path, key];
      return isToldElsewhere(at) ? [] : [[key, shown(part, at)]];
    }),
  );
}
