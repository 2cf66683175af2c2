import { readFileSync, writeFileSync } from 'node:fs';
import type { components } from '#client';
import { harmless, harmlessLines, localTime } from '../cdr-text.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Column } from '../output/fitted-table.ts';
import { type OutputOptions, painterOf, printList, printObject, printText, tell } from '../output/output.ts';
import { progress } from '../output/progress.ts';
import { ApiFailure, answered, openRemote, type Remote, type RemoteOptions } from '../rest/remote.ts';
import { differencesText, examinationText, summary } from './difference-text.ts';
import { pathOf, yamlOf } from './edit-path.ts';
import { editText } from './editor.ts';
import { unifiedDiff } from './line-diff.ts';

type Options = RemoteOptions & OutputOptions;
export type ShowOptions = Options & {
  readonly revision?: number;
  readonly draft?: true;
  readonly effective?: true;
};
export type DiffOptions = Options & { readonly revision?: number; readonly from?: number; readonly text?: true };
export type CommitOptions = Options & {
  readonly reason: string;
  readonly acknowledge?: readonly string[];
  readonly restart?: true;
};
export type EditOptions = Options & { readonly reason: string; readonly commit?: true };
export type ImportOptions = CommitOptions & { readonly commit?: true };
export type ReloadOptions = Options & { readonly restart?: true };
type Draft = components['schemas']['Draft'];
type Version = components['schemas']['ConfigurationVersion'];

const { stdout, stderr } = process;
const paint = painterOf(stdout);

export async function show(options: ShowOptions): Promise<void> {
  const { client } = await openRemote(options);
  if (options.revision !== undefined) {
    const found = await versionOf(client, options.revision);
    return printText(stdout, options.output, found, found.text);
  }
  if (options.draft) {
    const draft = await draftOf(client);
    if (!draft) throw new Failure('you have changed nothing: there is no draft. `tandem config edit` begins one.');
    return printText(stdout, options.output, draft, draft.text);
  }
  const known = await answered(client.GET('/api/v1/configuration'));
  printText(stdout, options.output, known, known.text);
  if (!known.sound) tell(stderr, 'It has faults, and is not what runs: `tandem config diff` tells them.\n');
  else if (known.pending.length > 0)
    tell(stderr, 'It is not what runs: see `tandem config diff`, then `tandem config reload`.\n');
}

/** Status 1 where what is compared cannot be committed. */
export async function diff(file: string | undefined, options: DiffOptions): Promise<number> {
  const { client } = await openRemote(options);
  const { output, revision, from } = options;
  if (from !== undefined && revision === undefined)
    throw new Failure('--from goes with --revision: --revision 12 --from 10', exitCodes.usage);
  if (options.text) {
    const [before, after] = await textsOf(client, file, options);
    const changed = unifiedDiff(harmlessLines(before), harmlessLines(after), paint);
    stdout.write(changed === '' ? 'Not one line differs.\n' : changed);
    return exitCodes.ok;
  }
  if (revision !== undefined) {
    const differences =
      from === undefined
        ? (await versionOf(client, revision)).toRunning
        : (
            await answered(
              client.GET('/api/v1/configuration/versions/{id}/differences', {
                params: { path: { id: revision }, query: { from } },
              }),
            )
          ).differences;
    printObject(stdout, output, differences, () => differencesText(differences, paint) || 'Nothing differs.\n');
    return exitCodes.ok;
  }
  const draft = file === undefined ? await draftOf(client) : undefined;
  const examination =
    draft?.examination ??
    (await answered(
      client.POST('/api/v1/configuration/examine', {
        body: {
          text: file === undefined ? (await answered(client.GET('/api/v1/configuration'))).text : readText(file),
        },
      }),
    ));
  printObject(stdout, output, examination, () => examinationText(examination, paint));
  const what = file ?? (draft ? 'Your draft' : 'You have no draft; the file');
  tell(stderr, `${what}: ${summary(examination)}\n`);
  if (draft?.outdated) tell(stderr, 'The file was changed since you began: `tandem config renew`.\n');
  return examination.sound ? exitCodes.ok : exitCodes.failed;
}

