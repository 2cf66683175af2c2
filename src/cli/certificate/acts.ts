import { readFileSync } from 'node:fs';
import type { components } from '#client';
import { harmless, localTime } from '../cdr-text.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Column } from '../output/fitted-table.ts';
import { type OutputOptions, printList, printObject, tell, writeOut } from '../output/output.ts';
import { answered, openRemote, type RemoteOptions } from '../rest/remote.ts';

type Options = RemoteOptions & OutputOptions;
export type ShowOptions = Options & { readonly trust?: true };
export type RequestOptions = Options & {
  readonly key: 'rsa-2048' | 'rsa-3072' | 'ecdsa-p256';
  readonly for?: string;
  readonly organization?: string;
  readonly locality?: string;
  readonly state?: string;
  readonly country?: string;
  readonly file?: string;
};
export type RollBackOptions = ShowOptions & { readonly accept?: readonly string[] };
export type InstallOptions = RollBackOptions & {
  readonly keyFile?: string;
  readonly passphraseFile?: string;
  readonly dryRun?: true;
  readonly keep?: true;
  readonly draft?: true;
};

type Certificate = components['schemas']['Certificate'];
type Files = components['schemas']['CertificateFiles'];
type Finding = components['schemas']['CertificateFinding'];
type Request = components['schemas']['CertificateRequest'];
type Client = Awaited<ReturnType<typeof openRemote>>['client'];

const { stdout, stderr } = process;
const when = (time: string | undefined) => (time === undefined ? '-' : localTime(Date.parse(time)));

const columns: readonly Column<Certificate>[] = [
  { heading: 'FOR', cell: ({ users }) => users.join(', '), least: 12 },
  { heading: 'KIND', cell: ({ kind }) => kind, spare: 4 },
  { heading: 'DAYS', cell: ({ daysLeft }) => String(daysLeft ?? '-') },
  { heading: 'UNTIL', cell: ({ notAfter }) => when(notAfter), spare: 3 },
  { heading: 'NAMES', cell: ({ names }) => names.join(', ') || '-', least: 12, spare: 2 },
  { heading: 'TO HEED', cell: ({ problem, warnings }) => problem ?? (warnings.join('; ') || '-'), least: 12, spare: 1 },
  { heading: 'FILES', cell: ({ files }) => files.join(', ') || 'those of the system', least: 12, spare: 5 },
];
const requestColumns: readonly Column<Request>[] = [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'MADE', cell: ({ at }) => when(at), spare: 2 },
  { heading: 'BY', cell: ({ who }) => who, least: 6, spare: 3 },
  { heading: 'KEY', cell: ({ kind }) => kind, spare: 4 },
  { heading: 'FOR', cell: ({ use }) => use ?? '-', least: 8, spare: 1 },
  { heading: 'NAMES', cell: ({ names }) => names.join(', '), least: 12 },
];

export async function list(options: Options): Promise<void> {
  const { client } = await openRemote(options);
  const { items } = await answered(client.GET('/api/v1/certificates'));
  printList(stdout, options.output, items, columns, 'No certificate is in use: a listener or trunk of TLS has one.');
}

export async function show(which: string, options: ShowOptions): Promise<void> {
  const { client } = await openRemote(options);
  const id = await idOf(client, which, options);
  const one = await answered(client.GET('/api/v1/certificates/{certificate}', at(id)));
  printObject(stdout, options.output, one, () => textOf(one));
}

/** The request alone goes to standard output: into a file, say. */
export async function request(names: readonly string[], options: RequestOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { key, for: use, organization, locality, state, country, file, output } = options;
  const body = {
    ...{ names: [...names], kind: key },
    ...(use !== undefined && { use }),
    ...(organization !== undefined && { organization }),
    ...(locality !== undefined && { locality }),
    ...(state !== undefined && { state }),
    ...(country !== undefined && { country }),
  };
  const made = await answered(client.POST('/api/v1/certificate-requests', { body }));
  if (file === undefined) printObject(stdout, output, made, () => made.csr);
  else writeOut(file, made.csr);
  tell(
    stderr,
    `Send it to your authority; its key stays on the server. What comes back: \`tandem certificate install ${use === undefined ? 'WHICH' : JSON.stringify(use)} FILE\` finds the key by itself.\n`,
  );
}

