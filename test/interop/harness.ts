import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, promisify } from 'node:util';
import type { CallRecord, EndedBy, EndReason } from '#cdr';
import { commandLine, processTree } from '../perf/process-tree.ts';
import { type Endpoint, Sipp, type SippOptions, type SippResult } from '../perf/sipp.ts';
import { answersSip, freshAddresses, type Subject, type SubjectAddresses } from '../perf/subject.ts';
import { startTandem } from '../perf/tandem.ts';
import { ask, type Standing } from './standing.ts';

const root = join(import.meta.dirname, '../..');

/** Cases that share one running program. */
export interface Group {
  readonly name: string;
  /** Below test/interop; `examples/pbx-itsp.yaml` when absent. */
  readonly configuration?: string;
  readonly media?: 'anchor' | 'bypass';
  /** As which of the nodes of its file the program runs. */
  readonly node?: string;
  /** Starts the peers that the group is about, `lab.use`s them, and gives the configuration: JSON is YAML. */
  readonly prepare?: (lab: Lab) => Promise<object>;
  /** Packages it needs beside those that all do. */
  readonly packages?: readonly string[];
  /** It asks for all that the machine has: no other group runs beside it. */
  readonly alone?: boolean;
  readonly cases: readonly Case[];
}

/** A program or server beside the one under test: heard when a case fails. */
export interface Peer {
  readonly name: string;
  /** The end of what it said, or saw. */
  said(): string;
  stop(): Promise<void> | void;
}

export interface Case {
  readonly name: string;
  /** Throws when something is not as it should be. */
  run(lab: Lab): Promise<void>;
  /** Seconds, 25 when absent. */
  readonly limit?: number;
}

/** Throws unless it holds. */
export function must(condition: boolean, what: () => string): asserts condition {
  if (!condition) throw new Error(what());
}

/** Which way a call goes: `out` from the PBX to the ITSP, `in` the other way. */
export type Direction = 'out' | 'in';

interface Sides {
  /** What the calling and the called SIPp do: scenario texts, or `builtin:…`. */
  readonly caller: string;
  readonly callee?: string;
}

interface CallOptions {
  readonly direction?: Direction;
  readonly calls?: number;
  readonly rate?: number;
  readonly holdMs?: number;
  readonly callerTransport?: 'udp' | 'tcp';
  readonly calleeTransport?: 'udp' | 'tcp';
  /** Other places than the two trunks'. */
  readonly from?: Endpoint;
  readonly to?: Endpoint;
  /** Digits before the number that marks the case; they choose a route. */
  readonly prefix?: string;
  /** Seconds for which the callee stays after the caller has ended, 3 when absent. */
  readonly calleeStays?: number;
  /** Seconds after which either SIPp gives up, 20 when absent. */
  readonly timeout?: number;
  /** More arguments of both SIPps. */
  readonly arguments?: readonly string[];
}

/** What one record must say; left out: not looked at. */
export interface ExpectedRecord {
  readonly reason?: EndReason;
  readonly by?: EndedBy;
  readonly status?: number;
  readonly answered?: boolean;
  readonly route?: string;
  /** Attempts in order: the trunk, and why it ended. */
  readonly attempts?: readonly { readonly trunk?: string; readonly reason?: EndReason; readonly status?: number }[];
}

/** One running program with its two trunks' places, and what a case needs to talk to it. */
export class Lab {
  readonly addresses: SubjectAddresses;
  readonly directory: string;
  readonly #group: Group;
  readonly #built: boolean;
  readonly #running = new Set<Sipp>();
  readonly #peers: Peer[] = [];
  readonly #ofCase: Peer[] = [];
  #inCase = false;
  #configuration: string | undefined;
  #subject: Subject | undefined;
  #case = 0;
  #sipps = 0;

  constructor(group: Group, at: number, built: boolean) {
    this.#group = group;
    this.#built = built;
    this.addresses = freshAddresses(process.pid + at);
    this.directory = mkdtempSync(join(tmpdir(), 'tandem-interop-'));
  }

