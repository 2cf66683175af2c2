import type { Socket } from 'node:net';
import type { CallRecord, ReceivedReport } from '#engine/ports';

/** What is followed: the engine's, and what its shells know. */
export interface Followed {
  /** From here on `changed` tells of which calls something has become; gives those that stand. */
  follow(): readonly string[];
  unfollow(): void;
  changed(): Iterable<string>;
  /** Undefined: it is over, and its record tells of it. */
  call(id: string): object | undefined;
  trunkNames(): readonly string[];
  trunk(name: string): object | undefined;
  /** All else, by name: told when it is otherwise than before. */
  house(): Readonly<Record<string, unknown>>;
}

export const followLimits = {
  /** Who follows at once: the management process, and whoever looks for a fault. */
  followers: 4,
  /** Ms in which changes are gathered. */
  pause: 250,
  /** Calls, or records, that are told in one turn of the event loop. */
  page: 200,
  /** Trunks that are looked at in each pause. */
  trunks: 250,
  /** Pauses between two looks at all else. */
  house: 4,
  /** Octets that may wait in a socket before no more are given to it. */
  backlog: 1_000_000,
  /** Records that may wait for one who does not read; and ms that one may not. Beyond either he is cut off, and may come again. */
  records: 20_000,
  /** Reports of peers that may wait. */
  reports: 1_000,
  patience: 10_000,
} as const;

/** Who follows, and what he is still to be told. All of it is by name, and looked at when it is told: it can't grow with time. */
interface Follower {
  readonly socket: Socket;
  /** Those of the beginning come first. */
  readonly calls: Set<string>;
  readonly trunks: Set<string>;
  readonly house: Set<string>;
  records: CallRecord[];
  /** Reports of peers. */
  reports: ReceivedReport[];
  /** Calls of the beginning that are to be told; then `current` is. Undefined: it has been. */
  left: number | undefined;
  /** Since when nothing could be written, monotonic ms. */
  stuck: number | undefined;
  isWriting: boolean;
}

/**
 * Those who follow what happens (docs/status-socket.md): first all that stands, in pages, then what changes. While there are none it costs
 * nothing; no page is longer than a call may be kept waiting.
 */
export class Followers {
  readonly #followed: Followed;
  readonly #wall: () => number;
  readonly #followers = new Set<Follower>();
  /** What was told last, as JSON. */
  readonly #trunks = new Map<string, string>();
  readonly #house = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  /** Trunks whose turn comes yet. */
  #round: readonly string[] = [];
  #pauses = 0;

  constructor(followed: Followed, wall: () => number) {
    this.#followed = followed;
    this.#wall = wall;
  }

