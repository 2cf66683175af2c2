/** A line of two texts laid over each other. */
export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new' | 'gap';
  readonly text: string;
  /** From 1, in the older and the newer text. */
  readonly before?: number;
  readonly after?: number;
}

/** Beyond this many changed lines on both sides, what lies between is shown as replaced whole. */
const mostCompared = 3_000;

/** Where each line of a text stands in another: its place there; undefined: it is not there any more. */
export function kept(one: readonly string[], other: readonly string[]): (number | undefined)[] {
  const { start, end, middle } = changed(one, other);
  const places: (number | undefined)[] = Array.from({ length: start }, (_, at) => at);
  let at = start;
  for (const [kind] of middle) {
    if (kind === 'gone') places.push(undefined);
    else if (kind === 'new') at++;
    else places.push(at++);
  }
  for (let i = 0; i < end; i++) places.push(at + i);
  return places;
}

/** How many lines are alike at the beginning and the end, and what lies between. */
function changed(one: readonly string[], other: readonly string[]) {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < one.length - start && end < other.length - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  return { start, end, middle: between(one.slice(start, one.length - end), other.slice(start, other.length - end)) };
}

/** Line by line, the fewest changes; what is alike is left out but for `around` lines beside them. */
export function lineDiff(before: string, after: string, around = 3): DiffLine[] {
  const one = before.split('\n');
  const other = after.split('\n');
  const { start, end, middle } = changed(one, other);
  const lines: DiffLine[] = [];
  let a = 0;
  let b = 0;
  const add = (kind: 'same' | 'gone' | 'new', text: string) => {
    if (kind !== 'new') a++;
    if (kind !== 'gone') b++;
    lines.push({ kind, text, ...(kind !== 'new' && { before: a }), ...(kind !== 'gone' && { after: b }) });
  };
  for (const text of one.slice(0, start)) add('same', text);
  for (const [kind, text] of middle) add(kind, text);
  for (const text of one.slice(one.length - end)) add('same', text);
  return shortened(lines, around);
}

function between(one: readonly string[], other: readonly string[]): (readonly ['same' | 'gone' | 'new', string])[] {
  const replaced = () => [
    ...one.map((text) => ['gone', text] as const),
    ...other.map((text) => ['new', text] as const),
  ];
  if (one.length === 0 || other.length === 0 || one.length > mostCompared || other.length > mostCompared)
    return replaced();
  // The longest common part of what follows, from the ends.
  const wide = other.length + 1;
  const longest = new Uint16Array((one.length + 1) * wide);
  for (let a = one.length - 1; a >= 0; a--)
    for (let b = other.length - 1; b >= 0; b--)
      longest[a * wide + b] =
        one[a] === other[b]
          ? longest[(a + 1) * wide + b + 1]! + 1
          : Math.max(longest[(a + 1) * wide + b]!, longest[a * wide + b + 1]!);
  const found: (readonly ['same' | 'gone' | 'new', string])[] = [];
  let a = 0;
  let b = 0;
  while (a < one.length || b < other.length) {
    if (a < one.length && b < other.length && one[a] === other[b]) {
      found.push(['same', one[a]!]);
      a++;
      b++;
    } else if (b >= other.length || (a < one.length && longest[(a + 1) * wide + b]! >= longest[a * wide + b + 1]!))
      found.push(['gone', one[a++]!]);
    else found.push(['new', other[b++]!]);
  }
  return found;
}

function shortened(lines: readonly DiffLine[], around: number): DiffLine[] {
  const near = new Set<number>();
  for (const [at, { kind }] of lines.entries())
    if (kind !== 'same') for (let i = at - around; i <= at + around; i++) near.add(i);
  const kept: DiffLine[] = [];
  for (const [at, line] of lines.entries()) {
    if (near.has(at)) kept.push(line);
    else if (kept.length > 0 && kept.at(-1)!.kind !== 'gap') kept.push({ ...line, kind: 'gap', text: '' });
  }
  if (kept.at(-1)?.kind === 'gap') kept.pop();
  return kept;
}