  async start(): Promise<void> {
    const { media = 'anchor', prepare, node } = this.#group;
    if (prepare && this.#configuration === undefined) {
      this.#configuration = join(this.directory, 'tandem.yaml');
      writeFileSync(this.#configuration, JSON.stringify(await prepare(this), undefined, 2));
    }
    const configuration =
      this.#configuration ??
      (this.#group.configuration === undefined ? undefined : join(import.meta.dirname, this.#group.configuration));
    this.#subject = startTandem({
      addresses: this.addresses,
      data: this.data,
      media,
      built: this.#built,
      // Trunks beyond the two of the example lie beside them.
      environment: Object.fromEntries([4, 5, 6, 7].map((host) => [`TANDEM_TRUNK_${host}`, endpoint(this.trunk(host))])),
      ...(configuration === undefined ? {} : { configuration }),
      ...(node === undefined ? {} : { node }),
    });
    await answersSip(this.#subject, this.addresses);
  }

  /** A second program beside the one of the group: who starts it `use`s it. */
  another(configuration: string, data: string, node?: string): Subject {
    const { addresses } = this;
    const which = node === undefined ? {} : { node };
    return startTandem({ addresses, data, media: 'anchor', built: this.#built, configuration, ...which });
  }

  async stop(): Promise<void> {
    await this.endCase();
    await this.#subject?.stop();
    await Promise.all(this.#peers.splice(0).map((peer) => peer.stop()));
  }

  /** The peer ends with the group that prepares it, or with the case that begins to use it. */
  use<T extends Peer>(peer: T): T {
    (this.#inCase ? this.#ofCase : this.#peers).push(peer);
    return peer;
  }

  /** Throws the files away. */
  clean(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  get data(): string {
    return join(this.directory, 'data');
  }

  get subject(): Subject {
    must(this.#subject !== undefined, () => 'the program was not started');
    return this.#subject;
  }

  get caseDirectory(): string {
    return join(this.directory, `case-${this.#case}`);
  }

  /** The address of this run with this last number; 1 to 3 are the program's and the two trunks'. */
  host(last: number): string {
    return this.addresses.sip.host.replace(/\d+$/, String(last));
  }

  /** A trunk of a configuration of ours: port 5090 of the host with this last number. */
  trunk(host: number): Endpoint {
    return { host: this.host(host), port: 5_090 };
  }

  /** What stands in the running program. */
  standing(): Promise<Standing> {
    return ask(this.data);
  }

  /** Waits until `look` finds something; throws `what` and the last that stood when it has not in time. */
  async until<T>(what: string, look: (standing: Standing) => T | undefined | false, milliseconds = 8_000): Promise<T> {
    const deadline = performance.now() + milliseconds;
    for (let last: unknown; ; ) {
      try {
        const standing = await this.standing();
        last = standing.trunks;
        const found = look(standing);
        if (found !== undefined && found !== false) return found;
      } catch (error) {
        last = error; // it may be starting again
      }
      must(
        performance.now() < deadline,
        () =>
          `${what}: not within ${milliseconds} ms. What stands: ${inspect(last, { depth: 6, breakLength: 160 }).slice(0, 6_000)}`,
      );
      await sleep(25);
    }
  }

  /** Waits until the program has logged a line of this event that fits. */
  async logged(event: string, fits: RegExp, milliseconds = 5_000): Promise<string> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const line = this.subject
        .log()
        .split('\n')
        .findLast((one) => one.includes(event) && fits.test(one));
      if (line !== undefined) return line;
      must(performance.now() < deadline, () => `no line of ${event} that fits ${fits} in the log`);
      await sleep(25);
    }
  }

  beginCase(): void {
    this.#case++;
    this.#inCase = true;
    mkdirSync(this.caseDirectory, { recursive: true });
  }

  /** Ends what a case left running. */
  async endCase(): Promise<void> {
    await Promise.all([
      ...[...this.#running].map((sipp) => sipp.stop()),
      ...this.#ofCase.splice(0).map((peer) => peer.stop()),
    ]);
    this.#running.clear();
    this.#inCase = false;
  }

  /** The number that this case calls: no other case does. */
  called(prefix = '49'): string {
    return `${prefix}89${String(this.#case).padStart(5, '0')}`;
  }

  sipp(options: Omit<SippOptions, 'directory' | 'name'>): Sipp {
    const name = `sipp-${++this.#sipps}`;
    let { scenario } = options;
    if (!scenario.startsWith('builtin:')) {
      scenario = join(this.caseDirectory, `${name}.xml`);
      writeFileSync(scenario, options.scenario);
    }
    const sipp = new Sipp({
      timeout: 20,
      errors: true,
      trace: true,
      ...options,
      name,
      scenario,
      directory: this.caseDirectory,
    });
    this.#running.add(sipp);
    sipp.done.then(() => this.#running.delete(sipp));
    return sipp;
  }

  /** The ends of a call by direction. */
  ends(options: CallOptions): { from: Endpoint; to: Endpoint } {
    const { pbx, itsp } = this.addresses;
    const [from, to] = options.direction === 'in' ? [itsp, pbx] : [pbx, itsp];
    return { from: options.from ?? from, to: options.to ?? to };
  }

  /** Starts a party that waits for `calls` calls. */
  answering(scenario: string, options: CallOptions = {}): Sipp {
    return this.sipp({
      scenario,
      local: this.ends(options).to,
      calls: options.calls ?? 1,
      transport: options.calleeTransport ?? 'udp',
      ...(options.holdMs === undefined ? {} : { holdMs: options.holdMs }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(options.arguments === undefined ? {} : { arguments: options.arguments }),
    });
  }

  calling(scenario: string, options: CallOptions = {}): Sipp {
    const calls = options.calls ?? 1;
    return this.sipp({
      scenario,
      local: this.ends(options).from,
      remote: this.addresses.sip,
      calls,
      rate: options.rate ?? 10,
      called: this.called(options.prefix),
      transport: options.callerTransport ?? 'udp',
      ...(options.holdMs === undefined ? {} : { holdMs: options.holdMs }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(options.arguments === undefined ? {} : { arguments: options.arguments }),
    });
  }

  /** Calls through the program, and both sides must go by their scenarios. */
  async call(sides: Sides, options: CallOptions = {}): Promise<void> {
    const callee = sides.callee === undefined ? undefined : this.answering(sides.callee, options);
    if (callee !== undefined) await sleep(150);
    const caller = this.calling(sides.caller, options);
    const calls = options.calls ?? 1;
    const outcome = await caller.done;
    // A callee that ended badly says more about the cause than the caller's end does.
    const other = callee === undefined ? undefined : await finished(callee, options.calleeStays ?? 3);
    wentByScenario('the caller', outcome, calls);
    if (other !== undefined) wentByScenario('the callee', other, calls);
  }

  /** The records of this case's calls: waits until there are as many as expected, then a little for one too many. */
  async records(expected: readonly ExpectedRecord[], prefix?: string): Promise<readonly CallRecord[]> {
    const called = this.called(prefix);
    let found: readonly CallRecord[] = [];
    let trouble = '';
    const deadline = performance.now() + 5_000;
    do {
      try {
        found = (await listRecords(this.data, called)).filter((record) => record.called === called);
      } catch (error) {
        trouble = (error as Error).message;
      }
      if (found.length >= expected.length) break;
      await sleep(200);
    } while (performance.now() < deadline);
    must(
      found.length === expected.length,
      () => `${expected.length} records expected, ${found.length} there. ${trouble}`,
    );
    for (const [at, record] of found.entries()) compare(record, expected[at]!);
    return found;
  }

  /** The pid of the signalling or the media process. */
  process(kind: 'signalling' | 'media'): number {
    const pid = processTree(this.subject.pid)
      .slice(1)
      .find((candidate) => {
        const command = commandLine(candidate);
        // The signalling process may have the media process's socket among its arguments, not the other way round.
        return command.includes(kind) && (kind === 'signalling' || !command.includes('signalling'));
      });
    must(pid !== undefined, () => `no ${kind} process: ${processTree(this.subject.pid).map(commandLine).join(' | ')}`);
    return pid;
  }

  /** What helps to understand a failure. */
  evidence(): string {
    const log = this.#subject?.log().split('\n').slice(-12).join('\n') ?? '';
    const peers = [...this.#peers, ...this.#ofCase].map(
      (peer) => `\n${peer.name}:\n${peer.said().split('\n').slice(-15).join('\n')}`,
    );
    return `files: ${this.caseDirectory}\nthe program said:\n${log}${peers.join('')}`;
  }
}

/** A callee that has not ended some seconds after its caller has never will. */
async function finished(callee: Sipp, seconds: number): Promise<SippResult> {
  const late = await Promise.race([callee.done, sleep(seconds * 1_000)]);
  return late ?? (await callee.stop());
}

export function wentByScenario(who: string, result: SippResult, calls: number): void {
  const { exitCode, successful, failed, errors } = result;
  must(
    exitCode === 0 && successful === calls && failed === 0,
    () =>
      `${who}: SIPp ended with ${exitCode}, ${successful} of ${calls} calls went by the scenario, ${failed} failed.\n${summary(errors)}`,
  );
}

/** SIPp's error trace without its empty lines. */
function summary(errors: string): string {
  return errors.split(/\r?\n/).filter(Boolean).slice(0, 30).join('\n');
}

function compare(record: CallRecord, expected: ExpectedRecord): void {
  const { end } = record;
  const said = JSON.stringify({ end, route: record.route, answeredAt: record.answeredAt, attempts: record.attempts });
  const same = (what: string, found: unknown, wanted: unknown): void =>
    must(wanted === undefined || found === wanted, () => `record: ${what} is ${found}, expected ${wanted}: ${said}`);
  same('reason', end.reason, expected.reason);
  same('by', end.by, expected.by);
  same('status', end.sip?.status, expected.status);
  same('route', record.route, expected.route);
  same('answered', record.answeredAt !== undefined && record.answeredAt !== null, expected.answered);
  must(record.endedAt >= record.startedAt, () => `record: ended before it started: ${said}`);
  if (expected.attempts === undefined) return;
  same('number of attempts', record.attempts.length, expected.attempts.length);
  for (const [at, attempt] of expected.attempts.entries()) {
    same(`trunk of attempt ${at + 1}`, record.attempts[at]?.leg.trunk, attempt.trunk);
    same(`reason of attempt ${at + 1}`, record.attempts[at]?.end.reason, attempt.reason);
    same(`status of attempt ${at + 1}`, record.attempts[at]?.end.sip?.status, attempt.status);
  }
}

/** What `tandem cdr list` says of the calls to a number, oldest first; an error where it has no records yet. */
async function listRecords(data: string, called: string): Promise<readonly CallRecord[]> {
  const { stdout } = await promisify(execFile)(
    join(root, 'bin/tandem'),
    ['cdr', 'list', '--data', data, '--number', called, '--limit', '1000', '-o', 'json'],
    { cwd: root, maxBuffer: 1 << 28 },
  );
  // What is told as a time people read, cases reckon with.
  const unixMs = (key: string, value: unknown) =>
    key.endsWith('At') && typeof value === 'string' ? Date.parse(value) : value;
  return (JSON.parse(stdout, unixMs) as CallRecord[]).sort((one, other) => one.startedAt - other.startedAt);
}

/** The lines that a scenario's `<log>` wrote, when SIPp ran with `-trace_logs -log_file FILE`. */
export function logLines(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'latin1').split('\n').filter(Boolean) : [];
}

const endpoint = (place: Endpoint): string => `${place.host}:${place.port}`;
