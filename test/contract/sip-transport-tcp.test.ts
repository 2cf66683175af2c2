import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { describeFlow, type Flow } from '#engine/ports';
import type { HostPort } from '#kernel';
import { type StreamLimits, StreamShell } from '#shell/sip-stream';

/** The TCP shell on loopback sockets. */
interface Heard {
  readonly messages: { readonly flow: Flow; readonly octets: string }[];
  readonly opened: Flow[];
  readonly closed: { readonly connection: string; readonly reason: string }[];
  readonly refused: string[];
  answer?: (flow: Flow) => void;
}

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

async function shell(limits: Partial<StreamLimits> = {}, host = '127.0.0.1') {
  const heard: Heard = { messages: [], opened: [], closed: [], refused: [] };
  const streams = new StreamShell({
    run: 'run1',
    events: {
      onMessage: (flow, octets) => {
        heard.messages.push({ flow, octets });
        heard.answer?.(flow);
      },
      onOpened: (flow) => heard.opened.push(flow),
      onRetiring: () => {},
      onClosed: (connection, reason) => heard.closed.push({ connection, reason }),
      onRefused: (_listener, _from, reason) => heard.refused.push(reason),
    },
    limits,
    dscp: () => 26,
  });
  const at = await streams.listen({ id: 'lan/tcp', transport: 'tcp', bind: { host, port: 0 } });
  cleaning.push(() => streams.closeAll());
  return { streams, heard, at };
}

/** Opens a connection to the shell. */
async function client(at: HostPort): Promise<{ socket: Socket; got: () => string; ended: () => boolean }> {
  const socket = connect({ host: at.host, port: at.port });
  let text = '';
  let ended = false;
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    ended = true;
  });
  await once(socket, 'connect');
  cleaning.push(() => socket.destroy());
  return { socket, got: () => text, ended: () => ended };
}

/** A peer that waits for connections of the shell's. */
async function server(onConnection: (socket: Socket) => void): Promise<{ at: HostPort; server: Server }> {
  const it = createServer((socket) => {
    socket.on('error', () => {});
    cleaning.push(() => socket.destroy());
    onConnection(socket);
  });
  it.listen(0, '127.0.0.1');
  await once(it, 'listening');
  cleaning.push(() => it.close());
  return { at: { host: '127.0.0.1', port: (it.address() as { port: number }).port }, server: it };
}

const until = (holds: () => boolean): Promise<void> => expect.poll(holds, { timeout: 3_000, interval: 5 }).toBe(true);

