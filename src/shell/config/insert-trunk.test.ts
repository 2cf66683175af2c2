// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import { describe, expect, test } from 'vitest';
import { soundFile } from './errors.ts';
import { insertTrunk, trunkText } from './insert-trunk.ts';
import { loadConfiguration } from './load.ts';

const trunk = {
  name: 'new',
  kind: 'itsp',
  addresses: ['198.51.100.1:5060'],
  credentials: [{ username: 'a', password: '${PASSWORD}' }],
};
const load = (text: string) => loadConfiguration(text, { file: 'f', env: { PASSWORD: 'open sesame' } });

describe('a trunk that is put into a file', () => {
  test('stands at the end of the trunks, with its comment', () => {
    const { text } = insertTrunk(soundFile, trunk, 'From a\nprovider.', false);
    expect(text).toBe(
      soundFile.replace(
        'routes:',
        `  # From a
  # provider.
  - name: new
    kind: itsp
    addresses:
      - 198.51.100.1:5060
    credentials:
      - username: a
        password: \${PASSWORD}
routes:`,
      ),
    );
    const loaded = load(text!);
    expect(loaded.ok && loaded.configuration.trunks.map(({ name }) => name)).toEqual(['pbx', 'itsp-a', 'new']);
  });

  test('leaves comments, variables and the order of keys', () => {
    const file = `# on top
listeners: # of ours
  - name: all
    bind: \${BIND:-192.0.2.5} # where

# the peers
trunks:
  # inside
  - { name: pbx, kind: ip-pbx, addresses: "\${PBX}" } # short

# the end
routes: [] # none yet
# after all
`;
    const { text } = insertTrunk(file, trunk, 'x', false);
    const comments = [...file.matchAll(/#.*$/gm)].map(([comment]) => comment);
    let at = 0;
    for (const comment of comments) {
      const found = text!.indexOf(comment, at);
      expect(found, comment).toBeGreaterThanOrEqual(0);
      at = found;
    }
    expect(text).toContain('{ name: pbx, kind: ip-pbx, addresses: "${PBX}" }');
    expect(text).toContain('bind: ${BIND:-192.0.2.5}');
  });

  test.each([
    ['no trunks yet', 'listeners: []\n'],
    ['an empty key', 'trunks:\nlisteners: []\n'],
    ['an empty list', 'trunks: []\n'],
    ['nothing at all', ''],
  ])('into a file with %s', (_what, file) => {
    expect(insertTrunk(file, trunk, 'x', false).text).toMatch(/trunks:\n {2}# x\n {2}- name: new\n/);
  });

  test('takes the place of the one of its name only when told to', () => {
    const other = { ...trunk, name: 'itsp-a' };
    expect(insertTrunk(soundFile, other, 'x', false)).toEqual({ reason: 'it has a trunk "itsp-a" already' });
    const loaded = load(insertTrunk(soundFile, other, 'x', true).text!);
    expect(loaded.ok && loaded.configuration.trunks.map(({ addresses }) => addresses[0]!.host)).toEqual([
      '10.0.0.20',
      '198.51.100.1',
    ]);
  });

  test.each([
    ['a: b: c\n', /^the file is no sound YAML: /],
    ['- a\n', /^the file is no map of keys$/],
    ['trunks: a\n', /^`trunks` is no list$/],
  ])('not into %j', (file, reason) => {
    expect(insertTrunk(file, trunk, 'x', false).reason).toMatch(reason);
  });
});

test('a trunk by itself is a file with trunks', () => {
  expect(trunkText({ name: 'new', kind: 'itsp', addresses: '198.51.100.1' }, 'From x.')).toBe(
    'trunks:\n  # From x.\n  - name: new\n    kind: itsp\n    addresses: 198.51.100.1\n',
  );
});
