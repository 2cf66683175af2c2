import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { commandLine } from './command-line.ts';

/** As much of OpenAPI as docs/openapi.json has. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
}
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as Document;

/** Things that strangers and people write: long, short, wide, with what could steer a terminal. */
const texts = [
  'itsp-a',
  '台北分公司的電話系統與總機',
  'a-name-without-any-space-in-it-that-is-longer-than-a-narrow-terminal-is-wide',
  'the far side refused it: 403 Forbidden, since the number is not one of those of the account',
  '+4930123456789012',
  'Zo\u0308e\u001b[2J\u009b31m',
  '',
];
const times = ['2026-11-23T08:00:00.000Z', '2026-11-23T08:00:12.500Z', '2026-11-23T10:20:00.000Z'];

/** Values of every kind, as a schema has them; each next one another. */
class Generated {
  #next = 0;

  of(schema: Schema, depth = 0): unknown {
    if (schema.$ref) return this.of(document.components.schemas[schema.$ref.split('/').at(-1)!]!, depth + 1);
    if ('const' in schema) return schema.const;
    if (schema.enum) return this.#one(schema.enum);
    const all = schema.anyOf ?? schema.oneOf;
    if (all) return this.of(all[0]!, depth + 1);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => this.of(one, depth + 1)));
    const type = typeof schema.type === 'object' ? schema.type[0] : schema.type;
    switch (type) {
      case 'array':
        return Array.from({ length: depth < 3 ? 7 : depth < 8 ? 2 : 0 }, () => this.of(schema.items!, depth + 1));
      case 'integer':
      case 'number':
        return Math.min(schema.maximum ?? 1e6, Math.max(schema.minimum ?? 0, this.#one([0, 1, 42, 1_234_567])));
      case 'boolean':
        return this.#one([true, false]);
      case 'string':
        return schema.format === 'date-time' ? this.#one(times) : this.#one(texts);
      default:
        break;
    }
    if (schema.properties) {
      const entries = Object.entries(schema.properties).filter(
        ([key]) => key !== 'next' && (depth < 8 || key !== 'because'),
      );
      return Object.fromEntries(entries.map(([key, one]) => [key, this.of(one, depth + 1)]));
    }
    if (typeof schema.additionalProperties === 'object')
      return { busy: this.of(schema.additionalProperties, depth + 1) };
    return {};
  }

  #one<T>(all: readonly T[]): T {
    return all[this.#next++ % all.length]!;
  }
}

/** What a path of a request is called in the document, and what it answers. */
function operationOf(method: string, pathname: string): Operation | undefined {
  const steps = pathname.split('/');
  for (const [path, methods] of Object.entries(document.paths)) {
    const known = path.split('/');
    if (known.length === steps.length && known.every((one, i) => one === steps[i] || one.startsWith('{')))
      if (methods[method.toLowerCase()]) return methods[method.toLowerCase()];
  }
  return undefined;
}