  /** False: there are too many. From here on nothing else is written to the socket. */
  add(socket: Socket): boolean {
    if (this.#followers.size >= followLimits.followers) return false;
    const calls = new Set(this.#followed.follow());
    this.#lookAtTrunks(this.#followed.trunkNames());
    this.#lookAtHouse();
    const follower: Follower = {
      socket,
      calls,
      trunks: new Set(this.#trunks.keys()),
      house: new Set(this.#house.keys()),
      records: [],
      reports: [],
      left: calls.size,
      stuck: undefined,
      isWriting: false,
    };
    this.#followers.add(follower);
    socket.on('close', () => this.#gone(follower));
    socket.on('drain', () => this.#write(follower));
    this.#tell(follower, { kind: 'begin', calls: calls.size });
    this.#write(follower);
    this.#timer ??= setInterval(() => this.#look(), followLimits.pause);
    return true;
  }

  /** A call has ended. */
  ended(record: CallRecord): void {
    for (const follower of this.#followers) {
      follower.records.push(record);
      if (follower.records.length > followLimits.records) follower.socket.destroy();
    }
  }

  /** A peer has told of the voice of a call. Figures alone are made of it here: what one does not read in time he does without. */
  reported(report: ReceivedReport): void {
    for (const { reports } of this.#followers) if (reports.length < followLimits.reports) reports.push(report);
  }

  #gone(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#followed.unfollow();
    this.#trunks.clear();
    this.#house.clear();
  }

  #look(): void {
    const changed = [...this.#followed.changed()];
    if (this.#round.length === 0) this.#round = this.#followed.trunkNames();
    const turn = this.#round.slice(0, followLimits.trunks);
    this.#round = this.#round.slice(followLimits.trunks);
    this.#lookAtTrunks(turn);
    if (++this.#pauses % followLimits.house === 0) {
      this.#lookAtHouse();
      this.#forgetTrunks();
    }
    for (const follower of this.#followers) {
      for (const call of changed) follower.calls.add(call);
      this.#write(follower);
      // Who hears nothing else hears this: that he is told all there is.
      if (follower.left === undefined && follower.stuck === undefined) this.#tell(follower, { kind: 'at' });
    }
  }

  #lookAtTrunks(names: readonly string[]): void {
    for (const name of names) {
      const json = JSON.stringify(this.#followed.trunk(name));
      if (json === undefined || json === this.#trunks.get(name)) continue;
      this.#trunks.set(name, json);
      for (const { trunks } of this.#followers) trunks.add(name);
    }
  }

  #forgetTrunks(): void {
    for (const name of this.#trunks.keys()) {
      if (this.#followed.trunk(name) !== undefined) continue;
      this.#trunks.delete(name);
      for (const { trunks } of this.#followers) trunks.add(name);
    }
  }

  #lookAtHouse(): void {
    for (const [name, value] of Object.entries(this.#followed.house())) {
      const json = JSON.stringify(value) ?? 'null';
      if (json === this.#house.get(name)) continue;
      this.#house.set(name, json);
      for (const { house } of this.#followers) house.add(name);
    }
  }

  /** As much as the socket takes, a page a turn. */
  #write(follower: Follower): void {
    const { socket } = follower;
    if (follower.isWriting || !socket.writable) return;
    if (socket.writableLength > followLimits.backlog) {
      follower.stuck ??= performance.now();
      if (performance.now() - follower.stuck > followLimits.patience) socket.destroy();
      return;
    }
    follower.stuck = undefined;
    if (!this.#page(follower)) return;
    follower.isWriting = true;
    setImmediate(() => {
      follower.isWriting = false;
      this.#write(follower);
    });
  }

  /** False: nothing is left to be told. */
  #page(follower: Follower): boolean {
    const { house, trunks, calls, records } = follower;
    if (house.size > 0) {
      const parts = [...house].map((name) => `${JSON.stringify(name)}:${this.#house.get(name)}`);
      house.clear();
      this.#raw(follower, 'house', `"house":{${parts.join(',')}}`);
      return true;
    }
    if (trunks.size > 0) {
      const some = taken(trunks);
      const gone = some.filter((name) => !this.#trunks.has(name));
      const known = some.flatMap((name) => this.#trunks.get(name) ?? []);
      const left = gone.length > 0 ? `,"gone":${JSON.stringify(gone)}` : '';
      this.#raw(follower, 'trunks', `"trunks":[${known.join(',')}]${left}`);
      return true;
    }
    if (calls.size > 0) {
      const some = taken(calls);
      const found: object[] = [];
      const over: string[] = [];
      for (const id of some) {
        const call = this.#followed.call(id);
        if (call) found.push(call);
        else over.push(id);
      }
      const gone = over.length > 0 ? `,"gone":${JSON.stringify(over)}` : '';
      this.#raw(follower, 'calls', `"calls":${JSON.stringify(found)}${gone}`);
      if (follower.left !== undefined) follower.left = Math.max(0, follower.left - some.length);
    }
    if (follower.left === 0) {
      follower.left = undefined;
      this.#tell(follower, { kind: 'current' });
    }
    if (calls.size > 0) return true;
    if (follower.reports.length > 0) {
      this.#raw(follower, 'reported', `"reports":${JSON.stringify(follower.reports.splice(0, followLimits.page))}`);
      return true;
    }
    if (records.length === 0) return false;
    const some = records.slice(0, followLimits.page);
    follower.records = records.slice(followLimits.page);
    this.#raw(follower, 'ended', `"records":${JSON.stringify(some)}`);
    return true;
  }

  #tell(follower: Follower, what: object): void {
    follower.socket.write(`${JSON.stringify({ ...what, at: this.#wall() })}\n`);
  }

  #raw({ socket }: Follower, kind: string, rest: string): void {
    socket.write(`{"kind":"${kind}","at":${this.#wall()},${rest}}\n`);
  }
}

/** The first of them, which are in the set no more. */
function taken(names: Set<string>): readonly string[] {
  const some: string[] = [];
  for (const name of names) {
    some.push(name);
    names.delete(name);
    if (some.length === followLimits.page) break;
  }
  return some;
}
