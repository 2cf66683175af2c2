import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes, Failure } from '../failure.ts';
import { type Remote, refusal } from './remote.ts';

/** A server-sent event (HTML 9.2). `data` is what its JSON says. */
export interface ServerEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
}

/** Ms between tries to be connected again; the stream may say otherwise. */
const usualPause = 2000;
/** Chars of one event that are waited for. */
const longest = 16_000_000;

/**
 * What happens at `path`, without end; where the connection breaks it goes on behind the last event. `lost` and `hello` are
 * events too: the first is ours, and says why. Rejects with a Failure when it cannot be had from the start, or is refused.
 */
export async function* follow(remote: Remote, path: string, signal?: AbortSignal): AsyncGenerator<ServerEvent> {
  let last: string | undefined;
  let wait = usualPause;
  let wasHeard = false;
  for (;;) {
    try {
      const headers = { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) };
      const response = await remote.open(path, { headers, ...(signal && { signal }) });
      if (!response.ok) throw refusal(response.status, await problemOf(response));
      wasHeard = true;
      for await (const one of eventsOf(chunksOf(response.body!, signal))) {
        if (one.id !== undefined) last = one.id;
        if (one.retry !== undefined) wait = one.retry;
        if (one.event !== undefined)
          yield { event: one.event, data: one.data, ...(last !== undefined && { id: last }) };
      }
      if (signal?.aborted) return;
      yield { event: 'lost', data: { reason: 'the stream ended' } };
    } catch (error) {
      if (signal?.aborted) return;
      const gone = error instanceof Failure ? error.exitCode === exitCodes.unreachable : true;
      if (!wasHeard || !gone) throw error;
      yield { event: 'lost', data: { reason: (error as Error).message.split('\n')[0] } };
    }
    try {
      await pause(wait, undefined, signal && { signal });
    } catch {
      return; // Nobody wants to know any more.
    }
  }
}

/** As they come, until nobody wants them: what a Request was told to stop by is forgotten with it, be the stream read still. */
async function* chunksOf(body: ReadableStream<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const leave = () => {
    // Cancelled when it has broken off already, it rejects with what reading it has told.
    void Promise.allSettled([reader.cancel()]);
  };
  signal?.addEventListener('abort', leave, { once: true });
  if (signal?.aborted) leave();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    signal?.removeEventListener('abort', leave);
    leave();
  }
}

interface Parsed {
  readonly id?: string;
  readonly event?: string;
  readonly data?: unknown;
  readonly retry?: number;
}

/** The blocks of a stream of text, each as it is complete. */
export async function* eventsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Parsed> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield parsed(text.slice(0, end));
      text = text.slice(end + 2);
    }
    if (text.length > longest) throw new Failure('an event has no end.');
  }
}

function parsed(block: string): Parsed {
  let id: string | undefined;
  let event: string | undefined;
  let retry: number | undefined;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue; // A comment: a sign of life.
    const value = line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    const field = line.slice(0, colon);
    if (field === 'id') id = value;
    else if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
    else if (field === 'retry' && /^\d{1,6}$/.test(value)) retry = Number(value);
  }
  return {
    ...(id !== undefined && { id }),
    ...(retry !== undefined && { retry }),
    ...(data.length > 0 && { event: event ?? 'message', data: JSON.parse(data.join('\n')) as unknown }),
  };
}

async function problemOf(response: Response): Promise<object | undefined> {
  try {
    return (await response.json()) as object;
  } catch {
    return undefined; // The status says enough.
  }
}
