import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Log } from './log.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setImmediate', 'Date'], now: new Date('2026-01-02T03:04:05.678Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

function log(least?: string) {
  const written: string[] = [];
  return { written, it: new Log('signalling', least, (text) => written.push(text)) };
}

const lines = (texts: readonly string[]) =>
  texts
    .join('')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);

test('one JSON object a line, all lines of a turn in one write', () => {
  const { written, it } = log();
  it.write('info', 'started');
  it.write('warn', 'odd "one"', { trunk: 'a', text: 'two\nlines', gone: undefined, fault: new TypeError('no') });
  expect(written).toEqual([]);
  vi.runAllTimers();
  expect(written).toHaveLength(1);
  const common = { time: '2026-01-02T03:04:05.678Z', process: 'signalling' };
  expect(lines(written)).toEqual([
    { ...common, level: 'info', event: 'started' },
    {
      ...common,
      level: 'warn',
      event: 'odd "one"',
      trunk: 'a',
      text: 'two\nlines',
      fault: expect.stringMatching(/^TypeError: no\n/),
    },
  ]);
});

test.each([
  ['debug', 4],
  ['info', 3],
  [undefined, 3],
  ['loud', 3],
  ['warn', 2],
  ['error', 1],
])('%s lets %i of four pass', (least, count) => {
  const { written, it } = log(least);
  for (const level of ['debug', 'info', 'warn', 'error'] as const) it.write(level, level);
  it.flush();
  expect(lines(written)).toHaveLength(count);
});

test('what cannot be printed is no reason to fail', () => {
  const { written, it } = log();
  const round: Record<string, unknown> = {};
  round.self = round;
  it.write('info', 'odd', round);
  it.write('info', 'odd', { big: 1n });
  it.flush();
  expect(lines(written)).toEqual([
    expect.objectContaining({ event: 'odd', unprintable: expect.stringContaining('circular') }),
    expect.objectContaining({ event: 'odd', unprintable: expect.stringContaining('BigInt') }),
  ]);
});

test('a flood within one turn is cut, and its size told', () => {
  const { written, it } = log();
  const text = 'x'.repeat(10_000);
  for (let i = 0; i < 200; i++) it.write('info', 'flood', { text });
  vi.runAllTimers();
  const told = lines(written) as { event: string; lines?: number }[];
  const kept = told.filter(({ event }) => event === 'flood').length;
  expect(kept).toBeLessThan(110);
  expect(told.at(-1)).toMatchObject({ event: 'log-lines-lost', lines: 200 - kept });
});

test('another level holds from here on, and is said whatever it is', () => {
  const { written, it } = log('error');
  it.write('info', 'before');
  it.level = 'debug';
  it.level = 'debug';
  it.write('debug', 'between');
  it.level = 'error';
  it.write('warn', 'after');
  it.flush();
  expect(lines(written)).toMatchObject([
    { event: 'log-level', to: 'debug', from: 'error' },
    { event: 'between' },
    { event: 'log-level', to: 'error', from: 'debug' },
  ]);
  expect(it.level).toBe('error');
});
