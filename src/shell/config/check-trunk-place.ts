import { type Context, type PlacedTrunk, says } from './check-context.ts';
import { checkNumberRules } from './check-numbers.ts';
import { checkPossibleNumber } from './check-people.ts';
import { numberRule } from './compile-numbers.ts';
import type { NumberRuleEntry } from './schema-numbers.ts';

/** What a trunk is in the organisation. */
export function checkPlace({ path, entry }: PlacedTrunk, context: Context): void {
  const { report } = context;
  checkNumberRules(entry.numbers?.called, [...path, 'numbers', 'called'], context);
  checkNumberRules(entry.numbers?.calling, [...path, 'numbers', 'calling'], context);
  if (entry['remove-plus'])
    for (const way of ['called', 'calling'] as const)
      for (const [at, rule] of (entry.numbers?.[way] ?? []).entries()) {
        if (keepsPlus(rule))
          report(
            'TDM-1236',
            [...path, 'numbers', way, at],
            '`remove-plus` takes the "+" away, and this rule may put it back with `$1`.',
            'Write it outside the group: \\+(49\\d+).',
          );
      }
  checkPossibleNumber(entry.identity?.user, [...path, 'identity', 'user'], report);
  if (entry['local-only'] && entry.site === undefined)
    report('TDM-1216', [...path, 'local-only'], 'the trunk is at no site.', 'Add `site`.');
  if (entry.emergency !== undefined && !says(context, 'emergency'))
    report(
      'TDM-1216',
      [...path, 'emergency'],
      'no number calls for help.',
      'Add `emergency` to the file, or remove it.',
    );
}

/** What a rule writes may begin with a "+" out of the number: it begins with a group that may. */
function keepsPlus(rule: NumberRuleEntry): boolean {
  const made = numberRule(rule);
  if (!('pattern' in made)) return false;
  const first = /^\$([1-9])/.exec(made.to)?.[1];
  if (first === undefined) return false;
  const group = startOfGroup(made.pattern, Number(first));
  return /^(?:\\\+|\.|\[\^|\[[^\]]*\+)/.test(group);
}

/** What stands behind the opening parenthesis of a group, those of groups within left out. */
function startOfGroup(pattern: string, number: number): string {
  const opening = [...pattern.matchAll(/\\.|\[[^\]]*\]|\((?!\?)/g)].filter(([found]) => found === '(');
  const at = opening[number - 1]?.index;
  return at === undefined ? '' : pattern.slice(at).replace(/^(?:\((?:\?:)?)+/, '');
}
