import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { statusSocket } from '../../src/app/socket-path.ts';
import { commandLine, processTree } from '../perf/process-tree.ts';

/* The whole program as its users start it, and both ends of calls through it. Linux: /proc is read. */
const root = join(import.meta.dirname, '../..');
const patience = { timeout: 20_000, interval: 10 };
export const until = (holds: () => unknown): Promise<void> => expect.poll(() => Boolean(holds()), patience).toBe(true);

/** `tandem run` of a copy of the example that may be written over, in a directory of its own. */
export class Program {
  readonly data: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  text = '';

  constructor(
    file: string,
    port: number,
    data: string,
    environment: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ) {
    this.port = port;
    this.data = data;
    this.child = spawn(join(root, 'bin/tandem'), ['run', file, ...options], {
      cwd: dirname(file),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        TANDEM_SIP: `127.0.0.1:${port}`,
        TANDEM_DATA: data,
        // One for all of them, from run to run: they start in half the time.
        NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/tandem-code'),
        ...environment,
      },
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (chunk) => {
        this.text += chunk;
      });
    this.exited = once(this.child, 'exit').then(([code]) => code as number | null);
  }

  /** How often it has said that it is ready. */
  get readies(): number {
    return this.text.split('\n').filter((line) => line.startsWith('tandem ') && line.includes(' ready: ')).length;
  }

  /** Waits until it is ready for the `times`th time. */
  async ready(times = 1): Promise<this> {
    await until(() => this.readies === times || this.child.exitCode !== null);
    expect(this.readies, this.text).toBe(times);
    return this;
  }

  /** The process id of a part. */
  part(name: 'signalling' | 'media' | 'management'): number | undefined {
    return processTree(this.child.pid!).find((pid) => commandLine(pid).startsWith(`tandem-${name}`));
  }

