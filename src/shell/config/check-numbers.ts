import type { Context } from './check-context.ts';
import { checkPossibleNumber } from './check-people.ts';
import { numberRule } from './compile-numbers.ts';
import { covers } from './pattern-cover.ts';
import type { Path } from './problems.ts';
import type { NumberRuleEntry } from './schema-numbers.ts';

/** Rules on numbers, of dial plans and trunks. */

export function checkDialPlans(context: Context): void {
  for (const [index, plan] of context.draft.dialPlans.entries()) {
    if (!plan) continue;
    const path = ['dial-plans', index, 'rules'];
    checkNumberRules(plan.rules, path, context);
    if (plan['access-prefix'] !== undefined) continue;
    for (const [at, { internal }] of plan.rules.entries())
      if (internal)
        context.report(
          'TDM-1216',
          [...path, at, 'internal'],
          'the plan has no `access-prefix` that the rule would come before.',
          'Remove it, or give the `access-prefix`.',
        );
  }
}

export function checkNumberRules(rules: readonly NumberRuleEntry[] = [], path: Path, context: Context): void {
  for (const [index, rule] of rules.entries()) checkRule(rule, [...path, index], context);
  checkOrder(rules, path, context);
}

/** Rules of one list that are held to each other. */
const mostCompared = 200;

/** The first rule that fits decides: what a rule above takes altogether never comes to one below. */
function checkOrder(rules: readonly NumberRuleEntry[], path: Path, { report }: Context): void {
  const above: { readonly name: string; readonly pattern: string; readonly internal: boolean }[] = [];
  for (const [index, rule] of rules.slice(0, mostCompared).entries()) {
    const made = numberRule(rule);
    if (!('pattern' in made)) continue;
    // With an access prefix those within are asked before all others, whatever the order.
    const internal = rule.internal ?? false;
    const taker = above.find((one) => one.internal === internal && covers(one.pattern, made.pattern));
    const name = rule.name ?? `rule ${index + 1}`;
    if (taker) report('TDM-1321', [...path, index], `rule "${taker.name}" above takes every number that it is for.`);
    else above.push({ name, pattern: made.pattern, internal });
  }
}

/** What routes are for, and whom they show. */
export function checkRouteNumbers({ draft, report }: Context): void {
  for (const [index, route] of draft.routes.entries()) {
    const { pattern } = route?.called ?? {};
    if (pattern) checkAnchors(pattern.text, ['routes', index, 'called', 'pattern'], report);
    checkPossibleNumber(route?.['caller-id'], ['routes', index, 'caller-id'], report);
  }
}

/** Both or none: patterns are over the whole number. */
function checkAnchors(text: string, path: Path, report: Context['report']): void {
  const [begins, ends] = [text.startsWith('^'), /(?<!\\)\$$/.test(text)];
  if (begins !== ends) report('TDM-1319', path, `\`${begins ? '^' : '$'}\` stands there alone.`);
}

const inWords = ['starts', 'length', 'remove', 'add'] as const;

function checkRule(rule: NumberRuleEntry, path: Path, { report }: Context): void {
  const words = inWords.filter((key) => rule[key] !== undefined);
  const { pattern, to } = rule;
  if (pattern) checkAnchors(pattern.text, [...path, 'pattern'], report);
  if (!pattern && to === undefined && words.length === 0) {
    report('TDM-1236', path, 'the rule does not say which numbers it is for.');
  } else if (!pattern) {
    if (to !== undefined) report('TDM-1236', path, '`to` stands for what a `pattern` took, and there is none.');
    const made = numberRule(rule);
    if ('code' in made) report(made.code, path, made.message, made.cure);
  } else if (words.length > 0) {
    report('TDM-1236', path, `\`${words[0]}\` does not go with \`pattern\`.`);
  } else if (to === undefined) {
    report('TDM-1236', path, '`to` is missing: what is written in place of what fits.');
  } else {
    const named = Math.max(0, ...[...to.matchAll(/\$(\d)/g)].map((found) => Number(found[1])));
    if (named > pattern.groups)
      report(
        'TDM-1236',
        [...path, 'to'],
        pattern.groups === 0
          ? `\`$${named}\` stands for what a group held, and the pattern has none.`
          : `\`$${named}\` stands for group ${named}, and the pattern has ${pattern.groups}.`,
        pattern.groups === 0 ? `Put what is to be kept into parentheses: (${pattern.text}).` : undefined,
      );
  }
}
