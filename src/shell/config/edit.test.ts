// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
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

/** How YAML is written anew where something comes or goes: spaces before comments and in lists are not kept. */
const written = (yaml: string) => yaml.replace('itsp   #', 'itsp #').replace('[itsp]', '[ itsp ]');

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
    expect(editConfiguration(more, [{ path: ['trunks', 'gw'] }]).text).toBe(written(text));
    expect(edited({ path: ['trunks', 'itsp', 'capacity'] })).toBe(
      written(text.replace('    capacity: { calls: 30 }\n', '')),
    );
    expect(edited({ path: ['media', 'mode'], value: 'bypass' })).toBe(`${written(text)}media:\n  mode: bypass\n`);
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

  test('of a text that is no YAML, and below a single value', () => {
    expect(editConfiguration('a: [', [{ path: ['a'], value: 1 }]).reason).toContain('no sound YAML');
    expect(editConfiguration(text, [{ path: ['trunks', 'pbx', 'kind', 'x'], value: 1 }]).reason).toBe(
      'trunks pbx kind is a single value',
    );
  });
});
