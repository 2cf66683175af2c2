// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import { describe, expect, test } from 'vitest';
import { effective } from './effective.ts';
import { readTree } from './text-tree.ts';

const text = `trunk-defaults:
  capacity: { calls: 30 }
sites:
  - name: berlin
    trunk-defaults:
      setup-timeout: 8s
trunks:
  - name: itsp
    kind: itsp
    site: berlin
    addresses: \${ITSP:-192.0.2.1}
    credentials: { username: we, password: geheim-123 }
    srtp: required
media: { ports: 20000-20999 }
`;
const of = (section?: string, name?: string) =>
  Object.fromEntries(
    (effective(text, section, name, { ITSP: '192.0.2.7' }) ?? []).map(({ path, ...more }) => [path.join(' '), more]),
  );

describe('what holds of an object', () => {
  test('says who said it, and in which line', () => {
    expect(of('trunks', 'itsp')).toMatchObject({
      kind: { value: 'itsp', from: 'file', line: 9 },
      addresses: { value: '192.0.2.7', written: '${ITSP:-192.0.2.1}', from: 'file', line: 11 },
      'setup-timeout': { value: '8s', from: 'site berlin', line: 6 },
      'capacity calls': { value: '30', from: 'trunk-defaults', line: 2 },
      'ring-timeout': { value: '180s', from: 'default' },
      'health interval': { value: '60s', from: 'default' },
      srtp: { value: 'required', from: 'file', line: 13 },
    });
    expect(of('media')).toMatchObject({ ports: { value: '20000-20999', line: 14 }, mode: { from: 'default' } });
  });

  test('of a section has each object under its name, of all each section', () => {
    expect(of('trunks')).toMatchObject({
      'itsp kind': { value: 'itsp', from: 'file', line: 9 },
      'itsp setup-timeout': { value: '8s', from: 'site berlin', line: 6 },
    });
    expect(of(undefined)).toMatchObject({
      'trunks itsp capacity calls': { value: '30', from: 'trunk-defaults', line: 2 },
      'media mode': { from: 'default' },
      'sites berlin name': { value: 'berlin', line: 4 },
    });
    expect(JSON.stringify(of(undefined))).not.toContain('geheim');
  });

  test('of a user, where they have a list beside a file', () => {
    const users = 'users:\n  file: users.yaml\n  list:\n    - { name: anna, password: geheim, line: 12 }\n';
    const items = effective(users, 'users', 'anna', {}) ?? [];
    expect(items.find(({ path }) => path[0] === 'line')).toEqual({
      path: ['line'],
      value: '12',
      from: 'file',
      line: 4,
    });
    expect(JSON.stringify([items, effective(users, undefined, undefined, {})])).not.toContain('geheim');
  });

  test('of what has no name is asked for by its place', () => {
    const links = 'links:\n  - { between: [a, b], bandwidth: 2 Mbit/s }\n  - { between: [b, c] }\n';
    expect(effective(links, 'links', '1', {})?.find(({ path }) => path[0] === 'between')).toMatchObject({
      value: 'b, c',
      line: 3,
    });
    expect(effective(links, 'links', '2', {})).toBeUndefined();
    // What has a name has no place.
    expect(effective(text, 'trunks', '0', {})).toBeUndefined();
  });

  test('tells no secret', () => {
    expect(of('trunks', 'itsp')).toMatchObject({ 'credentials password': { value: '(secret)' } });
    expect(JSON.stringify(of('trunks', 'itsp'))).not.toContain('geheim');
  });

  test('of what is not there is nothing', () => {
    expect(effective(text, 'trunks', 'none', {})).toBeUndefined();
    expect(effective('trunks: [', 'trunks', 'itsp', {})).toBeUndefined();
  });
});

test('a file as it is written: numbers stay texts, variables what they are, and objects have their lines', () => {
  const { tree, lines } = readTree('routes:\n  - { name: 007, called: +49 }\n  - { name: b, to: ${X} }\nempty:\n');
  expect(tree).toEqual({
    routes: [
      { name: '007', called: '+49' },
      { name: 'b', to: '${X}' },
    ],
  });
  expect(lines).toEqual({ 'routes 007': 2, 'routes b': 3 });
  expect(readTree('links:\n  - { between: [a, b] }\n  - { between: [b, c] }\n').lines).toEqual({
    'links 0': 2,
    'links 1': 3,
  });
  expect(readTree('a: [')).toMatchObject({ reason: expect.stringContaining('no sound YAML') });
});