export async function set(pairs: readonly string[], options: Options): Promise<void> {
  if (pairs.length % 2 !== 0)
    throw new Failure(`${harmless(pairs.at(-1)!)} has no value: write PATH VALUE [PATH VALUE]…`, exitCodes.usage);
  const edits: components['schemas']['EditInput'][] = [];
  for (let i = 0; i < pairs.length; i += 2) edits.push({ path: pathOf(pairs[i]!), value: yamlOf(pairs[i + 1]!) });
  await change(edits, options);
}

export async function unset(paths: readonly string[], options: Options): Promise<void> {
  await change(
    paths.map((path) => ({ path: pathOf(path) })),
    options,
  );
}

export async function move(path: string, before: string | undefined, options: Options): Promise<void> {
  await change([{ path: pathOf(path), before: before === undefined ? null : pathOf(before)[0]! }], options);
}

async function change(edits: components['schemas']['EditInput'][], options: Options): Promise<void> {
  const { client } = await openRemote(options);
  tellDraft(await answered(client.PATCH('/api/v1/configuration/draft', { body: { edits } })), options);
}

/** Status 1 where what was written has faults. */
export async function edit(options: EditOptions): Promise<number> {
  const { client } = await openRemote(options);
  const known = await draftOf(client);
  const begun = known ?? (await answered(client.GET('/api/v1/configuration')));
  const base = 'base' in begun ? begun.base : begun.hash;
  const text = await editText(begun.text);
  if (text === begun.text) {
    tell(stderr, 'Nothing was changed.\n');
    return exitCodes.ok;
  }
  const draft = await answered(client.PUT('/api/v1/configuration/draft', { body: { text, base } }));
  return kept(client, draft, options);
}

export async function importFrom(file: string, options: ImportOptions): Promise<number> {
  const { client } = await openRemote(options);
  const draft = await answered(client.PUT('/api/v1/configuration/draft', { body: { text: readText(file) } }));
  return kept(client, draft, options);
}

/** What is now a draft is told, and committed where that is wanted. */
async function kept(client: Remote['client'], draft: Draft, options: EditOptions | ImportOptions): Promise<number> {
  if (!options.commit || !draft.examination.sound) {
    tellDraft(draft, options);
    return draft.examination.sound ? exitCodes.ok : exitCodes.failed;
  }
  tell(stdout, options.output === 'table' ? examinationText(draft.examination, paint) : '');
  await commitDraft(client, options);
  return exitCodes.ok;
}

function tellDraft(draft: Draft, { output }: OutputOptions): void {
  const { examination, outdated } = draft;
  printObject(stdout, output, draft, () => examinationText(examination, paint));
  const next = examination.sound ? ' Then: `tandem config commit -m "why"`.' : ' Mend it by `tandem config edit`.';
  tell(
    stderr,
    `Your draft: ${summary(examination)}${examination.differences.length > 0 || !examination.sound ? next : ''}\n`,
  );
  if (outdated) tell(stderr, 'The file was changed since you began: `tandem config renew`.\n');
}

export async function commit(options: CommitOptions): Promise<void> {
  const { client } = await openRemote(options);
  await commitDraft(client, options);
}

async function commitDraft(client: Remote['client'], options: CommitOptions): Promise<void> {
  const body = {
    reason: options.reason,
    acknowledged: [...(options.acknowledge ?? [])],
    restart: options.restart === true,
  };
  const made = await progress(
    'The running program takes it',
    withCure(answered(client.POST('/api/v1/configuration/commit', { body }))),
  );
  tellVersion(made, options);
}

export async function discard(options: Options): Promise<void> {
  const { client } = await openRemote(options);
  await answered(client.DELETE('/api/v1/configuration/draft'));
  tell(stderr, 'Your draft is gone.\n');
}

export async function renew(options: Options): Promise<void> {
  const { client } = await openRemote(options);
  tellDraft(await answered(client.POST('/api/v1/configuration/draft/renew')), options);
}

export async function rollback(id: number | undefined, options: CommitOptions): Promise<void> {
  const { client } = await openRemote(options);
  const to = id ?? (await before(client));
  const body = {
    reason: options.reason,
    acknowledged: [...(options.acknowledge ?? [])],
    restart: options.restart === true,
  };
  const made = await progress(
    `Back to version ${to}`,
    withCure(
      answered(client.POST('/api/v1/configuration/versions/{id}/rollback', { params: { path: { id: to } }, body })),
    ),
  );
  tellVersion(made, options, to);
}

