import type { NumberRule } from '#engine/ports';
import { type Fault, fault } from './problems.ts';

/** A rule in words: the number starts so, is so long, so many of its characters come off, and these go in front. */
export interface RuleInWords {
  readonly starts: string;
  readonly length: NumberLength;
  readonly remove: number;
  readonly add: string;
}

/** Of the whole number with what it starts with, a "+" among it. */
export interface NumberLength {
  readonly kind: 'any' | 'exactly' | 'at least';
  /** 0 with `any`. */
  readonly count: number;
}

/** The pattern that says the same, or why nothing does. */
export function ruleOfWords({ starts, length, remove, add }: RuleInWords): Omit<NumberRule, 'name'> | Fault {
  const more = length.count - starts.length;
  if (length.kind !== 'any' && more < 0)
    return fault('TDM-1236', `"${starts}" alone is longer than the ${length.count} of \`length\`.`);
  const beyond = Math.max(0, remove - starts.length);
  if (length.kind === 'any' ? beyond > 0 : beyond > more)
    return fault(
      'TDM-1236',
      length.kind === 'any'
        ? `${remove} are taken off, and nothing says that the number is so long.`
        : `${remove} are taken off, and the number may be of ${length.count}.`,
      'Raise `length`, or lower `remove`.',
    );
  const rest = Math.max(0, more - beyond);
  const digits = {
    any: '\\d*',
    exactly: times(rest),
    'at least': rest === 0 ? '\\d*' : `${times(rest - 1)}\\d+`,
  }[length.kind];
  const kept = escaped(starts.slice(Math.min(remove, starts.length)));
  return {
    pattern: `^${escaped(starts.slice(0, remove))}${times(beyond)}(${kept}${digits})$`,
    to: `${add}$1`,
  };
}

function times(count: number): string {
  return count === 0 ? '' : count === 1 ? '\\d' : `\\d{${count}}`;
}

function escaped(text: string): string {
  return text.replace(/[+*.]/g, '\\$&');
}
