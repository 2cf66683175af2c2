import type { CheckItem, CheckState } from '#engine/ports';
import { harmless } from './cdr-text.ts';

const words: Readonly<Record<CheckState, string>> = {
  done: 'done   ',
  missing: 'MISSING',
  'by-hand': 'by hand',
  'not-applicable': '-      ',
};

/** What of one item is told; the rest is counted. `tandem check -o json` has all. */
const mostLines = 5;

/** The checklist for a terminal: each item with its state, and what to do. */
export function checklistText(items: readonly CheckItem[]): string {
  const out: string[] = ['Checklist\n'];
  let part: string | undefined;
  const longest = Math.max(...items.map(({ what }) => what.length));
  for (const { part: of, what, state, because, todo } of items) {
    if (of !== part) out.push(`\n  ${of}\n`);
    part = of;
    out.push(`  ${words[state]}  ${what.padEnd(longest)}  ${harmless(because)}\n`);
    for (const line of todo.slice(0, mostLines)) out.push(`             ${harmless(line)}\n`);
    if (todo.length > mostLines) out.push(`             and ${todo.length - mostLines} more\n`);
  }
  return `${out.join('')}\n${countsOf(items)}\n`;
}

/** "14 done, 3 missing, 2 to be done by hand; 8 do not apply." */
function countsOf(items: readonly CheckItem[]): string {
  const count = (state: CheckState) => items.filter((item) => item.state === state).length;
  const byHand = count('by-hand');
  return `${count('done')} done, ${count('missing')} missing${byHand === 0 ? '' : `, ${byHand} for people to see to`}; ${count('not-applicable')} do not apply.`;
}
