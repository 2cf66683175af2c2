import { expect, test } from 'vitest';
import { parseOptions, UsageError } from './options.ts';

test('without options: calls every 2 s until Ctrl-C; with a number of calls, every second', () => {
  expect(parseOptions([])).toEqual({ calls: undefined, every: 2_000, talk: undefined });
  expect(parseOptions(['--calls', '20'])).toEqual({ calls: 20, every: 1_000, talk: undefined });
  expect(parseOptions(['--calls=3', '--every=500ms', '--talk', '1.5s'])).toEqual({ calls: 3, every: 500, talk: 1_500 });
  expect(parseOptions(['-h'])).toBeUndefined();
});

test.each([
  [['--calls', '0']],
  [['--calls', 'many']],
  [['--every', '2']],
  [['--every', '1ms']],
  [['--talk', '1h']],
  [['--what']],
  [['20']],
])('%j is refused', (argv) => {
  expect(() => parseOptions(argv)).toThrow(UsageError);
});
