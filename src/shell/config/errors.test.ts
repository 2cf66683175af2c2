import { describe, expect, test } from 'vitest';
import { type Code, type CodeEntry, codes, soundFile } from './errors.ts';
import { filesOfExamples } from './files.testing.ts';
import { loadConfiguration, readConfiguration } from './load.ts';

/** `soundFile` with the top-level keys of `fragment` in place of its own. */
function withKeys(fragment: string): string {
  if (!/^[a-z-]+:/.test(fragment)) return fragment;
  const sections = (text: string) => new Map(text.split(/^(?=[a-z-]+:)/m).map((part) => [part.split(':')[0]!, part]));
  return [...new Map([...sections(soundFile), ...sections(fragment)]).values()].join('');
}

const files = await filesOfExamples();

function codesIn(text: string): string[] {
  const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {}, files });
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  return [...new Set(problems.map((problem) => problem.code))];
}

const entries = Object.entries(codes) as [Code, CodeEntry][];

test('the file that examples are put into is without a fault', () => {
  expect(codesIn(soundFile)).toEqual([]);
});

describe('every code', () => {
  const shown = entries.filter(([, entry]) => entry.example !== undefined);

  test.each(shown)('%s is provoked by its example, and by nothing else in it', (code, { example }) => {
    expect(codesIn(withKeys(example!.wrong))).toEqual([code]);
  });

  test.each(shown)('%s is cured as its example says', (_code, { example }) => {
    expect(codesIn(withKeys(example!.right))).toEqual([]);
  });

  test('only a file that cannot be read needs no example', () => {
    expect(entries.filter(([, entry]) => !entry.example).map(([code]) => code)).toEqual(['TDM-1001']);
    for (const path of ['/nowhere/tandem.yaml', '/']) {
      const loaded = readConfiguration(path, {});
      expect(loaded.ok ? [] : loaded.problems).toMatchObject([{ code: 'TDM-1001', file: path, line: 1, column: 1 }]);
    }
  });

  test.each(entries)('%s is a warning exactly when it is a doubt (13xx)', (code, { severity }) => {
    expect(severity).toBe(code.startsWith('TDM-13') ? 'warning' : 'error');
  });

  test.each(entries)('%s is worded like the others', (_code, { title, cause, cure }) => {
    expect(title).not.toMatch(/[.!]$/);
    expect(cause).toMatch(/\.$/);
    expect(cure).toMatch(/\.$/);
  });
});
