import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LogLevel, logLevels } from '#shell/log';
import { lowerProcess } from './priority.ts';

export interface KeptProcessOptions<Message> {
  /** Shown by `ps`, and in what the operator is told. */
  readonly title: string;
  /** Without extension, relative to this file: the sources run as .ts, the built program as .js. */
  readonly module: string;
  readonly args: readonly string[];
  /** Where Node keeps what it compiled, so that the next start is quick: half the time and less. */
  readonly codeCache: string;
  /** MB that each half of its heap's nursery may grow to, which it keeps; V8's own limit unless given. */
  readonly nursery?: number;
  /** How far it stands back when the processor is wanted by more than there is, as of nice(1); 0 unless given. */
  readonly niceness?: number;
  /** A new process stands: tell it what it must know. Messages are kept for it until it reads. */
  readonly onStart: (send: (message: object) => void) => void;
  readonly onMessage: (message: Message) => void;
  /** Ms without an answer after which it is taken for hung and killed, once it is ready; 0: never. It answers `ping` with `pong`. */
  readonly hangTime: number;
  /** It died and will be started again in `pause` ms. */
  readonly onRestart: (how: string, pause: number) => void;
  /** It ended after `letGo`, or does not come to stand. Once; it is not started again. */
  readonly onEnd: (how: string, status: number | undefined, gaveUp: boolean) => void;
}

/** How often it had to be started again, and why the last time. */
export interface Restarts {
  readonly died: number;
  /** Killed by us, since they did not answer. */
  readonly hung: number;
  readonly last?: { readonly how: string /** Unix ms. */; readonly at: number };
}

/** How it is. */
export interface Standing {
  /** Why it does not do what it is for; undefined: it does. */
  readonly trouble: string | undefined;
  /** Ms since it did last, or began to be started. */
  readonly away: number;
}

/** Questions that go unanswered before it is taken for hung. */
const mostMissed = 5;
/** The same of one that wants to run and is not let: to kill it would only bring it more work. */
const mostStarved = 30;
/** And before it is told to be silent. */
const manyMissed = 2;

/** Ms before it is started again: at once the first time. */
const pauses = [0, 100, 500, 1_000, 2_000, 5_000];
/** Who lived this long, ms, has no history. */
const settled = 10_000;
/** Deaths in a row without having been ready. */
const mostFailedStarts = 5;

const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const flags = ['--disable-warning=ExperimentalWarning', ...(extension === '.ts' ? ['--conditions=source'] : [])];

/** A process of ours that shall always run. */
export class KeptProcess<Message> {
  readonly #options: KeptProcessOptions<Message>;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isReady = false;
  /** Since when it is not ready; performance.now(). */
  #awaySince = performance.now();
  #startedAt = 0;
  #failedStarts = 0;
  #quickDeaths = 0;
  #isLetGo = false;
  #isRenewed = false;
  #hasEnded = false;
  #pulse: NodeJS.Timeout | undefined;
  #missed = 0;
  #askedAt = 0;
  /** When the first of the questions was asked that it has not answered, and what it had of a processor by then. */
  #watched: { at: number; ran: number | undefined } = { at: 0, ran: undefined };
  #hung: string | undefined;
  #afterTurn: (() => void) | undefined;
  #logLevel: LogLevel = logLevels.find((level) => level === process.env.TANDEM_LOG) ?? 'info';
  #restarts: Restarts = { died: 0, hung: 0 };

  constructor(options: KeptProcessOptions<Message>) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get restarts(): Restarts {
    return this.#restarts;
  }

