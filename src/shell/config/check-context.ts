import type { Listener, Trunk } from '#engine/ports';
import type { Draft } from './draft.ts';
import type { Files } from './files.ts';
import type { Path, Report } from './problems.ts';
import type { ListenerEntry, TrunkEntry } from './schema.ts';

/** What checks look at, and whom they tell. */
export interface Context {
  readonly draft: Draft;
  readonly files: Files;
  /** Ms since 1970. */
  readonly now: number;
  readonly report: Report;
}

/** One of the file's, compiled, with its place. */
export interface Placed<Entry, It> {
  readonly path: Path;
  readonly entry: Entry;
  readonly it: It;
}
export type PlacedListener = Placed<ListenerEntry, Listener>;
export type PlacedTrunk = Placed<TrunkEntry, Trunk>;
