import type { User } from '#engine/ports';
import { harmless, localTime } from './cdr-text.ts';
import { type OutputOptions, printList, tell } from './output/output.ts';
import type { StatusClient } from './status-client.ts';
import { table } from './table.ts';
import { notRunning, openPlace } from './trunk-place.ts';

interface Output {
  write(text: string): unknown;
}

/** A user as the running program tells of him. */
export interface UserView {
  readonly user: string;
  readonly devices: readonly {
    readonly contact: string;
    readonly at: string;
    readonly expires: string;
    readonly userAgent?: string;
    /** Less than 1: it rings after those of more. */
    readonly q?: number;
  }[];
  /** That ring or talk. */
  readonly calls: number;
  readonly inCall: boolean;
}

/** `tandem user list FILE`: who is there, and who talks. */
export async function list(
  file: string,
  { all = false, output }: OutputOptions & { readonly all?: boolean },
  stdout: Output,
  stderr: Output,
): Promise<void> {
  const place = await openPlace(file);
  const { configuration, program } = place;
  const { users = [] } = configuration;
  if (!program) tell(stderr, notRunning(place));
  try {
    const views = new Map((program ? await seen(program) : []).map((view) => [view.user, view]));
    const told = users.filter(({ name }) => all || !program || views.has(name));
    if (output !== 'table')
      printList(
        stdout,
        output,
        told.map((user) => asJson(user, views.get(user.name))),
        [],
      );
    else stdout.write(userTable(told, views, program !== undefined));
  } finally {
    program?.close();
  }
}

/** All of them, page by page: nobody's call waits for a long list. */
async function seen(program: Pick<StatusClient, 'ask'>): Promise<UserView[]> {
  const all: UserView[] = [];
  for (let more = true; more; ) {
    const after = all.at(-1)?.user;
    const page = await program.ask('users', after === undefined ? {} : { after });
    all.push(...(page.users as readonly UserView[]));
    more = page.more === true;
  }
  return all;
}

/** One row a user, and a line below it for each of his devices. */
export function userTable(users: readonly User[], views: ReadonlyMap<string, UserView>, running: boolean): string {
  const rows = users.map((user) => rowOf(user, views.get(user.name), running));
  const [head = '', ...lines] = table(['USER', 'NAME', 'LINE', 'SITE', 'STATE', 'DEVICES', 'CALLS'], rows).split('\n');
  const out = [head];
  for (const [at, { name }] of users.entries())
    out.push(lines[at]!, ...(views.get(name)?.devices ?? []).map(deviceLine));
  return `${out.join('\n')}\n`;
}

function rowOf(
  { name, display, line, site, devices }: User,
  view: UserView | undefined,
  running: boolean,
): readonly string[] {
  return [
    name,
    display ?? '-',
    line ?? '-',
    site ?? '-',
    running ? stateOf(view) : '-',
    running ? `${view?.devices.length ?? 0} of ${devices}` : `at most ${devices}`,
    running ? String(view?.calls ?? 0) : '-',
  ].map(harmless);
}

function stateOf(view: UserView | undefined): string {
  if (view?.inCall) return 'in a call';
  return view && view.devices.length > 0 ? 'there' : 'not registered';
}

function deviceLine({ contact, at, expires, userAgent, q }: UserView['devices'][number]): string {
  const what = `${userAgent === undefined ? '' : `, ${userAgent}`}${q === undefined ? '' : `, q ${q}`}`;
  return harmless(`  ${contact} at ${at} until ${localTime(Date.parse(expires))}${what}`);
}

function asJson({ name: user, display, line, site }: User, view: UserView | undefined): object {
  return {
    user,
    display,
    line,
    site,
    devices: view?.devices ?? [],
    calls: view?.calls ?? 0,
    inCall: view?.inCall ?? false,
  };
}
