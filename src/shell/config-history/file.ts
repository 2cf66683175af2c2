import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file anew as a whole: whoever reads it sees the old text or the new one. Links and rights stay. Throws the system's error. */
export function replaceFile(path: string, text: string): void {
  const real = realpathSync(path);
  const next = `${real}.next`;
  const file = openSync(next, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
    chmodSync(next, statSync(real).mode & 0o7777);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(next, real);
  const directory = openSync(dirname(real), 'r');
  fsyncSync(directory);
  closeSync(directory);
}
