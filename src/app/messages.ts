import type { PackedConfiguration } from '#engine/ports';
import type { LogLevel } from '#shell/log';
import type { Restarts } from './kept-process.ts';

/** What the supervisor and its processes tell each other over the channel that Node gives to child processes. */

export type ToSignalling =
  /** First. `mediaSocket`: the control socket of the media process, absent when none takes part. */
  | { readonly kind: 'start'; readonly configuration: PackedConfiguration; readonly mediaSocket?: string }
  /** How often each process had to be started again, by name: at the start, and when one was. For who asks. */
  | { readonly kind: 'restarts'; readonly processes: ProcessRestarts }
  /** Another configuration holds, of which nothing needs a restart; it answers `configured`. */
  | { readonly kind: 'configure'; readonly configuration: PackedConfiguration }
  /** What is written to the log, from here on. */
  | LogLevelOrder
  /** Does its event loop turn? It answers `pong`. */
  | { readonly kind: 'ping' }
  /** Take no new calls, end with status 0 when the last one has ended. */
  | { readonly kind: 'drain' }
  /** End every call now. */
  | { readonly kind: 'stop' };

export type ToManagement =
  /** First. `file`, `node`: what `tandem run` was told. */
  | {
      readonly kind: 'start';
      readonly configuration: PackedConfiguration;
      readonly file: string;
      readonly node?: string;
    }
  /** What came of `reload`. */
  | { readonly kind: 'reloaded'; readonly id: number; readonly taken: boolean; readonly text: string }
  | LogLevelOrder
  /** Of all processes, by name: at the start, and when one was changed. */
  | { readonly kind: 'log-levels'; readonly levels: LogLevels }
  /** What holds from now on. */
  | { readonly kind: 'configured'; readonly configuration: PackedConfiguration }
  | { readonly kind: 'ping' }
  /** End: what is under way may be answered. */
  | { readonly kind: 'stop' };

export type FromManagement =
  | { readonly kind: 'pong' }
  /** The API listens. */
  | { readonly kind: 'ready' }
  /** What a process, or each, is to write to the log. */
  | { readonly kind: 'log-level'; readonly level: LogLevel; readonly process?: string }
  /** A line for the operator. */
  | { readonly kind: 'say'; readonly line: string }
  /** Read the configuration again. `restart`: the signalling process may be started again for it. */
  | {
      readonly kind: 'reload';
      readonly id: number;
      readonly restart: boolean;
      readonly acknowledged: readonly string[];
    };

export type LogLevels = Readonly<Record<string, LogLevel>>;

/** The media process hears it too. */
export interface LogLevelOrder {
  readonly kind: 'log-level';
  readonly level: LogLevel;
}

export type ProcessRestarts = Readonly<Record<string, Restarts>>;

export type FromSignalling =
  | { readonly kind: 'pong' }
  /** The listeners are open, and the media process has greeted where one takes part. */
  | { readonly kind: 'ready'; readonly calls: number }
  | { readonly kind: 'configured' }
  /** As it was told to, and with all calls ended: it shall not be started again. */
  | { readonly kind: 'ending' }
  /** The process will end with `notStarted`: the reason, for the operator. */
  | { readonly kind: 'not-started'; readonly reason: string };