  /** The process id of the one that keeps the parts. */
  get keeper(): number {
    const [, parent] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${this.part('media')}/status`, 'latin1'))!;
    return Number(parent);
  }
}

/** A socket on a port of 127.0.0.1 that nobody has, below the example's media ports and those that the system gives out. */
export async function held(): Promise<Socket & { readonly port: number }> {
  for (;;) {
    const socket = createSocket('udp4');
    const port = 10_000 + Math.floor(9_000 * Math.random());
    const bound = await new Promise((tell) => {
      socket.once('error', () => tell(false));
      socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => tell(true));
    });
    if (bound) return Object.assign(socket, { port });
    socket.close();
  }
}

export async function freePort(): Promise<number> {
  const socket = await held();
  await new Promise<void>((done) => socket.close(done));
  return socket.port;
}

/** One end of a call: a socket that keeps what it got and answers requests as it is told. */
export class Party {
  readonly got: string[] = [];
  readonly #socket: Socket & { readonly port: number };
  readonly #answers: (request: string) => string | undefined;

  constructor(socket: Socket & { readonly port: number }, answers: (request: string) => string | undefined) {
    this.#socket = socket;
    this.#answers = answers;
    socket.on('message', (data, from) => {
      const text = data.toString('latin1');
      this.got.push(text);
      const answer = text.startsWith('SIP/2.0') ? undefined : this.#answers(text);
      if (answer !== undefined) socket.send(answer, from.port, from.address);
    });
  }

  get port(): number {
    return this.#socket.port;
  }

  close(): void {
    this.#socket.close();
  }

  send(port: number, message: string): void {
    this.#socket.send(message, port, '127.0.0.1');
  }

  async hears(start: string): Promise<string> {
    await until(() => this.got.some((text) => text.startsWith(start)));
    return this.got.find((text) => text.startsWith(start))!;
  }
}

const headers = (message: string, ...names: readonly string[]): string[] =>
  message.split('\r\n').filter((line) => names.some((name) => line.startsWith(`${name}:`)));

/** 200 to any request but ACK; to an INVITE with a session description. */
function ok(port: number): (request: string) => string | undefined {
  return (request) => {
    if (request.startsWith('ACK')) return undefined;
    const body = request.startsWith('INVITE') ? request.slice(request.indexOf('\r\n\r\n') + 4) : '';
    const copied = headers(request, 'Via', 'From', 'Call-ID', 'CSeq');
    const [to] = headers(request, 'To');
    return [
      'SIP/2.0 200 OK',
      ...copied,
      to!.includes('tag=') ? to : `${to};tag=callee`,
      `Contact: <sip:127.0.0.1:${port}>`,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  };
}

export const sdp =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\n';

/** A program with a PBX and an ITSP at hand. */
/** What it says of itself. */
export function inspect(data: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const socket = connect(statusSocket(data));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      socket.destroy();
      resolve(JSON.parse(text));
    });
    socket.write('{"query":"inspect"}\n');
  });
}

/** Programs of one test, and who calls through them. */
export class Programs {
  readonly directory = mkdtempSync(join(tmpdir(), 'tandem-processes-'));
  /** What `start` runs: it may be written over. */
  readonly file = join(this.directory, 'tandem.yaml');
  readonly #started: Program[] = [];
  readonly #parties: Party[] = [];

  constructor() {
    cpSync(join(root, 'examples/pbx-itsp.yaml'), this.file);
  }

  run(
    port: number,
    data: string,
    environment?: Readonly<Record<string, string>>,
    options?: readonly string[],
  ): Program {
    const program = new Program(this.file, port, data, environment, options);
    this.#started.push(program);
    return program;
  }

  async start(environment?: Readonly<Record<string, string>>, options?: readonly string[]): Promise<Program> {
    return this.run(await freePort(), join(this.directory, 'data'), environment, options).ready();
  }

  async party(): Promise<Party> {
    const socket = await held();
    const party = new Party(socket, ok(socket.port));
    this.#parties.push(party);
    return party;
  }

  /** With both ends of a call. */
  async withParties(environment: Readonly<Record<string, string>> = {}) {
    const [pbx, itsp] = [await this.party(), await this.party()];
    const program = await this.start({
      TANDEM_PBX: `127.0.0.1:${pbx.port}`,
      TANDEM_ITSP: `127.0.0.1:${itsp.port}`,
      TANDEM_MEDIA: 'bypass',
      ...environment,
    });
    const request = (method: string, callId: string, number: number, to = '<sip:123@127.0.0.1>', body = ''): void =>
      pbx.send(
        program.port,
        [
          `${method} sip:123@127.0.0.1:${program.port} SIP/2.0`,
          `Via: SIP/2.0/UDP 127.0.0.1:${pbx.port};branch=z9hG4bK${callId}${method}${number}`,
          'Max-Forwards: 70',
          'From: <sip:1@127.0.0.1>;tag=caller',
          `To: ${to}`,
          `Call-ID: ${callId}`,
          `CSeq: ${number} ${method}`,
          `Contact: <sip:127.0.0.1:${pbx.port}>`,
          ...(body === '' ? [] : ['Content-Type: application/sdp']),
          `Content-Length: ${body.length}`,
          '',
          body,
        ].join('\r\n'),
      );
    /** Sets a call up; its To with tag. */
    const call = async (callId: string): Promise<string> => {
      request('INVITE', callId, 1, undefined, sdp);
      const answer = await pbx.hears('SIP/2.0 200');
      const to = headers(answer, 'To')[0]!.slice(4);
      request('ACK', callId, 1, to);
      await itsp.hears('ACK');
      return to;
    };
    return { program, pbx, itsp, request, call };
  }

  async end(): Promise<void> {
    for (const { child, exited } of this.#started) {
      if (child.exitCode === null && child.signalCode === null) {
        // Its parts end with it.
        child.kill('SIGKILL');
        await exited;
      }
    }
    for (const party of this.#parties) party.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
