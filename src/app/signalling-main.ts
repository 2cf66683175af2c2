import { flushCompileCache } from 'node:module';
import { unpack } from '#engine/ports';
import { Log } from '#shell/log';
import { exitCodes } from './exit-codes.ts';
import type { FromSignalling, ProcessRestarts, ToSignalling } from './messages.ts';
import { NotStarted, Signalling } from './signalling.ts';

/**
 * The signalling process. The supervisor starts it, says `start` on its channel, and hears `ready`. It ends with the supervisor;
 * signals are the supervisor's business: SIGTERM to a whole group shall not end calls that are to be drained.
 */
const log = new Log('signalling', process.env.TANDEM_LOG);

/** Ms from `stop` to the end, should calls not come to theirs. */
const stopPatience = 5_000;

let starting: Promise<Signalling> | undefined;
let restarts: ProcessRestarts = {};

function tell(message: FromSignalling): void {
  if (process.connected) process.send?.(message);
}

function end(code: number): never {
  log.flush();
  process.exit(code);
}

/** As was asked. The supervisor must know before it sees the exit. */
function finish(): void {
  if (!process.connected) end(exitCodes.ok);
  process.send?.({ kind: 'ending' } satisfies FromSignalling, () => end(exitCodes.ok));
}

function fault(error: unknown): never {
  log.write('fatal', 'fault', { error });
  end(exitCodes.fault);
}

async function obey(message: ToSignalling): Promise<void> {
  switch (message.kind) {
    case 'ping':
      return tell({ kind: 'pong' });
    case 'log-level':
      log.level = message.level;
      return;
    case 'restarts':
      restarts = message.processes;
      return;
    case 'start':
      starting = Signalling.start({
        restarts: () => restarts,
        configuration: unpack(message.configuration),
        ...(message.mediaSocket === undefined ? {} : { mediaSocket: message.mediaSocket }),
        log,
        onReady: (calls) => {
          tell({ kind: 'ready', calls });
          // Node would do so at the end, which may be a SIGKILL.
          setTimeout(flushCompileCache, 1_000).unref();
        },
        onEnd: () => finish(),
      });
      await starting;
      return;
    case 'configure':
      (await starting)?.configure(unpack(message.configuration));
      return tell({ kind: 'configured' });
    case 'drain':
      (await starting)?.drain();
      return;
    case 'stop':
      setTimeout(() => {
        log.write('warn', 'stopped-with-calls');
        finish();
      }, stopPatience);
      (await starting)?.stop();
      return;
  }
}

process.on('uncaughtException', fault);
process.on('unhandledRejection', fault);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// What was checkpointed stays: calls are taken up by the next supervisor.
process.on('disconnect', () => end(exitCodes.ok));
process.on('message', (message: ToSignalling) => {
  obey(message).catch((error: unknown) => {
    if (!(error instanceof NotStarted)) fault(error);
    const reason = error.message;
    if (!process.connected) end(exitCodes.notStarted);
    process.send?.({ kind: 'not-started', reason } satisfies FromSignalling, () => end(exitCodes.notStarted));
  });
});
