// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editConfiguration } from './edit.ts';

const text = `# Ours
trunks:
  # The carrier
  - name: itsp   # since May
    kind: itsp
    addresses: \${ITSP:-127.0.0.1:5090} # by night another
    capacity: { calls: 30 }

  - name: pbx
    kind: ip-pbx
routes:
  - { name: out, from: pbx, to: [itsp] }
`;
const edited = (...edits: Parameters<typeof editConfiguration>[1]) => {
  const { text: after, reason } = editConfiguration(text, edits);
  expect(reason).toBeUndefined();
  return after!;
};

describe('an edit', () => {
  test('changes a value where it stands, and nothing beside it', () => {
    expect(edited({ path: ['trunks', 'itsp', 'capacity', 'calls'], value: 60 })).toBe(text.replace('30', '60'));
    expect(edited({ path: ['trunks', 'itsp', 'addresses'], value: '${OTHER}' })).toBe(
      text.replace('${ITSP:-127.0.0.1:5090}', '${OTHER}'),
    );
  });

  test('adds a key, an object to a list, and takes them away', () => {
    expect(edited({ path: ['trunks', 'pbx', 'health'], value: 'off' })).toContain('kind: ip-pbx\n    health: off\n');
    const more = edited({ path: ['trunks', 'gw'], value: { name: 'gw', kind: 'gateway' } });
    expect(more).toContain('  - name: gw\n    kind: gateway\n');
    expect(editConfiguration(more, [{ path: ['trunks', 'gw'] }]).text).toBe(text);
    expect(edited({ path: ['trunks', 'itsp', 'capacity'] })).toBe(text.replace('    capacity: { calls: 30 }\n', ''));
    expect(edited({ path: ['media', 'mode'], value: 'bypass' })).toBe(`${text}media:\n  mode: bypass\n`);
  });

  test.each([
    '{a: 1, b: [x,y]}',
    '{  a: [  ]  }',
    "[x, \"a, [ b ]\", it's, '[ #' ]   # why",
    'plain   # why',
    '[x, {y: z}]  ',
  ])('leaves spaces as somebody put them: %s', (value) => {
    const other = `  - name: in\n    from: ${value}\n`;
    const after = editConfiguration(text + other, [{ path: ['trunks', 'pbx', 'health'], value: 'off' }]).text;
    expect(after).toBe((text + other).replace('ip-pbx\n', 'ip-pbx\n    health: off\n'));
  });

  test('of spaces alone is one, where they are of a text', () => {
    const of = (words: string) => `${text}notes:\n  words: |\n    a: [${words}]   # b\n    c\n`;
    const value = { words: 'a: [ x ] # b\nc\n' };
    expect(editConfiguration(of('x'), [{ path: ['notes'], value }]).text).toContain('    a: [ x ] # b\n    c\n');
  });

  test('several are one: where the last cannot be, none is', () => {
    const said = editConfiguration(text, [
      { path: ['trunks', 'itsp', 'kind'], value: 'gateway' },
      { path: ['trunks', 'none', 'kind'], value: 'gateway' },
    ]);
    expect(said).toMatchObject({
      reason: 'trunks has no none',
      conflict: false,
      at: { path: ['trunks', 'none', 'kind'] },
    });
    expect(said.text).toBeUndefined();
  });

  test('of what somebody else has changed meanwhile is a conflict', () => {
    const calls = (was: unknown) =>
      editConfiguration(text, [{ path: ['trunks', 'itsp', 'capacity', 'calls'], value: 60, was }]);
    expect(calls(30).text).toContain('calls: 60');
    expect(calls(20)).toMatchObject({ conflict: true });
    expect(editConfiguration(text, [{ path: ['media'], value: { mode: 'bypass' }, was: null }]).text).toBeDefined();
    expect(editConfiguration(text, [{ path: ['routes', 'out', 'to'], value: [], was: ['itsp'] }]).text).toBeDefined();
  });

  test('finds what is in a list by what is written, not by what YAML makes of it', () => {
    const numbers = 'prefixes: [+49, 030, "${HOME_AREA:-040}"]\n';
    expect(editConfiguration(numbers, [{ path: ['prefixes', '+49'], value: '+43', was: '+49' }]).text).toBe(
      numbers.replace('+49', '"+43"'),
    );
    expect(editConfiguration(numbers, [{ path: ['prefixes', '${HOME_AREA:-040}'], before: '+49' }]).text).toBe(
      'prefixes: ["${HOME_AREA:-040}", +49, 030]\n',
    );
  });

  test('of a text that is no YAML, and below a single value', () => {
    expect(editConfiguration('a: [', [{ path: ['a'], value: 1 }]).reason).toContain('no sound YAML');
    expect(editConfiguration(text, [{ path: ['trunks', 'pbx', 'kind', 'x'], value: 1 }]).reason).toBe(
      'trunks pbx kind is a single value',
    );
  });
});

