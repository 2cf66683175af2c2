import { type Fault, fault } from './problems.ts';

/**
 * Number patterns: a small part of regular expressions, always over the whole number, chosen so that no pattern can be slow.
 *
 * A pattern is a run of items: a character (`\` before a special one), `.`, `\d`, a class `[2-9]`, or alternatives of plain characters
 * `(030|040)`; `?`, `*`, `+`, `{n}`, `{n,m}` may follow an item that is not in parentheses, twice at most in one pattern where
 * they leave the length open. With two open items the matcher of the language can try no more than length² ways.
 */
const patternLimits = { length: 128, open: 2, repeat: 64 };

const plain = String.raw`(?:\\[+*.?|^$()[\]{}\\-]|[A-Za-z0-9#_-])`;
const item = new RegExp(String.raw`\\d|${plain}|\.|\[[^\]\\[]+\]|\(${plain}+(?:\|${plain}+)*\)`, 'y');
const repeat = /[?*+]|\{(\d{1,2})(?:(,)(\d{1,2})?)?\}/y;

/** The source of an anchored JavaScript regular expression. */
export function readPattern(text: string): { value: string } | Fault {
  const wrong = (message: string, cure?: string) => fault('TDM-1113', message, cure);
  if (text.length > patternLimits.length)
    return wrong(`the pattern is longer than ${patternLimits.length} characters.`);
  // Anchors are always meant; written out they do no harm.
  const body = text.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  if (body === '') return wrong('the pattern is empty.', 'Leave `called` out to take every number.');
  let open = 0;
  let at = 0;
  while (at < body.length) {
    item.lastIndex = at;
    const found = item.exec(body);
    if (!found) {
      const sign = body[at] === '+' || body[at] === '*';
      const cure = sign ? `Write \`\\${body[at]}\` for the character itself.` : undefined;
      return wrong(`\`${body.slice(at, at + 12)}\` is not understood.`, cure);
    }
    at = item.lastIndex;
    repeat.lastIndex = at;
    const times = repeat.exec(body);
    if (!times) continue;
    at = repeat.lastIndex;
    if (found[0].startsWith('(')) return wrong('alternatives in parentheses cannot be repeated.');
    const [low, high] = [Number(times[1] ?? 0), Number(times[3] ?? times[1] ?? 0)];
    if (low > patternLimits.repeat || high > patternLimits.repeat)
      return wrong(`\`${times[0]}\` repeats more than ${patternLimits.repeat} times.`);
    if (times[2] !== undefined && times[3] !== undefined && high < low) return wrong(`\`${times[0]}\` runs backwards.`);
    const fixed = times[1] !== undefined && times[2] === undefined;
    if (!fixed && ++open > patternLimits.open)
      return wrong(`more than ${patternLimits.open} items leave their length open.`);
  }
  const source = `^${body}$`;
  try {
    new RegExp(source);
  } catch (error) {
    return wrong(`${String((error as Error).message)}.`);
  }
  return { value: source };
}