async function before(client: Remote['client']): Promise<number> {
  const { items } = await answered(client.GET('/api/v1/configuration/versions', { params: { query: { limit: 2 } } }));
  const [, last] = items;
  if (!last) throw new Failure('there is no version before the one that runs.');
  return last.id;
}

const columns: readonly Column<Version>[] = [
  { heading: 'VERSION', cell: ({ id }) => String(id), right: true },
  { heading: 'AT', cell: ({ at }) => localTime(Date.parse(at)), spare: 1 },
  { heading: 'WHO', cell: ({ who }) => who, least: 6 },
  { heading: 'BY', cell: ({ by }) => by, spare: 3 },
  { heading: 'DIFFERENCES', cell: ({ differences }) => String(differences), right: true, spare: 2 },
  { heading: 'REASON', cell: ({ reason }) => reason || '-', least: 10 },
];

export async function history(options: Options & { readonly limit: number }): Promise<void> {
  const { client } = await openRemote(options);
  const query = { limit: Math.min(500, options.limit) };
  const { items } = await answered(client.GET('/api/v1/configuration/versions', { params: { query } }));
  printList(stdout, options.output, items, columns, 'None ran yet.');
}

export async function exportTo(file: string | undefined, options: ShowOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { text } =
    options.revision === undefined
      ? await answered(client.GET('/api/v1/configuration'))
      : await versionOf(client, options.revision);
  if (file === undefined) {
    stdout.write(text);
    return;
  }
  try {
    // Passwords may stand in it.
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new Failure(`${file} cannot be written: ${(error as Error).message}`);
  }
  tell(stderr, `Written: ${file}\n`);
}

export async function reload(options: ReloadOptions): Promise<void> {
  const { client } = await openRemote(options);
  const body = { restart: options.restart === true };
  const said = await progress(
    'The running program reads the file',
    withCure(answered(client.POST('/api/v1/configuration/reload', { body }))),
  );
  printObject(stdout, options.output, said, () => `${said.said.trimEnd()}\n`);
}

/** What was refused, with the words of this command line that would do it. */
async function withCure<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    throw new Failure(`${error.message}${cureOf(error)}`, error.exitCode);
  }
}

function cureOf({ status, errors, message }: ApiFailure): string {
  if (status === 412)
    return '\nBring yours up to date by `tandem config renew`, and look at it by `tandem config diff`.';
  if (status !== 409 || errors.length === 0) return '';
  if (message.startsWith('Something else becomes'))
    return `\nIf that is meant: --acknowledge ${errors.map(({ place }) => JSON.stringify(place)).join(' ')}`;
  return errors.some(({ detail }) => detail.includes('restart')) ? '\nIf that may be: --restart' : '';
}

/** `as`: the one that it is like, where it went back. */
function tellVersion(made: Version, { output }: OutputOptions, as?: number): void {
  const { id, differences } = made;
  const told = `${differences} ${differences === 1 ? 'difference' : 'differences'} from before`;
  const back = as === undefined ? '' : `, as version ${as} was`;
  printObject(stdout, output, made, () => `Version ${id} runs${back}: ${told}.\n`);
}

/** Undefined: nothing is being changed. */
function draftOf(client: Remote['client']): Promise<Draft | undefined> {
  return answered<Draft | undefined>(client.GET('/api/v1/configuration/draft'));
}

function versionOf(client: Remote['client'], id: number) {
  return answered(client.GET('/api/v1/configuration/versions/{id}', { params: { path: { id } } }));
}

/** What is compared line by line. */
async function textsOf(
  client: Remote['client'],
  file: string | undefined,
  { revision, from }: DiffOptions,
): Promise<[before: string, after: string]> {
  const { text } = await answered(client.GET('/api/v1/configuration'));
  if (revision === undefined)
    return [text, file === undefined ? ((await draftOf(client))?.text ?? text) : readText(file)];
  const after = (await versionOf(client, revision)).text;
  return [from === undefined ? text : (await versionOf(client, from)).text, after];
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`);
  }
}
