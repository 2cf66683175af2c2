import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Configuration, pack } from '#engine/ports';
import type { MediaProcessSettings } from '#media-process';
import { capturesDirectory } from '#shell/capture-store';
import { exitCodes } from './exit-codes.ts';
import { livenessOf, type Parts, readinessOf } from './health.ts';
import { HealthServer } from './health-server.ts';
import { KeptProcess, type Restarts } from './kept-process.ts';
import type { FromManagement, FromSignalling, ToManagement, ToSignalling } from './messages.ts';
import { healthSocket, socketPath } from './socket-path.ts';

export interface SupervisorOptions {
  readonly configuration: Configuration;
  /** Of the configuration, and which node of it this is. */
  readonly file: string;
  readonly node?: string;
  /** Has the configuration read again, at the wish of who uses the API. */
  readonly reload: (
    restart: boolean,
    acknowledged: readonly string[],
  ) => Promise<{ readonly taken: boolean; readonly text: string }>;
  /** Ms that calls have to come to their end by themselves. */
  readonly drainTime: number;
  /** Ms after which a process that does not answer is killed and started again; 0: never. */
  readonly hangTime: number;
  /** A line for the operator. */
  readonly say: (line: string) => void;
  /** The program takes calls; again after each restart of the signalling process. */
  readonly onReady: (calls: number) => void;
}

/** Ms from `stop` to SIGKILL: longer than the signalling process gives itself. */
const stopPatience = 8_000;
/** MB. Most that a call allocates lives for a moment or for the 32 s of its transactions: a larger nursery spares copying. */
const callsNursery = 64;
/** MB. What an answer is made of is gone with it; with four times this it was no quicker, and held 100 MB more. */
const managementNursery = 16;
/** Of management, as of nice(1): half of what calls get where both want all of a processor. Its start alone takes one for a second. */
const managementNiceness = 3;
/** Ms that answers of the API may still take. */
const managementPatience = 2_000;
/** Ms that all of it may take after calls were let end, before each of our processes is gone. */
export const endPatience = stopPatience + managementPatience + 2_000;

