import { randomUUID } from 'node:crypto';
import type { Configuration, MediaCapture } from '#engine/ports';
import type { ArmedCapture, CaptureStore, KeptCapture } from '#shell/capture-store';
import type { StatusAnswer } from '#shell/status-link';
import type { Mirror } from '../live/mirror.ts';
import type { LiveCall } from '../live/told.ts';
import { isLike } from '../traces/keep-rule.ts';
import { isAllowed } from './allowed.ts';

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

const ended = 'ENDED media capture';
const hour = 3_600_000;
/** Ends that were told: of so many copies nobody waits for any longer. */
const mostTold = 1_000;
/** That wait for their calls at once. */
export const mostArmed = 20;

/**
 * Copies of media: begun when somebody asks, or when the call comes that somebody waits for; what became of each is written to the audit
 * log, and those that are too old are let go. The signalling process has them made, and its record tells of them.
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
      if (event.kind === 'calls') for (const call of event.changed) this.#seen(call);
      if (event.kind === 'ended') for (const { call, captures = [] } of event.records) this.#overOf(call, captures);
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
  }

  #seen(call: LiveCall): void {
    if (call.captures) this.#overOf(call.call, call.captures);
    if (this.#armed.length === 0) return;
    const { configuration, audit } = this.#options;
    const media = configuration().tracing?.media;
    if (!media || call.captures?.some(({ why }) => why === undefined)) return;
    const isIn = (rules: Parameters<typeof isAllowed>[0]) => isAllowed(rules, configuration(), call);
    const wanted = this.armed.find((one) => fits(one, call) && (!one.sites || isIn({ sites: one.sites })));
    // Who armed it may not be one of them any more.
    if (!wanted || !isIn(media) || media.by?.includes(wanted.by) === false) return;
    this.disarm(wanted.id);
    const { by, reason } = wanted;
    // What was allowed then may not be any more.
    const keys = wanted.keys && configuration().tracing?.keys;
    const order = {
      by,
      reason,
      ms: Math.min(wanted.ms, media.longest),
      octets: Math.min(wanted.octets, media.size),
      ...(keys && { keys }),
    };
    const detail = { reason, armed: wanted.id, seconds: order.ms / 1000, octets: order.octets };
    this.begin(call.call, order).then(
      () => audit({ who: by, what: 'BEGUN media capture', object: `/api/v1/calls/${call.call}/media-capture`, detail }),
      (error: Error) => this.#options.onTrouble(`call ${call.call}: ${error.message}`),
    );
  }

  /** Once for each, whichever process was told first. */
  #overOf(call: string, captures: readonly MediaCapture[]): void {
    for (const { name, by, why, reason, startedAt, endedAt, packets, dropped, octets, detail } of captures) {
      const object = `/api/v1/media-captures/${name}`;
      if (why === undefined || this.#told.has(name)) continue;
      if (this.#told.size >= mostTold) this.#told.clear();
      this.#told.add(name);
      // By a process before this one.
      if (this.#options.wasTold(ended, object)) continue;
      const ms = endedAt === undefined ? undefined : Math.round(endedAt - startedAt);
      const facts = { call, why, detail, reason, ms, packets, dropped, octets };
      this.#options.audit({ who: by, what: ended, object, detail: facts });
    }
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

/** A call that has begun since, and is like that. */
function fits({ trunk, number, since }: ArmedCapture, { startedAt, a, b, caller, called }: LiveCall): boolean {
  if (startedAt < since) return false;
  if (trunk !== undefined && a.trunk !== trunk && b?.trunk !== trunk) return false;
  return number === undefined || isLike(caller, number) || isLike(called, number);
}
