/** What the words of a mismatch begin or go on with, and what would have the route take the call. In the order in which they are tried. */
const cures: readonly (readonly [says: RegExp, cure: string])[] = [
  [/^no: it is disabled/, 'take its `disabled` away'],
  [/^no: is for calls from .*, this one is from (.*)$/, 'add $1 to its `from`'],
  [
    /^no: (\S+) does not begin with /,
    'if it is meant for $1: add how that begins to its `called`, or a rule of a dial plan that writes the number as the route wants it',
  ],
  [
    /^no: (\S+) does not match /,
    'if it is meant for $1: widen its pattern, or add a rule of a dial plan that writes the number as the route wants it',
  ],
  [/^no: \S+ is excepted by (.*)$/, 'take $1 out of its `except`'],
  [/^no: is for callers at .*, this one is at no site$/, 'give who calls a `site`, or the route no `sites`'],
  [/^no: is for callers at .*, this one is at (.*)$/, 'add $1 to its `sites`'],
  [/^no: it does not hold at this time/, 'see its `times`; `--at` asks for another time'],
  [/^no: no route is of this usage/, 'give a route this usage, or take it out of the policy'],
];

/** What would have a rule take the call that it passed by; undefined where nobody can say. */
export function cureOf(outcome: string): string | undefined {
  for (const [says, cure] of cures) {
    const found = says.exec(outcome);
    if (found) return cure.replaceAll('$1', found[1] ?? '');
  }
  return undefined;
}
