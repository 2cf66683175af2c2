import { harmless, localTime } from '../cdr-text.ts';
import { type OutputFormat, painterOf, printNext, tell } from '../output/output.ts';
import { follow, type ServerEvent } from '../rest/events.ts';
import type { Remote } from '../rest/remote.ts';
import { eventLines } from './event-lines.ts';

const { stdout, stderr } = process;

/** `?a=b&c=d`, of what is there. */
export function queryOf(fields: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) query.set(key, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Prints what happens until Ctrl-C, which is the usual end. */
export async function followEvents(remote: Remote, query: string, output: OutputFormat): Promise<void> {
  const paint = painterOf(stdout);
  await whileWatched(async (signal) => {
    for await (const one of follow(remote, `/api/v1/events${query}`, signal)) {
      const { event, data } = one;
      // Who reads it by a program hears of the stream as well: from `hello` on it hears all.
      if (output !== 'table') printNext(stdout, output, { event, ...(data as object) }, () => '');
      else if (!tellsOfStream(one)) for (const line of eventLines(event, data, paint)) tell(stdout, `${line}\n`);
    }
  });
}

/** Ctrl-C stops it, and is no failure. */
export async function whileWatched(act: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const leave = () => stop.abort();
  process.once('SIGINT', leave);
  process.stdout.once('error', leave);
  try {
    await act(stop.signal);
  } finally {
    process.off('SIGINT', leave);
    process.stdout.off('error', leave);
  }
}

/** What is about the stream itself goes to who watches, not into the data. */
export function tellsOfStream({ event, data }: ServerEvent): boolean {
  if (event === 'hello') return true;
  if (event !== 'lost' && event !== 'reset') return false;
  const { reason } = data as { readonly reason?: string };
  const what =
    event === 'lost'
      ? `Not heard any more (${harmless(reason ?? '')}); trying again.`
      : 'Some of what happened is not known any more.';
  tell(stderr, `${localTime(Date.now()).slice(11)} ${what}\n`);
  return true;
}
