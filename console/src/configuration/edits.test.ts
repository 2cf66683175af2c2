import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleaned } from './cleaned.ts';
import { adding, editsBetween, type Tree, type Value, valueAt, withValue } from './edits.ts';
import { errorsOf, pathBelow, untilText } from './findings.ts';
import { lineDiff } from './line-diff.ts';
import { fieldOf, fromList, inFull, inShort, type Schema, schemaOf, written } from './schema.ts';

const before: Tree = { name: 'itsp', capacity: { calls: '30' }, addresses: ['a', 'b'], health: {} };

describe('edits between two objects', () => {
  test('are of single keys, with what stood there', () => {
    const after = { ...before, capacity: { calls: '60', 'calls-per-second': '5' }, site: 'berlin' };
    expect(editsBetween(['trunks', 'itsp'], before, after)).toEqual([
      { path: ['trunks', 'itsp', 'capacity', 'calls'], value: '60', was: '30' },
      { path: ['trunks', 'itsp', 'capacity', 'calls-per-second'], value: '5', was: null },
      { path: ['trunks', 'itsp', 'site'], value: 'berlin', was: null },
    ]);
  });

  test('take away what is gone, of keys and of lists', () => {
    const { capacity, ...rest } = before;
    expect(editsBetween(['trunks', 'itsp'], before, { ...rest, addresses: ['b'] })).toEqual([
      { path: ['trunks', 'itsp', 'capacity'], was: capacity },
      { path: ['trunks', 'itsp', 'addresses', 'a'], was: 'a' },
    ]);
    expect(editsBetween(['x'], before, { ...before })).toEqual([]);
  });

  test('of braces that stand empty bring the whole map', () => {
    expect(editsBetween(['t'], before, { ...before, health: { mode: 'off' } })).toEqual([
      { path: ['t', 'health'], value: { mode: 'off' }, was: {} },
    ]);
  });
});

describe('edits between two lists', () => {
  const between = (was: Value, is: Value) => editsBetween(['l'], was, is);

  test('move what is elsewhere, and nothing else', () => {
    expect(between(['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'])).toEqual([{ path: ['l', 'd'], before: 'a' }]);
    expect(between(['a', 'b', 'c'], ['b', 'c', 'a'])).toEqual([{ path: ['l', 'a'], before: null }]);
  });

  test('put in what is new where it belongs, and change what has a name by its keys', () => {
    const rule = { name: 'x', to: '1' };
    expect(
      between([rule, { name: 'y' }], [{ name: 'new' }, { ...rule, to: '2' }, { name: 'y' }, { name: 'z' }]),
    ).toEqual([
      { path: ['l', 'x', 'to'], value: '2', was: '1' },
      { path: ['l', 'z'], value: { name: 'z' }, was: null },
      { path: ['l', 'new'], value: { name: 'new' }, was: null, before: 'x' },
    ]);
  });

  test('are one of the whole, where what is in them cannot be told apart', () => {
    expect(between(['a', 'a'], ['a'])).toEqual([{ path: ['l'], value: ['a'], was: ['a', 'a'] }]);
    expect(between([{ network: 'n' }], [{ network: 'm' }])).toHaveLength(1);
    expect(between('a', ['a', 'b'])).toEqual([{ path: ['l'], value: ['a', 'b'], was: 'a' }]);
  });

  test('make the one of the other, with as few moves as can be', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 });
    fc.assert(
      fc.property(names, names, (was, is) => {
        const list: string[] = [...was];
        for (const { path, value, before: next } of between(was, is)) {
          const name = String(path[1]);
          const at = list.indexOf(name);
          if (at >= 0) list.splice(at, 1);
          if (value !== undefined || next !== undefined)
            list.splice(next === undefined || next === null ? list.length : list.indexOf(String(next)), 0, name);
        }
        expect(list).toEqual(is);
      }),
    );
  });
});

test('what is added to a section that is not there yet brings it along', () => {
  const site = { name: 'berlin' };
  expect(adding({}, ['sites'], 'berlin', site)).toEqual({ path: ['sites'], value: [site], was: null });
  expect(adding({ sites: [] }, ['sites'], 'berlin', site)).toEqual({
    path: ['sites', 'berlin'],
    value: site,
    was: null,
  });
});

test('values in a tree', () => {
  expect(withValue(before, ['capacity', 'calls'], '9')).toMatchObject({ capacity: { calls: '9' } });
  expect(withValue(before, ['registration', 'expires'], '1h')).toMatchObject({ registration: { expires: '1h' } });
  expect(withValue(before, ['capacity'], undefined)).not.toHaveProperty('capacity');
  expect(Object.keys(withValue(before, ['name'], 'x'))[0]).toBe('name');
  expect(valueAt(before, ['capacity', 'calls'])).toBe('30');
  expect(valueAt(before, ['capacity', 'calls', 'more'])).toBeUndefined();
});

