const blocks = '▁▂▃▄▅▆▇█';
const letters = '_.-=+*%#';

/** Columns that one takes at most. */
const widest = 60;

/** Whether who reads it sees more than ASCII. */
export function drawsBlocks(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

/**
 * Values over time in a line, the worst of each column; a space where nothing is known. `least`: what at least is the top, so that next to nothing
 * does not look like much.
 */
export function sparkline(values: readonly (number | undefined)[], least: number, isPlain: boolean): string {
  const levels = isPlain ? letters : blocks;
  const columns = Math.min(widest, values.length);
  const top = Math.max(least, ...values.map((value) => value ?? 0));
  let line = '';
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    const known = values.slice(from, to).filter((value) => value !== undefined);
    const level = Math.round((Math.max(0, ...known) / top) * (levels.length - 1));
    line += known.length === 0 ? ' ' : levels[level];
  }
  return line;
}
