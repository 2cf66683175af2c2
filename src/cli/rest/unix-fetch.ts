import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** A `fetch` whose requests all go to a Unix socket, whatever host they name. Rejects with the system's error. */
export function unixFetch(socketPath: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const { method, headers, signal } = request;
    const { pathname, search } = new URL(request.url);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const asking = httpRequest({
      socketPath,
      method,
      path: `${pathname}${search}`,
      headers: { ...Object.fromEntries(headers), ...(body && { 'content-length': body.length }) },
      signal,
    });
    asking.on('response', (answer) => resolve(responseOf(answer)));
    asking.on('error', reject);
    asking.end(body);
    return promise;
  };
}

function responseOf(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  const status = answer.statusCode!;
  // The standard has no body there, and a Response refuses one.
  if (status === 204 || status === 205 || status === 304) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers });
}
