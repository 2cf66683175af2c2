import type { Expired, ExpiryOrder } from './retention.ts';
import type { Migration } from './schema.ts';
import type { Rejected } from './writer.ts';

/** JSON of a batch of Rows and ReportRows; what to let go of; null: close the file and end. */
export type ToThread = string | ExpiryOrder | null;

export type FromThread =
  /** The file could not be opened at the start: told early, tried again with the first batch. */
  | { readonly kind: 'unopened'; readonly detail: string }
  /** Tables of an older version are being brought to this one; with `tookMs`: they are. */
  | { readonly kind: 'migration'; readonly migration: Migration; readonly tookMs?: number }
  /** The batch is on the disk, but for the rejected rows. */
  | { readonly kind: 'written'; readonly rejected: Rejected }
  /** Nothing of the batch is written. */
  | { readonly kind: 'unwritten'; readonly detail: string }
  /** What came of it, where it could be done. */
  | { readonly kind: 'expired'; readonly expired: Expired }
  /** None was. */
  | { readonly kind: 'unexpired'; readonly detail: string };
