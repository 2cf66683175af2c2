import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { hostOf, urlFault } from './address.ts';
import { lookupFor, RefusedAddress } from './lookup.ts';

/** One try to deliver one message. */
export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** PEM of roots that are believed beside the usual ones. */
  readonly ca?: string | undefined;
  /** Ms for all of it: finding the host, connecting, and the answer. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface Posted {
  /** Of the answer; undefined: there was none. */
  readonly status?: number;
  /** Why it was not taken, for people; undefined: it was. */
  readonly error?: string;
  /** How the answer begins, where it was not taken. */
  readonly answer?: string;
  /** Ms after which it may be tried again at the earliest, as the receiver wants it (Retry-After). */
  readonly retryAfter?: number;
}

/** Octets of an answer that are read, and chars of it that are kept. */
const longestAnswer = 2_048;
const keptAnswer = 500;

/** Connections to receivers: they stay for a while, for whoever is told a lot. */
export class Poster {
  readonly #plain = new PlainAgent({ keepAlive: true, maxFreeSockets: 4, timeout: 30_000 });
  readonly #secure = new SecureAgent({ keepAlive: true, maxFreeSockets: 4, timeout: 30_000, minVersion: 'TLSv1.2' });

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  /** Never rejects. What redirects is not followed: it would be told what is not its business. */
  async post(posting: Posting): Promise<Posted> {
    const fault = urlFault(posting.url);
    if (fault !== undefined) return { error: fault };
    const url = new URL(posting.url);
    const over = AbortSignal.timeout(posting.patience);
    const signal = AbortSignal.any([posting.signal, over]);
    for (let isAgain = false; ; isAgain = true) {
      const sent = this.#send(url, posting, signal);
      try {
        const response = await answered(sent);
        return await judged(url, response);
      } catch (error) {
        sent.destroy();
        // It had closed a connection that stood since the last message: that says nothing about this one.
        if (!isAgain && sent.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET') continue;
        return {
          error: over.aborted ? `no answer within ${posting.patience / 1000} s` : explained(error as Error, url),
        };
      }
    }
  }

  #send(url: URL, { body, headers, ca }: Posting, signal: AbortSignal): ClientRequest {
    const isPlain = url.protocol === 'http:';
    const options = {
      method: 'POST',
      agent: isPlain ? this.#plain : this.#secure,
      headers: { ...headers, 'accept-encoding': 'identity', 'content-length': Buffer.byteLength(body) },
      signal,
      lookup: lookupFor(url),
    };
    const sent = isPlain
      ? plainRequest(url, options)
      : secureRequest(url, { ...options, ...(ca !== undefined && { ca: [...rootCertificates, ca] }) });
    sent.end(body);
    return sent;
  }
}

function answered(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve);
    // Also after the answer has come: nobody else listens, and it would be our end.
    sent.on('error', reject);
  });
}

async function judged(url: URL, response: IncomingMessage): Promise<Posted> {
  const status = response.statusCode!;
  const text = await beginning(response);
  if (status >= 200 && status < 300) return { status };
  const answer = text.slice(0, keptAnswer);
  const retryAfter = waitOf(response.headers['retry-after']);
  return {
    status,
    error: status >= 300 && status < 400 ? `it answers ${status}${onTo(url, response)}` : `it answers ${status}`,
    ...(answer !== '' && { answer }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

/** Where else it is, without what may be a secret. */
function onTo(url: URL, { headers }: IncomingMessage): string {
  const to = headers.location === undefined ? null : URL.parse(headers.location, url);
  return `${to ? ` and points to ${to.origin}${to.pathname}`.slice(0, 200) : ''}: redirects are not followed, give the URL itself`;
}

async function beginning(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    // Leaving the loop closes the connection: it shall not talk on and on.
    if (size >= longestAnswer) break;
  }
  return Buffer.concat(parts).subarray(0, longestAnswer).toString('utf8').trim();
}

/** Ms; of seconds or a date (RFC 9110 10.2.3). */
function waitOf(field: string | undefined): number | undefined {
  if (field === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(field) ? Number(field) * 1000 : Date.parse(field) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const meanings: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the DNS does not answer',
  ECONNREFUSED: 'it takes no connection',
  ECONNRESET: 'it broke off',
  EPIPE: 'it broke off',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is signed by nobody but itself: give it as `ca` if it is to be believed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that is not believed: give its root as `ca`',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an authority that is not believed: give its root as `ca`',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an authority that is not believed: give its root as `ca`',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there',
  EPROTO: 'it does not speak TLS as we do',
};

function explained(error: Error, url: URL): string {
  if (error instanceof RefusedAddress) return error.message;
  const { code = '' } = error as NodeJS.ErrnoException;
  const host = isIP(hostOf(url)) === 0 ? `${hostOf(url)}: ` : '';
  if (error.name === 'AbortError') return 'we were ended meanwhile';
  return `${host}${meanings[code] ?? error.message}`.slice(0, 300);
}
