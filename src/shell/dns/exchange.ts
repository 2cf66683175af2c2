import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { HostPort } from '#kernel';

/** One query on its way to one server. Nothing is told after `close`. */
export interface Exchange {
  close(): void;
}

export interface ExchangeEvents {
  /** A message from the server: the reply perhaps. */
  onMessage(data: Buffer): void;
  /** There will be none. `reason` is the system's code: ECONNREFUSED … */
  onError(reason: string): void;
}

/**
 * By UDP, from a socket of its own: the system draws its port at random, and being connected it takes datagrams from the
 * server only and hears at once when nobody listens there (RFC 5452 9).
 */
export function overUdp(server: HostPort, query: Buffer, events: ExchangeEvents): Exchange {
  const type = isIPv6(server.host) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, lookup: lookupLiteral });
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    socket.close();
  };
  const fail = (error: Error) => {
    if (isClosed) return;
    close();
    events.onError((error as NodeJS.ErrnoException).code ?? error.message);
  };
  socket.on('error', fail);
  socket.on('message', (data) => {
    if (!isClosed) events.onMessage(data);
  });
  socket.connect(server.port, server.host, (error?: Error) => {
    if (error) fail(error);
    else if (!isClosed) socket.send(query, (failure) => failure && fail(failure));
  });
  return { close };
}

/** By TCP, for what does not fit into a datagram (RFC 7766). */
export function overTcp(server: HostPort, query: Buffer, events: ExchangeEvents): Exchange {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  const socket = connect({ host: server.host, port: server.port });
  let received: Buffer = Buffer.alloc(0);
  let isClosed = false;
  const close = () => {
    isClosed = true;
    socket.destroy();
  };
  const fail = (reason: string) => {
    if (isClosed) return;
    close();
    events.onError(reason);
  };
  socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
  socket.on('close', () => fail('the connection was closed'));
  socket.on('data', (data: Buffer) => {
    received = Buffer.concat([received, data]);
    // At most 64 KiB, which the length says, and what came with its end.
    while (!isClosed && received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const message = received.subarray(2, end);
      received = received.subarray(end);
      events.onMessage(message);
    }
  });
  socket.write(Buffer.concat([length, query]));
  return { close };
}

/** `dgram` would ask `getaddrinfo`, which blocks a thread, even for an address. */
function lookupLiteral(
  host: string,
  _options: unknown,
  done: (error: null, address: string, family: number) => void,
): void {
  done(null, host, isIPv6(host) ? 6 : 4);
}
