import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { bodyOf } from './problem.ts';

/** What is no request of HTTP is answered like any other that cannot be served, and the connection ends with it. */
export function clientError({ code }: NodeJS.ErrnoException, socket: Socket): void {
  // Who is gone is told nothing.
  if (code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] = told[code ?? ''] ?? [400, 'It is no request of HTTP/1.1 (RFC 9112).'];
  const body = JSON.stringify(bodyOf(status, detail));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

const told: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'Its header fields are too long: cookies of other programs at this name may be among them.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'It took too long to come: send all of it within a minute.'],
};
