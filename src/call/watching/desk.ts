import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { CallServices } from '../services.ts';
import type { People, UserState } from './people.ts';

/** What those who watch have in common. */
export interface WatchingDesk<Watch> {
  readonly services: CallServices;
  readonly people: People;
  /** What `watcher` may know of a user who is watched by a package; undefined: he is none any more. */
  stateFor(watcher: Trunk, user: string, event: Octets, now: Instant): UserState | undefined;
  began(watch: Watch, now: Instant): void;
  ended(watch: Watch, now: Instant): void;
}
