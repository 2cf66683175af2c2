// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mask, substitute, unmask } from './variables.ts';

describe('substitute', () => {
  const env = { HOST: '192.0.2.1', EMPTY: '', NESTED: '${HOST}' };
  test.each([
    ['no variable', 'no variable'],
    ['${HOST}', '192.0.2.1'],
    ['${HOST}:5060', '192.0.2.1:5060'],
    ['a${HOST}b${HOST}c', 'a192.0.2.1b192.0.2.1c'],
    ['${NONE:-127.0.0.1:5060}', '127.0.0.1:5060'],
    ['${HOST:-x}', '192.0.2.1'],
    ['${EMPTY:-x}', 'x'],
    ['${EMPTY}', ''],
    ['${NONE:-}', ''],
    ['${NONE:-a:-b}', 'a:-b'],
    ['$${HOST}', '${HOST}'],
    ['$${HOST}${HOST}', '${HOST}192.0.2.1'],
    ['${NESTED}', '${HOST}'],
    ['$5 and {x}', '$5 and {x}'],
  ])('%s -> %s', (text, expected) => {
    expect(substitute(text, env)).toMatchObject({ text: expected, unset: [], malformed: [] });
  });

  test('names what is not set, each once for each place', () => {
    expect(substitute('${A}${B}${A}', {}).unset).toEqual(['A', 'B', 'A']);
  });

  test.each(['${}', '${1A}', '${A B}', '${A-x}', '${A', '${A:-${B}', '${ A }'])('%s is no reference', (text) => {
    expect(substitute(text, { A: '1', B: '2' }).malformed.length).toBeGreaterThan(0);
  });

  test('what a variable holds is never looked at again', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(substitute('<${A}>', { A: value }).text).toBe(`<${value}>`);
      }),
    );
  });
});

describe('mask', () => {
  test('keeps every position, and comes off again', () => {
    const part = fc.constantFrom('${A:-b: [c]}', '$${', '${', '}', ': ', 'text', '"', "'", '\n', '# ', '[', ']');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        expect(mask(text)).toHaveLength(text.length);
        expect(unmask(mask(text))).toBe(text);
      }),
    );
  });

  test('hides from YAML what means something to it', () => {
    expect(mask('a: ${B:-c: d, e}')).toMatch(/^a: [\ue000-\ue07f]+$/);
  });
});
