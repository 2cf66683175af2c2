import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endWithUs } from './children.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface SippOptions {
  /** Names its files in `directory`: NAME.csv, NAME.err, NAME.messages, NAME.out. */
  readonly name: string;
  readonly directory: string;
  /** A scenario file, or `builtin:uac` and the like for SIPp's own. */
  readonly scenario: string;
  readonly local: Endpoint;
  /** Absent: it only answers. */
  readonly remote?: Endpoint;
  readonly transport?: 'udp' | 'tcp';
  /** Calls a second. */
  readonly rate?: number;
  /** Calls in all; then it ends by itself. */
  readonly calls?: number;
  /** Milliseconds that a `<pause/>` without a length lasts. */
  readonly holdMs?: number;
  /** The user part called. */
  readonly called?: string;
  /** Seconds after which it gives up, with an error. */
  readonly timeout?: number;
  /** The processor to pin it to. */
  readonly core?: number;
  /** Keep a trace of what went otherwise than in the scenario: costly when many calls fail. */
  readonly errors?: boolean;
  /** Keep a trace of every message. */
  readonly trace?: boolean;
  readonly arguments?: readonly string[];
}

/** What SIPp's statistics say, cumulative. */
interface SippCounts {
  readonly created: number;
  readonly current: number;
  readonly successful: number;
  readonly failed: number;
  readonly retransmissions: number;
  readonly unexpectedMessages: number;
  /** Messages that belong to no call it knows. */
  readonly outOfCall: number;
  /** Calls a second while calls were begun. */
  readonly rate: number;
  /** Times that the scenario came by `counter="refused"`. */
  readonly refused: number;
  /** Mean milliseconds from the INVITE to the answer, as the scenario marks it with `rtd="1"`. */
  readonly answerMs: number;
}

export interface SippResult extends SippCounts {
  /** SIPp's own: 0 all calls went by the scenario, 1 at least one did not, 97 time-out, 99 no calls, 254, 255 fatal. */
  readonly exitCode: number;
  readonly seconds: number;
  /** The first lines of its error trace: empty when all went by the scenario. */
  readonly errors: string;
}

const transports = { udp: 'u1', tcp: 't1' };

/** One running SIPp. */
export class Sipp {
  readonly options: SippOptions;
  readonly pid: number;
  readonly done: Promise<SippResult>;
  readonly #child: ChildProcess;
  readonly #startedAt = performance.now();

  constructor(options: SippOptions) {
    this.options = options;
    const { local, remote, scenario } = options;
    const args = scenario.startsWith('builtin:') ? ['-sn', scenario.slice(8)] : ['-sf', scenario];
    args.push(
      '-i',
      local.host,
      '-mi',
      local.host,
      '-p',
      String(local.port),
      '-t',
      transports[options.transport ?? 'udp'],
    );
    args.push('-nostdin', '-trace_stat', '-stf', this.#file('csv'), '-fd', '1');
    args.push('-buff_size', '4194304');
    if (options.errors) args.push('-trace_err', '-error_file', this.#file('err'));
    if (options.trace) args.push('-trace_msg', '-message_file', this.#file('messages'));
    if (options.rate !== undefined) args.push('-r', String(options.rate));
    if (options.calls !== undefined) args.push('-m', String(options.calls), '-l', String(options.calls));
    if (options.holdMs !== undefined) args.push('-d', String(options.holdMs));
    if (options.called !== undefined) args.push('-s', options.called);
    if (options.timeout !== undefined) args.push('-timeout', `${options.timeout}s`, '-timeout_error');
    args.push(...(options.arguments ?? []));
    if (remote !== undefined) args.push(`${remote.host}:${remote.port}`);
    const pinned = options.core === undefined ? [] : ['taskset', '-c', String(options.core)];
    const [command, ...rest] = [...pinned, 'sipp', ...args];
    const out = openSync(this.#file('out'), 'w');
    this.#child = spawn(command!, rest, { stdio: ['ignore', out, out], env: { ...process.env, TERM: 'dumb' } });
    endWithUs(this.#child);
    this.pid = this.#child.pid ?? -1;
    this.done = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code) => {
        resolve({
          ...this.counts(),
          exitCode: code ?? -1,
          seconds: (performance.now() - this.#startedAt) / 1000,
          errors: this.errors(),
        });
      });
    });
  }

  /** The last line of its statistics, at most a second old. */
  counts(): SippCounts {
    const lines = this.#read('csv').split('\n').filter(Boolean);
    const names = lines[0]?.split(';') ?? [];
    const values = lines.length > 1 ? lines.at(-1)!.split(';') : [];
    const value = (name: string): number => Number(values[names.indexOf(name)] ?? 0);
    return {
      created: value('TotalCallCreated'),
      current: value('CurrentCall'),
      successful: value('SuccessfulCall(C)'),
      failed: value('FailedCall(C)'),
      retransmissions: value('Retransmissions(C)'),
      unexpectedMessages: value('FailedUnexpectedMessage(C)'),
      outOfCall: value('OutOfCallMsgs(C)'),
      refused: value(names.find((name) => name.startsWith('refused') && name.endsWith('(C)')) ?? ''),
      rate: creationRate(lines),
      answerMs: milliseconds(values[names.indexOf('ResponseTime1(C)')] ?? ''),
    };
  }

  errors(): string {
    return this.#read('err').slice(0, 2_000);
  }

  /** Presses a key of SIPp's own: `p` pauses and goes on. It must have been started with `-cp PORT`. */
  press(key: string, controlPort: number): Promise<void> {
    const socket = createSocket('udp4');
    return new Promise((resolve, reject) => {
      socket.send(key, controlPort, '127.0.0.1', (error) => {
        socket.close();
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Ends it at once; its statistics are those of the last second. */
  async stop(): Promise<SippResult> {
    if (this.#child.exitCode === null) this.#child.kill('SIGUSR1'); // no new call, end after the running ones
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 1_500);
    const result = await this.done;
    clearTimeout(late);
    return result;
  }

  #file(extension: string): string {
    return join(this.options.directory, `${this.options.name}.${extension}`);
  }

  #read(extension: string): string {
    return existsSync(this.#file(extension)) ? readFileSync(this.#file(extension), 'latin1') : '';
  }
}

/** From the lines of its statistics: calls begun by the time that the last one was begun, a second. */
function creationRate([names, ...lines]: readonly string[]): number {
  const fields = names?.split(';') ?? [];
  const [created, now, start] = ['TotalCallCreated', 'CurrentTime', 'StartTime'].map((name) => fields.indexOf(name));
  // A time is "2026-11-23<tab>00:09:14.250242<tab>1795392554.250242".
  const seconds = (line: string, field: number): number => Number(line.split(';')[field]?.split('\t')[2]);
  const calls = Number(lines.at(-1)?.split(';')[created!] ?? 0);
  const last = lines.find((line) => Number(line.split(';')[created!]) === calls);
  return last === undefined || calls === 0 ? 0 : calls / (seconds(last, now!) - seconds(last, start!));
}

/** "00:00:01:234000" in milliseconds. */
function milliseconds(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0, micros = 0] = clock.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + micros / 1_000;
}
