import type { Client, components } from '#client';
import { harmless, localTime } from '../cdr-text.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Column } from '../output/fitted-table.ts';
import { type OutputOptions, printList, printObject, tell } from '../output/output.ts';
import { ApiFailure, answered, openRemote, type RemoteOptions } from '../rest/remote.ts';

type Options = RemoteOptions & OutputOptions;
type Role = components['schemas']['Account']['role'];
interface Rights {
  readonly role?: Role;
  readonly site?: readonly string[];
}
export type InviteOptions = Options & Rights;
export type SetOptions = Options &
  Rights & { readonly allSites?: true; readonly disable?: true; readonly enable?: true };
export type TokenOptions = Options & Rights & { readonly hours?: number };
type Account = components['schemas']['Account'];
type Invitation = components['schemas']['Invitation'];
type Token = components['schemas']['Token'];

const { stdout, stderr } = process;

const when = (time: string | undefined) => (time === undefined ? '-' : localTime(Date.parse(time)));
const sitesOf = ({ sites }: { readonly sites?: readonly string[] }) => sites?.join(', ') ?? 'all';

const accountColumns: readonly Column<Account>[] = [
  { heading: 'NAME', cell: ({ name }) => name, least: 8 },
  { heading: 'ROLE', cell: ({ role }) => role, spare: 0.5 },
  { heading: 'SITES', cell: sitesOf, least: 8, spare: 2 },
  { heading: 'STATE', cell: ({ state }) => state },
  { heading: 'BY', cell: ({ method, totp }) => (totp ? `${method}, code` : method), spare: 3 },
  { heading: 'SIGNED IN', cell: ({ signedIn }) => when(signedIn), spare: 1 },
];

const tokenColumns: readonly Column<Token>[] = [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'NAME', cell: ({ name }) => name, least: 8 },
  { heading: 'OF', cell: ({ account }) => account, least: 6, spare: 2 },
  { heading: 'ROLE', cell: ({ role }) => role, spare: 0.5 },
  { heading: 'SITES', cell: sitesOf, least: 8, spare: 2 },
  { heading: 'EXPIRES', cell: ({ expires }) => when(expires), spare: 1 },
  {
    heading: 'USED',
    cell: ({ used, usedFrom }) => (used === undefined ? '-' : `${when(used)} ${usedFrom ?? ''}`),
    least: 16,
    spare: 3,
  },
];

export async function accounts(options: Options): Promise<void> {
  const { client } = await openRemote(options);
  const { items } = await answered(client.GET('/api/v1/accounts'));
  printList(stdout, options.output, items, accountColumns, 'Nobody can sign in: `tandem account invite NAME`.');
}

/** Who has an account gets another link; his rights stay. */
export async function invite(name: string, options: InviteOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { output, role, site } = options;
  const params = { path: { account: name } };
  if (role === undefined) {
    if (site) throw new Failure('--site goes with --role', exitCodes.usage);
    try {
      const made = await answered(client.POST('/api/v1/accounts/{account}/invitation', { params }));
      return printObject(stdout, output, made, () => linkText(name, made));
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 404) throw error;
      throw new Failure(`there is no account ${harmless(name)}: say what it may do, by --role`, exitCodes.usage);
    }
  }
  const body = { name, role, ...(site && { sites: [...site] }) };
  const made = await answered(client.POST('/api/v1/accounts', { body }));
  printObject(stdout, output, made, () => linkText(name, made.invitation));
}

function linkText(name: string, { url, token, expires }: Invitation): string {
  const until = `once and until ${when(expires)}`;
  return url === undefined
    ? `The API is at its Unix socket alone, so there is no link: add \`management\` to the configuration.\nAt POST /api/v1/invitation, ${until}, ${harmless(name)} is let in by the token\n  ${token}\n`
    : `${harmless(name)} chooses a password at this link, ${until}:\n  ${harmless(url)}\n`;
}

/** Whom it is about, as he is now: what somebody else changes meanwhile is not overwritten. */
async function seen(client: Client, account: string) {
  const path = { account };
  const { version } = await answered(client.GET('/api/v1/accounts/{account}', { params: { path } }));
  return { path, header: { 'if-match': `"${version}"` } };
}

export async function set(name: string, options: SetOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { role, site, allSites, disable, enable } = options;
  if (site && allSites) throw new Failure('--site and --all-sites are either', exitCodes.usage);
  const body = {
    ...(role !== undefined && { role }),
    ...(site && { sites: [...site] }),
    ...(allSites && { sites: null }),
    ...((disable || enable) && { disabled: disable === true }),
  };
  if (Object.keys(body).length === 0)
    throw new Failure('nothing is to be changed: `--help` tells what can be', exitCodes.usage);
  const params = await seen(client, name);
  const account = await answered(client.PATCH('/api/v1/accounts/{account}', { params, body }));
  printObject(
    stdout,
    options.output,
    account,
    () => `${harmless(`${account.name}: ${account.role}, ${sitesOf(account)} sites, ${account.state}`)}\n`,
  );
}

export async function resetTotp(name: string, options: Options): Promise<void> {
  const { client } = await openRemote(options);
  await answered(client.DELETE('/api/v1/accounts/{account}/totp', { params: { path: { account: name } } }));
  tell(stderr, `${harmless(name)} signs in by the password alone.\n`);
}

export async function remove(name: string, options: Options): Promise<void> {
  const { client } = await openRemote(options);
  const params = await seen(client, name);
  await answered(client.DELETE('/api/v1/accounts/{account}', { params }));
  tell(stderr, `${harmless(name)} is removed.\n`);
}

export async function tokens(options: Options): Promise<void> {
  const { client } = await openRemote(options);
  const { items } = await answered(client.GET('/api/v1/tokens'));
  printList(stdout, options.output, items, tokenColumns);
}

/** The secret alone goes to standard output: into a file, say. */
export async function createToken(name: string, options: TokenOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { role = 'viewer', site, hours } = options;
  const body = { name, role, ...(site && { sites: [...site] }), ...(hours !== undefined && { hours }) };
  const made = await answered(client.POST('/api/v1/tokens', { body }));
  printObject(stdout, options.output, made, () => `${made.secret}\n`);
  tell(stderr, `It holds until ${when(made.token.expires)}, and is shown never again.\n`);
}

export async function revoke(id: string, options: Options): Promise<void> {
  const { client } = await openRemote(options);
  await answered(client.DELETE('/api/v1/tokens/{token}', { params: { path: { token: id } } }));
  tell(stderr, 'It is worth nothing now.\n');
}
