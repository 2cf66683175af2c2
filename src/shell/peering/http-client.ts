import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest, STATUS_CODES } from 'node:http';
import { request as secureRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import { PeeringFailure, printable } from './failure.ts';

/** One question to a server over HTTPS, with bounds on size, time and where it may lead. */
export interface Question {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly accept: string;
  /** Never shown. */
  readonly authorization?: string | undefined;
  /** application/x-www-form-urlencoded; never shown. */
  readonly form?: URLSearchParams;
  /** Octets of the body; more is refused. */
  readonly most: number;
}

export interface Answer {
  /** Where it came from in the end. */
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Without parameters, in lower case; empty when there was none. */
  readonly mediaType: string;
  readonly body: Uint8Array;
}

export interface ClientOptions {
  /** PEM of roots that are believed beside the usual ones. */
  readonly ca?: string | undefined;
  /** `http:` is let pass: everything, credentials too, then goes in clear. */
  readonly insecureHttp?: boolean | undefined;
  /** Other hosts that a redirect may lead to, with our credentials. */
  readonly allowHosts?: readonly string[] | undefined;
  /** Ms for one question, its redirects included. */
  readonly timeout?: number | undefined;
  /** Told what is worth knowing on the way. */
  readonly say: (line: string) => void;
}

const mostRedirects = 3;
const usualTimeout = 10_000;

/** Throws PeeringFailure. A status is the caller's to judge, but for redirects. */
export async function ask(question: Question, client: ClientOptions): Promise<Answer> {
  const deadline = AbortSignal.timeout(client.timeout ?? usualTimeout);
  const asked = describe(question);
  let { url } = question;
  for (let hop = 0; ; hop++) {
    checkUrl(url, asked, client);
    const answer = await once({ ...question, url }, client, deadline);
    const location = answer.headers.location;
    if (answer.status < 300 || answer.status > 399 || answer.status === 304) return answer;
    const came = `${statusLine(answer.status)}, to ${printable(location ?? 'nowhere')}`;
    const stop = (what: string, cure: string) => new PeeringFailure(what, { asked, came, cure });
    const next = location === undefined ? null : URL.parse(location, url);
    if (!next) throw stop('The server sends us on, and does not say where.', 'Ask the provider for the right URL.');
    // A form with credentials goes nowhere but where it was meant to (RFC 9700 4.12).
    if (question.method === 'POST')
      throw stop('The server sends us on.', `Ask the provider whether ${next.host} is right.`);
    if (hop === mostRedirects) throw stop('The server sends us on and on.', 'Ask the provider for the right URL.');
    if (next.origin !== question.url.origin) {
      if (!client.allowHosts?.includes(next.host))
        throw stop(
          `${url.host} sends us on to another host, ${next.host}.`,
          `If that is the provider's, say --allow-host ${next.host}.`,
        );
      client.say(`${url.host} sends us on to ${next.host}, as was allowed.`);
    }
    url = next;
  }
}

/** `GET https://ssp.example/capdoc?trunkid=17`. */
export function describe({ method = 'GET', url }: Pick<Question, 'method' | 'url'>): string {
  return `${method} ${printable(url.href, 400)}`;
}

/** `404 Not Found`. */
export function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
}

function checkUrl(url: URL, asked: string, { insecureHttp }: ClientOptions): void {
  const came = 'nothing was sent';
  if (url.username !== '' || url.password !== '')
    throw new PeeringFailure('A URL with a password in it.', {
      asked: `${url.protocol}//${url.host}`,
      came,
      cure: 'Give credentials by --client-id and --client-secret-file.',
    });
  if (url.protocol === 'https:' || (url.protocol === 'http:' && insecureHttp)) return;
  throw new PeeringFailure(`${url.host} would be asked in clear.`, {
    asked,
    came,
    cure: 'Use an https: URL (RFC 10006 4.2); for a test host on your desk, say --insecure-http.',
  });
}

function once(question: Question, client: ClientOptions, signal: AbortSignal): Promise<Answer> {
  const { url, method = 'GET', form, authorization } = question;
  const asked = describe(question);
  const body = form?.toString();
  return new Promise((resolve, reject) => {
    const fail = (what: string, came: string, cure: string) => reject(new PeeringFailure(what, { asked, came, cure }));
    const take = (response: IncomingMessage): void => {
      const coding = response.headers['content-encoding'];
      const parts: Uint8Array[] = [];
      let size = 0;
      if (coding !== undefined && coding !== 'identity') {
        response.destroy();
        fail(
          'The answer is packed.',
          `Content-Encoding: ${printable(coding)}`,
          'Ask the provider to send it as it is.',
        );
        return;
      }
      response.on('data', (part: Uint8Array) => {
        size += part.length;
        if (size <= question.most) parts.push(part);
        else {
          response.destroy();
          fail('The answer is too large.', `more than ${question.most} octets`, 'Ask the provider what is wrong.');
        }
      });
      response.on('error', (error) => fail(...explain(error, url)));
      response.on('end', () => {
        const [type = ''] = (response.headers['content-type'] ?? '').split(';', 1);
        resolve({
          url,
          status: response.statusCode!,
          headers: response.headers,
          mediaType: type.trim().toLowerCase(),
          body: Buffer.concat(parts),
        });
      });
    };
    const headers = {
      accept: question.accept,
      'accept-encoding': 'identity',
      'user-agent': 'tandem',
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
      }),
    };
    // A connection of its own, so that nothing keeps the program waiting.
    const common = { method, headers, signal, agent: false } as const;
    const sent =
      url.protocol === 'http:'
        ? plainRequest(url, common, take)
        : secureRequest(
            url,
            {
              ...common,
              minVersion: 'TLSv1.2',
              ...(client.ca !== undefined && { ca: [...rootCertificates, client.ca] }),
            },
            take,
          );
    sent.on('error', (error) => fail(...explain(error, url)));
    sent.end(body);
  });
}

/** What a failure of the network means: what, what came, and the cure. */
function explain(error: Error, url: URL): [what: string, came: string, cure: string] {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const came = printable(error.message);
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || code === 'ABORT_ERR')
    return [`${url.host} takes too long.`, 'no whole answer in time', 'Try again; is a firewall in the way?'];
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [`There is no host ${url.hostname}.`, came, 'Check the name, and the DNS of this machine.'];
    case 'ECONNREFUSED':
      return [`${url.host} takes no connection.`, came, 'Check name and port.'];
    case 'ECONNRESET':
    case 'EPIPE':
      return [`${url.host} broke off.`, came, 'Try again; then ask the provider.'];
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return [`${url.host} does not speak TLS as we do.`, came, 'Check the port; TLS 1.2 or later is needed.'];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return ['The certificate is for another host.', came, 'Check the name; then ask the provider.'];
    case 'CERT_HAS_EXPIRED':
      return ['The certificate has expired.', came, 'Check the clock of this machine; then ask the provider.'];
    default:
      return code.includes('CERT') || code.includes('SIGN')
        ? [
            'The certificate is not believed.',
            `${came} (${code})`,
            'For an authority of its own, give its root by --ca-file.',
          ]
        : [`${url.host} could not be asked.`, came, 'Check name, port and network.'];
  }
}
