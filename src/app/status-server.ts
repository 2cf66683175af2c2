import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { MediaRequest, MediaResponse } from '#codec/media-control';
import { BadQuery, type StatusQueries, type StatusQuery } from './status-queries.ts';

export interface StatusServerOptions {
  /** Of the Unix socket: only our user may open it. */
  readonly path: string;
  /** What stands, with `calls`: a list of objects with `call`, and `session` where the media session has another name. */
  readonly inspect: () => Record<string, unknown>;
  /** False: no media process takes part. */
  readonly ask: (request: MediaRequest) => boolean;
  /** What is counted, as little as goes. */
  readonly metrics: () => Record<string, unknown>;
  /** What else may be asked. */
  readonly queries: StatusQueries;
  /** Takes the connection of who wants to follow what happens; false: there are too many. */
  readonly follow: (socket: Socket) => boolean;
}

/**
 * Where the ids of our media requests begin: half of all safe integers lie above it, and the engine, which counts from 1, does not get
 * there (the protocol knows no negative ones).
 */
export const firstStatusId = 2 ** 52;

const maxLine = 64 * 1024;
const maxClients = 16;
/** Ms that the media process has for an answer; without it, what stands is told without counters. */
const patience = 500;

/**
 * Answers questions about the running program, one JSON object a line: `{"query":"inspect"}` gives `{…, "counters": …, "media": {session: […]}}`,
 * the others what status-queries.ts says, anything else `{"error": "…"}`.
 */
export class StatusServer {
  readonly #options: StatusServerOptions;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #waiting = new Map<number, (response: MediaResponse | undefined) => void>();
  #id = firstStatusId;

  constructor(options: StatusServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  listen(): Promise<void> {
    // What lies there was left by a process that was killed: the live state's lock is ours.
    rmSync(this.#options.path, { force: true });
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      // The file is made during the call: nobody else may open it even for a moment.
      const mask = process.umask(0o177);
      try {
        this.#server.listen(this.#options.path, resolve);
      } finally {
        process.umask(mask);
      }
    });
  }

  /** The media process's answer to a request with one of our ids. */
  answered(response: MediaResponse): void {
    this.#waiting.get(response.id)?.(response);
  }

  close(): void {
    this.#server.close();
    for (const client of this.#clients) client.destroy();
  }

  #accept(socket: Socket): void {
    if (this.#clients.size >= maxClients) {
      socket.destroy();
      return;
    }
    this.#clients.add(socket);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('close', () => this.#clients.delete(socket));
    socket.on('data', async (chunk: string) => {
      text += chunk;
      if (text.length > maxLine) socket.destroy();
      for (let end = text.indexOf('\n'); end >= 0 && socket.writable; end = text.indexOf('\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        if (isFollow(line) && this.#options.follow(socket)) {
          socket.removeAllListeners('data');
          socket.resume();
          return;
        }
        const answer = await this.#answer(line);
        if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
      }
    });
  }

  async #answer(line: string): Promise<unknown> {
    let query: StatusQuery;
    try {
      query = JSON.parse(line) ?? {};
    } catch {
      return { error: 'not a JSON object on one line' };
    }
    const { queries, metrics } = this.#options;
    if (query.query === 'metrics') return this.#withStats(metrics());
    if (query.query === 'follow') return { error: 'too many follow already' };
    if (query.query !== 'inspect') {
      const name = String(query.query);
      if (Object.hasOwn(queries, name))
        return this.#withMedia(
          answered(() => queries[name]!(query)),
          query.course === true,
        );
      const known = ['inspect', 'metrics', ...Object.keys(queries), 'follow'].join(', ');
      return { error: `unknown query ${JSON.stringify(query.query)?.slice(0, 100)}: known are ${known}` };
    }
    return this.#withMedia(this.#options.inspect());
  }

  /** With what the media process counts of the calls in it; `course`: and how they went over time. */
  async #withMedia(standing: { readonly calls?: unknown }, course = false): Promise<object> {
    const media = await this.#mediaCounters(sessionsOf(standing.calls), course);
    return { ...standing, ...(media ? { media } : {}) };
  }

  /** With what the media process counts in all. */
  async #withStats(counts: object): Promise<object> {
    const response = await this.#askMedia({ kind: 'stats' });
    return response?.kind === 'stats' ? { ...counts, media: response.stats, mediaProcess: response.process } : counts;
  }

  async #mediaCounters(sessions: readonly string[], course: boolean): Promise<unknown> {
    if (sessions.length === 0) return undefined;
    const response = await this.#askMedia({ kind: 'counters', sessions, course });
    return response?.kind === 'counters' ? response.sessions : undefined;
  }

  /** Undefined: it does not answer in time, or there is none. */
  async #askMedia(
    request:
      | { readonly kind: 'stats' }
      | { readonly kind: 'counters'; readonly sessions: readonly string[]; readonly course: boolean },
  ): Promise<MediaResponse | undefined> {
    const id = ++this.#id;
    const response = await new Promise<MediaResponse | undefined>((resolve) => {
      const timer = setTimeout(resolve, patience, undefined);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      if (!this.#options.ask({ id, ...request })) this.#waiting.get(id)!(undefined);
    });
    this.#waiting.delete(id);
    return response;
  }
}

function isFollow(line: string): boolean {
  try {
    return JSON.parse(line)?.query === 'follow';
  } catch {
    return false;
  }
}

function sessionsOf(calls: unknown): readonly string[] {
  if (!Array.isArray(calls)) return [];
  return calls.map((call: { call?: unknown; session?: unknown }) => String(call.session ?? call.call));
}

function answered(ask: () => object): object {
  try {
    return ask();
  } catch (error) {
    if (error instanceof BadQuery) return { error: error.message };
    throw error;
  }
}
