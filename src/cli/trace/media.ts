import type { components } from '#client';
import { wholeId } from '../call/acts.ts';
import { duration, harmless, localTime } from '../cdr-text.ts';
import { queryOf, whileWatched } from '../events/follow.ts';
import { exitCodes, Failure } from '../failure.ts';
import { type OutputOptions, painterOf, printList, printObject, tell } from '../output/output.ts';
import { follow } from '../rest/events.ts';
import { answered, openRemote, type Remote, type RemoteOptions } from '../rest/remote.ts';
import { writeCapture } from './write-capture.ts';

type Capture = components['schemas']['MediaCapture'];
type Copies = components['schemas']['MediaCaptures'];

export type MediaOptions = RemoteOptions &
  OutputOptions & {
    readonly reason?: string;
    readonly trunk?: string;
    readonly number?: string;
    readonly seconds?: number;
    readonly size?: number;
    readonly keys?: true;
    readonly minutes?: number;
    readonly stop?: true;
    readonly pcap?: string;
    readonly follow?: boolean;
  };

const { stdout, stderr } = process;
const paint = painterOf(stderr);

/** `tandem trace --media [CALL]`. */
export async function media(call: string | undefined, options: MediaOptions): Promise<void> {
  const { reason, trunk, number, stop, pcap } = options;
  const remote = await openRemote(options);
  const isArmed = trunk !== undefined || number !== undefined;
  if (call !== undefined && isArmed)
    throw new Failure('Name a call, or --trunk or --number for the next one, not both.', exitCodes.usage);
  if (stop) {
    if (call === undefined) throw new Failure('Which one? Give the call, or the id of what waits.', exitCodes.usage);
    return end(remote, call);
  }
  if (call === undefined && !isArmed) return list(remote, options);
  if (reason === undefined) {
    if (call !== undefined && pcap !== undefined) return download(remote, call, pcap);
    throw new Failure('Say why: --reason TEXT. It is in the record of the call and in the audit log.', exitCodes.usage);
  }
  const { seconds, size, keys } = options;
  const order = {
    reason,
    ...(seconds !== undefined && { seconds }),
    ...(size !== undefined && { size }),
    ...(keys && { keys }),
  };
  if (call === undefined) return wait(remote, options, order);
  const id = await wholeId(remote, call);
  const before = new Set((await capturesOf(remote, id)).map(({ name }) => name));
  const isOurs = ({ name }: Capture) => !before.has(name);
  await whileWatched(async (signal) => {
    // Followed before it begins, so that nothing of it is missed.
    const over = waits(options) ? Promise.allSettled([untilOver(remote, id, isOurs, signal)]) : undefined;
    await answered(
      remote.client.POST('/api/v1/calls/{call}/media-capture', { params: { path: { call: id } }, body: order }),
    );
    tell(
      stderr,
      paint('yellow', `What is said in call ${harmless(id)} is being copied, and the record of the call tells.\n`),
    );
    if (over) await finish(remote, id, over, isOurs, options);
  });
}

function waits({ follow, pcap }: MediaOptions): boolean {
  return follow !== false || pcap !== undefined;
}

interface Order {
  readonly reason: string;
}

/** The next call that fits. */
async function wait(remote: Remote, options: MediaOptions, order: Order): Promise<void> {
  const { trunk, number, minutes, output } = options;
  const what = { ...(trunk !== undefined && { trunk }), ...(number !== undefined && { number }) };
  await whileWatched(async (signal) => {
    const begun = waits(options) ? Promise.allSettled([untilBegun(remote, order, signal)]) : undefined;
    const armed = await answered(
      remote.client.POST('/api/v1/media-captures/armed', {
        body: { ...order, ...what, ...(minutes !== undefined && { minutes }) } as never,
      }),
    );
    const until = localTime(Date.parse(armed.until)).slice(11, 16);
    const told = () => `Waits until ${until} for the next call: ${harmless(armed.id)}\n`;
    if (!begun) return printObject(stdout, output, armed, told);
    tell(stderr, `Waits until ${until} for the next call; Ctrl-C: no longer.\n`);
    const found = cameOf((await begun)[0]);
    if (!found) {
      await remote.client.DELETE('/api/v1/media-captures/armed/{id}', { params: { path: { id: armed.id } } });
      return;
    }
    const isOurs = ({ name }: Capture) => name === found.name;
    stderr.write(paint('yellow', `What is said in call ${harmless(found.call)} is being copied.\n`));
    const over = Promise.allSettled([untilOver(remote, found.call, isOurs, signal)]);
    await finish(remote, found.call, over, isOurs, options);
  });
}

