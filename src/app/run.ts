import { unwatchFile, watchFile } from 'node:fs';
import type { Configuration } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { formatProblems, readConfiguration } from '#shell/config';
import { ServiceManager } from '#shell/service-manager';
import { exitCodes } from './exit-codes.ts';
import { writtenByNewer } from './formats.ts';
import { partOf } from './part-of.ts';
import { reload } from './reload.ts';
import { reloadText } from './reload-text.ts';
import { endPatience, Supervisor } from './supervisor.ts';
import { version } from './version.ts';

/** Seconds that calls have to end by themselves after the first SIGTERM. */
const defaultDrainSeconds = 30;
/** Seconds without an answer after which a process of ours is killed: far more than any turn of its event loop lasts. */
const defaultHangSeconds = 5;

/** Ms between two looks at the file, where it is watched: what stands still for one of them is read. */
const lookInterval = 2_000;

/** Ms between two looks whether the shell of npm is there. */
const npmInterval = 500;

export interface RunOptions {
  /** Which node this is, where the file is for several. */
  readonly node?: string;
  /** The file is read again whenever it changes, links to it too. */
  readonly watch?: boolean;
}

/** `tandem run FILE`: runs until it is told to end; the exit status (exit-codes.ts). */
export async function run(file: string, { node, watch = false }: RunOptions = {}): Promise<number> {
  const loaded = readConfiguration(file);
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  if (problems.length > 0) say(formatProblems(problems).trimEnd());
  if (!loaded.ok) return exitCodes.notStarted;
  const configuration = partOf(loaded.configuration, node);
  if (typeof configuration === 'string') {
    say(`tandem: ${configuration}`);
    return exitCodes.notStarted;
  }
  const newer = writtenByNewer(configuration.records.path);
  if (newer !== undefined) {
    say(`tandem: ${newer}`);
    return exitCodes.notStarted;
  }

  const service = await ServiceManager.open(process.env, say);
  const drainTime = 1000 * seconds(process.env.TANDEM_DRAIN_SECONDS, defaultDrainSeconds);
  let ending = false;
  let supervisor: Supervisor;
  try {
    supervisor = new Supervisor({
      configuration,
      file,
      ...(node === undefined ? {} : { node }),
      reload: (restart, acknowledged) => reloadNow(restart, acknowledged),
      drainTime,
      hangTime: 1000 * seconds(process.env.TANDEM_HANG_SECONDS, defaultHangSeconds),
      say,
      onReady: (calls) => {
        const line = readyLine(configuration, calls);
        say(line);
        if (!ending) service.ready(line);
      },
    });
  } catch (error) {
    say(`tandem: the directory of records cannot be used: ${(error as Error).message}`);
    return exitCodes.notStarted;
  }
  // Nobody may be left to read; that is no reason to end calls.
  process.stderr.on('error', () => {});
  const interrupt = () => {
    ending = true;
    service.stopping(drainTime + endPatience, 'Draining: no new calls, those that stand may end');
    supervisor.interrupt();
  };
  // One after the other: each is compared with what the one before it left.
  let last: Promise<unknown> = Promise.resolve();
  const reloadNow = (restart: boolean, acknowledged: readonly string[] = []) => {
    const next = last.then(async () => {
      if (!ending) service.reloading();
      const reloaded = await reload(supervisor, file, { node, restart, acknowledged });
      const text = reloadText(reloaded);
      say(text);
      // Ready it is in either case: what ran goes on where the file was not taken.
      if (!ending) service.ready(/^tandem: (.*)/m.exec(text)?.[1] ?? '');
      return { taken: reloaded.outcome === 'taken', text };
    });
    last = next;
    return next;
  };
  const hangUp = () => void reloadNow(false);
  if (watch) {
    // By looking: what a mount or a swapped link changes raises no event.
    watchFile(file, { interval: lookInterval, persistent: false }, (now, before) => {
      if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) hangUp();
    });
  }
  process.on('SIGTERM', interrupt);
  process.on('SIGINT', interrupt);
  process.on('SIGHUP', hangUp);
  const parting = whenNpmIsGone(interrupt);
  try {
    return await supervisor.run();
  } finally {
    clearInterval(parting);
    unwatchFile(file);
    process.off('SIGTERM', interrupt);
    process.off('SIGINT', interrupt);
    process.off('SIGHUP', hangUp);
    service.close();
  }
}

/** npm and npx hand a signal to the shell that they start us by, which dies of it without a word to us: its end is the signal. */
function whenNpmIsGone(act: () => void): NodeJS.Timeout | undefined {
  if (process.env.npm_command === undefined) return undefined;
  const shell = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(look);
    act();
  }, npmInterval);
  return look.unref();
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function readyLine({ listeners }: Configuration, calls: number): string {
  const places = listeners.map(({ transport, bind }) => `${transport} ${formatHostPort(bind)}`);
  const kept = calls > 0 ? `; ${calls} ${calls === 1 ? 'call' : 'calls'} taken up` : '';
  return `tandem ${version()} ready: listening ${places.join(', ')}${kept}`;
}

function seconds(text: string | undefined, otherwise: number): number {
  const seconds = Number(text);
  return text !== undefined && text !== '' && seconds >= 0 && seconds <= 86_400 ? seconds : otherwise;
}
