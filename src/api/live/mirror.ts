import type { CallRecord, ReceivedReport } from '#engine/ports';
import { toText } from '#kernel';
import { Journal, type LiveEvent } from './journal.ts';
import type { LiveCall, LiveHouse, LiveTrunk, MirrorState } from './told.ts';
import { Traffic } from './traffic.ts';

/** Ended calls whose records may not be on the disk yet. */
const mostEnded = 5_000;

/** What stands and happens in the signalling process, as far as it was told: it is asked here as often as anybody likes. */
export class Mirror {
  readonly calls = new Map<string, LiveCall>();
  readonly trunks = new Map<string, LiveTrunk>();
  /** Those that ended last. */
  readonly ended = new Map<string, CallRecord>();
  readonly traffic: Traffic;
  readonly journal: Journal;
  readonly #hearers: ((reports: readonly ReceivedReport[]) => void)[] = [];
  #house: LiveHouse = {};
  #state: MirrorState = 'lost';
  #at = 0;
  /** Since when its state is what it is: Unix ms. */
  #since: number;
  /** What stood before the link fell, and was not told again yet. */
  #stale: { readonly calls: Set<string>; readonly trunks: Set<string> } | undefined;
  readonly #wall: () => number;

  /** `isTrunk`: whether a name is a trunk's, of which figures are kept; users are many. */
  constructor(wall: () => number, isTrunk: (name: string) => boolean) {
    this.#wall = wall;
    this.#since = wall();
    this.traffic = new Traffic(isTrunk);
    this.journal = new Journal();
  }

  get house(): LiveHouse {
    return this.#house;
  }

  get state(): MirrorState {
    return this.#state;
  }

  get since(): number {
    return this.#since;
  }

  /** Ms since it was told anything: what happened since is not here. */
  get lag(): number {
    return Math.max(0, this.#wall() - this.#at);
  }

  /** A line of who is followed (docs/status-socket.md). */
  apply(line: Readonly<Record<string, unknown>>): void {
    if (typeof line.at !== 'number') return;
    this.#at = line.at;
    switch (line.kind) {
      case 'begin':
        this.#stale = { calls: new Set(this.calls.keys()), trunks: new Set(this.trunks.keys()) };
        return this.#become('reading');
      case 'current':
        return this.#current();
      case 'calls':
        return this.#changed(line.calls as readonly LiveCall[], (line.gone ?? []) as readonly string[]);
      case 'ended':
        return this.#over(line.records as readonly CallRecord[]);
      case 'reported':
        for (const hear of this.#hearers) hear(line.reports as readonly ReceivedReport[]);
        return;
      case 'trunks':
        return this.#told(line.trunks as readonly LiveTrunk[], (line.gone ?? []) as readonly string[]);
      case 'house':
        this.#house = { ...this.#house, ...(line.house as LiveHouse) };
        return this.#happened({ kind: 'house', house: line.house as LiveHouse });
    }
  }

  /** Whoever makes figures of what peers tell of the voice of calls. */
  onReports(hear: (reports: readonly ReceivedReport[]) => void): void {
    this.#hearers.push(hear);
  }

  /** Nobody tells any more: what is here stays, and is old. */
  lost(): void {
    if (this.#state !== 'lost') this.#become('lost');
  }

  /** For who follows the mirror: something that no other process tells. */
  noted(event: LiveEvent): void {
    this.journal.add(event, this.#wall());
  }

  #become(state: MirrorState): void {
    this.#state = state;
    this.#since = this.#wall();
    this.#happened({ kind: 'mirror', state });
  }

  #current(): void {
    const { calls, trunks } = this.#stale ?? { calls: [], trunks: [] };
    this.#stale = undefined;
    const gone = [...calls];
    const before = this.#known(gone);
    for (const call of gone) this.calls.delete(call);
    for (const trunk of trunks) this.trunks.delete(trunk);
    if (gone.length > 0) this.#happened({ kind: 'calls', changed: [], gone, before });
    this.#become('current');
  }

  #changed(calls: readonly LiveCall[], gone: readonly string[]): void {
    const changed = calls.map(readable);
    const before = this.#known([...changed.map(({ call }) => call), ...gone]);
    for (const call of changed) {
      this.calls.set(call.call, call);
      this.#stale?.calls.delete(call.call);
    }
    const over = gone.filter((call) => this.calls.delete(call));
    if (changed.length + over.length > 0) this.#happened({ kind: 'calls', changed, gone: over, before });
  }

  #known(calls: readonly string[]): LiveCall[] {
    return calls.flatMap((call) => this.calls.get(call) ?? []);
  }

  #over(told: readonly CallRecord[]): void {
    const records = told.map(readable);
    for (const record of records) {
      this.calls.delete(record.call);
      this.#stale?.calls.delete(record.call);
      this.ended.set(record.call, record);
      this.traffic.add(record);
    }
    for (const call of this.ended.keys()) {
      if (this.ended.size <= mostEnded) break;
      this.ended.delete(call);
    }
    this.#happened({ kind: 'ended', records });
  }

  #told(told: readonly LiveTrunk[], gone: readonly string[]): void {
    for (const trunk of told) {
      const before = this.trunks.get(trunk.trunk);
      this.trunks.set(trunk.trunk, trunk);
      this.#stale?.trunks.delete(trunk.trunk);
      this.#happened({ kind: 'trunk', trunk, before });
    }
    for (const name of gone) this.trunks.delete(name);
  }

  #happened(event: LiveEvent): void {
    this.journal.add(event, this.#at || this.#wall());
  }
}

/** What came from the wire is a string of bytes: as text it is UTF-8 (RFC 3261 25.1). */
function readable<T extends Pick<LiveCall, 'caller' | 'called' | 'captures'>>(one: T): T {
  const { captures } = one;
  if (isPlain(one.caller) && isPlain(one.called) && !captures) return one;
  return {
    ...one,
    caller: toText(one.caller),
    called: toText(one.called),
    ...(captures && {
      captures: captures.map((each) => ({ ...each, by: toText(each.by), reason: toText(each.reason) })),
    }),
  };
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