/** Undefined: Ctrl-C came before. */
function cameOf<T>(outcome: PromiseSettledResult<T | undefined>): T | undefined {
  if (outcome.status === 'fulfilled') return outcome.value;
  if ((outcome.reason as Error).name === 'AbortError') return undefined;
  throw outcome.reason;
}

/** Waits for the end; Ctrl-C is one. */
async function finish(
  remote: Remote,
  call: string,
  over: Promise<[PromiseSettledResult<Capture | undefined>]>,
  isOurs: (capture: Capture) => boolean,
  options: MediaOptions,
): Promise<void> {
  let capture = cameOf((await over)[0]);
  if (!capture) {
    await remote.client.DELETE('/api/v1/calls/{call}/media-capture', { params: { path: { call } } });
    const [last] = await Promise.allSettled([untilOver(remote, call, isOurs, AbortSignal.timeout(patience))]);
    if (last.status === 'fulfilled') capture = last.value;
  }
  if (!capture) throw new Failure(`What became of it is not known: \`tandem call show ${harmless(call)}\` tells.`);
  const known = capture;
  printObject(stdout, options.output, { call, ...known }, () => overText(known));
  if (capture.why === 'failed' || capture.why === 'lost') throw new Failure('Nothing of it is there.');
  if (options.pcap !== undefined) await writeCapture(remote, pathOf(capture.name), options.pcap);
}

/** Ms that the end of a copy may take to be told. */
const patience = 5_000;

const whys: Readonly<Record<NonNullable<Capture['why']>, string>> = {
  stopped: 'it was stopped',
  time: 'its time was over',
  size: 'it was as large as it may be',
  closed: 'the call ended',
  failed: 'it could not be written',
  lost: 'the media process died',
};

