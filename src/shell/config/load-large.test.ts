import { expect, test } from 'vitest';
import { loadConfiguration } from './index.ts';

/** Whatever somebody gives for a configuration is judged in time: the API is not to stand still for it. */
const judged = (text: string) => {
  const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {} });
  return loaded.ok ? [] : loaded.problems.map(({ code }) => code);
};

test('many keys that there are not, each told once, in less time than each with each would take', () => {
  const began = performance.now();
  judged(Array.from({ length: 250 }, (_, n) => `k${n}: 1`).join('\n'));
  const few = performance.now() - began;
  const again = performance.now();
  const codes = judged(Array.from({ length: 5_000 }, (_, n) => `k${n}: 1`).join('\n'));
  expect(codes.filter((code) => code === 'TDM-1101')).toHaveLength(5_000);
  // Twenty times as many; it took four hundred times as long.
  expect(performance.now() - again).toBeLessThan(Math.max(100 * few, 3_000));
});

test('a key that is given twice is told where it stands', () => {
  const loaded = loadConfiguration('media: {}\ntrunks: [{ name: a, name: b }]\nmedia: {}\n', {
    file: 'tandem.yaml',
    env: {},
  });
  expect(
    loaded.ok ||
      loaded.problems.filter(({ code }) => code === 'TDM-1003').map(({ line, column, path }) => [line, column, path]),
  ).toEqual([
    [2, 21, 'trunks[0].name'],
    [3, 1, 'media'],
  ]);
});

test('aliases of aliases, nesting without end, and keys that would reach a prototype are told', () => {
  const names = [...'abcdefghij'];
  const bomb = names
    .map(
      (name, n) =>
        `${name}: &${name} [${Array(9)
          .fill(n === 0 ? 'x' : `*${names[n - 1]}`)
          .join(', ')}]`,
    )
    .join('\n');
  expect(judged(bomb)).toContain('TDM-1005');
  expect(judged('['.repeat(20_000))).toContain('TDM-1002');
  expect(judged('__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }\n')).toContain('TDM-1101');
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});
