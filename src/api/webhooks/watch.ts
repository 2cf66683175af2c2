import type { CallRecord, Configuration } from '#engine/ports';
import type { LiveCall } from '../live/told.ts';
import type { Services } from '../services.ts';
import { type Certificates, ofCertificates } from './certificates.ts';
import type { AnyHappening } from './happening.ts';
import { Memory } from './memory.ts';
import { emergencyOfCall, emergencyOfRecord, endedCall } from './of-calls.ts';
import { ofTrunk } from './of-trunks.ts';
import { Problems } from './problems.ts';
import type { WebhookSender } from './sender.ts';

export interface WatchOptions extends Pick<Services, 'live' | 'configuration' | 'records' | 'wall' | 'history'> {
  readonly sender: WebhookSender;
  /** What is wrong now. */
  readonly troubles: () => ReturnType<Problems['troubles']>;
}

const watchLimits = {
  /** Records that are read in one turn of the event loop; those beyond the last that many are not told. */
  page: 100,
  records: 10_000,
  /** Ms from the end of a call until its record is on the disk, mostly; and between two looks at all that tells nothing by itself. */
  written: 500,
  pulse: 5_000,
  /** Ms between two tellings of who was banned. */
  bans: 10_000,
  /** Calls for help that are remembered, and configurations that are told of at once. */
  emergencies: 1_000,
  versions: 100,
} as const;

/**
 * Notices what webhooks are told of. What it knew is kept with what it told (Memory), so that what changes while the management process is
 * away is told when it is back. Calls are told by their records as they lie on the disk: each once, and none is left out.
 */
export class Watch {
  readonly #options: WatchOptions;
  readonly #memory: Memory;
  readonly #problems: Problems;
  readonly #stopListening: () => void;
  readonly #emergencies = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  /** Whether anybody wanted calls when we looked last; undefined: we have not looked yet. */
  #wantedCalls: boolean | undefined;
  #bansToldAt = 0;
  #bansTold: ReadonlySet<string> | undefined;
  #isClosed = false;
  /** When the last call that was told had ended (Unix ms). */
  #toldUntil: number;
  /** Another file of records was begun: of the records up to this one those alone are news that ended later. */
  #begun = { upTo: 0, after: 0 };

