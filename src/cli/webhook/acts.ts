import { readFileSync } from 'node:fs';
import type { components } from '#client';
import { harmless, localTime } from '../cdr-text.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Column } from '../output/fitted-table.ts';
import { type OutputOptions, printList, printObject, tell } from '../output/output.ts';
import { progress } from '../output/progress.ts';
import { answered, openRemote, type RemoteOptions } from '../rest/remote.ts';

type Options = RemoteOptions & OutputOptions;
interface What {
  readonly event?: readonly string[];
  readonly site?: readonly string[];
  readonly trunk?: readonly string[];
  readonly caFile?: string;
}
export type CreateOptions = Options & What & { readonly disabled?: true };
export type SetOptions = Options &
  What & {
    readonly to?: string;
    readonly rename?: string;
    readonly all?: true;
    readonly usualAuthorities?: true;
    readonly disable?: true;
    readonly enable?: true;
  };
export type RotateOptions = Options & { readonly hours: number };
export type DeliveriesOptions = Options & {
  readonly state?: 'waiting' | 'taken' | 'failed' | 'dropped';
  readonly limit: number;
};

type Webhook = components['schemas']['Webhook'];
type Delivery = components['schemas']['WebhookDelivery'];
type EventType = components['schemas']['WebhookEvent'];
type Client = Awaited<ReturnType<typeof openRemote>>['client'];

const { stdout, stderr } = process;
const when = (time: string | undefined) => (time === undefined ? '-' : localTime(Date.parse(time)));

const columns: readonly Column<Webhook>[] = [
  { heading: 'NAME', cell: ({ name }) => name, least: 8 },
  { heading: 'STATE', cell: stateOf },
  { heading: 'WAITING', cell: ({ waiting }) => String(waiting), spare: 1 },
  { heading: 'TAKEN', cell: ({ taken }) => when(taken), spare: 2.5 },
  { heading: 'URL', cell: ({ url }) => url, least: 12, spare: 2 },
  { heading: 'EVENTS', cell: ({ events }) => events.join(', '), least: 12, spare: 1 },
  {
    heading: 'OF',
    cell: ({ sites, trunks }) => [...(sites ?? []), ...(trunks ?? [])].join(', ') || 'all',
    least: 6,
    spare: 3,
  },
];
const eventColumns: readonly Column<EventType>[] = [
  { heading: 'EVENT', cell: ({ name }) => name },
  { heading: 'WHEN', cell: ({ what }) => what, least: 20 },
];
const deliveryColumns: readonly Column<Delivery>[] = [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'HAPPENED', cell: ({ at }) => when(at), spare: 2 },
  { heading: 'EVENT', cell: ({ event }) => event },
  { heading: 'STATE', cell: ({ state }) => state },
  { heading: 'TRIES', cell: ({ tries }) => String(tries), spare: 4 },
  { heading: 'STATUS', cell: ({ last }) => String(last?.status ?? '-'), spare: 3 },
  { heading: 'MS', cell: ({ last }) => String(last?.ms ?? '-'), spare: 5 },
  { heading: 'WHY NOT', cell: ({ last, next }) => whyNot(last?.error, next), least: 12, spare: 1 },
];

function stateOf({ state, endedBy }: Webhook): string {
  return endedBy === undefined ? state : `disabled (${endedBy})`;
}

function whyNot(error: string | undefined, next: string | undefined): string {
  if (error === undefined) return '-';
  return next === undefined ? error : `${error}; again at ${when(next)}`;
}

export async function list(options: Options): Promise<void> {
  const { client } = await openRemote(options);
  const { items } = await answered(client.GET('/api/v1/webhooks'));
  printList(stdout, options.output, items, columns, 'Nobody is told: `tandem webhook create NAME URL --event EVENT`.');
}

export async function events(options: Options): Promise<void> {
  const { client } = await openRemote(options);
  const { items } = await answered(client.GET('/api/v1/webhook-events'));
  printList(stdout, options.output, items, eventColumns);
}

/** The secret alone goes to standard output: into a file, say. */
export async function create(name: string, url: string, options: CreateOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { event, disabled, output } = options;
  if (!event) throw new Failure('say by --event what it is told of: `tandem webhook events` has them', exitCodes.usage);
  const body = { name, url, ...whatOf(options), events: event as Webhook['events'], enabled: disabled !== true };
  const made = await answered(client.POST('/api/v1/webhooks', { body: body as never }));
  printObject(stdout, output, made, () => `${made.secret}\n`);
  tell(stderr, `By this secret ${harmless(name)} knows that it is us; it is shown never again.\n`);
}

