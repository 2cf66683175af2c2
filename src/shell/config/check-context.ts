import type { Listener, Trunk } from '#engine/ports';
import type { Draft } from './draft.ts';
import type { Files } from './files.ts';
import type { Path, Report, ReportIn } from './problems.ts';
import type { ListenerEntry, TrunkEntry } from './schema.ts';

/** What checks look at, and whom they tell. */
export interface Context {
  readonly draft: Draft;
  /** As it is written, what is not sound too. */
  readonly tree: unknown;
  readonly files: Files;
  /** Ms since 1970. */
  readonly now: number;
  readonly report: Report;
  readonly reportIn: ReportIn;
}

/** One of the file's, compiled, with its place. */
export interface Placed<Entry, It> {
  readonly path: Path;
  readonly entry: Entry;
  readonly it: It;
}
export type PlacedListener = Placed<ListenerEntry, Listener>;
export type PlacedTrunk = Placed<TrunkEntry, Trunk>;

/** Whether the file says anything of a top-level key, soundly or not. */
export function says({ tree }: Context, key: string): boolean {
  return (tree as Record<string, unknown>)[key] !== undefined;
}