/**
 * Keeps the signalling, the media and the management process running, each without the others' knowing when one is started again: the media of
 * calls goes on while signalling is away. None outlives this process.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #signalling: KeptProcess<FromSignalling>;
  readonly #media: KeptProcess<{ kind: 'listening' }> | undefined;
  readonly #management: KeptProcess<FromManagement>;
  readonly #mediaSocket: string | undefined;
  readonly #health: HealthServer;
  readonly #codeCache: string;
  readonly #ended = Promise.withResolvers<number>();
  #configuration: Configuration;
  #configured: (() => void)[] = [];
  #order: 'run' | 'drain' | 'stop' = 'run';
  #wasReady = false;
  #managementBegan = false;
  #status: number | undefined;
  #living: number;
  #timer: NodeJS.Timeout | undefined;

  /** Throws the system's error when the data directory cannot be used. */
  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#configuration = options.configuration;
    const { media, records } = options.configuration;
    mkdirSync(records.path, { recursive: true, mode: 0o700 });
    // Not in a directory that others can write to: it is code that we run.
    this.#codeCache = join(records.path, 'code-cache');
    if (media.mode === 'anchor') {
      // Another program that is started on the same directory by mistake shall not take the media process's socket away.
      this.#mediaSocket = socketPath(records.path, `media-${process.pid}.sock`);
      this.#media = this.#keepMedia(this.#mediaSocket);
    }
    this.#signalling = this.#keepSignalling();
    this.#management = this.#keepManagement();
    this.#living = this.#media ? 3 : 2;
    this.#health = new HealthServer({
      answers: {
        '/healthz': () => livenessOf(this.#parts()),
        '/readyz': () => readinessOf(this.#parts(), this.#order !== 'run'),
      },
      say: options.say,
    });
  }

  /** The exit status, when all has ended. */
  run(): Promise<number> {
    this.#health.configure(this.#configuration.health?.listen);
    this.#media?.start();
    this.#signalling.start();
    return this.#ended.promise;
  }

  /** What holds now. */
  get configuration(): Configuration {
    return this.#configuration;
  }

  /**
   * Another configuration. Resolves when it holds, be it in a process that was started again. `restart`: some of it needs that;
   * calls outlive it as they outlive a crash.
   */
  configure(next: Configuration, restart = false): Promise<void> {
    this.#configuration = next;
    this.#health.configure(next.health?.listen);
    if (restart) this.#signalling.renew();
    else this.#signalling.send({ kind: 'configure', configuration: pack(next) } satisfies ToSignalling);
    this.#management.send({ kind: 'configured', configuration: pack(next) } satisfies ToManagement);
    return new Promise((resolve) => this.#configured.push(resolve));
  }

  /** SIGTERM or SIGINT: the first lets calls end, the second ends them, the third ends the processes. */
  interrupt(): void {
    switch (this.#order) {
      case 'run':
        this.#drain();
        return;
      case 'drain':
        this.#stop();
        return;
      case 'stop':
        this.#fail('tandem: ended with calls standing');
    }
  }

  #keepMedia(socket: string): KeptProcess<{ kind: 'listening' }> {
    const { internal, external, ports } = this.#options.configuration.media;
    const captures = capturesDirectory(this.#options.configuration.records.path);
    const settings: MediaProcessSettings = { socket, captures, internal, external, ports };
    const media = new KeptProcess<{ kind: 'listening' }>({
      title: 'tandem-media',
      module: '../media-process/main',
      args: [JSON.stringify(settings)],
      codeCache: this.#codeCache,
      nursery: callsNursery,
      hangTime: this.#options.hangTime,
      onStart: () => {},
      onMessage: () => media.ready(),
      onRestart: (how, pause) => {
        this.#sayRestart('media', how, pause);
        this.#signalling.send(this.#restarts());
      },
      onEnd: (how, _status, gaveUp) => {
        if (gaveUp) this.#fail(`tandem: the media process does not start (${how}); its reason is above`);
        this.#oneEnded();
      },
    });
    return media;
  }

  #keepSignalling(): KeptProcess<FromSignalling> {
    return new KeptProcess<FromSignalling>({
      title: 'tandem-signalling',
      module: './signalling-main',
      args: [],
      codeCache: this.#codeCache,
      nursery: callsNursery,
      hangTime: this.#options.hangTime,
      onStart: (send) => {
        send(this.#restarts());
        const mediaSocket = this.#mediaSocket === undefined ? {} : { mediaSocket: this.#mediaSocket };
        send({ kind: 'start', configuration: pack(this.#configuration), ...mediaSocket } satisfies ToSignalling);
        if (this.#order !== 'run') send({ kind: this.#order } satisfies ToSignalling);
      },
      onMessage: (message) => this.#heard(message),
      onRestart: (how, pause) => this.#sayRestart('signalling', how, pause),
      onEnd: (how, status, gaveUp) => {
        if (gaveUp) this.#fail(`tandem: the signalling process does not start (${how})`);
        else if (this.#order !== 'run') this.#status ??= status === 0 ? exitCodes.ok : exitCodes.notStarted;
        this.#endManagement();
        // No call is left that needs media.
        this.#media?.letGo();
        this.#media?.kill('SIGTERM');
        this.#oneEnded();
      },
    });
  }

  /** Nobody's call depends on it: it may fail to start, and is said to. */
  #keepManagement(): KeptProcess<FromManagement> {
    const management = new KeptProcess<FromManagement>({
      title: 'tandem-management',
      module: './management-main',
      args: [],
      codeCache: this.#codeCache,
      nursery: managementNursery,
      niceness: managementNiceness,
      hangTime: this.#options.hangTime,
      onStart: (send) => {
        const { file, node } = this.#options;
        const configuration = pack(this.#configuration);
        send(this.#logLevels());
        send({ kind: 'start', configuration, file, ...(node === undefined ? {} : { node }) } satisfies ToManagement);
      },
      onMessage: (message) => {
        if (message.kind === 'ready') management.ready();
        if (message.kind === 'say') this.#options.say(message.line);
        if (message.kind === 'log-level') this.#setLogLevel(message);
        if (message.kind === 'reload') void this.#reload(message);
      },
      onRestart: (how, pause) => {
        this.#sayRestart('management', how, pause);
        this.#signalling.send(this.#restarts());
      },
      onEnd: (how, _status, gaveUp) => {
        if (gaveUp)
          this.#options.say(`tandem: the management process does not start (${how}); calls are taken without it`);
        this.#oneEnded();
      },
    });
    return management;
  }

  /** What calls need. */
  #parts(): Parts {
    return { signalling: this.#signalling.standing, ...(this.#media && { media: this.#media.standing }) };
  }

  #processes(): Record<string, KeptProcess<never>> {
    return {
      signalling: this.#signalling,
      ...(this.#media && { media: this.#media }),
      management: this.#management,
    } as Record<string, KeptProcess<never>>;
  }

  #setLogLevel({ level, process }: Extract<FromManagement, { kind: 'log-level' }>): void {
    for (const [name, kept] of Object.entries(this.#processes()))
      if (process === undefined || process === name) kept.logLevel = level;
    this.#management.send(this.#logLevels());
  }

  #logLevels(): ToManagement {
    const levels = Object.entries(this.#processes()).map(([name, { logLevel }]) => [name, logLevel]);
    return { kind: 'log-levels', levels: Object.fromEntries(levels) };
  }

  async #reload({ id, restart, acknowledged }: Extract<FromManagement, { kind: 'reload' }>): Promise<void> {
    const { taken, text } = await this.#options.reload(restart, acknowledged);
    this.#management.send({ kind: 'reloaded', id, taken, text } satisfies ToManagement);
  }

  #beginManagement(): void {
    this.#managementBegan = true;
    this.#management.start();
  }

  #endManagement(): void {
    this.#management.letGo();
    this.#management.send({ kind: 'stop' } satisfies ToManagement);
    setTimeout(() => this.#management.kill('SIGKILL'), managementPatience).unref();
  }

  #heard(message: FromSignalling): void {
    switch (message.kind) {
      case 'ready':
        this.#signalling.ready();
        if (!this.#wasReady) this.#health.listenAt(healthSocket(this.#configuration.records.path));
        this.#wasReady = true;
        // Calls come first: who wants to look may do so when they are taken, those that had come before are seen to, and the directory is known to be ours.
        if (!this.#managementBegan) this.#signalling.afterTurn(() => this.#beginManagement());
        // It began with what holds now.
        for (const resolve of this.#configured.splice(0)) resolve();
        this.#options.onReady(message.calls);
        return;
      case 'configured':
        this.#configured.shift()?.();
        return;
      case 'ending':
        this.#signalling.letGo();
        return;
      case 'pong':
        return; // KeptProcess sees to it.
      case 'not-started':
        this.#options.say(`tandem: ${message.reason}`);
        // What keeps the first from starting is for the operator to put right; later it may pass.
        if (!this.#wasReady) this.#fail(undefined);
    }
  }

  #drain(): void {
    this.#order = 'drain';
    this.#options.say('tandem: draining, no new calls; interrupt again to end those that stand');
    this.#signalling.send({ kind: 'drain' } satisfies ToSignalling);
    this.#timer = setTimeout(() => this.#stop(), this.#options.drainTime);
  }

  #stop(): void {
    this.#order = 'stop';
    clearTimeout(this.#timer);
    this.#signalling.send({ kind: 'stop' } satisfies ToSignalling);
    this.#timer = setTimeout(() => this.#fail('tandem: the signalling process did not end'), stopPatience);
  }

  /** Ends all at once. */
  #fail(line: string | undefined): void {
    if (line !== undefined) this.#options.say(line);
    this.#status = exitCodes.notStarted;
    for (const kept of [this.#signalling, this.#media, this.#management]) {
      kept?.letGo();
      kept?.kill('SIGKILL');
    }
  }

  #restarts(): ToSignalling {
    const processes: Record<string, Restarts> = {
      signalling: this.#signalling.restarts,
      management: this.#management.restarts,
    };
    if (this.#media) processes.media = this.#media.restarts;
    return { kind: 'restarts', processes };
  }

  #sayRestart(name: string, how: string, pause: number): void {
    this.#options.say(
      `tandem: the ${name} process died (${how}), starting it again${pause > 0 ? ` in ${pause} ms` : ''}`,
    );
  }

  #oneEnded(): void {
    if (--this.#living > 0) return;
    clearTimeout(this.#timer);
    this.#health.close();
    if (this.#mediaSocket !== undefined) rmSync(this.#mediaSocket, { force: true });
    this.#ended.resolve(this.#status ?? exitCodes.ok);
  }
}
