import type { NumberRule } from '#policy/configuration';

/** What the rules make of a number, and which did. */
export interface Rewritten {
  readonly number: string;
  readonly rule: string;
}

/** Longest number that rules are tried on: a URI may hold anything, and patterns take time (docs/limits.md). */
const longestNumber = 128;

/** Rules in order: the first whose pattern fits decides. */
export class NumberRules {
  readonly rules: readonly NumberRule[];
  readonly #rules: readonly { readonly name: string; readonly pattern: RegExp; readonly to: string }[];

  constructor(rules: readonly NumberRule[]) {
    this.rules = rules;
    this.#rules = rules.map(({ name, pattern, to }) => ({ name, pattern: new RegExp(pattern), to }));
  }

  /** Undefined when no rule fits. */
  apply(number: string): Rewritten | undefined {
    if (number.length > longestNumber) return undefined;
    for (const { name, pattern, to } of this.#rules)
      if (pattern.test(number)) return { number: number.replace(pattern, to), rule: name };
    return undefined;
  }
}
