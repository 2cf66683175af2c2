import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { havePackages } from '../../../scripts/with-packages.ts';
import { commandLine } from '../command-line.ts';
import { candidates } from './candidates.ts';
import { scripts, shells } from './scripts.ts';

let program: Command;
beforeAll(async () => {
  program = await commandLine();
});
const words = (line: string) => {
  const all = line.split(' ');
  return candidates(program, all.slice(0, -1), all.at(-1)!);
};
const names = (line: string) => words(line).words.map(({ word }) => word);

describe('what fits where the cursor is', () => {
  test('commands, and those below them; not what is hidden', () => {
    expect(names('con')).toEqual(['config']);
    expect(names('')).toEqual(expect.arrayContaining(['run', 'check', 'trunk', 'ladder', 'doctor', 'completion']));
    expect(names('')).not.toContain('__complete');
    expect(names('config ro')).toEqual(['rollback']);
    expect(words('config ro').words[0]!.about).toContain('go back');
  });

  test('options, and the values that they take', () => {
    expect(names('call list --f')).toEqual(['--follow']);
    expect(names('call list -o ')).toEqual(['table', 'json', 'yaml', 'ndjson']);
    expect(names('call list --output y')).toEqual(['yaml']);
    expect(names('call list --phase ')).toEqual(['setup', 'answered']);
    expect(names('trunk list --js')).toEqual([]);
  });

  test('names that the running program knows, and files', () => {
    expect(words('trunk show ')).toMatchObject({ known: 'trunks' });
    expect(words('route test tandem.yaml --user ')).toMatchObject({ known: 'users' });
    expect(words('init --user ')).not.toHaveProperty('known');
    expect(words('account set ')).toMatchObject({ known: 'accounts' });
    expect(words('account invite ')).not.toHaveProperty('known');
    expect(words('webhook test ')).toMatchObject({ known: 'webhooks' });
    expect(words('trunk show itsp ')).toMatchObject({ files: true });
    expect(words('call list --trunk ')).toMatchObject({ known: 'trunks' });
    expect(words('ladder ')).toMatchObject({ known: 'calls' });
    expect(words('ladder 7f3a --pcap ')).toMatchObject({ files: true });
    expect(words('call end 7f3a ')).toMatchObject({ known: 'calls' });
    expect(words('check ')).toMatchObject({ files: true });
    expect(words('completion ')).toMatchObject({
      files: false,
      words: [{ word: 'bash' }, { word: 'zsh' }, { word: 'fish' }],
    });
    expect(words('config set a b ')).toMatchObject({ files: false, words: [] });
  });
});

/** A program that answers as ours does. */
const fake = `tandem() { [ "$1" = __complete ] || return 1; shift 2; printf '%s\\tabout it\\n' "asked:$*" itsp-a itsp-b; [ "$1" = check ] && echo ':files'; return 0; }`;
const has = (shell: string) => havePackages([shell]);

describe('the shells', () => {
  test.runIf(has('bash'))('bash completes by it', () => {
    const { stdout, stderr } = spawnSync(
      'bash',
      [
        '--norc',
        '-c',
        `${fake}\n${scripts.bash}\nCOMP_WORDS=(tandem trunk show 'it'); COMP_CWORD=3; _tandem; printf '%s\\n' "\${COMPREPLY[@]}"; COMP_WORDS=(tandem check 'package.j'); COMP_CWORD=2; _tandem; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p tandem`,
      ],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      ...['asked:trunk show it', 'itsp-a', 'itsp-b'],
      ...['asked:check package.j', 'itsp-a', 'itsp-b', 'package.json'],
      ...['complete -F _tandem tandem', ''],
    ]);
  });

  test.runIf(has('zsh'))('zsh takes it', () => {
    expect(spawnSync('zsh', ['-n'], { input: scripts.zsh, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test.runIf(has('fish'))('fish takes it', () => {
    // It reads no script from a pipe.
    const directory = mkdtempSync(join(tmpdir(), 'tandem-fish-'));
    const file = join(directory, 'tandem.fish');
    writeFileSync(file, scripts.fish);
    const { status, stderr } = spawnSync('fish', ['-n', file], { encoding: 'utf8' });
    rmSync(directory, { recursive: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('each is told how to use it', () => {
    for (const shell of shells) expect(scripts[shell]).toContain(`tandem completion ${shell}`);
  });
});