  constructor(options: WatchOptions) {
    this.#options = options;
    const { live, sender } = options;
    this.#toldUntil = options.wall();
    this.#memory = new Memory(sender);
    this.#problems = new Problems(this.#memory, options);
    this.#stopListening = live.journal.listen(({ event, at }) => {
      switch (event.kind) {
        case 'trunk':
          return this.#memory.tell(ofTrunk(event.trunk, at, this.#memory, options.configuration()));
        case 'calls':
          return this.#helpCalled(event.changed);
        case 'ended':
          return this.#readSoon();
        case 'house':
          if (event.house.certificates) this.#certificates(event.house.certificates, at);
          if (event.house.bans) this.#bans(at);
          return;
        default:
          return;
      }
    });
    sender.onChange(() => this.#records());
  }

  start(): void {
    this.configured();
    this.#records();
    this.#timer = setInterval(() => this.look(), watchLimits.pulse);
    this.#timer.unref();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
  }

  /** At what tells nothing by itself. */
  look(): void {
    const now = this.#options.wall();
    this.#problems.look(now);
    this.#bans(now);
    this.#records();
  }

  /** Another configuration may hold. */
  configured(): void {
    const { history, configuration } = this.#options;
    this.#memory.keepOnly('trunk', new Set(configuration().trunks.map(({ name }) => name)));
    const known = this.#memory.get('configuration');
    const versions = history.list(watchLimits.versions);
    const last = versions[0]?.id;
    if (last === undefined || known === String(last)) return;
    this.#memory.set('configuration', String(last));
    // The first that we see is none that has changed.
    const fresh = known === undefined ? [] : versions.filter(({ id }) => id > Number(known)).reverse();
    this.#memory.tell(
      fresh.map(({ id, at, who, reason, by, hash, differences }) => ({
        type: 'configuration.changed',
        at,
        text: `${by === 'file' ? 'The configuration file was changed' : `${who} ${by === 'rollback' ? 'went back to another configuration' : 'changed the configuration'}`}: ${differences} difference${differences === 1 ? '' : 's'}${reason === '' ? '' : ` (${reason})`}.`,
        data: { id, at: new Date(at).toISOString(), who, reason, by, hash, differences },
        subject: 'configuration',
        key: `${id} ${hash}`,
      })),
    );
  }

  #certificates(certificates: Certificates, at: number): void {
    this.#memory.tell(ofCertificates(certificates, at, this.#memory, this.#options.configuration()));
  }

  #helpCalled(calls: readonly LiveCall[]): void {
    for (const call of calls) {
      if (call.emergency === undefined || !this.#isNewCallForHelp(call.call)) continue;
      this.#memory.tell([emergencyOfCall(call, this.#options.configuration())]);
    }
  }

  #isNewCallForHelp(call: string): boolean {
    if (this.#emergencies.has(call)) return false;
    this.#emergencies.add(call);
    if (this.#emergencies.size > watchLimits.emergencies)
      this.#emergencies.delete(this.#emergencies.keys().next().value!);
    return true;
  }

  /** Those since the last that was told, all in one and not too often: of an attack there are many. */
  #bans(now: number): void {
    const { bans } = this.#options.live.house;
    if (!bans || now - this.#bansToldAt < watchLimits.bans) return;
    const known = this.#memory.get('bans');
    const last = bans.newest.reduce((latest, { since }) => (since > latest ? since : latest), known ?? '');
    const nameOf = ({ source, since }: (typeof bans.newest)[number]) => `${source} ${since}`;
    // Times are of the second: of the last one there may be some that were told, and some that were not.
    const told = this.#bansTold;
    const isFresh = (ban: (typeof bans.newest)[number]) =>
      known !== undefined &&
      (ban.since > known || (ban.since === known && told !== undefined && !told.has(nameOf(ban))));
    const fresh = bans.newest.filter(isFresh);
    this.#bansTold = new Set(bans.newest.map(nameOf));
    this.#memory.set('bans', last);
    if (fresh.length === 0) return;
    this.#bansToldAt = now;
    const [first] = fresh;
    this.#memory.tell([
      {
        type: 'source.banned',
        at: now,
        text:
          fresh.length === 1
            ? `${first!.source} is kept out: ${first!.reason}.`
            : `${fresh.length} sources are kept out, ${first!.source} among them: ${first!.reason}.`,
        data: {
          sources: fresh.map(({ source, reason, since }) => ({ source, reason, since })),
          count: bans.count,
        },
        subject: 'bans',
      },
    ]);
  }

  #readSoon(): void {
    if (this.#wantedCalls !== true) return;
    this.#soon ??= setTimeout(() => this.#records(), watchLimits.written);
    this.#soon.unref();
  }

  /** Calls that ended, by their records: those that were written since the last that was told. */
  #records(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    if (this.#isClosed) return;
    const { sender, records, configuration } = this.#options;
    const isWanted = sender.wants('call.ended', 'call.emergency');
    const wasWanted = this.#wantedCalls;
    this.#wantedCalls = isWanted;
    if (!isWanted) return;
    const reader = records();
    if (!reader) {
      // All that there will be is new.
      if (wasWanted === false) this.#memory.set('record', '0');
      return;
    }
    const last = reader.lastWritten();
    const noted = this.#memory.get('record');
    // Whoever wants calls from now on is not told of those before.
    if (wasWanted === false || noted === undefined) {
      this.#memory.set('record', String(last));
      this.#memory.tell([]);
      return;
    }
    // Another file begins anew. It may have been put back, with calls that were told.
    const known = Number(noted) > last ? '0' : noted;
    if (known !== noted) this.#begun = { upTo: last, after: this.#toldUntil };
    const from = Math.max(Number(known), last - watchLimits.records);
    if (from >= last) {
      this.#memory.set('record', String(last));
      this.#memory.tell([]);
      return;
    }
    const page = reader.writtenAfter(from, watchLimits.page);
    const { upTo, after } = this.#begun;
    const news = from >= upTo ? page.records : page.records.filter(({ endedAt }) => endedAt > after);
    this.#memory.set('record', String(page.last));
    // What could not be kept is read again.
    if (!this.#memory.tell(news.flatMap((record) => this.#ofRecord(record, configuration())))) {
      this.#memory.set('record', known);
      return;
    }
    for (const { endedAt } of news) this.#toldUntil = Math.max(this.#toldUntil, endedAt);
    if (page.last < last) this.#soon = setTimeout(() => this.#records(), 0);
  }

  /** A call for help that came and went while nobody looked is told by its record. */
  #ofRecord(record: CallRecord, configuration: Pick<Configuration, 'trunks'>): AnyHappening[] {
    const help = record.emergency !== undefined && this.#isNewCallForHelp(record.call);
    return [
      ...(help ? [emergencyOfRecord(record, configuration)] : []),
      ...(this.#options.sender.wants('call.ended') ? [endedCall(record, configuration)] : []),
    ];
  }
}
