import type { Painter } from '../output/fitted-table.ts';

/** Lines round a change that are shown. */
const around = 3;
/** Differences up to which the shortest way is looked for. */
const mostEdits = 4_000;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** As `diff -u` has it, without its head; empty where nothing differs. */
export function unifiedDiff(before: string, after: string, paint: Painter): string {
  const lines = edits(before.split('\n'), after.split('\n'));
  const near = new Set<number>();
  for (const [at, { sign }] of lines.entries())
    if (sign !== ' ') for (let i = at - around; i <= at + around; i++) near.add(i);
  const out: string[] = [];
  let [was, is] = [1, 1];
  let last = -1;
  for (const [at, { sign, text }] of lines.entries()) {
    if (near.has(at)) {
      if (last !== at - 1 || out.length === 0) out.push(paint('cyan', `@@ -${was} +${is} @@`));
      last = at;
      const line = `${sign}${text}`;
      out.push(sign === '-' ? paint('red', line) : sign === '+' ? paint('green', line) : line);
    }
    if (sign !== '+') was++;
    if (sign !== '-') is++;
  }
  return out.map((line) => `${line}\n`).join('');
}

/** The shortest way from one to the other (Myers 1986); all out and all in where that is far. */
function edits(a: readonly string[], b: readonly string[]): readonly Line[] {
  const trail: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(a.length + b.length, mostEdits); d++) {
    trail.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      let x = goesDown(furthest, k, d) ? furthest.get(k + 1)! : furthest.get(k - 1)! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return back(a, b, trail);
    }
    furthest = new Map(furthest);
  }
  return [...a.map((text) => ({ sign: '-', text }) as const), ...b.map((text) => ({ sign: '+', text }) as const)];
}

function goesDown(furthest: ReadonlyMap<number, number>, k: number, d: number): boolean {
  return k === -d || (k !== d && furthest.get(k - 1)! < furthest.get(k + 1)!);
}

function back(a: readonly string[], b: readonly string[], trail: readonly ReadonlyMap<number, number>[]): Line[] {
  const out: Line[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trail.length - 1; d >= 0; d--) {
    const furthest = trail[d]!;
    const k = x - y;
    const before = goesDown(furthest, k, d) ? k + 1 : k - 1;
    const fromX = furthest.get(before)!;
    const fromY = fromX - before;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      out.push({ sign: ' ', text: a[--x]! });
      y--;
    }
    if (d === 0) break;
    if (x === fromX) out.push({ sign: '+', text: b[--y]! });
    else out.push({ sign: '-', text: a[--x]! });
  }
  return out.reverse();
}
