import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differencesText, summary } from './difference-text.ts';
import { pathOf, yamlOf } from './edit-path.ts';
import { unifiedDiff } from './line-diff.ts';

const plain = (_format: unknown, text: string) => text;

describe('a place in the configuration', () => {
  test.each([
    ['trunks.itsp-a.capacity.calls', ['trunks', 'itsp-a', 'capacity', 'calls']],
    ['trunks[0].addresses[1]', ['trunks', 0, 'addresses', 1]],
    ['trunks."a.b".kind', ['trunks', 'a.b', 'kind']],
    ['trunks.17.kind', ['trunks', '17', 'kind']],
    ['sip', ['sip']],
  ])('%s', (text, path) => expect(pathOf(text)).toEqual(path));

  test.each(['', 'a..b', 'a.', '.a', 'a[x]', 'a[0', 'a"b'])('%s is none', (text) =>
    expect(() => pathOf(text)).toThrow(expect.objectContaining({ exitCode: 2 })),
  );

  test('what is set is YAML', () => {
    expect([yamlOf('60'), yamlOf('"060"'), yamlOf('[a, b]'), yamlOf('{ calls: 3 }')]).toEqual([
      60,
      '060',
      ['a', 'b'],
      { calls: 3 },
    ]);
    expect(() => yamlOf('[a')).toThrow(/is no value/);
  });
});

describe('differences', () => {
  test('what was, what is, and when it holds', () => {
    expect(
      differencesText(
        [
          { path: ['trunks', 'a', 'calls'], was: 30, is: 60, effect: 'new-calls' },
          { path: ['routes', 'n\u001b[2J'], is: { from: 'a', to: ['b'] }, effect: 'live' },
          { path: ['timers', 't1'], was: 500, effect: 'restart' },
        ],
        plain,
      ),
    ).toBe(
      [
        '~ trunks a calls (for new calls)',
        '    - 30',
        '    + 60',
        '+ routes n\\x1b[2J (at once)',
        '    + from: a',
        '    + to: ["b"]',
        '- timers t1 (after a restart)',
        '    - 500',
        '',
      ].join('\n'),
    );
  });

  test('in a sentence, with the words that would commit it', () => {
    const of = { sound: true, findings: [], differences: [], samples: [] };
    expect(summary(of)).toBe('It means what runs already.');
    const restart = { path: ['x'], was: 1, is: 2, effect: 'restart' as const };
    const sample = { name: 'night', differences: [] };
    expect(summary({ ...of, differences: [restart], samples: [sample] })).toBe(
      '1 difference, some after a restart (--restart); acknowledge 1 sample call (--acknowledge).',
    );
  });
});

describe('line by line', () => {
  test('only what is near a change', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'];
    const after = before.map((line) => (line === 'b' ? 'B' : line)).filter((line) => line !== 'l');
    expect(unifiedDiff(before.join('\n'), after.join('\n'), plain)).toBe(
      ['@@ -1 +1 @@', ' a', '-b', '+B', ' c', ' d', ' e', '@@ -9 +9 @@', ' i', ' j', ' k', '-l', ' m', ''].join('\n'),
    );
    expect(unifiedDiff('a\nb', 'a\nb', plain)).toBe('');
  });

  test('what is left and what came make the one and the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const said = unifiedDiff(a.join('\n'), b.join('\n'), plain)
          .split('\n')
          .filter((line) => line !== '' && !line.startsWith('@@'));
        if (said.length === 0) {
          expect(a).toEqual(b);
          return;
        }
        // All of so short a text is near a change, or the same in both: what it says goes from one to the other.
        const minus = said.filter((line) => line[0] === '-').length;
        const plus = said.filter((line) => line[0] === '+').length;
        expect(a.length - minus).toBe(b.length - plus);
        for (const line of said.filter(([sign]) => sign === '-')) expect(a).toContain(line.slice(1));
        for (const line of said.filter(([sign]) => sign === '+')) expect(b).toContain(line.slice(1));
        if (said.filter(([sign]) => sign === ' ').length === a.length - minus) {
          expect(said.filter(([sign]) => sign !== '+').map((line) => line.slice(1))).toEqual(a);
          expect(said.filter(([sign]) => sign !== '-').map((line) => line.slice(1))).toEqual(b);
        }
      }),
    );
  });
});
