import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { type Dereference, type PlaceOutcome, placeLimits } from '#engine/ports';

/** Connections to location servers at once. */
const maxConnections = 32;
/** Ms that a connection may stand idle. */
const idle = 15_000;

export interface LocationClientOptions {
  readonly dereference: Dereference;
  /** The roots of a trust, PEM: its own, and the system's where it has those too. */
  readonly roots: (own: readonly string[], withSystem: boolean) => string[];
  /** Once for every question, never while `ask` runs; not after `close`. */
  onOutcome(id: number, outcome: PlaceOutcome): void;
}

/** Carries out `locate` (RFC 6753): asks a location server for the place that a URI of its stands for, and gives back what it says. */
export class LocationClient {
  readonly #options: LocationClientOptions;
  readonly #plain = new HttpAgent({ keepAlive: true, maxSockets: maxConnections, timeout: idle });
  readonly #secure: HttpsAgent;
  readonly #closing = new AbortController();

  constructor(options: LocationClientOptions) {
    this.#options = options;
    const { trust } = options.dereference;
    const own = trust?.files.map((file) => readFileSync(file, 'utf8')) ?? [];
    const ca = options.roots(own, trust?.system ?? true);
    this.#secure = new HttpsAgent({ keepAlive: true, maxSockets: maxConnections, timeout: idle, ca });
  }

  ask(id: number, uri: string): void {
    this.#get(uri).then(
      (octets) => this.#tell(id, { kind: 'answered', octets }),
      (error: Error) => this.#tell(id, { kind: 'failed', reason: reasonOf(error) }),
    );
  }

  /** Lets all go that is under way: nothing is told after it. */
  close(): void {
    this.#closing.abort();
    this.#plain.destroy();
    this.#secure.destroy();
  }

  #tell(id: number, outcome: PlaceOutcome): void {
    if (!this.#closing.signal.aborted) this.#options.onOutcome(id, outcome);
  }

  /** RFC 6753 4: by GET; no redirect is followed, since the file names who is asked. */
  async #get(uri: string): Promise<string> {
    const url = new URL(uri);
    const isSecure = url.protocol === 'https:';
    // The engine gives up first: this is for the connection, that it may not hang.
    const patience = AbortSignal.timeout(this.#options.dereference.timeout + 100);
    const signal = AbortSignal.any([this.#closing.signal, patience]);
    const headers = { Accept: 'application/held+xml, application/pidf+xml;q=0.5', 'User-Agent': 'tandem' };
    return new Promise((resolve, reject) => {
      const agent = isSecure ? this.#secure : this.#plain;
      const request = (isSecure ? requestHttps : requestHttp)(url, { headers, agent, signal }, (response) => {
        octetsOf(response).then(resolve, reject);
      });
      request.on('error', reject);
      request.end();
    });
  }
}

/** The body of a 200, an octet a character. Rejects for any other status, and for what is too long. */
async function octetsOf(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) {
    response.resume();
    throw new Error(`it answers ${response.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > placeLimits.octets) {
      response.destroy();
      throw new Error('its answer is too long');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

function reasonOf(error: Error & { readonly code?: string }): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'it does not answer';
  return error.code ?? error.message;
}
