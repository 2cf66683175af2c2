import type { CallRecord } from '#cdr';
import type { Configuration, Trunk } from '#engine/ports';
import type { HostPort } from '#kernel';
import { RecordReader } from '#shell/store';
import { statusSocket } from '../src/app/socket-path.ts';
import { EndProcess } from './end-process.ts';
import { LabCall } from './lab-call.ts';
import type { Options } from './options.ts';
import { type End, otherEnd, planCall } from './plan.ts';
import { Program } from './program.ts';
import { type ProgramStatus, StatusWatch } from './status.ts';
import { Summary } from './summary.ts';

export interface LabOptions extends Options {
  /** Where package.json lies. */
  readonly root: string;
  /** The configuration's file, and what it means. */
  readonly file: string;
  readonly configuration: Configuration;
}

/** What the lab tells whoever shows it. */
export interface LabView {
  /** Some call has changed. */
  changed(call: LabCall): void;
  /** It is over and judged. */
  ended(call: LabCall): void;
}

/** How often records are looked for and overdue calls ended. Ms. */
const lookEvery = 100;
/** Calls at once, whatever --every and --talk come to. */
const maxAtOnce = 100;

/** The program and its two neighbours, and the calls between them. */
export class Lab {
  readonly running = new Map<number, LabCall>();
  readonly summary = new Summary();
  readonly addresses: Readonly<Record<End, readonly HostPort[]>>;
  readonly #options: LabOptions;
  readonly #view: LabView;
  readonly #since = Date.now();
  readonly #over = Promise.withResolvers<void>();
  #program: Program | undefined;
  #ends: Readonly<Record<End, EndProcess>> | undefined;
  #records: RecordReader | undefined;
  #begun = 0;
  #draining = false;
  #caller: NodeJS.Timeout | undefined;
  #looker: NodeJS.Timeout | undefined;
  #stopping = false;
  #status: StatusWatch | undefined;

  constructor(options: LabOptions, view: LabView) {
    this.#options = options;
    this.#view = view;
    const { trunks } = options.configuration;
    const of = (name: string) => trunks.filter((trunk) => trunk.name === name).flatMap(placesOf);
    this.addresses = { pbx: of('pbx'), itsp: [...of('itsp'), ...of('itsp-backup')] };
  }

  get draining(): boolean {
    return this.#draining;
  }

  get pid(): number | undefined {
    return this.#program?.pid;
  }

  /** What the program says of itself, when it does. */
  get status(): ProgramStatus | undefined {
    return this.#status?.last;
  }

  /** Starts all processes; rejects with what a person can do something about. */
  async start(): Promise<void> {
    const { configuration, root, file } = this.#options;
    const ends = { pbx: new EndProcess('the PBX'), itsp: new EndProcess('the ITSP') };
    this.#ends = ends;
    for (const name of ['pbx', 'itsp'] as const) {
      ends[name].onReport = (report) => {
        const call = this.running.get(report.number);
        if (call === undefined) return;
        call.heard(report, performance.now());
        this.#view.changed(call);
      };
      ends[name].onExpecting = (number) => {
        const plan = this.running.get(number)?.plan;
        if (plan) ends[plan.from].tell({ kind: 'call', role: 'caller', plan });
      };
      ends[name].onEnded = (how) => this.#over.reject(new Error(how));
    }
    this.#over.promise.catch(() => undefined);
    const proxies = { pbx: listenerOf(configuration, 'internal'), itsp: listenerOf(configuration, 'external') };
    await Promise.all([
      ends.pbx.start(this.addresses.pbx, proxies.pbx),
      ends.itsp.start(this.addresses.itsp, proxies.itsp),
    ]);
    const program = new Program(root, file, configuration.records.path);
    this.#program = program;
    try {
      await program.ready();
    } catch (error) {
      throw new Error(`Tandem ${(error as Error).message}. It said:\n${indent(program.said)}`);
    }
    this.#status = new StatusWatch(statusSocket(configuration.records.path));
    void program.ended.then((how) => {
      if (!this.#stopping) this.#over.reject(new Error(`Tandem ended with ${how}. It said:\n${indent(program.said)}`));
    });
    await Promise.all([ends.pbx.reach(), ends.itsp.reach()]);
  }

  /** Makes calls until there were enough or `drain` was called, and waits for the last to end and be judged. */
  async run(): Promise<void> {
    this.#looker = setInterval(() => this.#look(), lookEvery);
    this.#caller = setInterval(() => this.#call(), this.#options.every);
    this.#call();
    try {
      await this.#over.promise;
    } finally {
      clearInterval(this.#caller);
      clearInterval(this.#looker);
    }
  }

  /** No more calls. */
  drain(): void {
    this.#draining = true;
    clearInterval(this.#caller);
    this.#look();
  }

  /** What runs is broken off. */
  breakOff(): void {
    this.summary.brokenOff = this.running.size;
    this.running.clear();
    this.#over.resolve();
  }

  /** Ends all processes; says how the program ended when it was not as it should be, and is not known yet. */
  async stop(): Promise<string | undefined> {
    this.#stopping = true;
    clearInterval(this.#caller);
    clearInterval(this.#looker);
    this.#records?.close();
    this.#status?.stop();
    const known = this.#program?.hasEnded;
    const how = await this.#program?.stop(this.summary.brokenOff > 0);
    for (const end of Object.values(this.#ends ?? {})) end.stop();
    return known || how === undefined || how === 'status 0' ? undefined : how;
  }

  /** Leaves nothing behind, whatever happened. */
  kill(): void {
    this.#program?.kill();
  }

  #call(): void {
    const { calls, talk } = this.#options;
    if (this.#draining || this.running.size >= maxAtOnce) return;
    const plan = planCall(++this.#begun, talk);
    const call = new LabCall(plan, performance.now());
    this.running.set(plan.number, call);
    // The caller is told when the callee says that it knows: no call comes unexpected.
    this.#ends![otherEnd(plan.from)].tell({ kind: 'call', role: 'callee', plan });
    this.#view.changed(call);
    if (calls !== undefined && this.#begun >= calls) this.drain();
  }

  #look(): void {
    const now = performance.now();
    for (const call of this.running.values()) {
      if (call.mustEnd(now)) {
        for (const end of Object.values(this.#ends!)) end.tell({ kind: 'hang-up', number: call.plan.number });
      }
      if (!call.isOver(now)) continue;
      call.record ??= this.#recordOf(call);
      if (!call.isKnown(now)) continue;
      call.judge();
      this.running.delete(call.plan.number);
      this.summary.add(call);
      this.#view.ended(call);
    }
    if (this.#draining && this.running.size === 0) this.#over.resolve();
  }

  /** The record whose caller's side has the Call-ID that our caller chose. */
  #recordOf(call: LabCall): CallRecord | undefined {
    const callId = call.caller?.callId;
    if (callId === undefined) return undefined;
    try {
      this.#records ??= RecordReader.open(this.#options.configuration.records.path);
      const found = this.#records.list({ since: this.#since - 1_000, number: call.plan.caller }, 20);
      return found.find(({ leg }) => leg.callId === callId);
    } catch {
      return undefined; // Not there yet, or just now being made: it is looked for again.
    }
  }
}

function placesOf(trunk: Trunk): HostPort[] {
  return trunk.addresses.map(({ host, port }) => ({ host, port }));
}

function listenerOf({ listeners }: Configuration, side: 'internal' | 'external'): HostPort {
  const found = listeners.find((listener) => listener.transport === 'udp' && listener.side === side);
  if (found === undefined) throw new Error(`the configuration has no UDP listener on the ${side} side`);
  return found.advertise;
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
