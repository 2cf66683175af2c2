import type { Configuration } from '#policy/configuration';

/** `by-hand`: no file can tell; people have to see to it. */
export type CheckState = 'done' | 'missing' | 'by-hand' | 'not-applicable';

export const parts = [
  'Exchange with the provider',
  'Connection',
  'Topology',
  'Sites',
  'Calls',
  'Calls for help',
] as const;

/** What came of one item. */
export interface Finding {
  readonly state: CheckState;
  /** Why, in one line. */
  readonly because: string;
  /** What to do, one line each; none where it is done or does not apply. */
  readonly todo: readonly string[];
}

/** One thing that must be so before calls of people go over trunks. */
export interface Rule {
  /** For programs: stays as it is. */
  readonly id: string;
  readonly part: (typeof parts)[number];
  readonly what: string;
  readonly look: (configuration: Configuration) => Finding;
}

export interface CheckItem extends Omit<Rule, 'look'>, Finding {}

export const done = (because: string): Finding => ({ state: 'done', because, todo: [] });
export const missing = (because: string, ...todo: readonly string[]): Finding => ({ state: 'missing', because, todo });
export const byHand = (because: string, ...todo: readonly string[]): Finding => ({ state: 'by-hand', because, todo });
export const notApplicable = (because: string): Finding => ({ state: 'not-applicable', because, todo: [] });

/** Looks at each: `fault` says what to do about one, undefined where all is well with it. */
export function ofEach<T extends { readonly name: string }>(
  all: readonly T[],
  texts: { readonly none: string; readonly well: string },
  fault: (one: T) => string | undefined,
): Finding {
  if (all.length === 0) return notApplicable(texts.none);
  const todo = all.flatMap((one) => {
    const what = fault(one);
    return what === undefined ? [] : [`${one.name}: ${what}`];
  });
  return todo.length === 0 ? done(texts.well) : missing(`${todo.length} of ${all.length}`, ...todo);
}
