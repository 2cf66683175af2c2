import type { LiveDialog } from '#codec/presence';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { CallServices, TrunkTarget } from '../services.ts';

/** What those who watch a user may know of him. */
export interface UserState {
  /** A device of his is registered, or he talks elsewhere. */
  readonly isThere: boolean;
  readonly talks: boolean;
  /** By their ids. */
  readonly dialogs: ReadonlyMap<string, LiveDialog>;
}

/** Where another node is asked about a user. */
export interface Vantage {
  /** It, as a trunk of ours. */
  readonly trunk: Trunk;
  /** Called so, it knows who is meant; `device` is given. */
  readonly target: TrunkTarget;
  /** In whose name it is asked, a From without a tag. */
  readonly from: Octets;
}

/** Who knows the users, and the calls that they are in. */
export interface People {
  /** Undefined: nobody has that name. `isHere`: of what other nodes have told, nothing. */
  stateOf(user: string, isHere: boolean, now: Instant): UserState | undefined;
  /** The other nodes that calls of his may pass. */
  nodesOf(user: string, now: Instant): readonly string[];
  /** Undefined while that node lives no more. */
  vantage(node: string, user: string, now: Instant): Vantage | undefined;
  /** Why whoever speaks for `watcher` may not watch a user; undefined when he may. */
  refusal(watcher: Trunk, user: string, now: Instant): string | undefined;
}

/** What those who look from another node have in common. */
export interface LookoutDesk {
  readonly services: CallServices;
  readonly people: People;
  /** Something else is to be seen of a user. `isFirst`: it is the first that was seen from there. */
  seen(user: string, event: Octets, isFirst: boolean, now: Instant): void;
}
