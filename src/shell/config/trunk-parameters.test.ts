import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type JsonSchema, rawSchema } from './json-schema.ts';

const folder = new URL('../../../docs/', import.meta.url);
const rows = readFileSync(new URL('trunk-parameters.md', folder), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| What is said |'))
  .map(
    (line) =>
      line
        .slice(2, -2)
        .split('|')
        .map((cell) => cell.trim()) as [what: string, keys: string, preset: string, held: string],
  );

const root = rawSchema();
const definitions = root.$defs as Record<string, JsonSchema>;

/** The keys below a schema, through references and lists. */
function keysOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  if (typeof schema.$ref === 'string') return keysOf(definitions[schema.$ref.slice('#/$defs/'.length)]!);
  if (schema.items) return keysOf(schema.items as JsonSchema);
  return (schema.properties ?? {}) as Record<string, JsonSchema>;
}

function isKey(path: string): boolean {
  let schema: JsonSchema | undefined = root;
  for (const step of path.split('.')) schema = schema && keysOf(schema)[step];
  return schema !== undefined;
}

test('the table is read', () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) expect(row).toHaveLength(4);
});

describe.each(rows)('%s', (_what, keys, preset, held) => {
  const named = [...keys.matchAll(/`([^`]+)`/g)].map((found) => found[1]!);
  const links = [...held.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map((found) => ({ text: found[1]!, file: found[2]! }));
  const tests = links.filter(({ file }) => /\.(test\.ts|ladder)$/.test(file));

  test('has keys that the file takes, or none and a reason', () => {
    expect(named.filter((path) => !isKey(path))).toEqual([]);
    if (named.length > 0) expect(preset).not.toBe('');
    else {
      expect(keys).toBe('none');
      expect(held).toMatch(/[a-z].*\.$/);
    }
  });

  test('is held by tests that are there', () => {
    expect(links.length).toBeGreaterThan(0);
    if (named.length > 0) expect(tests.length).toBeGreaterThan(0);
    for (const { text, file } of links) {
      const place = new URL(file, folder);
      expect(existsSync(place), file).toBe(true);
      if (file.endsWith('.test.ts')) expect(readFileSync(place, 'utf8')).toContain(text);
      if (file.endsWith('.ladder')) expect(file).toContain(`/${text}.ladder`);
    }
  });
});