function overText({ why, detail, packets = 0, dropped = 0, octets = 0, startedAt, endedAt }: Capture): string {
  const lasted = endedAt === undefined ? '' : ` in ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const lost = dropped > 0 ? `; ${dropped} packets are not in it, since the disk did not keep up` : '';
  const told = detail === undefined ? '' : ` (${harmless(detail)})`;
  return `${packets} packets${lasted}, ${Math.ceil(octets / 1000)} kB: ${why ? whys[why] : 'it goes on'}${told}${lost}\n`;
}

interface EventData {
  readonly changed?: readonly { readonly call: string; readonly captures?: readonly Capture[] }[];
  readonly records?: readonly { readonly call: string; readonly captures?: readonly Capture[] }[];
}

/** A copy of a call, when it is over. Undefined: it was not waited for any longer. */
async function untilOver(
  remote: Remote,
  call: string,
  isOurs: (capture: Capture) => boolean,
  signal: AbortSignal,
): Promise<Capture | undefined> {
  const query = queryOf({ kinds: 'calls,ended', call });
  // The first event says that all from here on are heard: what was before is looked at then.
  for await (const { event, data } of follow(remote, `/api/v1/events${query}`, signal)) {
    const { changed = [], records = [] } = data as EventData;
    if (event !== 'hello' && ![...changed, ...records].some((one) => one.call === call)) continue;
    const known = await capturesOf(remote, call).catch(awayFor);
    const over = known.find((one) => one.why !== undefined && isOurs(one));
    if (over) return over;
  }
  return undefined;
}

/** Signalling is being started again, and the copy goes on: the next event tells more. */
function awayFor(error: Error): readonly Capture[] {
  if (!(error instanceof Failure) || error.exitCode !== exitCodes.unreachable) throw error;
  return [];
}

/** The call that is copied for this reason from now on, and the copy. Undefined: it was not waited for any longer. */
async function untilBegun(
  remote: Remote,
  { reason }: Order,
  signal: AbortSignal,
): Promise<{ readonly call: string; readonly name: string } | undefined> {
  for await (const { data } of follow(remote, '/api/v1/events?kinds=calls,ended', signal)) {
    const { changed = [], records = [] } = data as EventData;
    for (const { call, captures = [] } of [...changed, ...records]) {
      const begun = captures.findLast((one) => one.reason === reason.trim());
      if (begun) return { call, name: begun.name };
    }
  }
  return undefined;
}

async function capturesOf(remote: Remote, call: string): Promise<readonly Capture[]> {
  const { live, record } = await answered(remote.client.GET('/api/v1/calls/{call}', { params: { path: { call } } }));
  return live?.call.captures ?? record?.captures ?? [];
}

async function end(remote: Remote, start: string): Promise<void> {
  const { armed } = await copies(remote);
  const waiting = armed.find(({ id }) => id.startsWith(start));
  if (waiting) {
    await answered(remote.client.DELETE('/api/v1/media-captures/armed/{id}', { params: { path: { id: waiting.id } } }));
    tell(stdout, 'It waits no longer.\n');
    return;
  }
  const call = await wholeId(remote, start);
  await answered(remote.client.DELETE('/api/v1/calls/{call}/media-capture', { params: { path: { call } } }));
  tell(stdout, 'It is being stopped.\n');
}

async function copies({ client }: Remote): Promise<Copies> {
  return answered(client.GET('/api/v1/media-captures'));
}

/** The newest copy of a call. */
async function download(remote: Remote, start: string, file: string): Promise<void> {
  const { items } = await copies(remote);
  const found = items.filter(({ call, name }) => call.startsWith(start) || name === start);
  const calls = new Set(found.map(({ call }) => call));
  if (calls.size > 1) throw new Failure(`${calls.size} calls begin with ${harmless(start)}: give more of the id.`);
  if (!found[0])
    throw new Failure(`There is no copy of the media of ${harmless(start)}. To have one made, say why: --reason TEXT.`);
  await writeCapture(remote, pathOf(found[0].name), file);
}

function pathOf(name: string): string {
  return `/api/v1/media-captures/${encodeURIComponent(name)}/capture.pcapng`;
}

async function list(remote: Remote, { output }: MediaOptions): Promise<void> {
  const known = await copies(remote);
  if (output !== 'table') return printObject(stdout, output, known, () => '');
  printList(
    stdout,
    output,
    known.items,
    [
      { heading: 'COPY', cell: ({ name }) => name, least: 10 },
      { heading: 'WRITTEN', cell: ({ writtenAt }) => localTime(Date.parse(writtenAt)), spare: 2 },
      { heading: 'kB', cell: ({ octets }) => String(Math.ceil(octets / 1000)), right: true, spare: 3 },
      { heading: 'BY', cell: ({ by }) => by ?? '-', least: 6, spare: 1 },
      { heading: 'REASON', cell: ({ reason }) => reason ?? '-', least: 8, spare: 0.5 },
    ],
    'No media is on the disk.',
  );
  if (known.armed.length === 0) return;
  tell(stdout, '\n');
  printList(stdout, output, known.armed, [
    { heading: 'WAITS FOR', cell: ({ trunk, number }) => [trunk, number].filter(Boolean).join(' and '), least: 8 },
    { heading: 'UNTIL', cell: ({ until }) => localTime(Date.parse(until)) },
    { heading: 'ID', cell: ({ id }) => id.slice(0, 8) },
    { heading: 'BY', cell: ({ by }) => by, least: 6, spare: 1 },
    { heading: 'REASON', cell: ({ reason }) => reason, least: 8, spare: 0.5 },
  ]);
}
