/** Every ladder of `ladders/` is a test of its own name (README.md tells how to read and write them). */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseLadder } from './ladder.ts';
import { play } from './runner.ts';

const folder = new URL('./ladders/', import.meta.url);
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.ladder'))
  .sort();

describe('ladders', () => {
  for (const file of files) {
    const path = `test/scenario/ladders/${file}`;
    const ladder = parseLadder(path, readFileSync(new URL(file, folder), 'utf8'));
    test(`${file}: ${ladder.title}`, () => play(ladder));
  }

  test('there are as many as we say', () => {
    expect(files.length).toBeGreaterThanOrEqual(230);
  });
});