describe('a move', () => {
  const rules = `routes:
  # Help comes first
  - name: help # always
    to: [a, b, c] # in this order
    # nothing else

  # All of these are of the night

  - { name: night, to: a }
  # By day
  - name: day
    to:
      - a
      # the spare one
      - \${SPARE:-b} # slower
      - c
media: {}
`;
  const moved = (path: (string | number)[], before: string | number | null, from = rules) => {
    const { text: after, reason } = editConfiguration(from, [{ path, before }]);
    expect(reason).toBeUndefined();
    return after!;
  };

  test('takes along what is said above and beside, and nothing is written anew', () => {
    expect(moved(['routes', 'day'], 'help')).toBe(`routes:
  # By day
  - name: day
    to:
      - a
      # the spare one
      - \${SPARE:-b} # slower
      - c

  # All of these are of the night

  # Help comes first
  - name: help # always
    to: [a, b, c] # in this order
    # nothing else
  - { name: night, to: a }
media: {}
`);
    expect(moved(['routes', 'day', 'to', 1], 0)).toBe(
      rules.replace(
        '      - a\n      # the spare one\n      - ${SPARE:-b} # slower\n',
        '      # the spare one\n      - ${SPARE:-b} # slower\n      - a\n',
      ),
    );
    expect(moved(['routes', 'help', 'to', 'a'], null)).toBe(rules.replace('[a, b, c]', '[b, c, a]'));
    expect(moved(['routes', 'help', 'to', 'c'], 'b')).toBe(rules.replace('[a, b, c]', '[a, c, b]'));
  });

  test('there and back is the same text', () => {
    for (const name of ['help', 'night', 'day'])
      for (const [at, next] of [
        ['help', 'night'],
        ['night', 'day'],
        ['day', null],
      ] as const)
        if (at === name) expect(moved(['routes', name], next, moved(['routes', name], 0))).toBe(rules);
    expect(moved(['routes', 'day'], null)).toBe(rules);
    expect(moved(['routes', 'help'], 'help')).toBe(rules);
  });

  test('into a list: put in at a place', () => {
    const { text: after } = editConfiguration(rules, [
      { path: ['routes', 'noon'], value: { name: 'noon', to: 'c' }, was: null, before: 'night' },
    ]);
    expect(after).toMatch(/name: help.*name: noon.*name: night.*name: day/s);
    expect(after).toContain('# All of these are of the night');
  });

  test('of a list on one line with comments within, and at the end of a file without a line break', () => {
    expect(moved(['a', 'y'], 'x', 'a: [ x, # one\n  y ]')).toMatch(/a:.*y.*x/s);
    expect(moved(['a', 'y'], 'x', 'a:\n  - x # one\n  - y')).toBe('a:\n  - y\n  - x # one\n');
  });

  test('to where it cannot be is refused', () => {
    const said = (path: (string | number)[], before: string | number | null, was?: unknown, from = rules) =>
      editConfiguration(from, [{ path, before, ...(was !== undefined && { was }) }]);
    expect(said(['routes', 'help'], 'none')).toMatchObject({ reason: 'routes has no none', conflict: false });
    expect(said(['routes', 'none'], 'help')).toMatchObject({ reason: 'routes has no none' });
    expect(said(['media', 'x'], null)).toMatchObject({ reason: 'media is no list' });
    expect(said(['routes', 'night'], 0, { name: 'night', to: 'b' })).toMatchObject({ conflict: true });
    expect(said(['routes', 'night'], 0, { name: 'night', to: 'a' }).text).toBeDefined();
    expect(said(['a', 'y'], 'x', undefined, 'a: [ { name: x, z: &z 1 }, { name: y, z: *z } ]').reason).toContain(
      'cannot be moved there',
    );
  });

  test('whatever the list is like, it is that list in that order, and each comment stands by its own', () => {
    const entry = fc.record({
      above: fc.boolean(),
      beside: fc.boolean(),
      within: fc.boolean(),
      apart: fc.boolean(),
      isFlow: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 2, maxLength: 5 }),
        fc.nat(4),
        fc.option(fc.nat(4)),
        (entries, which, next) => {
          const from = which % entries.length;
          const before = next === null ? null : next % entries.length;
          const written = `head: 1\nlist:\n${entries
            .map(({ above, beside, within, apart, isFlow }, i) =>
              [
                ...(apart ? [''] : []),
                ...(above ? [`  # above ${i}`] : []),
                `  - ${isFlow ? `{ name: n${i}, k: ${i} }` : `name: n${i}`}${beside ? ` # beside ${i}` : ''}`,
                ...(isFlow ? [] : [`    k: ${i}`]),
                ...(within ? [`    # within ${i}`] : []),
              ].join('\n'),
            )
            .join('\n')}\ntail: 2\n`;
          const after = moved(['list', `n${from}`], before === null ? null : `n${before}`, written);
          const order = entries.map((_, i) => i).filter((i) => i !== from);
          order.splice(before === null ? order.length : before === from ? from : order.indexOf(before), 0, from);
          const names = [...after.matchAll(/name: n(\d)/g)].map(([, n]) => Number(n));
          expect(names).toEqual(order);
          expect(after.split('\n').toSorted()).toEqual(written.split('\n').toSorted());
          const comments = after.split('\n').flatMap((line, at, all) => {
            const [, i] = /# above (\d)/.exec(line) ?? [];
            return i === undefined ? [] : [all[at + 1]!.includes(`name: n${i}`)];
          });
          expect(comments.every(Boolean)).toBe(true);
        },
      ),
    );
  });
});

test.each([
  ['x', ['a'], 'the file is a single value'],
  ['- a\n', [-5], 'the file has no -5'],
  ['trunks:\n  - a\n', ['trunks', -1], 'trunks has no -1'],
  ['trunks:\n  - a\n', ['trunks', 0.5], 'trunks has no 0.5'],
  // A list of so many, all but one of nothing, would be written for ever.
  ['trunks:\n  - a\n', ['trunks', 1_000_000_000], 'trunks has no 1000000000'],
])('what a file cannot have is refused: %j at %j', (file, path, reason) => {
  for (const value of ['v', { x: 1 }, undefined])
    expect(editConfiguration(file, [{ path, ...(value !== undefined && { value }) }])).toMatchObject({ reason });
});

test('what an empty file does not have is taken away by leaving it as it is', () => {
  expect(editConfiguration('', [{ path: ['a'] }])).toEqual({ text: '' });
  expect(editConfiguration('', [{ path: ['a'], value: 'v' }])).toEqual({ text: 'a: v\n' });
  expect(editConfiguration('trunks:\n  - a\n', [{ path: ['trunks', 1], value: 'b' }])).toEqual({
    text: 'trunks:\n  - a\n  - b\n',
  });
});
