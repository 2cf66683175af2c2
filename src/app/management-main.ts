import { unpack } from '#engine/ports';
import { Log } from '#shell/log';
import { exitCodes } from './exit-codes.ts';
import { Management } from './management.ts';
import type { FromManagement, LogLevels, ToManagement } from './messages.ts';

/**
 * The management process: the API, in a process of its own so that no question can delay a call. The supervisor starts it, says `start` on
 * its channel, and hears `ready`. It ends with the supervisor; signals are the supervisor's business.
 */
const log = new Log('management', process.env.TANDEM_LOG);

let starting: Promise<Management> | undefined;
let logLevels: LogLevels = {};

function tell(message: FromManagement): void {
  if (process.connected) process.send?.(message);
}

type Reloaded = Extract<ToManagement, { kind: 'reloaded' }>;
const waiting = new Map<number, (answer: Reloaded) => void>();
let reloads = 0;

/** Asks the supervisor, and waits for what came of it. */
function reload(restart: boolean, acknowledged: readonly string[] = []): Promise<Reloaded> {
  const id = ++reloads;
  tell({ kind: 'reload', id, restart, acknowledged });
  return new Promise((resolve) => waiting.set(id, resolve));
}

function end(code: number): never {
  log.flush();
  process.exit(code);
}

function fault(error: unknown): never {
  log.write('fatal', 'fault', { error });
  end(exitCodes.fault);
}

async function obey(message: ToManagement): Promise<void> {
  switch (message.kind) {
    case 'ping':
      return tell({ kind: 'pong' });
    case 'log-level':
      log.level = message.level;
      return;
    case 'log-levels':
      logLevels = message.levels;
      return;
    case 'start':
      starting = Management.start({
        configuration: unpack(message.configuration),
        file: message.file,
        ...(message.node === undefined ? {} : { node: message.node }),
        log,
        reload,
        logLevels: () => logLevels,
        setLogLevel: (level, process) => tell({ kind: 'log-level', level, ...(process !== undefined && { process }) }),
        say: (line) => tell({ kind: 'say', line }),
      });
      await starting;
      return tell({ kind: 'ready' });
    case 'reloaded':
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
      return;
    case 'configured':
      (await starting)?.configure(unpack(message.configuration));
      return;
    case 'stop':
      await (await starting)?.close();
      end(exitCodes.ok);
  }
}

process.on('uncaughtException', fault);
process.on('unhandledRejection', fault);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => end(exitCodes.ok));
process.on('message', (message: ToManagement) => {
  obey(message).catch(fault);
});