export async function requests(options: Options): Promise<void> {
  const { client } = await openRemote(options);
  const { items } = await answered(client.GET('/api/v1/certificate-requests'));
  printList(stdout, options.output, items, requestColumns, 'No request waits for its certificate.');
}

export async function discard(id: string, options: Options): Promise<void> {
  const { client } = await openRemote(options);
  await answered(client.DELETE('/api/v1/certificate-requests/{request}', { params: { path: { request: id } } }));
  tell(stderr, 'It is removed, with its key: a certificate for it is worth nothing now.\n');
}

/** Status 1 where a dry run finds what would be refused; a refusal otherwise is a Failure. */
export async function install(which: string, file: string, options: InstallOptions): Promise<number> {
  const { client } = await openRemote(options);
  const { keyFile, passphraseFile, accept = [], dryRun, keep, draft, output } = options;
  if (draft && !keep) throw new Failure('--draft goes with --keep', exitCodes.usage);
  if (dryRun && keep) throw new Failure('--dry-run and --keep are either', exitCodes.usage);
  const body = {
    pem: read(file),
    ...(keyFile !== undefined && { key: read(keyFile) }),
    ...(passphraseFile !== undefined && { passphrase: read(passphraseFile).replace(/\r?\n$/, '') }),
    accept: [...accept],
  };
  if (keep) {
    await keepIt(client, which, body, options);
    return exitCodes.ok;
  }
  const id = await idOf(client, which, options);
  if (dryRun) {
    const said = await answered(client.POST('/api/v1/certificates/{certificate}/examine', { ...at(id), body }));
    printObject(
      stdout,
      output,
      said,
      () => `${said.ok ? 'It would be taken.' : 'It would be refused.'}\n${findingsText(said.findings)}`,
    );
    return said.ok ? exitCodes.ok : exitCodes.failed;
  }
  const { version } = await answered(client.GET('/api/v1/certificates/{certificate}', at(id)));
  const after = await answered(client.PUT('/api/v1/certificates/{certificate}', { ...seen(id, version), body }));
  printObject(stdout, output, after, () => doneText(after));
  return exitCodes.ok;
}

export async function rollBack(which: string, options: RollBackOptions): Promise<void> {
  const { client } = await openRemote(options);
  const id = await idOf(client, which, options);
  const { version } = await answered(client.GET('/api/v1/certificates/{certificate}', at(id)));
  const body = { accept: [...(options.accept ?? [])] };
  const after = await answered(
    client.POST('/api/v1/certificates/{certificate}/rollback', { ...seen(id, version), body }),
  );
  printObject(stdout, options.output, after, () => doneText(after));
}

async function keepIt(
  client: Client,
  which: string,
  offer: { readonly pem: string; readonly key?: string; readonly passphrase?: string; readonly accept: string[] },
  options: InstallOptions,
): Promise<void> {
  const { draft, trust, output } = options;
  const { items, places } = await answered(client.GET('/api/v1/certificates'));
  const found = meant([...items, ...places], which, options);
  if (!found) throw nobody(which);
  const use = found.users.find((user) => names(user).includes(which)) ?? found.users[0]!;
  const body = { ...offer, use, kind: trust ? ('trust' as const) : ('certificate' as const) };
  const made = await answered(client.POST('/api/v1/certificates', { body }));
  if (draft) await answered(client.PATCH('/api/v1/configuration/draft', { body: { edits: made.edits as never } }));
  const set = made.edits.map(({ path, value }) => `  tandem config set ${path.join('.')} ${JSON.stringify(value)}\n`);
  const next = draft
    ? 'It stands in your draft: `tandem config diff`, and `tandem config commit` has it used.\n'
    : `It is used once the configuration names it:\n${set.join('')}  tandem config commit\n`;
  printObject(stdout, output, made, () => `Kept as ${made.files.join(', ')}.\n${findingsText(made.findings)}${next}`);
}

