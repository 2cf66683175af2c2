import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Flow, HomerConfiguration } from '#engine/ports';
import { Sensitive } from '#kernel';
import { HomerClient } from '#shell/homer';
import { masked } from '#shell/message-ring';

const flow: Flow = {
  transport: 'tls',
  listener: 'wan/tls',
  remote: { host: '203.0.113.10', port: 5061 },
  connection: 'c',
};
const message = 'SIP/2.0 200 OK\r\nCall-ID: a\r\n\r\na=crypto:1 AES inline:c2VjcmV0|1\r\n';

let closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing) close();
  closing = [];
});

function client(homer: Partial<HomerConfiguration> & Pick<HomerConfiguration, 'to'>) {
  const troubles: (string | undefined)[] = [];
  const it = new HomerClient({
    homer: { transport: 'udp', id: 7, ...homer },
    local: (listener) => (listener === 'wan/tls' ? { host: '192.0.2.1', port: 5061 } : undefined),
    masked,
    onTrouble: (why) => void troubles.push(why),
  });
  closing.push(() => it.close());
  return { it, troubles };
}

const text = (packet: Buffer) => packet.toString('latin1');

test('by UDP: one datagram a message, with who sent it to whom, and no secret', async () => {
  const server = createSocket('udp4');
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const { it, troubles } = client({
    to: { host: '127.0.0.1', port: server.address().port },
    password: new Sensitive('pw'),
  });
  // What is sent before the socket stands is lost, and counted.
  it.send(1, 'call1', true, flow, message);
  expect(it.counts).toEqual({ sent: 0, lost: 1 });
  const heard = once(server, 'message');
  const timer = setInterval(() => it.send(1_700_000_000_000, 'call1', true, flow, message), 20);
  const [packet] = (await heard) as [Buffer];
  clearInterval(timer);
  expect(packet.readUInt16BE(4)).toBe(packet.length);
  expect(packet.includes(Buffer.from([192, 0, 2, 1]))).toBe(true);
  expect(text(packet)).toContain('call1');
  expect(text(packet)).toContain('inline:xxxxxxxx|1');
  expect(text(packet)).not.toContain('c2VjcmV0');
  expect(troubles).toEqual([]);
});

test('by TCP: packets in a stream; a server that is gone is said once, and found again', async () => {
  let stream = Buffer.alloc(0);
  const listen = async (port: number) => {
    const server = createServer((socket) => {
      socket.on('data', (chunk) => {
        stream = Buffer.concat([stream, chunk as Buffer]);
      });
      closing.push(() => socket.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    return server;
  };
  const server = await listen(0);
  const { it, troubles } = client({
    to: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    transport: 'tcp',
  });
  await once(server, 'connection');
  while (it.counts.sent < 3) {
    it.send(1_700_000_000_000, 'call2', false, flow, message);
    await new Promise(setImmediate);
  }
  const length = () => (stream.length > 6 ? stream.readUInt16BE(4) : Number.POSITIVE_INFINITY);
  while (stream.length < 3 * length()) await new Promise(setImmediate);
  expect(stream.length).toBe(3 * length());
  expect(text(stream.subarray(length(), length() + 4))).toBe('HEP3');
  expect(troubles).toEqual([]);
});

test('by TCP: nobody is there', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const { it, troubles } = client({ to: { host: '127.0.0.1', port }, transport: 'tcp' });
  while (troubles.length === 0) await new Promise(setImmediate);
  expect(troubles).toEqual(['ECONNREFUSED']);
  it.send(1, 'call', true, flow, message);
  expect(it.counts).toEqual({ sent: 0, lost: 1 });
});

test('by TCP: a server that does not read costs no more than so much memory; what waited when it went is lost, and counted', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.pause();
    sockets.push(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { it, troubles } = client({ to: { host: '127.0.0.1', port }, transport: 'tcp' });
  await once(server, 'connection');
  const large = `${message}${'x'.repeat(50_000)}`;
  let asked = 0;
  const until = async (isSo: () => boolean, more: boolean) => {
    while (!isSo()) {
      if (more) it.send(1, 'call', true, flow, large);
      if (more) asked++;
      await new Promise(setImmediate);
    }
  };
  await until(() => it.counts.lost > 0 && troubles.length > 0, true);
  // That it takes some before it is connected is no trouble.
  expect(troubles).toEqual(['it does not read']);
  const before = { ...it.counts };
  expect(asked - before.sent - before.lost).toBeLessThan(100);
  sockets[0]!.resume();
  await until(() => troubles.length === 2, false);
  expect(troubles).toEqual(['it does not read', undefined]);
  sockets[0]!.pause();
  await until(() => troubles.length === 3, true);
  sockets[0]!.resetAndDestroy();
  // Each is in one count or the other.
  await until(() => it.counts.sent + it.counts.lost === asked, false);
});
