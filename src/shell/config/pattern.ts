import { type Fault, fault } from './problems.ts';

/**
 * Number patterns: a small part of regular expressions, always over the whole number, chosen so that no pattern can be slow.
 *
 * A pattern is a run of items: a character (`\` before a special one), `.`, `\d`, a class `[2-9]`, or a group of such runs
 * `(030|040)`, whose match a rule may use as `$1`. `?`, `*`, `+`, `{n}`, `{n,m}` may follow an item that is no group, twice at
 * most in one pattern where they leave the length open; and one alternative of each group after the other, taken together, come
 * to some ways only. So the matcher of the language can try no more than that many times length².
 */
const patternLimits = { length: 128, open: 2, repeat: 64, depth: 4, groups: 9, ways: 1_000 };

const item = /\\d|\\[+*.?|^$()[\]{}\\-]|[A-Za-z0-9#_;=-]|\.|\[[^\]\\[]+\]/y;
const repeat = /[?*+]|\{(\d{1,2})(?:(,)(\d{1,2})?)?\}/y;

export interface Pattern {
  /** The source of an anchored JavaScript regular expression. */
  readonly source: string;
  /** How many groups a rule may name. */
  readonly groups: number;
}

export function readPattern(text: string): { value: Pattern } | Fault {
  const wrong = (message: string, cure?: string) => fault('TDM-1113', message, cure);
  if (text.length > patternLimits.length)
    return wrong(`the pattern is longer than ${patternLimits.length} characters.`);
  // Anchors are always meant; written out they do no harm.
  const body = text.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  if (body === '') return wrong('the pattern is empty.', 'Leave the key out to take every number.');
  let open = 0;
  let groups = 0;
  let at = 0;
  /** Of the pattern, and of each group that is open: in how many ways the alternatives before may be gone through, and this one as far as it is read. */
  const ways: { before: number; here: number }[] = [{ before: 0, here: 1 }];
  while (at < body.length) {
    const sign = body[at]!;
    if (sign === '(') {
      const plain = body.startsWith('(?:', at);
      if (!plain && body[at + 1] === '?') return wrong(`\`${body.slice(at, at + 12)}\` is not understood.`);
      if (ways.push({ before: 0, here: 1 }) > patternLimits.depth + 1)
        return wrong(`groups stand more than ${patternLimits.depth} deep.`);
      if (!plain && ++groups > patternLimits.groups)
        return wrong(`there are more than ${patternLimits.groups} groups.`, 'Write (?:…) for those that are not used.');
      at += plain ? 3 : 1;
      continue;
    }
    if (sign === '|') {
      if (ways.length === 1)
        return wrong('`|` is not understood outside parentheses.', 'Put the alternatives into parentheses: (030|040).');
      const inner = ways.at(-1)!;
      inner.before += inner.here;
      inner.here = 1;
      at++;
      continue;
    }
    if (sign === ')') {
      const inner = ways.pop()!;
      const outer = ways.at(-1);
      if (!outer) return wrong('a ) stands there without its (.', 'Write `\\)` for the character itself.');
      outer.here *= inner.before + inner.here;
      if (outer.here > patternLimits.ways)
        return wrong(
          `its groups can be gone through in more than ${patternLimits.ways} ways.`,
          'Make several rules of it, or classes of alternatives that are one character: [28] for (2|8).',
        );
      at++;
      repeat.lastIndex = at;
      if (repeat.test(body)) return wrong('groups in parentheses cannot be repeated.');
      continue;
    }
    item.lastIndex = at;
    if (!item.test(body)) {
      const cure = sign === '+' || sign === '*' ? `Write \`\\${sign}\` for the character itself.` : undefined;
      return wrong(`\`${body.slice(at, at + 12)}\` is not understood.`, cure);
    }
    at = item.lastIndex;
    repeat.lastIndex = at;
    const times = repeat.exec(body);
    if (!times) continue;
    at = repeat.lastIndex;
    const [low, high] = [Number(times[1] ?? 0), Number(times[3] ?? times[1] ?? 0)];
    if (low > patternLimits.repeat || high > patternLimits.repeat)
      return wrong(`\`${times[0]}\` repeats more than ${patternLimits.repeat} times.`);
    if (times[2] !== undefined && times[3] !== undefined && high < low) return wrong(`\`${times[0]}\` runs backwards.`);
    const fixed = times[1] !== undefined && times[2] === undefined;
    if (!fixed && ++open > patternLimits.open)
      return wrong(`more than ${patternLimits.open} items leave their length open.`);
  }
  if (ways.length > 1) return wrong('a ( stands there without its ).', 'Write `\\(` for the character itself.');
  const source = `^${body}$`;
  try {
    new RegExp(source);
  } catch (error) {
    return wrong(`${String((error as Error).message)}.`);
  }
  return { value: { source, groups } };
}
