import { parentPort, workerData } from 'node:worker_threads';
import { lowerThread } from './lower-thread.ts';
import type { ExpiryOrder } from './retention.ts';
import type { FromThread, ToThread } from './thread-messages.ts';
import { Writer } from './writer.ts';

/*
 * The store's thread: one batch at a time, answered once. It keeps nothing: what could not be written stays with the
 * sender, which sends it again; so the thread may die at any moment. It does when it has brought tables of an older version to this one:
 * that takes minutes, which it does at a lower priority than calls, and who has that cannot have it back.
 */
const port = parentPort!;
const say = (message: FromThread) => port.postMessage(message);
/** As of nice(1). */
const migrating = 10;
let isSpent = false;
const writer = new Writer((workerData as { directory: string }).directory, {
  onMigrated: (migration, tookMs) => {
    if (tookMs === undefined) lowerThread(migrating);
    else isSpent = true;
    say({ kind: 'migration', migration, ...(tookMs === undefined ? {} : { tookMs }) });
  },
});

function end(): void {
  writer.close();
  port.close();
}

function expire(order: ExpiryOrder): void {
  try {
    say({ kind: 'expired', expired: writer.expire(order) });
  } catch (error) {
    say({ kind: 'unexpired', detail: (error as Error).message });
  }
}

try {
  writer.open();
  if (isSpent) end();
} catch (error) {
  say({ kind: 'unopened', detail: (error as Error).message });
}

port.on('message', (message: ToThread) => {
  if (message === null) return end();
  if (typeof message === 'object') return expire(message);
  try {
    say({ kind: 'written', rejected: writer.write(message) });
  } catch (error) {
    say({ kind: 'unwritten', detail: (error as Error).message });
  }
  if (isSpent) end();
});
