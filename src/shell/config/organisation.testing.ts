import { soundFile } from './errors.ts';
import { filesOf } from './files.testing.ts';
import { loadConfiguration } from './load.ts';
import { formatProblems, type Problem } from './problems.ts';

/** `soundFile`, with these top-level keys besides or in place of its own. */
function load(keys: string, lists: Readonly<Record<string, string>> = {}) {
  const sections = (text: string) => new Map(text.split(/^(?=[a-z-]+:)/m).map((part) => [part.split(':')[0]!, part]));
  const text = [...new Map([...sections(soundFile), ...sections(keys)]).values()].join('');
  return loadConfiguration(text, {
    file: 'tandem.yaml',
    env: { PIN: 's3cret' },
    files: filesOf(new Map(Object.entries(lists))),
  });
}

export function read(keys: string, lists?: Readonly<Record<string, string>>) {
  const loaded = load(keys, lists);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.configuration;
}

export function problems(keys: string, lists?: Readonly<Record<string, string>>): readonly Problem[] {
  const loaded = load(keys, lists);
  return loaded.ok ? loaded.warnings : loaded.problems;
}

/** As they are printed, without file and code. */
export const told = (keys: string, lists?: Readonly<Record<string, string>>) =>
  problems(keys, lists).map(({ code, place, path, message }) => `${code} ${place || path}: ${message}`);