function doneText(one: Files): string {
  const [own] = one.chain;
  const held =
    one.kind === 'trust' ? `${one.chain.length} authorities` : `${one.names.join(', ')} until ${when(own?.notAfter)}`;
  const state =
    one.problem === undefined ? 'New handshakes show it; calls go on.' : `It is not in force: ${one.problem}`;
  return `${one.users.join(', ')}: ${held}. ${one.kind === 'trust' && one.problem === undefined ? 'It counts from the next handshake on.' : state}\n${findingsText(one.findings)}`;
}

function textOf(one: Files): string {
  const { users, files, chain, fits, wanted, locked, previous, problem, warnings, findings } = one;
  const lines = [
    `${one.kind === 'trust' ? 'Trusted by' : 'Certificate of'} ${users.join(', ')}`,
    `  files      ${files.join(', ') || 'those of the system'}`,
    ...(wanted.length > 0 ? [`  called     ${wanted.join(', ')}`] : []),
    ...(fits === undefined
      ? []
      : [`  key        ${fits ? 'is that of the certificate' : 'IS NOT that of the certificate'}`]),
    ...(previous
      ? [`  replaced   ${when(previous.at)} by ${previous.who}; before: until ${when(previous.notAfter)}`]
      : []),
    ...(problem === undefined ? [] : [`  PROBLEM    ${problem}`]),
    ...(locked === undefined ? [] : [`  locked     ${locked}`]),
    ...chain.flatMap((part, at) => [
      `${one.kind === 'trust' ? '-' : `${at + 1}.`} ${part.subject}`,
      `     names    ${part.names.join(', ') || '-'}`,
      `     issuer   ${part.issuer}`,
      `     holds    ${when(part.notBefore)} to ${when(part.notAfter)}`,
      `     key      ${part.key}, signed ${part.signature}`,
      `     SHA-256  ${part.sha256}`,
    ]),
    ...(findings.length > 0 ? [] : warnings.map((warning) => `! ${warning}`)),
  ];
  return `${lines.map(harmless).join('\n')}\n${findingsText(findings)}`;
}

function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(
      ({ severity, code, message, cure }) =>
        `${severity} ${code}: ${harmless(message)}${cure === '' ? '' : ` ${harmless(cure)}`}\n`,
    )
    .join('');
}

const at = (id: string) => ({ params: { path: { certificate: id } } });
/** As it was seen: who was quicker is not written over. */
const seen = (id: string, version: string) => ({
  params: { path: { certificate: id }, header: { 'if-match': `"${version}"` } },
});

type Named = { readonly id: string; readonly kind: string; readonly users: readonly string[] };

/** What is called so: an id, `listener wan`, or the name alone. */
function meant<One extends Named>(all: readonly One[], which: string, { trust }: ShowOptions): One | undefined {
  const kind = trust ? 'trust' : 'certificate';
  const found = all.filter(
    (one) => one.id === which || (one.kind === kind && one.users.some((user) => names(user).includes(which))),
  );
  if (found.length > 1)
    throw new Failure(
      `${harmless(which)} may be ${found.map(({ users }) => `"${users[0]}"`).join(' or ')}: say which`,
      exitCodes.usage,
    );
  return found[0];
}

async function idOf(client: Client, which: string, options: ShowOptions): Promise<string> {
  const { items, places } = await answered(client.GET('/api/v1/certificates'));
  const found = meant(items, which, options);
  if (found) return found.id;
  if (meant(places, which, options))
    throw new Failure(
      `the configuration has no file for ${harmless(which)}: with --keep it is kept with the records, and you are told what to put into the configuration`,
      exitCodes.usage,
    );
  throw nobody(which);
}

function nobody(which: string): Failure {
  return new Failure(`nothing of TLS is called ${harmless(which)}: \`tandem certificate list\``, exitCodes.usage);
}

/** `listener wan/tls`, `listener wan`, `wan`. */
function names(user: string): readonly string[] {
  const short = user.replace(/\/tls$/, '');
  return [user, short, short.replace(/^(listener|trunk) /, '')];
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`, exitCodes.usage);
  }
}
