import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type EndReason, endReasons, partiesOwnEnds } from './index.ts';

test('docs/end-causes.md is the table of end reasons: each one, in order, with its words', () => {
  const document = readFileSync(new URL('../../docs/end-causes.md', import.meta.url), 'utf8');
  const rows = document
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.map(([, reason, meaning, failure]) => [reason, meaning, failure])).toEqual(
    Object.entries(endReasons).map(([reason, meaning]) => [
      `\`${reason}\``,
      meaning,
      partiesOwnEnds.has(reason as EndReason) ? 'no' : 'yes',
    ]),
  );
});
