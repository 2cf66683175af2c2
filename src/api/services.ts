import type { Configuration } from '#engine/ports';
import type { StatusAnswer } from '#shell/status-link';
import type { RecordReader } from '#shell/store';

/** What the API is made of; the management process gives it, tests give their own. */
export interface Services {
  readonly version: string;
  /** Unix ms. */
  readonly wall: () => number;
  /** Asks the signalling process (docs/status-socket.md). Rejects with a StatusFailure. */
  ask(query: string, more?: object): Promise<StatusAnswer>;
  /** What holds now. */
  readonly configuration: () => Configuration;
  /** The records, as they are written; undefined while there are none. */
  readonly records: () => RecordReader | undefined;
}
