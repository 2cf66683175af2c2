import type { SQLOutputValue } from 'node:sqlite';

/** A list of sites as a column: NULL for all. */
export function writeSites(sites: readonly string[] | undefined): string | null {
  return sites === undefined ? null : JSON.stringify(sites);
}

export function readSites(column: SQLOutputValue | undefined): readonly string[] | undefined {
  return typeof column === 'string' ? (JSON.parse(column) as string[]) : undefined;
}
