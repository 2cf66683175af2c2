import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** What somebody makes of a text in the editor of his choice. Throws a Failure when that ends as if it had failed. */
export async function editText(text: string): Promise<string> {
  const editor = process.env.VISUAL || process.env.EDITOR || 'vi';
  // Passwords may stand in it: the directory is ours alone.
  const folder = mkdtempSync(join(tmpdir(), 'tandem-edit-'));
  const file = join(folder, 'tandem.yaml');
  try {
    writeFileSync(file, text, { mode: 0o600 });
    // By the shell, as git does it: an editor may come with words of its own (`code --wait`).
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Failure(`${editor} ended with ${code ?? 'a signal'}: nothing was changed.`);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
