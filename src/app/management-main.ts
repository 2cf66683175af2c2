import { Log } from '#shell/log';
import { unpack } from './configuration-message.ts';
import { exitCodes } from './exit-codes.ts';
import { Management } from './management.ts';
import type { FromManagement, ToManagement } from './messages.ts';

/**
 * The management process: the API, in a process of its own so that no question can delay a call. The supervisor starts it, says `start` on
 * its channel, and hears `ready`. It ends with the supervisor; signals are the supervisor's business.
 */
const log = new Log('management', process.env.TANDEM_LOG);

let starting: Promise<Management> | undefined;

function tell(message: FromManagement): void {
  if (process.connected) process.send?.(message);
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
    case 'start':
      starting = Management.start({ configuration: unpack(message.configuration), log });
      await starting;
      return tell({ kind: 'ready' });
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
