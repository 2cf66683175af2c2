import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { signature, signatureHeader, timestampHeader } from '#codec/signed-post';
import {
  answerLimits,
  type DecisionOutcome,
  type DecisionQuestion,
  type DecisionServiceConfiguration,
} from '#engine/ports';

/** Connections to the service at once; what is beyond them waits, within its time. */
const maxConnections = 32;
/** Ms that a connection may stand idle. */
const idle = 15_000;

export interface DecisionClientOptions {
  readonly service: DecisionServiceConfiguration;
  /** Unix ms. */
  readonly wall: () => number;
  /** The roots of a trust, PEM: its own, and the system's where it has those too. */
  readonly roots: (own: readonly string[], withSystem: boolean) => string[];
  /** Once for every question, never while `ask` runs; not after `close`. */
  onOutcome(id: number, outcome: DecisionOutcome): void;
}

/**
 * Carries out `decide`: posts the question to the owner's service over connections that are kept, and gives back what it says as
 * it came. What is said in it is judged by the engine.
 */
export class DecisionClient {
  readonly #options: DecisionClientOptions;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #isSecure: boolean;
  readonly #closing = new AbortController();

  constructor(options: DecisionClientOptions) {
    this.#options = options;
    const { roots } = options;
    const { url, trust } = options.service;
    this.#isSecure = new URL(url).protocol === 'https:';
    const own = () => trust?.files.map((file) => readFileSync(file, 'utf8')) ?? [];
    const settings = { keepAlive: true, maxSockets: maxConnections, timeout: idle };
    this.#agent = this.#isSecure
      ? new HttpsAgent({ ...settings, ca: roots(own(), trust?.system ?? true) })
      : new HttpAgent(settings);
  }

  ask(id: number, question: DecisionQuestion): void {
    this.#post(JSON.stringify(question)).then(
      (text) => this.#tell(id, { kind: 'answered', text }),
      (error: Error) => this.#tell(id, { kind: 'failed', reason: reasonOf(error) }),
    );
  }

  /** Lets all go that is under way: nothing is told after it. */
  close(): void {
    this.#closing.abort();
    this.#agent.destroy();
  }

  #tell(id: number, outcome: DecisionOutcome): void {
    if (!this.#closing.signal.aborted) this.#options.onOutcome(id, outcome);
  }

  #post(body: string): Promise<string> {
    const { service, wall } = this.#options;
    const timestamp = String(Math.floor(wall() / 1000));
    const headers: Record<string, string | number> = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      Accept: 'application/json',
      'User-Agent': 'tandem',
      [timestampHeader]: timestamp,
    };
    if (service.secret) headers[signatureHeader] = signature(service.secret.reveal(), timestamp, body);
    // The engine gives up first: this is for the connection, that it may not hang.
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(service.timeout + 100)]);
    return new Promise((resolve, reject) => {
      const request = (this.#isSecure ? requestHttps : requestHttp)(
        service.url,
        { method: 'POST', headers, agent: this.#agent, signal },
        (response) => void textOf(response).then(resolve, reject),
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** The body of a 200 or 204. Rejects for any other status, and for what is too long. */
async function textOf(response: IncomingMessage): Promise<string> {
  const status = response.statusCode ?? 0;
  if (status !== 200 && status !== 204) {
    response.resume();
    throw new Error(`it answers ${status}`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > answerLimits.octets) {
      response.destroy();
      throw new Error('its answer is too long');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: Error & { readonly code?: string }): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'it does not answer';
  return error.code ?? error.message;
}
