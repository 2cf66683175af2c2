import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Level, logEvents } from './index.ts';

const root = new URL('../../../', import.meta.url).pathname;
const sources = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => !/\.test(ing)?\.ts$|^src\/(sim|phone|cli)\/|^src\/shell\/log\/(events|pages)\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(root + file, 'utf8') }));

/** A level, or a choice of two, and after it the event: `log('info', 'x'`, `log(a ? 'warn' : 'info', b ? 'x' : 'y'`, `log.write('info', \`x-${kind}\``. */
const calls = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/\blog(?:\.write)?\(\s*([^,()]*'(?:debug|info|warn|error|fatal)'[^,()]*),\s*([^,()]+)/g)].map(
    ([, levels, event]) => ({ file, levels: levels!, event: event!.trim() }),
  ),
);
const quoted = (text: string) => [...text.matchAll(/'([^']+)'/g)].map(([, word]) => word!);

test('the sources are read', () => {
  expect(calls.length).toBeGreaterThan(35);
});

describe.each(calls)('$file writes $event', ({ levels, event }) => {
  test('as the table has it', () => {
    if (event.startsWith('`')) {
      const begin = /^`([a-z-]+)\$\{/.exec(event)![1]!;
      expect(Object.keys(logEvents).some((name) => name.startsWith(begin))).toBe(true);
      return;
    }
    const words = quoted(event.replace(/^[^?]*\?/, ''));
    for (const name of words) {
      expect(Object.keys(logEvents)).toContain(name);
      for (const level of quoted(levels.replace(/^[^?]*\?/, ''))) {
        // Two choices go together.
        if (words.length === 1) expect(logEvents[name]!.levels).toContain(level as Level);
      }
    }
  });
});

test('every event of the table is written somewhere', () => {
  const all = sources.map(({ text }) => text).join('\n');
  const dynamic = calls.flatMap(({ event }) => /^`([a-z-]+)\$\{/.exec(event)?.[1] ?? []);
  for (const name of Object.keys(logEvents)) {
    const begin = dynamic.find((one) => name.startsWith(one));
    const words = [name, ...(begin === undefined ? [] : [name.slice(begin.length)])];
    expect(
      words.some((word) => all.includes(`'${word}'`)),
      name,
    ).toBe(true);
  }
});
