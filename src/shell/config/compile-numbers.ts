import type { DialPlan, NumberRule } from '#engine/ports';
import type { Fault } from './problems.ts';
import { ruleOfWords } from './rule-builder.ts';
import type { DialPlanEntry, NumberRuleEntry } from './schema-numbers.ts';

/** From rules on numbers of the file to the engine's. A rule that is none is left out: check-numbers.ts tells. */

export function compileDialPlan(entry: DialPlanEntry): DialPlan {
  const { name, 'access-prefix': accessPrefix } = entry;
  return { name, ...(accessPrefix !== undefined && { accessPrefix }), rules: numberRulesOf(entry.rules) };
}

export function numberRulesOf(entries: readonly NumberRuleEntry[] = []): NumberRule[] {
  const rules: NumberRule[] = [];
  for (const [index, entry] of entries.entries()) {
    const made = numberRule(entry);
    if ('pattern' in made)
      rules.push({ name: entry.name ?? `rule ${index + 1}`, ...made, ...(entry.internal && { internal: true }) });
  }
  return rules;
}

/** A rule without its name. */
export function numberRule(entry: NumberRuleEntry): Omit<NumberRule, 'name'> | Fault {
  const { pattern, to, starts = '', length = { kind: 'any', count: 0 }, remove = 0, add = '' } = entry;
  if (pattern) return { pattern: pattern.source, to: to ?? '' };
  return ruleOfWords({ starts, length, remove, add });
}

/** As a trunk wants them that takes no "+". */
export function withoutPlus(rules: readonly NumberRule[]): NumberRule[] {
  const bare = rules.map((rule) => (rule.to.startsWith('+') ? { ...rule, to: rule.to.slice(1) } : rule));
  return [...bare, { name: 'remove-plus', pattern: '^\\+(.*)$', to: '$1' }];
}
