import { rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { formatHostPort, type HostPort } from '#kernel';
import type { Health } from './health.ts';

export interface HealthServerOptions {
  /** By path. */
  readonly answers: Readonly<Record<string, () => Health>>;
  /** For the operator. */
  readonly say: (line: string) => void;
  /** Ms until a place that cannot be had is tried again. */
  readonly patience?: number;
}

const usualPatience = 5_000;
/** Ms and connections: it is asked by anybody, in the process that all others depend on. */
const limits = { connectionsCheckingInterval: 1_000, headersTimeout: 5_000, requestTimeout: 5_000 };
const mostConnections = 64;
/** Octets of a request's header. */
const longestHeader = 4_096;

/**
 * Tells how the program is: on a Unix socket, and by TCP where the configuration says so. It lives in the supervisor, since no other process
 * could tell that it is gone itself.
 */
export class HealthServer {
  readonly #options: HealthServerOptions;
  #unix: Server | undefined;
  #tcp: Server | undefined;
  #place: string | undefined;
  #said: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HealthServerOptions) {
    this.#options = options;
  }

  /** At a Unix socket, which is its user's alone; what lies there was left by a process that was killed. */
  listenAt(path: string): void {
    if (this.#unix) return;
    rmSync(path, { force: true });
    const server = this.#server();
    this.#unix = server;
    server.on('error', ({ message }) => this.#options.say(`tandem: nobody can ask at ${path}: ${message}`));
    // The file is made during the call: nobody else may open it even for a moment.
    const mask = process.umask(0o177);
    try {
      server.listen(path);
    } finally {
      process.umask(mask);
    }
  }

  /** By TCP; undefined: no more. Nobody's call depends on it: where it cannot be had that is said, and tried again. */
  configure(place: HostPort | undefined): void {
    const text = place && formatHostPort(place);
    if (this.#place === text) return;
    this.#place = text;
    this.#said = undefined;
    this.#shut();
    if (place) this.#open(place);
  }

  close(): void {
    this.configure(undefined);
    this.#unix?.close();
    this.#unix?.closeAllConnections();
  }

  #open(place: HostPort): void {
    const server = this.#server();
    this.#tcp = server;
    server.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      const why = code === 'EADDRINUSE' ? 'another program has the port (`ss -ltnp` tells which)' : message;
      const line = `tandem: /readyz cannot be asked at ${formatHostPort(place)}: ${why}; calls go on, and it is tried again`;
      if (line !== this.#said) this.#options.say(line);
      this.#said = line;
      if (this.#tcp === server)
        this.#timer = setTimeout(() => this.#open(place), this.#options.patience ?? usualPatience);
    });
    server.listen({ host: place.host, port: place.port });
  }

  #shut(): void {
    clearTimeout(this.#timer);
    this.#tcp?.close();
    this.#tcp?.closeAllConnections();
    this.#tcp = undefined;
  }

  #server(): Server {
    const server = createServer({ ...limits, maxHeaderSize: longestHeader }, this.#answer);
    server.maxConnections = mostConnections;
    return server;
  }

  readonly #answer: RequestListener = ({ method, url = '' }, response) => {
    const { answers } = this.#options;
    const path = url.split('?')[0]!;
    const ask = Object.hasOwn(answers, path) ? answers[path] : undefined;
    const isAsked = method === 'GET' || method === 'HEAD';
    const health = isAsked ? ask?.() : undefined;
    const status = health ? (health.ok ? 200 : 503) : isAsked ? 404 : 405;
    response.writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(isAsked ? {} : { allow: 'GET, HEAD', connection: 'close' }),
    });
    const { ok: _, ...told } = health ?? { ok: false, status: `known are ${Object.keys(answers).join(', ')}` };
    response.end(`${JSON.stringify(told)}\n`);
  };
}
