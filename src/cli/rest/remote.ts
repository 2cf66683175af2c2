import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { apiSocket, healthSocket } from '#app';
import { apiClient, type Client, type components } from '#client';
import { harmless, harmlessLines } from '../cdr-text.ts';
import { exitCodes, Failure } from '../failure.ts';
import { directoryOf, type PlaceOptions } from '../place.ts';
import { unixFetch } from './unix-fetch.ts';

export interface RemoteOptions extends PlaceOptions {
  readonly url?: string;
  readonly tokenFile?: string;
}

/** The API of a running program. */
export interface Remote {
  /** Where it is, for people. */
  readonly name: string;
  /** By the directory of its records, which can be read without it too. */
  readonly isHere: boolean;
  readonly client: Client;
  /** A request to a path such as `/api/v1/events`, for what the typed client does not cover. */
  open(path: string, init?: RequestInit): Promise<Response>;
}

/** Adds the options that say which program is asked. */
export function remoteOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--config <file>', 'the configuration of the program that is asked').conflicts(['data', 'url']),
    )
    .addOption(
      new Option('--data <dir>', 'its directory of records (default: $TANDEM_DATA, else ./data)').conflicts('url'),
    )
    .addOption(new Option('--url <url>', 'a program elsewhere: https://sbc.example (default: $TANDEM_URL)'))
    .addOption(new Option('--token-file <file>', 'the file with the API token for it (default: $TANDEM_TOKEN)'));
}

/** Nothing is asked yet. Throws a Failure where what is said names no program. */
export async function openRemote(options: RemoteOptions & { readonly patience?: number }): Promise<Remote> {
  const here = options.config ?? options.data;
  const url = options.url ?? (here === undefined ? process.env.TANDEM_URL : undefined);
  if (url !== undefined && url !== '') return elsewhere(url, options.tokenFile);
  const directory = await directoryOf(options);
  let runs = false;
  const send = answeredInTime(unixFetch(apiSocket(directory)));
  const patient = async (request: Request): Promise<Response> => {
    const until = performance.now() + (options.patience ?? patience);
    for (;;) {
      try {
        // Its body can be sent once.
        return await send(request.clone());
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (request.signal.aborted) throw error;
        runs = await isListenedTo(healthSocket(directory));
        // One that stood still is started again by its supervisor: what only reads can be asked anew.
        const isAgain =
          code === 'ENOENT' || code === 'ECONNREFUSED' || (code === 'ECONNRESET' && request.method === 'GET');
        if (!isAgain || !runs || performance.now() > until) throw error;
        await pause(100);
      }
    }
  };
  return remote(`the program on ${directory}`, 'http://tandem', {}, patient, () =>
    runs ? noApi(directory) : noProgram(directory),
  );
}

function elsewhere(url: string, tokenFile: string | undefined): Remote {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new Failure(`${harmless(url)} is no address: write https://sbc.example`, exitCodes.usage);
  const token = (tokenFile === undefined ? process.env.TANDEM_TOKEN : read(tokenFile))?.trim();
  const headers = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
  return remote(
    parsed.origin,
    parsed.origin,
    headers,
    answeredInTime((request) => fetch(request)),
    (reason) =>
      `${parsed.origin} does not answer: ${reason}.\nIs it the address of \`management.listen\`?${
        parsed.protocol === 'https:'
          ? ' A certificate that this machine does not know is named by NODE_EXTRA_CA_CERTS.'
          : ''
      }`,
  );
}

/** Ms until an answer has to begin: what reads is answered at once, what changes something may have processes to wait for. */
const begins = { reading: 15_000, changing: 120_000 } as const;

