import type { Call, Calling, People, UserState, Vantage } from '#call';
import type { LiveDialog } from '#codec/presence';
import type { Instant } from '#kernel';
import type { Trunk, User } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import { devicesKey } from '../kept.ts';
import type { Users } from './users.ts';

/** A call, as far as it tells who is in it. */
interface SeenCall extends Pick<Call, 'id' | 'caller' | 'called'> {
  readonly source: Trunk;
  readonly phase: Call['phase'];
  readonly calling: Calling | undefined;
  readonly talking: readonly { readonly trunk: Trunk; readonly side: 'a' | 'b'; readonly flow: Flow }[];
}

type Known = Pick<Users, 'directory' | 'watchers' | 'isRegistered' | 'isHere' | 'isNode' | 'nodesOf' | 'vantage'>;

/** A user in a call. */
interface PartOf extends LiveDialog {
  readonly user: string;
  /** By way of another node, which tells those who watch. */
  readonly isFar: boolean;
}

/**
 * Who is in a call: users whose devices call, ring or talk, and those whose number talks by way of a mobile carrier's trunk.
 */
function usersIn(call: SeenCall, { directory, isNode }: Pick<Known, 'directory' | 'isNode'>): readonly PartOf[] {
  const { id, source, caller, called, phase, calling, talking } = call;
  const parts: PartOf[] = [];
  const take = (user: User | undefined, side: 'a' | 'b', state: LiveDialog['state'], isFar = false) => {
    const direction = side === 'a' ? 'initiator' : 'recipient';
    if (user) parts.push({ user: user.name, id: `${id}${side}`, direction, state, isFar });
  };
  if (phase === 'setup') {
    const state = calling?.rings ? 'early' : 'trying';
    take(source.user, 'a', state);
    const targets = calling ? [calling.at, ...(calling.at.together ?? [])] : [];
    const isFar = targets.every(({ remote }) => isNode(remote.host));
    take(calling?.trunk.user, 'b', state, isFar);
  }
  for (const { trunk, side, flow } of talking) {
    const user = trunk.user ?? (trunk.mobile ? directory.find(side === 'a' ? caller : called) : undefined);
    take(user, side, 'confirmed', trunk.by !== undefined || isNode(flow.remote.host));
  }
  return parts;
}

/** Ms for which what is to be seen is kept when nobody watches: who asks once asks again, and all calls are many. */
const remembered = 60_000;

/** What is to be seen of users: kept up by what becomes of calls, as long as somebody watches. */
export class Presence implements People {
  readonly #calls: ReadonlyMap<string, SeenCall>;
  readonly #users: Known;
  /** Undefined: nobody watches. */
  #seen:
    | { readonly calls: Map<string, readonly PartOf[]>; readonly users: Map<string, Map<string, LiveDialog>> }
    | undefined;
  #askedAt = 0;
  /** Calls, and devices of users, of which something has become. */
  readonly #touched = new Set<string>();

  constructor(calls: ReadonlyMap<string, SeenCall>, users: Known) {
    this.#calls = calls;
    this.#users = users;
  }

  /** Who talks, counted from the live calls, so that nobody stays in one that has ended. */
  get inCalls(): ReadonlySet<string> {
    const inCalls = new Set<string>();
    for (const call of this.#calls.values())
      for (const { user, state } of usersIn(call, this.#users)) if (state === 'confirmed') inCalls.add(user);
    return inCalls;
  }

  /** Something is kept anew, or no longer. */
  touched(id: string): void {
    if (this.#seen) this.#touched.add(id);
  }

  /** Those users who may be seen otherwise than before. `isWatched`: somebody watches yet. */
  settle(isWatched: boolean, now: Instant): ReadonlySet<string> {
    if (!isWatched && now.mono - this.#askedAt > remembered) this.#seen = undefined;
    if (this.#touched.size === 0) return nobody;
    const users = new Set<string>();
    for (const id of this.#touched) {
      if (id.startsWith(devicesKey)) users.add(id.slice(devicesKey.length));
      else if (this.#seen) this.#look(id, users);
    }
    this.#touched.clear();
    return users;
  }

  /** Looks at one call anew. */
  #look(id: string, changed: Set<string>): void {
    const seen = this.#seen!;
    const call = this.#calls.get(id);
    const before = seen.calls.get(id) ?? [];
    const after = call ? usersIn(call, this.#users).filter(({ isFar }) => !isFar) : [];
    if (before.length === 0 && after.length === 0) return;
    if (after.length > 0) seen.calls.set(id, after);
    else seen.calls.delete(id);
    for (const { user, id: dialog } of before) {
      changed.add(user);
      const dialogs = seen.users.get(user);
      if (dialogs?.delete(dialog) && dialogs.size === 0) seen.users.delete(user);
    }
    for (const { user, isFar: _, ...dialog } of after) {
      changed.add(user);
      const dialogs = seen.users.get(user);
      if (dialogs) dialogs.set(dialog.id, dialog);
      else seen.users.set(user, new Map([[dialog.id, dialog]]));
    }
  }

  // --- for those who watch -----------------------------------------------------------------------------------------

  stateOf(name: string, isHere: boolean, now: Instant): UserState | undefined {
    const user = this.#users.directory.named(name);
    if (!user) return undefined;
    this.#askedAt = now.mono;
    if (!this.#seen) {
      this.#seen = { calls: new Map(), users: new Map() };
      for (const id of this.#calls.keys()) this.#look(id, new Set());
    }
    const dialogs = this.#seen.users.get(name) ?? none;
    const isThere = dialogs.size > 0 || (isHere ? this.#users.isHere(user, now) : this.#users.isRegistered(user, now));
    const talks = [...dialogs.values()].some(({ state }) => state === 'confirmed');
    return { isThere, talks, dialogs };
  }

  nodesOf(name: string, now: Instant): readonly string[] {
    const user = this.#users.directory.named(name);
    return user ? this.#users.nodesOf(user, now) : [];
  }

  vantage(node: string, name: string, now: Instant): Vantage | undefined {
    const user = this.#users.directory.named(name);
    return user && this.#users.vantage(node, user, now);
  }

  refusal(watcher: Trunk, name: string, now: Instant): string | undefined {
    const { user: own } = watcher;
    // Another node has asked already whether he may.
    if (own?.name === name || watcher.node !== undefined) return undefined;
    const watchers = this.#users.watchers(name);
    if (watchers === 'nobody') return 'nobody may watch him';
    if (watchers !== 'users' && !watchers.includes(watcher.name)) return 'others may watch him';
    if (own ? this.#users.isRegistered(own, now) : watchers !== 'users') return undefined;
    return 'those who watch have to be registered';
  }
}

const nobody: ReadonlySet<string> = new Set();
const none: ReadonlyMap<string, LiveDialog> = new Map<string, LiveDialog>();
