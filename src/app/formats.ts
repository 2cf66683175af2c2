import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { historyFormat } from '#shell/config-history';
import { managementFormat } from '#shell/management-store';
import { recordsFormat } from '#shell/store';

/** What is kept, and up to which form of its tables this version knows it. */
const kept: readonly (readonly [file: string, knows: number])[] = [
  ['records.sqlite', recordsFormat],
  ['management.sqlite', managementFormat],
  ['configurations.sqlite', historyFormat],
];

/**
 * Why this version may not run on a directory of records: a newer one has. Calls would be taken, and nobody could sign in or find them. Looked at before
 * anything is opened for writing. Undefined: it may.
 */
export function writtenByNewer(directory: string): string | undefined {
  const newer = kept.flatMap(([file, knows]) => {
    const found = formatOf(join(directory, file));
    return found !== undefined && found > knows ? [`${file} (format ${found}, this version knows ${knows})`] : [];
  });
  if (newer.length === 0) return undefined;
  return (
    `what is kept in ${directory} was written by a newer version of tandem: ${newer.join(', ')}. Nothing was touched.\n` +
    '  Run that version; or put back what was backed up before the upgrade: tandem restore BACKUP (docs/upgrade.md).'
  );
}

/** Undefined: there is none, or it cannot be read; who opens it says why. */
export function formatOf(path: string): number | undefined {
  try {
    // What was written last is in the log, where there is one. Else it is read from the file itself: SQLite would leave files beside it.
    if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return asked(path);
    const head = Buffer.alloc(64);
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
    // The file format of SQLite, 1.3: the user version is at 60.
    return head.toString('latin1', 0, 15) === 'SQLite format 3' ? head.readUInt32BE(60) : undefined;
  } catch {
    return undefined;
  }
}

function asked(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
  try {
    return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
  } finally {
    database.close();
  }
}