  get standing(): Standing {
    const now = performance.now();
    if (this.#hasEnded) return { trouble: 'ended', away: now - this.#awaySince };
    if (!this.#isReady) {
      const { last } = this.#restarts;
      const trouble = last ? `being started again (${last.how})` : 'being started';
      return { trouble, away: now - this.#awaySince };
    }
    return { trouble: this.#missed >= manyMissed ? 'does not answer' : undefined, away: 0 };
  }

  start(): void {
    if (this.#isLetGo) return;
    this.#timer = undefined;
    this.#isReady = false;
    this.#startedAt = performance.now();
    const { title, module, args, codeCache, nursery, niceness = 0, onStart, onMessage } = this.#options;
    const file = fileURLToPath(new URL(`${module}${extension}`, import.meta.url));
    const child = spawn(
      process.execPath,
      [
        ...flags,
        ...(nursery === undefined ? [] : [`--max-semi-space-size=${nursery}`]),
        `--title=${title}`,
        file,
        ...args,
      ],
      // A group of its own: what a terminal or `timeout` sends to a whole group is for the supervisor to pass on.
      {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        detached: true,
        env: { NODE_COMPILE_CACHE: codeCache, ...process.env, TANDEM_LOG: this.#logLevel },
      },
    );
    this.#child = child;
    // Before it has threads of its own, which inherit it.
    if (niceness !== 0 && child.pid !== undefined) lowerProcess(child.pid, niceness);
    child.on('message', (message) => {
      if ((message as { kind?: unknown }).kind === 'pong') this.#answered();
      else onMessage(message as Message);
    });
    child.once('error', (error) => {
      if (child.pid === undefined) this.#died(error.message, undefined);
    });
    child.once('exit', (code, signal) => this.#died(signal ?? `status ${code}`, code ?? undefined));
    onStart((message) => this.send(message));
  }

  /** The least that it writes to the log. */
  get logLevel(): LogLevel {
    return this.#logLevel;
  }

  /** From here on, and after each start. */
  set logLevel(level: LogLevel) {
    this.#logLevel = level;
    this.send({ kind: 'log-level', level });
  }

  /** It does what it is for: starting has succeeded. */
  ready(): void {
    this.#isReady = true;
    this.#failedStarts = 0;
    this.#watch();
  }

  /** When it has come to its event loop again, having done what it is at now. Lost when it dies before. */
  afterTurn(act: () => void): void {
    this.#afterTurn = act;
    this.send({ kind: 'ping' });
  }

  /** Lost when it does not run: a new one is told all by `onStart`. */
  send(message: object): void {
    const child = this.#child;
    // It may die under our hands: `exit` tells.
    if (child?.connected) child.send(message, () => {});
  }

  /** Another one takes its place, which is told anew what it must know: no accident. */
  renew(): void {
    if (!this.#child) return;
    this.#isRenewed = true;
    this.kill('SIGKILL');
  }

  /** From now on its end is no accident. */
  letGo(): void {
    if (this.#isLetGo) return;
    this.#isLetGo = true;
    if (this.#timer !== undefined || this.#child === undefined) this.#end('not running', undefined, false);
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child?.kill(signal);
  }

  /** Asks from now on whether it lives: a process whose event loop stands still serves nobody, and does not die by itself. */
  #watch(): void {
    clearInterval(this.#pulse);
    const { hangTime } = this.#options;
    if (hangTime <= 0) return;
    this.#missed = 0;
    this.#askedAt = performance.now();
    this.#pulse = setInterval(() => this.#ask(hangTime / mostMissed), hangTime / mostMissed);
  }

  #ask(interval: number): void {
    const now = performance.now();
    // Who was kept from its processor itself, or slept with the machine, can't tell.
    if (now - this.#askedAt > 2 * interval) this.#missed = 0;
    this.#askedAt = now;
    if (this.#missed === 0) this.#watched = { at: now, ran: ranOf(this.pid) };
    if (this.#missed >= mostMissed && !(this.#missed < mostStarved && this.#isStarved(now))) {
      const { hangTime } = this.#options;
      this.#hung ??= `no answer for ${hangTime / 1000} s${stateOf(this.pid)}, killed`;
      this.kill('SIGKILL');
      return;
    }
    this.#missed++;
    this.send({ kind: 'ping' });
  }

  /** True when it had nearly nothing of a processor since it was asked. Who stands still without waiting for one is not starved. */
  #isStarved(now: number): boolean {
    const { at, ran } = this.#watched;
    const had = ranOf(this.pid);
    return stateOf(this.pid) === ' (running)' && ran !== undefined && had !== undefined && had - ran < (now - at) / 5;
  }

  #answered(): void {
    this.#missed = 0;
    const act = this.#afterTurn;
    this.#afterTurn = undefined;
    act?.();
  }

  #died(signalOrStatus: string, status: number | undefined): void {
    clearInterval(this.#pulse);
    this.#pulse = undefined;
    this.#missed = 0;
    this.#afterTurn = undefined;
    this.#child = undefined;
    const wasReady = this.#isReady;
    if (wasReady) this.#awaySince = performance.now();
    this.#isReady = false;
    const how = this.#hung ?? signalOrStatus;
    if (this.#isLetGo) {
      this.#end(how, status, false);
      return;
    }
    if (this.#isRenewed) {
      this.#isRenewed = false;
      this.start();
      return;
    }
    if (!wasReady && ++this.#failedStarts >= mostFailedStarts) {
      this.#end(how, status, true);
      return;
    }
    if (performance.now() - this.#startedAt > settled) this.#quickDeaths = 0;
    const pause = pauses[Math.min(this.#quickDeaths, pauses.length - 1)]!;
    this.#quickDeaths++;
    const { died, hung } = this.#restarts;
    this.#restarts = {
      died: this.#hung === undefined ? died + 1 : died,
      hung: this.#hung === undefined ? hung : hung + 1,
      last: { how, at: Date.now() },
    };
    this.#hung = undefined;
    this.#options.onRestart(how, pause);
    if (pause === 0) this.start();
    else this.#timer = setTimeout(() => this.start(), pause);
  }

  #end(how: string, status: number | undefined, gaveUp: boolean): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#options.onEnd(how, status, gaveUp);
  }
}

/** Ms that its main thread had of a processor (/proc/PID/schedstat); undefined where the system does not say. */
function ranOf(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  try {
    return Number.parseInt(readFileSync(`/proc/${pid}/schedstat`, 'latin1'), 10) / 1e6;
  } catch {
    return undefined;
  }
}

/** What the system says it is doing: running in a loop of its own, waiting for a disk, stopped by somebody. */
function stateOf(pid: number | undefined): string {
  if (pid === undefined || process.platform !== 'linux') return '';
  try {
    const state = /^State:\s+\S+ \((.*)\)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return state === undefined ? '' : ` (${state})`;
  } catch {
    return '';
  }
}
