import { wholeId } from '../call/acts.ts';
import { harmless } from '../cdr-text.ts';
import { queryOf, tellsOfStream, whileWatched } from '../events/follow.ts';
import { exitCodes, Failure } from '../failure.ts';
import { type OutputOptions, painterOf, printNext, printObject } from '../output/output.ts';
import { columnsOf } from '../output/width.ts';
import { follow } from '../rest/events.ts';
import { ApiFailure, answered, openRemote, type Remote, type RemoteOptions } from '../rest/remote.ts';
import { ladderText, type Message, messagesText } from './ladder.ts';
import { Printed } from './printed.ts';
import { traceLine } from './trace-line.ts';
import { writeCapture } from './write-capture.ts';

type Options = RemoteOptions & OutputOptions & { readonly messages?: true; readonly follow?: boolean };
export type LadderOptions = Options & { readonly pcap?: string };
export type TraceOptions = Options & { readonly trunk?: string; readonly number?: string };

const { stdout } = process;
const paint = painterOf(stdout);

/** `tandem ladder CALL`. */
export async function ladder(call: string, options: LadderOptions): Promise<void> {
  const remote = await openRemote(options);
  const id = await wholeId(remote, call);
  if (options.pcap !== undefined)
    return writeCapture(remote, `/api/v1/calls/${encodeURIComponent(id)}/capture.pcapng`, options.pcap);
  const known = await answered(remote.client.GET('/api/v1/calls/{call}/messages', { params: { path: { call: id } } }));
  printObject(stdout, options.output, known, () => {
    const drawn = ladderText(known.messages, columnsOf(stdout), paint);
    return `Call ${harmless(known.call)}\n\n${drawn}${options.messages ? `\n${messagesText(known.messages, paint)}` : ''}`;
  });
  if (options.follow)
    await followCalls(remote, queryOf({ kinds: 'calls,ended', call: id }), options, known.messages, id);
}

/** `tandem trace [CALL]`. */
export async function trace(call: string | undefined, options: TraceOptions): Promise<void> {
  const remote = await openRemote(options);
  const { trunk, number } = options;
  const id = call === undefined ? undefined : await wholeId(remote, call);
  if (id === undefined) {
    if (options.follow === false) throw new Failure('--no-follow goes with a call.', exitCodes.usage);
    return followCalls(remote, queryOf({ kinds: 'calls,ended', trunk, number }), options);
  }
  const messages = await messagesOf(remote, id);
  for (const one of messages) print(id, one, options);
  if (options.follow !== false && (await stands(remote, id)))
    await followCalls(remote, queryOf({ kinds: 'calls,ended', call: id }), options, messages, id);
}

/** What comes and goes in calls that the events tell of; `only` ends it with that call, of which `told` was printed. */
async function followCalls(
  remote: Remote,
  query: string,
  options: Options,
  told: readonly Message[] = [],
  only?: string,
): Promise<void> {
  // Of calls that stood before, only what comes from now on; by the clock of who is asked.
  const began = only === undefined ? await clockOf(remote) : 0;
  const printed = new Printed();
  if (only !== undefined) printed.news(only, told);
  const newsOf = async (call: string): Promise<readonly News[]> => {
    try {
      const messages = await messagesOf(remote, call);
      return printed.news(call, messages).flatMap((message) => (message.atMs >= began ? [{ call, message }] : []));
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 404) return []; // It has gone from the ring.
      throw error;
    }
  };
  const flush = async (calls: readonly string[]): Promise<void> => {
    const news: News[] = [];
    for (const call of new Set(calls)) news.push(...(await newsOf(call)));
    // Calls are told one after the other, but go on beside each other.
    for (const { call, message } of news.sort((one, other) => one.message.atMs - other.message.atMs))
      print(call, message, options);
  };
  await whileWatched(async (signal) => {
    for await (const one of follow(remote, `/api/v1/events${query}`, signal)) {
      if (tellsOfStream(one)) continue;
      const { changed = [], gone = [], records = [] } = one.data as EventData;
      // Of a call that has ended, all that is left comes with its record.
      const ended = records.map(({ call }) => call);
      const isMeant = (call: string) => only === undefined || call === only;
      await flush([...changed.map((one) => one.call), ...ended].filter(isMeant));
      for (const call of ended) printed.forget(call);
      if (only !== undefined && (ended.includes(only) || gone.includes(only))) {
        await flush([only]);
        return;
      }
    }
  });
}

interface News {
  readonly call: string;
  readonly message: Message;
}

interface EventData {
  readonly changed?: readonly { readonly call: string }[];
  readonly gone?: readonly string[];
  readonly records?: readonly { readonly call: string }[];
}

function print(call: string, message: Message, { output, messages }: Options): void {
  printNext(stdout, output, { call, ...message }, () => {
    if (messages) return messagesText([message], paint);
    return `${traceLine(call, message, columnsOf(stdout), paint)}\n`;
  });
}

async function messagesOf({ client }: Remote, call: string): Promise<readonly Message[]> {
  return (await answered(client.GET('/api/v1/calls/{call}/messages', { params: { path: { call } } }))).messages;
}

/** Unix ms, of whole seconds. */
async function clockOf({ client }: Remote): Promise<number> {
  const { response } = await client.GET('/api/v1/version');
  return Date.parse(response.headers.get('date') ?? '') || Date.now();
}

async function stands({ client }: Remote, call: string): Promise<boolean> {
  const whole = await answered(client.GET('/api/v1/calls/{call}', { params: { path: { call } } }));
  return whole.live !== undefined;
}
