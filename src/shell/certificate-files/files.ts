import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** What a file is to hold. */
export interface Written {
  readonly path: string;
  readonly kind: 'certificate' | 'key' | 'both';
  readonly text: string;
}

/** A file is not one that may be written; the message goes to who wanted it, and names the file as the configuration does. */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal';
}

/** Octets: no file of certificates is larger. */
const largest = 2 * 1024 * 1024;

/**
 * Puts texts in the place of files, each whole and with the rights 0600: who reads sees the old or the new. Where one cannot be written none is changed.
 * Throws a FileRefusal for what is a link, or holds anything else than certificates and keys: that is somebody else's.
 */
export function replaceFiles(files: readonly Written[]): void {
  const before = files.map((file) => ({ path: file.path, text: presentText(file) }));
  const next: { readonly path: string; readonly made: string }[] = [];
  try {
    for (const { path, text } of files) next.push({ path, made: makeBeside(path, text) });
  } catch (error) {
    for (const { made } of next) rmSync(made, { force: true });
    throw error;
  }
  let done = 0;
  try {
    for (const { path, made } of next) {
      renameSync(made, path);
      done++;
    }
  } catch (error) {
    for (const { made } of next.slice(done)) rmSync(made, { force: true });
    for (const { path, text } of before.slice(0, done))
      if (text === undefined) rmSync(path, { force: true });
      else renameSync(makeBeside(path, text), path);
    throw refusalOf(error, next[done]!.path);
  }
  for (const directory of new Set(next.map(({ path }) => dirname(path)))) syncDirectory(directory);
}

/** Why a file may not be written; undefined where it may, as far as can be seen. */
export function whyNotWritten(file: Omit<Written, 'text'>): string | undefined {
  try {
    presentText(file);
    return undefined;
  } catch (error) {
    if (error instanceof FileRefusal) return error.message;
    throw error;
  }
}

/** What stands there now; undefined: nothing does. Throws a FileRefusal where it is not a file that may be written. */
export function presentText({ path, kind }: Omit<Written, 'text'>): string | undefined {
  // Not followed: what a link leads to was named by nobody.
  const found = statOf(path);
  if (!found) return undefined;
  if (found.isSymbolicLink())
    throw new FileRefusal(
      `${path} is a symbolic link: an ACME client or the system of containers keeps it. Renew it there, and it is taken from there; or name a file of your own.`,
    );
  if (!found.isFile() || found.nlink > 1 || found.size > largest)
    throw new FileRefusal(`${path} is not a file of certificates that belongs to Tandem alone.`);
  const text = readText(path);
  const isCertificate = text.includes('-----BEGIN CERTIFICATE-----');
  const isKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
  const fits =
    kind === 'certificate'
      ? isCertificate && !isKey
      : kind === 'key'
        ? isKey && !isCertificate
        : isKey || isCertificate;
  if (!fits && text.trim() !== '')
    throw new FileRefusal(
      `${path} holds something else than a ${kind === 'key' ? 'key' : 'certificate'}: it is not written over.`,
    );
  return text;
}

/** What can be read there, by whatever way; undefined: nothing can. */
export function textOf(path: string): string | undefined {
  try {
    return (statSync(path, { throwIfNoEntry: false })?.size ?? largest + 1) > largest
      ? undefined
      : readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** Made where it is not, for nobody else. */
export function ownDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** A file beside another, for its place. */
function makeBeside(path: string, text: string): string {
  const made = `${path}.${randomBytes(6).toString('hex')}.next`;
  try {
    // Fails where something stands there already.
    const file = openSync(made, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    rmSync(made, { force: true });
    throw refusalOf(error, path);
  }
  return made;
}

function statOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw refusalOf(error, path);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    throw refusalOf(error, path);
  }
}

function refusalOf(error: unknown, path: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const why = reasons[code];
  return why === undefined ? error : new FileRefusal(`${path} cannot be written: ${why}`);
}

const elsewhere = 'or have it kept with the records, which needs an edit of the configuration.';
const reasons: Readonly<Record<string, string>> = {
  EACCES: `the user that runs the program may not. Let it write in that directory, ${elsewhere}`,
  EPERM: `the user that runs the program may not. Let it write in that directory, ${elsewhere}`,
  EROFS: `it lies on a file system that is read-only. Renew it where it comes from, ${elsewhere}`,
  ENOENT: `its directory is not there. Make it, ${elsewhere}`,
  ENOTDIR: `its directory is not there. Make it, ${elsewhere}`,
  ENOSPC: 'the disk is full.',
  EDQUOT: 'the disk is full.',
};

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
