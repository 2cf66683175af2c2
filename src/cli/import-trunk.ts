import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Profile } from '#engine/ports';
import { Sensitive } from '#kernel';
import { formatProblems, insertTrunk, readCapabilitySet, readConfiguration, trunkText } from '#shell/config';
import {
  type ClientOptions,
  discover,
  fetchCapabilitySet,
  fetchCertificates,
  fetchToken,
  PeeringFailure,
} from '#shell/peering';
import { harmless } from './cdr-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { passwordIn, profileFor, transportsOf, trunkFrom } from './imported-trunk.ts';
import { tell } from './output/output.ts';

export interface ImportOptions {
  readonly name?: string;
  readonly trunkid?: string;
  readonly into?: string;
  readonly transport?: 'udp' | 'tcp' | 'tls';
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly tokenFile?: string;
  readonly scope?: string;
  readonly issuer?: URL;
  readonly tokenEndpoint?: URL;
  readonly caFile?: string;
  readonly allowHost?: readonly string[];
  readonly force?: boolean;
  readonly insecureHttp?: boolean;
}

interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Returns the exit status; throws Failure. */
export async function importTrunk(from: URL, options: ImportOptions, { stdout, stderr }: Streams): Promise<number> {
  const name = options.name ?? from.hostname.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name))
    throw new Failure(`"${harmless(name)}" cannot be a name: say --name.`);
  if ((options.clientId === undefined) !== (options.clientSecretFile === undefined))
    throw new Failure('--client-id and --client-secret-file go together.', exitCodes.usage);
  const say = (line: string) => tell(stderr, `${harmless(line)}\n`);
  const client: ClientOptions = {
    say,
    ca: options.caFile === undefined ? undefined : read(options.caFile),
    insecureHttp: options.insecureHttp,
    allowHosts: options.allowHost,
  };

  let profile: Profile;
  let certificates: string | undefined;
  try {
    ({ profile, certificates } = await fetchAll(from, options, client));
  } catch (error) {
    if (error instanceof PeeringFailure) throw new Failure(error.message);
    throw error;
  }

  const taken = transportsOf(profile);
  if (options.transport && taken.length > 0 && !taken.includes(options.transport))
    throw new Failure(`the provider takes ${taken.join(', ')}, not ${options.transport}.`);
  const folder = options.into === undefined ? '.' : dirname(options.into);
  const beside = (ending: string) => join(folder, `${name}.${ending}`);
  const profileFile = pathFor(beside('profile.yaml'));
  const password = passwordIn(profile);
  const { trunk, open } = trunkFrom(profile, {
    name,
    profileFile,
    transport: options.transport,
    certificateFile: certificates === undefined ? undefined : pathFor(beside('certificates.pem')),
    passwordFile: password === undefined ? undefined : pathFor(beside('password')),
  });
  const comment = [`From the capability set of ${from.host} (RFC 10006).`, ...open.map((one) => `Open: ${one}`)].join(
    '\n',
  );

  // Whether it fits is known before anything is written.
  const files: [path: string, text: string, mode: number][] = [
    [profileFile, profileText(profileFor(profile, from.host), from), 0o644],
  ];
  if (certificates !== undefined) files.push([pathFor(beside('certificates.pem')), certificates, 0o644]);
  if (password !== undefined) files.push([pathFor(beside('password')), `${password}\n`, 0o600]);
  const inserted = options.into === undefined ? undefined : into(options.into, trunk, comment, options.force === true);
  for (const [path, text] of files)
    if (!options.force && existsSync(path) && readFileSync(path, 'utf8') !== text)
      throw new Failure(`${path} is there already, and different: say --force to replace it.`);
  for (const [path, text, mode] of files) {
    write(path, text, mode);
    say(`Written: ${path}`);
  }
  if (options.into === undefined || inserted === undefined) stdout.write(trunkText(trunk, comment));
  else {
    write(options.into, inserted);
    say(`Trunk "${name}" is in ${options.into}.`);
  }
  for (const one of open) say(`Open: ${one}`);
  if (options.into !== undefined) tellProblems(options.into, stderr);
  return exitCodes.ok;
}