/** A whole message; the body is Latin-1 with all that can come. */
function message(number: number, body = 'v=0\r\n\xe4\xff\x00'): string {
  return (
    `OPTIONS sip:${number}@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK${number}\r\nFrom: <sip:a@b>;tag=1\r\n` +
    `To: <sip:c@d>\r\nCall-ID: ${number}\r\nCSeq: 1 OPTIONS\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

describe('connections that peers open', () => {
  test.each(['127.0.0.1', '::1'])(
    'messages come whole, however the stream is cut, and answers go back by the flow (%s)',
    async (host) => {
      const { streams, heard, at } = await shell({}, host);
      const { socket, got } = await client(at);
      const stream = message(1) + message(2) + message(3);
      socket.setNoDelay(true);
      const cuts = [0, 1, 57, 300, 301, 640, stream.length];
      for (const [index, end] of cuts.slice(1).entries()) {
        socket.write(stream.slice(cuts[index], end), 'latin1');
        await new Promise((turn) => setTimeout(turn, 5));
      }
      await until(() => heard.messages.length === 3);
      expect(heard.messages.map(({ octets }) => octets)).toEqual([message(1), message(2), message(3)]);
      const { flow } = heard.messages[0]!;
      expect(flow).toEqual({
        transport: 'tcp',
        listener: 'lan/tcp',
        remote: { host, port: socket.localPort },
        connection: 'in-run1-1',
      });
      expect(heard.opened).toEqual([flow]);
      expect(streams.inspect()).toMatchObject([{ connection: 'in-run1-1', peer: describeFlow(flow), dscp: 26 }]);
      streams.send(flow, `answer ${'\xff'}`);
      await until(() => got() === 'answer \xff');
      socket.end();
      await until(() => heard.closed.length === 1);
      expect(heard.closed[0]!.connection).toBe('in-run1-1');
      expect(streams.size).toBe(0);
    },
  );

  test('a ping gets its pong, a pong nothing (RFC 5626 4.4.1)', async () => {
    const { heard, at } = await shell();
    const { socket, got } = await client(at);
    socket.write('\r\n\r\n');
    await until(() => got() === '\r\n');
    socket.write(`\r\n\r\n${message(1)}\r\n\r\n`, 'latin1');
    await until(() => got() === '\r\n\r\n\r\n');
    expect(heard.messages).toHaveLength(1);
  });

  test('what breaks the framing is handed on to be answered, then the connection ends', async () => {
    const { streams, heard, at } = await shell();
    heard.answer = (flow) => streams.send(flow, 'SIP/2.0 400 Bad Request\r\n\r\n');
    const { socket, got, ended } = await client(at);
    const broken = message(1).replace(/Content-Length: \d+/, 'Content-Length: many');
    socket.write(broken + message(2), 'latin1');
    await until(ended);
    expect(got()).toBe('SIP/2.0 400 Bad Request\r\n\r\n');
    expect(heard.messages).toHaveLength(1);
    expect(heard.messages[0]!.octets.startsWith('OPTIONS sip:1@')).toBe(true);
    expect(heard.closed).toEqual([{ connection: 'in-run1-1', reason: expect.stringMatching(/Content-Length/) }]);
  });

  test('too many of one address are turned away; when one goes, there is room again', async () => {
    const { streams, heard, at } = await shell({ perSource: 2 });
    const first = await client(at);
    await client(at);
    const third = await client(at);
    await until(() => third.ended());
    expect(heard.refused).toEqual(['too many connections of this address']);
    expect(heard.closed).toEqual([]);
    first.socket.destroy();
    await until(() => streams.size === 1);
    await client(at);
    await until(() => streams.size === 2);
    expect(heard.opened.map(({ connection }) => connection)).toEqual(['in-run1-1', 'in-run1-2', 'in-run1-3']);
  });

  test('too many on a listener are turned away', async () => {
    const { heard, at } = await shell({ perListener: 1 });
    await client(at);
    const second = await client(at);
    await until(() => second.ended());
    expect(heard.refused).toEqual(['too many connections of this listener']);
  });

  test('a peer that does not read is cut off, with bounded memory', async () => {
    const { streams, heard, at } = await shell({ unsent: 100_000 });
    const { socket } = await client(at);
    socket.pause();
    socket.write(message(1), 'latin1');
    await until(() => heard.messages.length === 1);
    for (let i = 0; i < 2_000 && heard.closed.length === 0; i++) {
      streams.send(heard.messages[0]!.flow, 'x'.repeat(10_000));
      if (i % 50 === 0) await new Promise((turn) => setImmediate(turn));
    }
    await until(() => heard.closed.length === 1);
    expect(heard.closed).toEqual([{ connection: 'in-run1-1', reason: 'the peer does not read' }]);
  });

  test('a message that never becomes complete, and a connection without a word, are ended', async () => {
    const { heard, at } = await shell({ incomplete: 60, idle: 150 });
    const { socket } = await client(at);
    socket.write(message(1) + message(2).slice(0, 40), 'latin1');
    await until(() => heard.closed.length === 1);
    expect(heard.closed[0]!.reason).toBe('a message did not become complete');
    await client(at);
    await until(() => heard.closed.length === 2);
    expect(heard.closed[1]!.reason).toBe('idle');
  });

  test('incomplete messages have a bound for all connections together', async () => {
    const { heard, at } = await shell({ held: 50_000 });
    for (let i = 0; i < 3; i++) {
      const { socket } = await client(at);
      socket.write(`OPTIONS sip:a@b SIP/2.0\r\nSubject: ${'x'.repeat(20_000)}`, 'latin1');
    }
    await until(() => heard.closed.length === 1);
    expect(heard.closed[0]!.reason).toBe('too much of incomplete messages');
  });
});

describe('connections of ours', () => {
  const flowTo = (remote: HostPort): Flow => ({ transport: 'tcp', listener: 'lan/tcp', remote, connection: 'out-1' });

  test('what is sent before it stands leaves when it does; answers come by it; the source is the listener’s address', async () => {
    const { streams, heard } = await shell({}, '127.0.0.7');
    let from: string | undefined;
    let text = '';
    const { at } = await server((socket) => {
      from = socket.remoteAddress;
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (text === message(1) + message(2)) socket.end(message(3), 'latin1');
      });
    });
    const flow = flowTo(at);
    streams.connect(flow);
    streams.send(flow, message(1));
    streams.send(flow, message(2));
    await until(() => heard.closed.length === 1);
    expect(from).toBe('127.0.0.7');
    expect(heard.opened).toEqual([flow]);
    expect(heard.messages).toEqual([{ flow, octets: message(3) }]);
    expect(heard.closed[0]!.connection).toBe('out-1');
  });

  test('one that cannot be opened is told once, and its name may be used again', async () => {
    const { streams, heard } = await shell();
    const { at, server: gone } = await server(() => {});
    await new Promise((done) => gone.close(done));
    const flow = flowTo(at);
    for (let times = 1; times <= 2; times++) {
      streams.connect(flow);
      streams.send(flow, message(1));
      await until(() => heard.closed.length === times);
    }
    expect(heard.closed).toEqual(Array(2).fill({ connection: 'out-1', reason: 'ECONNREFUSED' }));
    expect(heard.opened).toEqual([]);
  });

  test('closing lets what was sent leave', async () => {
    const { streams, heard } = await shell();
    let text = '';
    let ended = false;
    const { at } = await server((socket) => {
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
      });
      socket.on('end', () => {
        ended = true;
      });
    });
    const flow = flowTo(at);
    streams.connect(flow);
    streams.send(flow, message(1));
    streams.close('out-1');
    await until(() => ended);
    expect(text).toBe(message(1));
    await until(() => heard.closed.length === 1);
  });
});

test('a port in use is an error', async () => {
  const { at } = await shell();
  const events = { onMessage() {}, onOpened() {}, onRetiring() {}, onClosed() {}, onRefused() {} };
  const other = new StreamShell({ run: 'run2', events });
  cleaning.push(() => other.closeAll());
  await expect(other.listen({ id: 'x', transport: 'tcp', bind: at })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
