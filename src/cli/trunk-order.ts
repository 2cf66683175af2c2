import { harmless } from './cdr-text.ts';
import { type Output, type OutputOptions, printObject, tell } from './output/output.ts';
import { answered, openRemote, type Remote, type RemoteOptions } from './rest/remote.ts';

export type OrderOptions = RemoteOptions & OutputOptions;

/** `tandem trunk register NAME`: the running program registers at once, whatever it was waiting for. */
export async function registerNow(
  trunk: string,
  file: string | undefined,
  options: OrderOptions,
  stdout: Output,
): Promise<void> {
  const { client } = await remoteOf(file, options);
  const taken = await answered(client.POST('/api/v1/trunks/{trunk}/register', { params: { path: { trunk } } }));
  printObject(
    stdout,
    options.output,
    taken,
    () => `${harmless(trunk)} registers now; see: tandem trunk show ${harmless(trunk)}\n`,
  );
}

/** `tandem trunk probe NAME`: OPTIONS to each of its targets. */
export async function probe(
  trunk: string,
  file: string | undefined,
  options: OrderOptions,
  stdout: Output,
): Promise<void> {
  const { client } = await remoteOf(file, options);
  const taken = await answered(client.POST('/api/v1/trunks/{trunk}/probe', { params: { path: { trunk } } }));
  printObject(
    stdout,
    options.output,
    taken,
    () => `${harmless(trunk)} is asked now; see: tandem trunk show ${harmless(trunk)}\n`,
  );
}

/** `tandem trunk unban SOURCE`: lifts a ban, and forgets what led to it. */
export async function unban(
  source: string,
  file: string | undefined,
  options: RemoteOptions,
  stdout: Output,
): Promise<void> {
  const { client } = await remoteOf(file, options);
  await answered(client.DELETE('/api/v1/bans/{source}', { params: { path: { source } } }));
  tell(stdout, `${harmless(source)} is let in again.\n`);
}

function remoteOf(file: string | undefined, options: RemoteOptions): Promise<Remote> {
  return openRemote(file === undefined ? options : { ...options, config: file });
}
