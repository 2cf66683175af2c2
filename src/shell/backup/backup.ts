import { createHash } from 'node:crypto';
import {
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What lies in a backup, beside its files: `backup.json`. */
export interface Backup {
  readonly format: 1;
  /** Of the program that made it. */
  readonly version: string;
  /** RFC 3339. */
  readonly at: string;
  /** By name: the databases of the data directory, what lies in its `certificates`, and the configuration where it went along. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** What keeps a backup from being made or restored, for who wants it. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';
}

const manifest = 'backup.json';
/** Keys and certificates that the program has made or been given, and requests of it. */
const certificates = 'certificates';
const isDatabase = (name: string): boolean => name.endsWith('.sqlite') && basename(name) === name;
const isCertificate = (name: string): boolean =>
  name.startsWith(`${certificates}/`) && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

export interface BackupOptions {
  /** The directory of the records; a program may run on it. */
  readonly data: string;
  /** Of the configuration, which goes along. */
  readonly configuration?: string;
  /** Where it is to lie: nothing may be there. */
  readonly into: string;
  readonly version: string;
  /** Unix ms. */
  readonly now: number;
}

/**
 * Copies what a data directory keeps. Each database is one moment of it, whole and without its log, while others write: a reader's transaction is
 * all that it takes. It is there as a whole or not at all. Throws BackupFault, or the system's error.
 */
export function makeBackup({ data, configuration, into, version, now }: BackupOptions): Backup {
  const names = existsSync(data) ? readdirSync(data).filter(isDatabase).sort() : [];
  if (names.length === 0) throw new BackupFault(`there is nothing to copy in ${data}`);
  if (existsSync(into)) throw new BackupFault(`${into} exists: a backup goes where nothing is`);
  const making = `${into}.partial`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  try {
    const files: Record<string, { bytes: number; sha256: string }> = {};
    for (const name of names) {
      copyDatabase(join(data, name), join(making, name));
      files[name] = keep(join(making, name));
    }
    for (const name of certificatesIn(data)) {
      mkdirSync(dirname(join(making, name)), { recursive: true, mode: 0o700 });
      writeFileSync(join(making, name), readFileSync(join(data, name)), { mode: 0o600 });
      files[name] = keep(join(making, name));
    }
    if (configuration !== undefined) {
      const name = basename(configuration);
      if (name in files || name === manifest) throw new BackupFault(`a configuration cannot be called ${name}`);
      writeFileSync(join(making, name), readFileSync(configuration), { mode: 0o600 });
      files[name] = keep(join(making, name));
    }
    const backup: Backup = { format: 1, version, at: new Date(now).toISOString(), files };
    writeFileSync(join(making, manifest), `${JSON.stringify(backup, null, 2)}\n`, { mode: 0o600 });
    keep(join(making, manifest));
    renameSync(making, into);
    return backup;
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Puts the databases and certificates of a backup into a data directory on which no program runs. Those that are there go to `NAME.before`. Nothing
 * is touched before all of it was found to be as it was written. What comes back is what was put back: the configuration is not. Throws BackupFault, or the system's error.
 */
export function restoreBackup(from: string, data: string): Backup {
  const backup = verified(from);
  const names = Object.keys(backup.files).filter(isDatabase);
  const shelved = Object.keys(backup.files).filter(isCertificate);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const { uid, gid } = statSync(data);
  for (const name of names) {
    copyFileSync(join(from, name), join(data, `${name}.next`));
    keep(join(data, `${name}.next`));
  }
  rmSync(join(data, `${certificates}.next`), { recursive: true, force: true });
  for (const name of shelved) {
    const next = join(data, name.replace(certificates, `${certificates}.next`));
    mkdirSync(dirname(next), { recursive: true, mode: 0o700 });
    writeFileSync(next, readFileSync(join(from, name)), { mode: 0o600, flush: true });
  }
  // What stood then is of no call now.
  for (const name of readdirSync(data)) if (/^live-\d+\.journal$/.test(name)) rmSync(join(data, name));
  for (const name of names) {
    const path = join(data, name);
    if (existsSync(path)) {
      // With what its log still holds.
      mergeLog(path);
      renameSync(path, `${path}.before`);
    }
    renameSync(`${path}.next`, path);
  }
  if (shelved.length > 0) {
    rmSync(join(data, `${certificates}.before`), { recursive: true, force: true });
    if (existsSync(join(data, certificates)))
      renameSync(join(data, certificates), join(data, `${certificates}.before`));
    renameSync(join(data, `${certificates}.next`), join(data, certificates));
  }
  // Who restores may be root, who runs the program is not.
  if (process.getuid?.() === 0)
    for (const name of readdirSync(data, { recursive: true, encoding: 'utf8' })) chownSync(join(data, name), uid, gid);
  return { ...backup, files: Object.fromEntries([...names, ...shelved].map((name) => [name, backup.files[name]!])) };
}

/** Their names, from the data directory on. A file that is being written is none yet. */
function certificatesIn(data: string): readonly string[] {
  const directory = join(data, certificates);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.next'))
    .map((entry) => join(entry.parentPath, entry.name).slice(data.length).replace(/^\/+/, ''))
    .sort();
}

function verified(from: string): Backup {
  if (!existsSync(join(from, manifest))) throw new BackupFault(`${from} is no backup: there is no ${manifest} in it`);
  const backup = JSON.parse(readFileSync(join(from, manifest), 'utf8')) as Backup;
  if (backup.format !== 1) throw new BackupFault(`${from} was made by a newer version of tandem (${backup.version})`);
  for (const [name, { sha256 }] of Object.entries(backup.files)) {
    if (basename(name) !== name && !isCertificate(name))
      throw new BackupFault(`${from} names a file elsewhere: ${name}`);
    const path = join(from, name);
    if (!existsSync(path)) throw new BackupFault(`${from} is not whole: there is no ${name}`);
    if (keep(path).sha256 !== sha256) throw new BackupFault(`${path} is not as it was written`);
  }
  return backup;
}

function copyDatabase(from: string, to: string): void {
  const database = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  const mask = process.umask(0o077);
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    process.umask(mask);
    database.close();
  }
}

/** One file where there were a file and its log. */
function mergeLog(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
  for (const log of [`${path}-wal`, `${path}-shm`]) rmSync(log, { force: true });
}

/** On the disk; how large it is, and what its octets add up to. */
function keep(path: string): { bytes: number; sha256: string } {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(1 << 20);
    let bytes = 0;
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, read));
      bytes += read;
    }
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    closeSync(file);
  }
}
