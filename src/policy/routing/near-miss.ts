import { mismatch, type RoutedCall } from './compiled-route.ts';
import type { RouteList } from './route-list.ts';
import type { RuleOutcome } from './rule-outcome.ts';

/** Hints of one call: more would hide the first. */
const mostHints = 3;

/** Routes of a class, where they belong to one. */
export interface AskedRoutes {
  readonly usage?: string;
  readonly list: RouteList;
}

/**
 * For a call that no route takes: routes that would have taken its number had it been written in another way. Each says how, so
 * that people see which rule of a dial plan is missing.
 */
export function nearMisses(asked: readonly AskedRoutes[], call: RoutedCall): readonly RuleOutcome[] {
  const hints: RuleOutcome[] = [];
  const told = new Set<string>();
  for (const { usage, list } of asked)
    for (const [called, how] of otherwise(call.called)) {
      for (const compiled of list.candidates(called)) {
        const rule = ruleName(usage, compiled.route.name);
        if (told.has(rule) || mismatch(compiled, { ...call, called }) !== undefined) continue;
        told.add(rule);
        hints.push({
          rule,
          outcome: `nearly: compared ${call.called}, it takes ${called} (${how}): a dial plan rule that writes it so would do`,
        });
        if (hints.length === mostHints) return hints;
      }
    }
  return hints;
}

/** Routes that take the call, but for people who may call more than who calls. */
export function beyondRights(others: readonly AskedRoutes[], call: RoutedCall): readonly RuleOutcome[] {
  const hints: RuleOutcome[] = [];
  for (const { usage, list } of others)
    for (const compiled of list.candidates(call.called)) {
      if (mismatch(compiled, call) !== undefined) continue;
      const outcome = `nearly: it takes ${call.called}, for who has usage ${usage}`;
      hints.push({ rule: ruleName(usage, compiled.route.name), outcome });
      if (hints.length === mostHints) return hints;
      break;
    }
  return hints;
}

export function ruleName(usage: string | undefined, route: string): string {
  return usage === undefined ? route : `${usage} / ${route}`;
}

/** The same number as others write it, and what is other about that; the likelier first. */
function* otherwise(number: string): Generator<readonly [number: string, how: string]> {
  if (number.startsWith('+')) {
    const digits = number.slice(1);
    yield [digits, 'without "+"'];
    yield [`00${digits}`, 'with 00 for "+"'];
    yield [`011${digits}`, 'with 011 for "+"'];
    // Codes of countries have one to three digits.
    for (let code = 1; code <= 3; code++) {
      const national = digits.slice(code);
      yield [`0${national}`, 'as within its country'];
      yield [national, 'as within its country'];
    }
    return;
  }
  if (number.startsWith('00')) yield [`+${number.slice(2)}`, '"+" for 00'];
  if (number.startsWith('011')) yield [`+${number.slice(3)}`, '"+" for 011'];
  yield [`+${number}`, 'with "+"'];
  yield [`0${number}`, 'with 0 before it'];
  // Behind what is dialled for a line outside.
  const outside = number.slice(1);
  if (/^[09]/.test(number)) {
    yield [outside, `without ${number[0]} before it`];
    if (outside.startsWith('00')) yield [`+${outside.slice(2)}`, `without ${number[0]} before it, "+" for 00`];
  }
}
