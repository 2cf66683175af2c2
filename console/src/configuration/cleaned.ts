import { isTree, type Value } from './edits.ts';

/** Without what a form leaves lying: lines with nothing on them, rows that nobody filled. Undefined: nothing is left. */
export function cleaned(value: Value | undefined): Value | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') {
    const text = value.trim();
    return text === '' ? undefined : text;
  }
  if (isTree(value)) {
    const kept = Object.entries(value).flatMap(([key, inner]) => {
      const left = cleaned(inner);
      return left === undefined ? [] : [[key, left] as const];
    });
    // Braces that were put there on purpose say: with its defaults.
    return Object.fromEntries(kept);
  }
  const kept = value.flatMap((one) => {
    const left = cleaned(one);
    return left === undefined || (isTree(left) && Object.keys(left).length === 0) ? [] : [left];
  });
  return kept.length === 0 ? undefined : kept;
}
