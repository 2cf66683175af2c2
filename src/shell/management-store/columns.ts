import type { SQLOutputValue } from 'node:sqlite';

/** A list of names as a column: NULL for all. */
export function writeNames(names: readonly string[] | undefined): string | null {
  return names === undefined ? null : JSON.stringify(names);
}

export function readNames(column: SQLOutputValue | undefined): readonly string[] | undefined {
  return typeof column === 'string' ? (JSON.parse(column) as string[]) : undefined;
}
