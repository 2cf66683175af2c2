import { parentPort } from 'node:worker_threads';
import { type Configuration, unpack } from '#engine/ports';
import { examined } from './examined.ts';
import type { ToExaminer } from './examiner.ts';

/** Examines one text after the other. What runs comes along where it is another than before. */
let running: Configuration;

parentPort!.on('message', ({ running: packed, ...question }: ToExaminer) => {
  if (packed) running = unpack(packed);
  parentPort!.postMessage(examined(question, running));
});