/** Discovery, token, document, certificates: each step says what was asked, what came and what to do when it fails. */
async function fetchAll(
  from: URL,
  options: ImportOptions,
  client: ClientOptions,
): Promise<{ profile: Profile; certificates: string | undefined }> {
  // A URL with a path is the document's own (RFC 10006 4.5, "manual configuration").
  const bare = from.pathname === '/' && from.search === '';
  const found = bare ? await discover(from, client) : { document: from };
  if (bare) client.say(`Found the capability set: ${found.document.href}`);
  const document = new URL(found.document);
  if (options.trunkid !== undefined) document.searchParams.set('trunkid', options.trunkid);

  const token = await tokenFor(found.document, 'issuer' in found ? found.issuer : undefined, options, client);
  const { tree } = await fetchCapabilitySet(document, token, client);
  const { profile, problems, ignored } = readCapabilitySet(tree);
  for (const path of ignored) client.say(`Not understood, and left out: ${path}`);
  if (!profile) {
    const list = problems.map(({ path, message }) => `  ${harmless(path)}: ${harmless(message)}`).join('\n');
    throw new Failure(`The capability set is not what RFC 10006 says.\n${list}\nAsk the provider to correct it.`);
  }
  tellRevision(profile, client);

  const at = profile.security?.['certificate-location'];
  if (at === undefined) return { profile, certificates: undefined };
  try {
    const place = new URL(at);
    if (place.host !== document.host) client.say(`Its certificates are at another host: ${place.href}`);
    return { profile, certificates: await fetchCertificates(place, client) };
  } catch (error) {
    // The trunk can be made without: public roots may do.
    if (!(error instanceof PeeringFailure)) throw error;
    for (const line of error.message.split('\n')) client.say(line);
    return { profile, certificates: undefined };
  }
}

async function tokenFor(
  document: URL,
  issuer: URL | undefined,
  options: ImportOptions,
  client: ClientOptions,
): Promise<string | undefined> {
  if (options.tokenFile !== undefined) return read(options.tokenFile).trim();
  if (options.clientId === undefined) return undefined;
  const place = { issuer: options.issuer ?? issuer ?? new URL(document.origin), endpoint: options.tokenEndpoint };
  if (!options.issuer && !options.tokenEndpoint) client.say(`Tokens come from ${place.issuer.href}`);
  const clientSecret = new Sensitive(read(options.clientSecretFile!).replace(/\r?\n$/, ''));
  return fetchToken(place, { clientId: options.clientId, clientSecret, scope: options.scope }, client);
}

function tellRevision({ revision }: Profile, { say }: ClientOptions): void {
  if (!revision) return;
  if (Date.parse(revision['not-before']) > Date.now())
    say(`It holds from ${revision['not-before']} on, and not before.`);
  say(`The next revision will be at ${revision.location}`);
}

function into(file: string, trunk: Readonly<Record<string, unknown>>, comment: string, replace: boolean): string {
  const { text, reason } = insertTrunk(read(file), trunk, comment, replace);
  if (text === undefined)
    throw new Failure(
      `the trunk cannot be put into ${file}: ${reason}.${reason.includes('already') ? ' Say --force to replace it, or --name.' : ''}`,
    );
  return text;
}

/** What the file lacks now, such as a password. */
function tellProblems(file: string, stderr: Streams['stderr']): void {
  const loaded = readConfiguration(file);
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  if (problems.length === 0) tell(stderr, `${file} is sound.\n`);
  else tell(stderr, `${formatProblems(problems)}\`tandem check ${file}\` says when nothing is left to do.\n`);
}

function profileText(profile: Profile, from: URL): string {
  return `# The capability set of ${from.host} (RFC 10006), as \`tandem trunk import\` got it.\n${stringify(profile, { lineWidth: 0 })}`;
}

/** Paths in a configuration are relative to where the program starts, as this command is. */
function pathFor(path: string): string {
  return path.startsWith('/') || path.startsWith('.') ? path : `./${path}`;
}

/** Whole or not at all. Without a mode, that of the file which is there. */
function write(path: string, text: string, mode = statSync(path).mode & 0o777): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, text, { mode: 0o600 });
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`);
  }
}