/** A process that stands still takes connections, and would never answer. What has begun may take as long as it likes. */
function answeredInTime(send: (request: Request) => Promise<Response>): (request: Request) => Promise<Response> {
  return async (request) => {
    const late = new AbortController();
    const limit = request.method === 'GET' ? begins.reading : begins.changing;
    const timer = setTimeout(() => late.abort(new Late(`no answer within ${limit / 1000} s`)), limit);
    try {
      return await send(new Request(request, { signal: AbortSignal.any([request.signal, late.signal]) }));
    } catch (error) {
      throw late.signal.aborted ? late.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  };
}

class Late extends Error {}

function remote(
  name: string,
  origin: string,
  headers: Readonly<Record<string, string>>,
  send: (request: Request) => Promise<Response>,
  unreachable: (reason: string) => string,
): Remote {
  const asked = async (request: Request): Promise<Response> => {
    for (const [key, value] of Object.entries(headers)) request.headers.set(key, value);
    try {
      return await send(request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      throw new Failure(unreachable(reasonOf(error)), exitCodes.unreachable);
    }
  };
  return {
    name,
    isHere: origin === 'http://tandem',
    client: apiClient(origin, asked),
    open: (path, init) => asked(new Request(`${origin}${path}`, init)),
  };
}

/** Ms that the API of a program has to begin: it does so when calls are taken. */
const patience = 10_000;

/** Whether somebody listens at a Unix socket. */
function isListenedTo(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const tell = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => tell(true));
    socket.once('error', () => tell(false));
  });
}

function noApi(directory: string): string {
  return (
    `a program runs on ${directory} and takes calls, but its management process does not answer.\n` +
    'What it said on stderr tells why; `tandem trunk show FILE` asks the signalling process itself.'
  );
}

function noProgram(directory: string): string {
  const found = existsSync(directory) ? 'no program runs on' : 'there is no directory';
  return (
    `${found} ${directory}.\nStart it by \`tandem run FILE\`, or say where it runs: --config FILE, --data DIR, ` +
    'or --url https://… for one elsewhere.'
  );
}

function reasonOf(error: unknown): string {
  const { cause, message, code } = error as Error & { readonly code?: string };
  if (!(cause instanceof Error)) return code ?? message;
  const inWords = words[(cause as NodeJS.ErrnoException).code ?? cause.message];
  return inWords ?? (cause.message === '' ? (code ?? message) : cause.message.trim());
}

/** What libraries say in words of their own. */
const words: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks no TLS there; is it http://?',
  UND_ERR_SOCKET: 'it ends the connection without an answer; is it https://?',
  'bad port': 'that port belongs to another protocol',
};

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(`${file} cannot be read: ${code === 'ENOENT' ? 'there is none' : code}.`);
  }
}

type Problem = components['schemas']['Problem'];

/** What was answered; a Failure, by what is wrong, where that is a problem. */
export async function answered<T>(
  asking: Promise<{ readonly data?: T; readonly error?: unknown; readonly response: Response }>,
): Promise<T> {
  const { data, error, response } = await asking;
  if (response.ok) return data as T;
  throw refusal(response.status, error as Problem | undefined);
}

export function refusal(status: number, problem: Partial<Problem> | undefined): Failure {
  const { title, detail, errors = [] } = problem ?? {};
  const lines = errors.map(
    ({ place, code, detail: what }) =>
      `\n  ${harmless(place)}: ${harmless(what)}${code === undefined ? '' : ` (${code})`}`,
  );
  const cure =
    status === 401
      ? '\nSay who you are: --token-file FILE, or TANDEM_TOKEN. A token that was taken before has expired or was revoked. Where the program runs, `tandem token create NAME` makes one.'
      : '';
  return new ApiFailure(
    status,
    `${harmlessLines(detail ?? title ?? `HTTP ${status}`)}${lines.join('')}${cure}`,
    errors,
  );
}

/** What the API refused. */
export class ApiFailure extends Failure {
  readonly status: number;
  readonly errors: NonNullable<Problem['errors']>;

  constructor(status: number, message: string, errors: NonNullable<Problem['errors']>) {
    super(message, exitOf(status));
    this.status = status;
    this.errors = errors;
  }
}

function exitOf(status: number): number {
  if (status === 401 || status === 403) return exitCodes.forbidden;
  if (status === 409 || status === 412 || status === 428) return exitCodes.conflict;
  return status === 503 || status === 502 ? exitCodes.unreachable : exitCodes.failed;
}
