import { chmodSync, writeFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import { type Remote, refusal } from '../rest/remote.ts';

const { stdout, stderr } = process;

/** Downloads a capture to a file, `-`: to standard output. */
export async function writeCapture(remote: Remote, path: string, file: string): Promise<void> {
  const response = await remote.open(path);
  if (!response.ok) throw refusal(response.status, (await response.json()) as object);
  const octets = Buffer.from(await response.arrayBuffer());
  if (file === '-') {
    stdout.write(octets);
    return;
  }
  try {
    // Conversations of others stand in it; also where a file was there before that others may read.
    writeFileSync(file, '', { mode: 0o600 });
    chmodSync(file, 0o600);
    writeFileSync(file, octets);
  } catch (error) {
    throw new Failure(`${file} cannot be written: ${(error as Error).message}`);
  }
  stderr.write(`Written: ${file}, ${octets.length} octets\n`);
}