const root: Schema = {
  properties: {
    trunks: { type: 'array', items: { $ref: '#/$defs/trunk' } },
    media: { type: 'object', properties: {} },
  },
  $defs: {
    trunk: {
      type: 'object',
      properties: {
        capacity: { type: 'object', properties: { calls: { type: 'integer' } } },
        called: { type: 'object', 'x-short': 'prefix', properties: { prefix: { type: 'string' } } },
        gin: { type: 'boolean' },
        disabled: { type: 'string', title: 'disabled' },
        rules: { type: 'array', items: { type: 'object', properties: { cause: { type: 'integer' } } } },
      },
    },
  },
};

describe('a schema', () => {
  test('tells how a value is asked for', () => {
    const { schema, isList } = schemaOf('trunks', root);
    expect(isList).toBe(true);
    expect(fieldOf(schema.properties!.capacity!)).toBe('map');
    expect(fieldOf({ type: 'string', title: 'secret' })).toBe('secret');
    expect(fieldOf({ type: 'array', items: { enum: ['a'] } })).toBe('choices');
    expect(schemaOf('media', root).isList).toBe(false);
  });

  test('tells what is written bare, and leaves variables and numbers of telephones what they are', () => {
    const value = {
      capacity: { calls: '60' },
      gin: 'true',
      disabled: 'true',
      rules: [{ cause: '34' }],
      called: { prefix: '049' },
    };
    expect(written(value, root.$defs!.trunk!, root)).toEqual({
      capacity: { calls: 60 },
      gin: true,
      disabled: true,
      rules: [{ cause: 34 }],
      called: { prefix: '049' },
    });
    const variable = ['$', '{CALLS}'].join('');
    expect(written(variable, { type: 'integer' }, root)).toBe(variable);
  });

  test('has short forms', () => {
    const called = root.$defs!.trunk!.properties!.called!;
    expect(inFull('+49', called)).toEqual({ prefix: '+49' });
    expect(inShort({ prefix: '+49' }, called)).toBe('+49');
    expect(fromList(['a'], { 'x-single': true })).toBe('a');
    expect(fromList([], {})).toBeUndefined();
  });
});

describe('two texts', () => {
  const text = Array.from({ length: 40 }, (_, at) => `line ${at}`).join('\n');

  test('are laid over each other, with what is near', () => {
    const lines = lineDiff(text, text.replace('line 20', 'another').replace('line 30\n', ''), 1);
    expect(lines.map(({ kind, text: said }) => `${kind} ${said}`)).toEqual([
      'same line 19',
      'gone line 20',
      'new another',
      'same line 21',
      'gap ',
      'same line 29',
      'gone line 30',
      'same line 31',
    ]);
    expect(lines.at(-1)).toMatchObject({ before: 32, after: 31 });
  });

  test('that are alike have none', () => {
    expect(lineDiff(text, text)).toEqual([]);
  });
});

test('what a form leaves lying is not written', () => {
  expect(cleaned({ to: ['a', '', ' b '], rules: [{}, { name: 'x' }], site: ' ', health: {} })).toEqual({
    to: ['a', 'b'],
    rules: [{ name: 'x' }],
    health: {},
  });
  expect(cleaned([''])).toBeUndefined();
});

test('where a finding belongs in a form', () => {
  expect(pathBelow('trunks[1].capacity.calls', 'trunks', 1)).toBe('capacity calls');
  expect(pathBelow('trunks[1].addresses[0]', 'trunks', 1)).toBe('addresses 0');
  expect(pathBelow('trunks[10].name', 'trunks', 1)).toBeUndefined();
  expect(pathBelow('emergency.numbers[0]', 'emergency', undefined)).toBe('numbers 0');
  expect(untilText(new Date(0))).toBe('until 1970-01-01T00:00:00Z');
});

test('errors beyond those that are listed count as well; what is sound has none', () => {
  const one = { code: 'TDM-1108', line: 1, column: 1, message: '', cure: '', path: '', place: '' };
  const examination = {
    findings: [
      { ...one, severity: 'error' as const },
      { ...one, severity: 'warning' as const },
    ],
    ...{ more: 12, sound: false, differences: [], samples: [] },
  };
  expect(errorsOf(examination)).toBe(13);
  expect(errorsOf({ ...examination, sound: true })).toBe(0);
  expect(errorsOf(undefined)).toBe(0);
});
