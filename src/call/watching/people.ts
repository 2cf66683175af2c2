import type { LiveDialog } from '#codec/presence';
import type { Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';

/** What those who watch a user may know of him. */
export interface UserState {
  /** A device of his is registered, or he talks elsewhere. */
  readonly isThere: boolean;
  /** By their ids. */
  readonly dialogs: ReadonlyMap<string, LiveDialog>;
}

/** Who knows the users, and the calls that they are in. */
export interface People {
  /** Undefined: nobody has that name. */
  stateOf(user: string, now: Instant): UserState | undefined;
  /** All of his devices are registered at other nodes: these know his calls. */
  isElsewhere(user: string, now: Instant): boolean;
  /** Why whoever speaks for `watcher` may not watch a user; undefined when he may. */
  refusal(watcher: Trunk, user: string, now: Instant): string | undefined;
}