export async function set(name: string, options: SetOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { to, rename, all, usualAuthorities, disable, enable, site, trunk, caFile, output } = options;
  if (all && (site || trunk)) throw new Failure('--all and --site or --trunk are either', exitCodes.usage);
  if (usualAuthorities && caFile !== undefined)
    throw new Failure('--usual-authorities and --ca-file are either', exitCodes.usage);
  const body = {
    ...whatOf(options),
    ...(rename !== undefined && { name: rename }),
    ...(to !== undefined && { url: to }),
    ...(all && { sites: null, trunks: null }),
    ...(usualAuthorities && { ca: null }),
    ...((disable || enable) && { enabled: enable === true }),
  };
  if (Object.keys(body).length === 0)
    throw new Failure('nothing is to be changed: `--help` tells what can be', exitCodes.usage);
  const { id, version } = await named(client, name);
  const params = { path: { webhook: id }, header: { 'if-match': `"${version}"` } };
  const after = await answered(client.PATCH('/api/v1/webhooks/{webhook}', { params, body: body as never }));
  printObject(
    stdout,
    output,
    after,
    () => `${harmless(`${after.name}: ${stateOf(after)}, told of ${after.events.join(', ')}`)}\n`,
  );
}

export async function rotate(name: string, options: RotateOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { id } = await named(client, name);
  const made = await answered(
    client.POST('/api/v1/webhooks/{webhook}/secret', {
      params: { path: { webhook: id } },
      body: { hours: options.hours },
    }),
  );
  printObject(stdout, options.output, made, () => `${made.secret}\n`);
  const { oldSecretUntil } = made.webhook;
  tell(
    stderr,
    oldSecretUntil === undefined
      ? 'The old one is worth nothing now.\n'
      : `The old one holds beside it until ${when(oldSecretUntil)}.\n`,
  );
}

/** Status 1 where it was not taken. */
export async function test(name: string, options: Options): Promise<number> {
  const { client } = await openRemote(options);
  const { id } = await named(client, name);
  const sent = await progress(
    `Sending to ${harmless(name)}`,
    answered(client.POST('/api/v1/webhooks/{webhook}/test', { params: { path: { webhook: id } } })),
  );
  const { state, last } = sent;
  const said = state === 'taken' ? `taken (${last?.status}) in ${last?.ms} ms` : `not taken: ${last?.error ?? state}`;
  printObject(stdout, options.output, sent, () => `${harmless(said)}\n`);
  return state === 'taken' ? exitCodes.ok : exitCodes.failed;
}

export async function deliveries(name: string, id: string | undefined, options: DeliveriesOptions): Promise<void> {
  const { client } = await openRemote(options);
  const { id: webhook } = await named(client, name);
  const { state, limit, output } = options;
  if (id === undefined) {
    const params = { path: { webhook }, query: { limit, ...(state && { state }) } };
    const { items } = await answered(client.GET('/api/v1/webhooks/{webhook}/deliveries', { params }));
    return printList(stdout, output, items, deliveryColumns, 'Nothing was sent yet.');
  }
  const params = { path: { webhook, delivery: numberOf(id) } };
  const one = await answered(client.GET('/api/v1/webhooks/{webhook}/deliveries/{delivery}', { params }));
  printObject(stdout, output, one, () => {
    const tries = one.attempts.map(
      ({ number, at, ms, status, error, answer }) =>
        `  ${number}  ${when(at)}  ${status ?? '-'}  ${ms} ms  ${harmless(error ?? 'taken')}${answer === undefined ? '' : `: ${harmless(answer)}`}\n`,
    );
    return `${one.event} of ${when(one.at)}: ${one.state}\n${one.message}\n${harmless(one.body)}\n${tries.join('')}`;
  });
}

export async function resend(name: string, id: string, options: Options): Promise<void> {
  const { client } = await openRemote(options);
  const { id: webhook } = await named(client, name);
  const params = { path: { webhook, delivery: numberOf(id) } };
  await answered(client.POST('/api/v1/webhooks/{webhook}/deliveries/{delivery}/resend', { params }));
  tell(stderr, `It is being sent: \`tandem webhook deliveries ${harmless(name)} ${id}\`.\n`);
}

export async function remove(name: string, options: Options): Promise<void> {
  const { client } = await openRemote(options);
  const { id, version } = await named(client, name);
  const params = { path: { webhook: id }, header: { 'if-match': `"${version}"` } };
  await answered(client.DELETE('/api/v1/webhooks/{webhook}', { params }));
  tell(stderr, `${harmless(name)} is removed.\n`);
}

function whatOf({ event, site, trunk, caFile }: What) {
  return {
    ...(event && { events: [...event] }),
    ...(site && { sites: [...site] }),
    ...(trunk && { trunks: [...trunk] }),
    ...(caFile !== undefined && { ca: read(caFile) }),
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`, exitCodes.usage);
  }
}

function numberOf(id: string): number {
  if (!/^\d{1,15}$/.test(id)) throw new Failure('an id is a number, as `webhook deliveries` has it', exitCodes.usage);
  return Number(id);
}

async function named(client: Client, name: string): Promise<Webhook> {
  const { items } = await answered(client.GET('/api/v1/webhooks'));
  const found = items.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!found) throw new Failure(`there is no webhook ${harmless(name)}: \`tandem webhook list\``, exitCodes.usage);
  return found;
}
