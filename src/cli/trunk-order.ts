import { resolve } from 'node:path';
import { harmless } from './cdr-text.ts';
import { Failure } from './failure.ts';
import { openPlace, type Place, trunkOf } from './trunk-place.ts';

interface Output {
  write(text: string): unknown;
}

/** `tandem trunk register NAME FILE`: the running program registers at once, whatever it was waiting for. */
export async function registerNow(name: string, file: string, stdout: Output): Promise<void> {
  const place = await openPlace(file);
  trunkOf(place, name);
  await order(place, 'register', { trunk: name });
  stdout.write(`${name} registers now; see: tandem trunk show ${name} ${file}\n`);
}

/** `tandem trunk unban SOURCE FILE`: lifts a ban, and forgets what led to it. */
export async function unban(source: string, file: string, stdout: Output): Promise<void> {
  await order(await openPlace(file), 'unban', { source });
  stdout.write(`${harmless(source)} is let in again.\n`);
}

async function order({ program, configuration }: Place, query: string, more: object): Promise<void> {
  if (!program)
    throw new Failure(`no program runs on ${resolve(configuration.records.path)}: there is nobody to tell.`);
  try {
    await program.ask(query, more);
  } finally {
    program.close();
  }
}
