import { type Context, type PlacedTrunk, says } from './check-context.ts';
import { checkNumberRules } from './check-numbers.ts';
import { checkPossibleNumber } from './check-people.ts';

/** What a trunk is in the organisation. */
export function checkPlace({ path, entry }: PlacedTrunk, context: Context): void {
  const { report } = context;
  checkNumberRules(entry.numbers?.called, [...path, 'numbers', 'called'], context);
  checkNumberRules(entry.numbers?.calling, [...path, 'numbers', 'calling'], context);
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
