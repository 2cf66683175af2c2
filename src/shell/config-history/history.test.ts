import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigurationHistory, hashOf, replaceFile } from './index.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-history-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('versions stay, newest first, with their texts; nobody else may read them', () => {
  const history = ConfigurationHistory.open(directory);
  const add = (reason: string, text: string) =>
    history.add({ at: 5, who: 'anna', reason, by: 'commit', differences: 1 }, text);
  const first = add('first', 'a: 1');
  add('second', 'a: 2');
  history.close();
  const again = ConfigurationHistory.open(directory);
  expect(again.list(10).map(({ reason }) => reason)).toEqual(['second', 'first']);
  expect(again.list(10, 2)).toEqual([first]);
  expect(again.get(first.id)).toEqual({ ...first, text: 'a: 1' });
  expect(again.get(9)).toBeUndefined();
  expect(statSync(join(directory, 'configurations.sqlite')).mode & 0o077).toBe(0);
  again.close();
});

test('each has a draft of his own', () => {
  const history = ConfigurationHistory.open(directory);
  const edits = [{ path: ['a'], value: 2 }];
  history.keep('anna', { base: hashOf('a: 1'), text: 'a: 2', edits, at: 5 });
  history.keep('bert', { base: hashOf('a: 1'), text: 'a: 3', at: 6 });
  history.keep('bert', { base: hashOf('a: 1'), text: 'a: 4', at: 7 });
  expect(history.draft('anna')).toEqual({ base: hashOf('a: 1'), text: 'a: 2', edits, at: 5 });
  expect(history.draft('bert')).toEqual({ base: hashOf('a: 1'), text: 'a: 4', at: 7 });
  history.discard('anna');
  expect(history.draft('anna')).toBeUndefined();
  history.close();
});

test('a file is replaced as a whole, behind its link and with its rights', () => {
  const [file, link] = [join(directory, 'real.yaml'), join(directory, 'link.yaml')];
  writeFileSync(file, 'old');
  chmodSync(file, 0o640);
  symlinkSync(file, link);
  replaceFile(link, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(directory).sort()).toEqual(['link.yaml', 'real.yaml']);
});
