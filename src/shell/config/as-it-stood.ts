/**
 * `after`, which was written anew from the document that `before` says, with each line that differs from one of `before` in spaces alone
 * as it stood there: who writes YAML has his own mind about spaces inside of `[]` and `{}` and before comments, and a change shall not
 * touch what it does not change.
 */
export function asItStood(before: string, after: string): string {
  const stood = before.split('\n');
  const verbatim = new Set(stood);
  const places = new Map<string, string[]>();
  for (const line of stood) {
    const key = withoutSpaces(line);
    if (key === undefined) continue;
    const lines = places.get(key);
    if (lines) lines.push(line);
    else places.set(key, [line]);
  }
  // Of the same lines with other spaces, each in its turn.
  const turns = new Map<string, number>();
  // Within a text of several lines every space counts.
  let block: number | undefined;
  return after
    .split('\n')
    .map((line) => {
      const indent = line.search(/\S/);
      if (block !== undefined && indent >= 0 && indent <= block) block = undefined;
      if (block !== undefined) return line;
      if (beginsText(line)) block = indent;
      if (verbatim.has(line)) return line;
      const key = withoutSpaces(line);
      const lines = key === undefined ? undefined : places.get(key);
      if (!lines) return line;
      const turn = turns.get(key!) ?? 0;
      turns.set(key!, turn + 1);
      return lines[Math.min(turn, lines.length - 1)]!;
    })
    .join('\n');
}

/** `key: |`: lines of a text follow. */
function beginsText(line: string): boolean {
  const comment = line.indexOf(' #');
  const said = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  return /^[|>][-+\d]*$/.test(said.slice(said.lastIndexOf(' ') + 1));
}

/** The line without the spaces that say nothing; undefined: it has no place for any. */
function withoutSpaces(line: string): string | undefined {
  const bracket = line.search(/[[{]/);
  // `key: [`, or `- {`: no scalar begins before it.
  const head = bracket < 0 ? undefined : line.slice(0, bracket);
  if (head !== undefined && /^[^"'#]*$/.test(head) && (/^[\s-]*$/.test(head) || /:\s$/.test(head)))
    return `${head}${flowWithoutSpaces(line.slice(bracket))}`;
  // `key: value   # why`.
  const comment = line.indexOf(' #');
  if (comment < 0) return undefined;
  const said = line.slice(0, comment).trimEnd();
  return said.includes(':') && /^[^"'|>&*![\]{}#]*$/.test(said) ? `${said} ${line.slice(comment + 1)}` : undefined;
}

/** Within a collection no bare scalar has brackets: spaces beside them are nobody's. What stands in quotes stays. */
function flowWithoutSpaces(text: string): string {
  const made: string[] = [];
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (quote !== '') {
      made.push(letter);
      if (quote === '"' && letter === '\\') made.push(text[++i] ?? '');
      else if (letter === quote) quote = '';
    } else if (letter === ' ') {
      if (text[i + 1] === '#') return `${made.join('')} ${text.slice(i + 1)}`;
      // Of several the last, unless a bracket or a comma is beside it.
      const isNobodys = '[{,'.includes(made.at(-1) ?? '[') || ' ]},'.includes(text[i + 1] ?? ' ');
      if (!isNobodys) made.push(letter);
    } else {
      // A quote begins a scalar, or is a letter of one.
      if ((letter === '"' || letter === "'") && '[{,: '.includes(made.at(-1) ?? '[')) quote = letter;
      made.push(letter);
    }
  }
  return made.join('');
}
