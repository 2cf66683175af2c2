import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from '../perf/children.ts';
import { type Lab, must, type Peer } from './harness.ts';

export interface KamailioOptions {
  readonly name: string;
  /** "udp:127.0.0.1:5060" */
  readonly listen: readonly string[];
  readonly modules: readonly string[];
  /** Lines of the configuration between the modules and the routes. */
  readonly settings?: readonly string[];
  /** `request_route` and whatever else; `xlog` lines that begin with `SEEN` can be awaited. */
  readonly routes: string;
  /** Files beside its configuration, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** The contents of tls.cfg, which turns TLS on. */
  readonly tls?: string;
}

/** What every configuration of ours has in its `request_route`, first. */
export const seen = `xlog("L_NOTICE", "SEEN $rm $ru from $proto:$si:$sp to $Rp callid=$ci cs=$cs auth=$au\\n");`;

/** A running Kamailio; what it logs is kept and can be waited for. */
export class Kamailio implements Peer {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  /** When each came, of `performance.now()`. */
  readonly #times: number[] = [];
  readonly #waiting = new Set<() => void>();
  #gone = false;

  static async start(lab: Lab, options: KamailioOptions): Promise<Kamailio> {
    const directory = join(lab.directory, options.name);
    mkdirSync(directory, { recursive: true });
    const file = join(directory, 'kamailio.cfg');
    writeFileSync(file, configuration(options, directory));
    const files = { ...options.files, ...(options.tls === undefined ? {} : { 'tls.cfg': options.tls }) };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const kamailio = lab.use(new Kamailio(options.name, file, directory));
    await kamailio.line(/READY/, { milliseconds: 10_000 });
    return kamailio;
  }

  private constructor(name: string, file: string, directory: string) {
    this.name = name;
    // In the foreground (-DD), saying what it has to say on stderr (-E).
    const memory = ['-m', '64', '-M', '8'];
    this.#child = spawn('kamailio', ['-f', file, '-DD', '-E', '-w', directory, '-Y', directory, ...memory], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    endWithUs(this.#child);
    let rest = '';
    this.#child.stderr!.setEncoding('latin1');
    this.#child.stderr!.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (line === '') continue;
        this.#lines.push(line);
        this.#times.push(performance.now());
      }
      for (const wake of [...this.#waiting]) wake();
    });
    this.#child.once('exit', () => {
      this.#gone = true;
      for (const wake of [...this.#waiting]) wake();
    });
  }

  said(): string {
    return this.#lines
      .slice(-200)
      .map((line) => line.replace(/^.*<script>: /, ''))
      .join('\n');
  }

  /** How many lines it has said so far: a place to look from. */
  get mark(): number {
    return this.#lines.length;
  }

  /** The lines that fit, from a place on. */
  lines(fits: RegExp, from = 0): readonly string[] {
    return this.#lines.slice(from).filter((line) => fits.test(line));
  }

  /** When the lines that fit came, of `performance.now()`. */
  times(fits: RegExp): readonly number[] {
    return this.#times.filter((_, at) => fits.test(this.#lines[at]!));
  }

  /** Waits for a line that fits, from a place on. */
  async line(fits: RegExp, { from = 0, milliseconds = 5_000 } = {}): Promise<string> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const [found] = this.lines(fits, from);
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      must(!this.#gone, () => `${this.name} ended:\n${this.said()}`);
      must(left > 0, () => `${this.name} did not say ${fits} within ${milliseconds} ms:\n${this.said()}`);
      let wake: () => void = () => undefined;
      const said = new Promise<void>((resolve) => {
        wake = resolve;
      });
      this.#waiting.add(wake);
      const stop = new AbortController();
      await Promise.race([said, sleep(left, undefined, { signal: stop.signal }).catch(() => undefined)]);
      stop.abort();
      this.#waiting.delete(wake);
    }
  }

  async stop(): Promise<void> {
    if (this.#gone) return;
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await gone;
    clearTimeout(late);
  }
}

function configuration(options: KamailioOptions, directory: string): string {
  const { listen, modules, settings = [], routes, tls } = options;
  const needed = [
    ...(tls === undefined ? [] : ['tls']),
    'kex',
    'corex',
    'tm',
    'tmx',
    'sl',
    'rr',
    'pv',
    'xlog',
    'maxfwd',
  ];
  return [
    '#!KAMAILIO',
    'debug=1',
    'log_stderror=yes',
    'children=2',
    'tcp_children=2',
    'auto_aliases=no',
    'dns=no',
    'rev_dns=no',
    'use_dns_cache=off',
    'server_header="Server: Kamailio"',
    ...(tls === undefined ? [] : ['enable_tls=yes']),
    ...listen.map((place) => `listen=${place}`),
    ...[...needed, 'textops', 'textopsx', 'siputils', ...modules].map((name) => `loadmodule "${name}.so"`),
    ...(tls === undefined ? [] : [`modparam("tls", "config", "${join(directory, 'tls.cfg')}")`]),
    ...settings,
    'event_route[core:worker-one-init] { xlog("L_NOTICE", "READY\\n"); }',
    routes,
    '',
  ].join('\n');
}
