import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { apiSocket, healthSocket } from '#app';
import { apiClient, type Client, type components } from '#client';
import { harmless } from '../cdr-text.ts';
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
  const send = unixFetch(apiSocket(directory));
  const patient = async (request: Request): Promise<Response> => {
    const until = performance.now() + (options.patience ?? patience);
    for (;;) {
      try {
        // Its body can be sent once.
        return await send(request.clone());
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ECONNREFUSED') throw error;
        runs = await isListenedTo(healthSocket(directory));
        if (!runs || performance.now() > until) throw error;
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
  const token = tokenFile === undefined ? process.env.TANDEM_TOKEN : read(tokenFile);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token.trim()}` };
  return remote(
    parsed.origin,
    parsed.origin,
    headers,
    (request) => fetch(request),
    (reason) =>
      `${parsed.origin} does not answer: ${reason}.\nIs it the address of \`management.listen\`? A certificate that this machine does not know is named by NODE_EXTRA_CA_CERTS.`,
  );
}

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
  return cause instanceof Error && cause.message !== '' ? cause.message : (code ?? message);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`);
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
      ? '\nSay who you are: --token-file FILE, or TANDEM_TOKEN. Tokens are made on the page of users.'
      : '';
  return new ApiFailure(status, `${harmless(detail ?? title ?? `HTTP ${status}`)}${lines.join('')}${cure}`, errors);
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