/** Answers whatever the API has with generated values of that form, on the Unix socket of a directory of records. */
export class PretendedApi {
  /** What was answered since `forget`. */
  readonly answers: unknown[] = [];
  /** Paths that were asked since `forget`. */
  readonly asked: string[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));
  /** Of a kind of schema, in place of what is generated. */
  #instead: Readonly<Record<string, unknown>> = {};
  #refusal: number | undefined;

  listen(directory: string): Promise<void> {
    return new Promise((ready) => this.#server.listen(join(directory, 'api.sock'), ready));
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }

  /** Everything is refused by this status of HTTP, until `forget`. */
  refuse(status: number): void {
    this.#refusal = status;
  }

  forget(instead: Readonly<Record<string, unknown>> = {}): void {
    this.#refusal = undefined;
    this.answers.length = 0;
    this.asked.length = 0;
    this.#instead = instead;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const { pathname } = new URL(request.url!, 'http://tandem');
    this.asked.push(`${request.method} ${pathname}`);
    if (this.#refusal !== undefined) {
      response.writeHead(this.#refusal, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ title: 'Refused', detail: 'It is refused.' }));
      return;
    }
    if (pathname === '/api/v1/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const [event, data] of eventsOf()) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      return;
    }
    const operation = operationOf(request.method!, pathname);
    const [status, answer] = Object.entries(operation?.responses ?? {}).find(([code]) => code.startsWith('2')) ?? [
      '404',
    ];
    const schema = answer?.content?.['application/json']?.schema;
    response.writeHead(Number(status), { 'content-type': 'application/json' });
    if (!schema) {
      response.end(status === '204' ? undefined : '{}');
      return;
    }
    const body = this.#instead[pathname] ?? new Generated().of(schema);
    this.answers.push(body);
    response.end(JSON.stringify(body));
  }
}

/** One of each kind, as `events` tells them; the last says that all were. */
function* eventsOf(): Generator<readonly [event: string, data: unknown]> {
  const made = new Generated();
  const named = (name: string) => made.of({ $ref: `#/components/schemas/${name}` });
  const [at] = times;
  yield ['hello', { state: 'current' }];
  yield ['calls', { at, changed: Array.from({ length: 7 }, () => named('Call')), gone: [] }];
  yield ['ended', { at, records: Array.from({ length: 7 }, () => named('CallRecord')) }];
  for (let i = 0; i < 7; i++) yield ['trunk', { at, trunk: named('Trunk'), before: 'up' }];
  yield ['house', { at, limits: true }];
  yield ['mirror', { at, state: 'lost' }];
  yield ['test', { at, trunk: texts[1], step: { name: texts[3], verdict: 'failed' } }];
  yield ['reset', { reason: 'the end of what is pretended' }];
}

export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly status: number;
}

/**
 * Runs a command line in this process: on a terminal of so many columns, or into a pipe. `until`: what on standard output or error has it followed
 * enough, and Ctrl-C is pressed.
 */
export async function ran(argv: readonly string[], columns: number | undefined, until?: RegExp): Promise<Ran> {
  const { stdout, stderr } = process;
  const said = { out: '', err: '' };
  const before = [stdout, stderr].map((stream) => ({
    stream,
    columns: Object.getOwnPropertyDescriptor(stream, 'columns'),
    isTTY: Object.getOwnPropertyDescriptor(stream, 'isTTY'),
    write: stream.write,
  }));
  const status = process.exitCode;
  process.exitCode = 0;
  for (const { stream } of before) {
    Object.defineProperty(stream, 'columns', { value: columns, configurable: true, writable: true });
    Object.defineProperty(stream, 'isTTY', { value: columns !== undefined, configurable: true, writable: true });
    stream.write = ((chunk: string | Uint8Array, ...more: unknown[]) => {
      said[stream === stdout ? 'out' : 'err'] += chunk.toString();
      if (until?.test(`${said.out}${said.err}`.replace(/\s+/g, ' '))) setImmediate(() => process.emit('SIGINT'));
      const done = more.findLast((one) => typeof one === 'function') as (() => void) | undefined;
      done?.();
      return true;
    }) as typeof stream.write;
  }
  try {
    const { run } = await import('./main.ts');
    await run(argv);
    return { ...said, status: Number(process.exitCode) };
  } finally {
    process.exitCode = status;
    for (const { stream, columns, isTTY, write } of before) {
      stream.write = write;
      for (const [name, descriptor] of [
        ['columns', columns],
        ['isTTY', isTTY],
      ] as const)
        if (descriptor) Object.defineProperty(stream, name, descriptor);
        else delete (stream as unknown as Record<string, unknown>)[name];
    }
  }
}

/** Lines as they are seen. */
export function linesOf(text: string): readonly string[] {
  return stripVTControlCharacters(text).split('\n');
}

/** The names of all commands that do something, and which options they have. */
export async function everyCommand(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  const walk = (command: Awaited<ReturnType<typeof commandLine>>, path: string) => {
    if (command.commands.length === 0)
      found.set(
        path,
        command.options.map(({ long }) => long ?? ''),
      );
    for (const one of command.createHelp().visibleCommands(command))
      if (one.name() !== 'help') walk(one, path === '' ? one.name() : `${path} ${one.name()}`);
  };
  walk(await commandLine(), '');
  return found;
}
