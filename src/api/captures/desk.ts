import { randomUUID } from 'node:crypto';
import type { ArmedCapture, Configuration, MediaCapture } from '#engine/ports';
import type { CaptureStore, KeptCapture } from '#shell/capture-store';
import { type StatusAnswer, StatusFailure } from '#shell/status-link';
import type { Mirror } from '../live/mirror.ts';

/** Something of a copy that nobody asked for in that moment: it is for the audit log all the same. */
export interface CaptureEvent {
  /** In whose name. */
  readonly who: string;
  readonly what: string;
  readonly object: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface CaptureDeskOptions {
  readonly live: Mirror;
  /** Unix ms. */
  readonly wall: () => number;
  /** Asks the signalling process (docs/status-socket.md). Rejects with a StatusFailure. */
  ask(query: string, more?: object): Promise<StatusAnswer>;
  readonly configuration: () => Configuration;
  readonly store: CaptureStore;
  readonly audit: (event: CaptureEvent) => void;
  /** Whether the audit log has such an event. */
  readonly wasTold: (what: string, object: string) => boolean;
  readonly onTrouble: (why: string) => void;
}

export interface CaptureOrder {
  readonly by: string;
  readonly reason: string;
  readonly ms: number;
  readonly octets: number;
  readonly keys?: true;
  /** Only of calls of these sites: he has no others. */
  readonly sites?: readonly string[];
}

const begun = 'BEGUN media capture';
const ended = 'ENDED media capture';
const hour = 3_600_000;
/** What was told: of so many copies nobody waits for any longer. */
const mostTold = 1_000;
/** That wait for their calls at once. */
export const mostArmed = 20;

/**
 * Copies of media: begun when somebody asks, or when the call comes that somebody waits for; what became of each is written to the audit
 * log, and those that are too old are let go. The signalling process has them made, and its record tells of them: it is told who waits, so
 * that a copy has the first packet, and again when another such process is there.
 */
export class CaptureDesk {
  readonly #options: CaptureDeskOptions;
  readonly #stopListening: () => void;
  readonly #hourly: NodeJS.Timeout;
  readonly #told = new Set<string>();
  #armed: readonly ArmedCapture[];

  constructor(options: CaptureDeskOptions) {
    this.#options = options;
    const { live, store } = options;
    this.#armed = store.armed();
    this.#stopListening = live.journal.listen(({ event }) => {
      if (event.kind === 'calls') for (const { call, captures } of event.changed) this.#seen(call, captures);
      if (event.kind === 'ended') for (const { call, captures } of event.records) this.#seen(call, captures);
      if (event.kind === 'mirror' && event.state === 'current' && this.armed.length > 0) this.#tellArmed();
    });
    this.#prune();
    this.#hourly = setInterval(() => this.#prune(), hour);
    this.#hourly.unref();
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#hourly);
  }

  /** Those that wait for their call still. */
  get armed(): readonly ArmedCapture[] {
    const now = this.#options.wall();
    return this.#armed.filter(({ until }) => until > now);
  }

  /** Waits for the next call that fits. Undefined: too many wait already. */
  arm(order: CaptureOrder, what: Pick<ArmedCapture, 'trunk' | 'number'>, forMs: number): ArmedCapture | undefined {
    if (this.armed.length >= mostArmed) return undefined;
    const since = this.#options.wall();
    const armed: ArmedCapture = { id: randomUUID(), ...order, ...what, since, until: since + forMs };
    this.#keep([...this.armed, armed]);
    return armed;
  }

  /** False: it does not wait. */
  disarm(id: string): boolean {
    if (!this.armed.some((one) => one.id === id)) return false;
    this.#keep(this.armed.filter((one) => one.id !== id));
    return true;
  }

  /** On the disk, the newest first. */
  files(): readonly KeptCapture[] {
    return this.#options.store.list();
  }

  read(name: string): Uint8Array | undefined {
    return this.#options.store.read(name);
  }

  remove(name: string): boolean {
    return this.#options.store.remove(name);
  }

  /** Rejects with a StatusFailure. */
  async begin(call: string, { by, reason, ms, octets, keys }: CaptureOrder): Promise<number> {
    const { at } = await this.#options.ask('capture', { call, by, reason, ms, octets, ...(keys && { keys }) });
    return at as number;
  }

  async end(call: string, by: string): Promise<number> {
    const { at } = await this.#options.ask('end-capture', { call, by });
    return at as number;
  }

  #keep(list: readonly ArmedCapture[]): void {
    this.#armed = list;
    this.#options.store.arm(list);
    this.#tellArmed();
  }

  #tellArmed(): void {
    this.#options.ask('arm', { armed: this.armed }).catch((error: Error) => {
      // Who is not there is told when it is.
      if (!(error instanceof StatusFailure)) this.#options.onTrouble(error.message);
    });
  }

  /** Once for each, whichever process was told first. */
  #seen(call: string, captures: readonly MediaCapture[] = []): void {
    for (const capture of captures) {
      if (capture.armed !== undefined || capture.continues !== undefined) this.#begunOf(call, capture);
      if (capture.why !== undefined) this.#overOf(call, capture);
    }
  }

  /** Nobody asked for it in that moment. */
  #begunOf(call: string, { name, by, reason, armed, continues, most }: MediaCapture): void {
    if (armed !== undefined && this.#armed.some(({ id }) => id === armed))
      this.#keep(this.#armed.filter(({ id }) => id !== armed));
    const limits = most && { seconds: most.ms / 1000, octets: most.octets };
    this.#tell(begun, name, by, { call, reason, armed, continues, ...limits });
  }

  #overOf(call: string, capture: MediaCapture): void {
    const { name, by, why, reason, startedAt, endedAt, packets, dropped, octets, detail } = capture;
    const ms = endedAt === undefined ? undefined : Math.round(endedAt - startedAt);
    this.#tell(ended, name, by, { call, why, detail, reason, ms, packets, dropped, octets });
  }

  #tell(what: string, name: string, who: string, detail: Readonly<Record<string, unknown>>): void {
    const key = `${what} ${name}`;
    if (this.#told.has(key)) return;
    if (this.#told.size >= mostTold) this.#told.clear();
    this.#told.add(key);
    const object = `/api/v1/media-captures/${name}`;
    // By a process before this one.
    if (!this.#options.wasTold(what, object)) this.#options.audit({ who, what, object, detail });
  }

  #prune(): void {
    const { configuration, store, wall, audit, onTrouble } = this.#options;
    const { media } = configuration().tracing ?? {};
    try {
      // Where none may be made any more, none is kept for longer than it would have been.
      const gone = store.prune(media?.lifetime ?? 24 * hour, wall());
      for (const name of gone)
        audit({ who: 'tandem', what: 'DELETED media capture', object: `/api/v1/media-captures/${name}`, detail: {} });
    } catch (error) {
      onTrouble((error as Error).message);
    }
  }
}
