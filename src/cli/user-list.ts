import type { components } from '#client';
import type { User } from '#engine/ports';
import { localTime } from './cdr-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { type Column, fittedTable, type Painter } from './output/fitted-table.ts';
import { type OutputOptions, painterOf, printList, tell } from './output/output.ts';
import { columnsOf } from './output/width.ts';
import { answered, openRemote, type Remote, type RemoteOptions } from './rest/remote.ts';

export type UserListOptions = RemoteOptions & OutputOptions & { readonly all?: true };

/** As the API tells of him. A device's `q` is less than 1: it rings after those of more. */
export type UserView = components['schemas']['RegisteredUser'];

/** One line of the list: as the program tells of him, as the file has him, or both. */
export interface ListedUser {
  readonly user: string;
  readonly known?: User;
  readonly view?: UserView;
}

/** `tandem user list [FILE]`: who is there, and who talks; by the file alone where no program runs by it. */
export async function list(file: string | undefined, options: UserListOptions): Promise<void> {
  const { all = false, output } = options;
  const { stdout } = process;
  const place = file ?? options.config;
  if (all && place === undefined)
    throw new Failure('who else there is stands in the file: tandem user list tandem.yaml --all', exitCodes.usage);
  const users = place === undefined ? [] : await usersOf(place);
  const views = await seen(await openRemote(place === undefined ? options : { ...options, config: place }), place);
  const told = listed(users, views, all);
  if (output !== 'table') printList(stdout, output, told.map(asData), []);
  else if (told.length === 0) tell(stdout, 'Nobody is registered, nor in a call.\n');
  else stdout.write(userTable(told, views !== undefined, columnsOf(stdout), painterOf(stdout)));
}

/** Those of the file in its order, then who is there and not in it. `views` undefined: no program runs. */
export function listed(
  users: readonly User[],
  views: readonly UserView[] | undefined,
  all: boolean,
): readonly ListedUser[] {
  const byName = new Map((views ?? []).map((view) => [view.user, view]));
  const known = new Set(users.map(({ name }) => name));
  const ofFile = users.flatMap((user): ListedUser[] => {
    const view = byName.get(user.name);
    if (!view) return all || !views ? [{ user: user.name, known: user }] : [];
    return [{ user: user.name, known: user, view }];
  });
  const others = (views ?? []).filter(({ user }) => !known.has(user)).map((view) => ({ user: view.user, view }));
  return [...ofFile, ...others];
}

async function usersOf(file: string): Promise<readonly User[]> {
  const { formatProblems, readConfiguration } = await import('#shell/config');
  const loaded = readConfiguration(file, process.env, { withoutSecrets: true });
  if (!loaded.ok) throw new Failure(`${file} cannot be used:\n${formatProblems(loaded.problems)}`.trimEnd());
  return loaded.configuration.users ?? [];
}

/** All of them, page by page: nobody's call waits for a long list. Undefined: no program runs by the file. */
async function seen({ client }: Remote, file: string | undefined): Promise<readonly UserView[] | undefined> {
  const found: UserView[] = [];
  try {
    for (let cursor: string | undefined; ; ) {
      const query = { limit: 1000, ...(cursor !== undefined && { cursor }) };
      const page = await answered(client.GET('/api/v1/registered-users', { params: { query } }));
      found.push(...page.items);
      cursor = page.next;
      if (cursor === undefined) return found;
    }
  } catch (error) {
    const { placeAlone } = await import('./trunk-place.ts');
    await placeAlone(file, error);
    return undefined;
  }
}

/** One row a user, and a line below it for each of his devices. */
export function userTable(told: readonly ListedUser[], running: boolean, width: number, paint: Painter): string {
  const ofFile: readonly Column<ListedUser>[] = [
    { heading: 'NAME', cell: ({ known }) => known?.display ?? '-', least: 6, spare: 3 },
    { heading: 'LINE', cell: ({ known }) => known?.line ?? '-', least: 8, spare: 2 },
    { heading: 'SITE', cell: ({ known }) => known?.site ?? '-', least: 6, spare: 4 },
  ];
  const columns: readonly Column<ListedUser>[] = [
    { heading: 'USER', cell: ({ user }) => user, least: 8 },
    ...(told.some(({ known }) => known) ? ofFile : []),
    {
      heading: 'STATE',
      cell: ({ view }) => (running ? stateOf(view) : '-'),
      colour: ({ view }) => (view?.inCall ? 'green' : undefined),
    },
    { heading: 'DEVICES', cell: (one) => devicesText(one, running), spare: 1 },
    { heading: 'CALLS', cell: ({ view }) => (running ? String(view?.calls ?? 0) : '-'), spare: 1 },
  ];
  return fittedTable(told, columns, width, paint, ({ view }) => (view?.devices ?? []).map(deviceLine));
}

function devicesText({ known, view }: ListedUser, running: boolean): string {
  if (!running) return `at most ${known?.devices ?? 0}`;
  const there = view?.devices.length ?? 0;
  return known ? `${there} of ${known.devices}` : String(there);
}

function stateOf(view: UserView | undefined): string {
  if (view?.inCall) return 'in a call';
  return view && view.devices.length > 0 ? 'there' : 'not registered';
}

function deviceLine({ contact, at, expires, userAgent, q }: UserView['devices'][number]): string {
  const what = `${userAgent === undefined ? '' : `, ${userAgent}`}${typeof q === 'number' ? `, q ${q}` : ''}`;
  return `  ${contact} at ${at} until ${localTime(Date.parse(expires))}${what}`;
}

/** As the API has it, and what the file adds. */
function asData({ user, known, view }: ListedUser): object {
  return {
    ...(view ?? { user, devices: [], calls: 0, inCall: false }),
    ...(known && { display: known.display, line: known.line, site: known.site }),
  };
}
