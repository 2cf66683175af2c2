import type { Call, Passing } from '#call';
import type { Deadlines, Instant } from '#kernel';
import type { Occupancy, Room } from '#policy/admission';
import type { Configuration } from '#policy/configuration';
import type { Decisions } from './decisions/decisions.ts';
import type { Emergencies } from './emergencies.ts';
import type { MediaDesk } from './media-desk.ts';
import type { Quality } from './quality/quality.ts';
import type { Reception } from './reception.ts';
import type { Trunks } from './trunks/trunks.ts';
import type { Presence } from './users/presence.ts';
import type { UserPage, Users } from './users/users.ts';

/** What is looked at. */
interface Parts {
  readonly engine: {
    readonly configuration: Configuration;
    readonly transactions: {
      inspect(): unknown;
      readonly size: number;
      readonly counts: Readonly<Record<string, number>>;
    };
    readonly dialogs: { readonly size: number };
    readonly deadlines: Pick<Deadlines<never>, 'size'>;
    readonly flows: { readonly size: number };
    readonly occupancy: Occupancy;
    readonly room: Room;
    readonly trunks: Trunks;
    readonly users: Users;
    readonly help: Emergencies | undefined;
    readonly decisions: Decisions;
    readonly quality: Pick<Quality, 'inspect'>;
  };
  readonly calls: ReadonlyMap<string, Call>;
  readonly passing: Pick<Passing, 'inspect' | 'subscriptions'>;
  readonly media: Pick<MediaDesk, 'size'>;
  readonly presence: Presence;
  readonly reception: Reception;
  readonly now: () => Instant;
  readonly isDraining: () => boolean;
}

/** What stands, as plain data, for people; and, while somebody follows it, which calls have changed. */
export class Standing {
  readonly #parts: Parts;
  /** Undefined: nobody follows. */
  #touched: Set<string> | undefined;
  /** Empty: several calls. */
  #ofTurn: string | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  // --- followed ----------------------------------------------------------------------------------------------------

  /** From here on `changed` tells which calls something has become of. Gives those that stand. */
  follow(): readonly string[] {
    this.#touched ??= new Set();
    return [...this.#parts.calls.keys()];
  }

  /** Nobody wants to know any more. */
  unfollow(): void {
    this.#touched = undefined;
  }

  touched(call: string): void {
    this.#touched?.add(call);
    if (this.#ofTurn === undefined) this.#ofTurn = call;
    else if (this.#ofTurn !== call) this.#ofTurn = '';
  }

  /** A turn begins. */
  turn(): void {
    this.#ofTurn = undefined;
  }

  /** The call that the last turn had to do with; undefined: none, or several. */
  get ofTurn(): string | undefined {
    return this.#ofTurn === '' ? undefined : this.#ofTurn;
  }

  /** Calls of which something has become since this was asked last. Some may not be there any more, others may be none. */
  changed(): ReadonlySet<string> {
    const touched = this.#touched;
    if (!touched || touched.size === 0) return nothing;
    this.#touched = new Set();
    return touched;
  }

  /** Undefined: it does not stand, or has ended, and its record tells of it. */
  call(id: string): Record<string, unknown> | undefined {
    const call = this.#parts.calls.get(id);
    return call && call.phase !== 'ended' ? call.inspect() : undefined;
  }

  trunkNames(): readonly string[] {
    return this.#parts.engine.trunks.names;
  }

  /** As `inspectTrunks` has it. Undefined: it is not there any more. */
  trunk(name: string): Record<string, unknown> | undefined {
    const { engine, now } = this.#parts;
    return engine.trunks.inspectOne(name, now(), engine.occupancy.count(name));
  }

  /** All else that is followed: little enough to be looked at every second. */
  house(): Record<string, unknown> {
    const { engine, reception, now, isDraining } = this.#parts;
    return {
      links: engine.room.inspect(),
      limits: engine.occupancy.inspect(),
      nodes: engine.users.nodes(now()),
      bans: newest(reception.inspectBans(now())),
      overload: reception.overload.inspect(),
      draining: isDraining(),
    };
  }

  /** How much there is of what has no name: for who counts. */
  counts(): Record<string, unknown> {
    const { engine, calls, passing, media, reception } = this.#parts;
    return {
      transactions: { standing: engine.transactions.size, ...engine.transactions.counts },
      calls: calls.size,
      dialogs: engine.dialogs.size,
      deadlines: engine.deadlines.size,
      flows: engine.flows.size,
      subscriptions: passing.subscriptions().length,
      mediaRequests: media.size,
      devices: engine.users.registered,
      decisions: engine.decisions.inspect(),
      quality: engine.quality.inspect(),
      banned: reception.unwanted.banned,
    };
  }

  /** A page of those who have devices here, or are in a call. */
  users(page: UserPage): ReturnType<Users['page']> {
    const { engine, presence, now } = this.#parts;
    return engine.users.page(page, now(), (user) => engine.occupancy.count(user), presence.inCalls);
  }

  bans(): readonly Record<string, unknown>[] {
    return this.#parts.reception.inspectBans(this.#parts.now());
  }

  // --- asked -------------------------------------------------------------------------------------------------------

  inspect(): Record<string, unknown> {
    const { engine, calls, passing, media, presence, reception, now, isDraining } = this.#parts;
    return {
      calls: [...calls.values()].map((call) => call.inspect()),
      ...this.inspectTrunks(),
      users: engine.users.inspect(now(), (user) => engine.occupancy.count(user), presence.inCalls),
      transactions: engine.transactions.inspect(),
      passing: passing.inspect(),
      dialogs: engine.dialogs.size,
      deadlines: engine.deadlines.size,
      flows: engine.flows.size,
      mediaRequests: media.size,
      decisions: engine.decisions.inspect(),
      overload: reception.overload.inspect(),
      draining: isDraining(),
      ...(engine.help ? { emergency: engine.help.inspect(now()) } : {}),
    };
  }

  /** Calls whose ids begin so, with all that was decided about them until now. */
  traces(start: string): readonly object[] {
    return [...this.#parts.calls.values()].flatMap((call) => (call.id.startsWith(start) ? [call.trace()] : []));
  }

  /** What stands of trunks, of the names they go by, and of those who are kept out. */
  inspectTrunks(): Record<string, unknown> {
    const { engine, reception, now } = this.#parts;
    return {
      trunks: engine.trunks.inspect(now(), (trunk) => engine.occupancy.count(trunk)),
      names: engine.trunks.lookedUp(),
      links: engine.room.inspect(),
      limits: engine.occupancy.inspect(),
      nodes: engine.users.nodes(now()),
      bans: reception.inspectBans(now()),
    };
  }
}

const nothing: ReadonlySet<string> = new Set();

/** Of an attack by many the last tell enough. */
const mostBans = 100;

function newest(bans: readonly Record<string, unknown>[]): Record<string, unknown> {
  // A clock that is set by little would make others of them.
  const some = bans.slice(-mostBans).map((ban) => ({ ...ban, since: toSecond(ban.since), until: toSecond(ban.until) }));
  return { count: bans.length, newest: some };
}

function toSecond(time: unknown): string {
  return `${String(time).slice(0, 19)}Z`;
}
