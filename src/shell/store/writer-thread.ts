import { parentPort, workerData } from 'node:worker_threads';
import type { FromThread, ToThread } from './thread-messages.ts';
import { Writer } from './writer.ts';

/*
 * The store's thread: one batch at a time, answered once. It keeps nothing: what could not be written stays with the
 * sender, which sends it again; so the thread may die at any moment.
 */
const port = parentPort!;
const say = (message: FromThread) => port.postMessage(message);
const writer = new Writer((workerData as { directory: string }).directory, {
  onMigrated: (migration, tookMs) => say({ kind: 'migration', migration, ...(tookMs === undefined ? {} : { tookMs }) }),
});

try {
  writer.open();
} catch (error) {
  say({ kind: 'unopened', detail: (error as Error).message });
}

port.on('message', (message: ToThread) => {
  if (message === null) {
    writer.close();
    port.close();
    return;
  }
  try {
    say({ kind: 'written', rejected: writer.write(message) });
  } catch (error) {
    say({ kind: 'unwritten', detail: (error as Error).message });
  }
});
