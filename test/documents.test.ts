import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codes, loadConfiguration, manual } from '#shell/config';
import { documents, ownedFolders } from '../scripts/documents.ts';

const root = new URL('../', import.meta.url);
const generate = 'run `node --conditions=source scripts/generate-docs.ts`';

test.each([...documents()])('%s is current', (path, text) => {
  expect(readFileSync(new URL(path, root), 'utf8'), generate).toBe(text);
});

test.each(ownedFolders)('%s holds nothing that is not generated', (folder) => {
  const known = [...documents().keys()];
  for (const name of readdirSync(new URL(folder, root))) expect(known, generate).toContain(`${folder}${name}`);
});

test('there is a page for every code, and a code for every page', () => {
  const pages = readdirSync(new URL('docs/errors/', root)).filter((name) => name.startsWith('TDM-'));
  expect(pages.sort()).toEqual(
    Object.keys(codes)
      .map((code) => `${code}.md`)
      .sort(),
  );
});

test('the small file in the manual is sound', () => {
  const [, text] = /```yaml\n(listeners:[\s\S]*?)```/.exec(manual())!;
  expect(loadConfiguration(text!, { file: 'manual', env: {} })).toMatchObject({ ok: true, warnings: [] });
});

test('the manual explains every type it names', () => {
  const [keys, types] = manual().split('## Types');
  const known = new Set([...types!.matchAll(/^\| ([a-zA-Z ]+) \|/gm)].map(([, kind]) => kind));
  const named = [...keys!.matchAll(/^\| `[a-z0-9.-]+` \| ([a-zA-Z ]+)[,;|]/gm)].map(([, kind]) => kind!.trim());
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((kind) => kind !== 'map' && !known.has(kind))).toEqual([]);
});
