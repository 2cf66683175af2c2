import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Endpoint, maxDatagram, outgoingRoom, type PacketHandler, type PacketLoop } from '#media/packet-io';
import { choosePacketLoop } from '#media-process';
import { MarkReceiver } from '../support/mark-receiver.ts';

/** What every packet I/O must do, on real loopback sockets. */
const adapters = process.platform === 'linux' ? ['dgram', 'epoll'] : ['dgram'];
const families = [
  { family: 'IPv4', host: '127.0.0.1', type: 'udp4' },
  { family: 'IPv6', host: '::1', type: 'udp6' },
] as const;

interface Arrived {
  readonly socket: number;
  readonly data: string;
  readonly from: string;
  readonly now: number;
}

/** Keeps what comes and tells who waits for it. */
class Collector implements PacketHandler {
  readonly arrived: Arrived[] = [];
  readonly deadlines: number[] = [];
  deadline: number | undefined;
  onArrival: (arrived: Arrived, data: Uint8Array, length: number) => void = () => {};
  #wanted = 0;
  #resolve = () => {};
  readonly #wake: () => void;

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  onPacket(
    socket: number,
    data: Uint8Array,
    length: number,
    a: number,
    b: number,
    c: number,
    d: number,
    port: number,
    now: number,
  ): void {
    const from = new Endpoint(a, b, c, d, port);
    const arrived = {
      socket,
      data: Buffer.from(data.subarray(0, length)).toString('latin1'),
      from: `${from.host} ${from.port}`,
      now,
    };
    this.arrived.push(arrived);
    this.onArrival(arrived, data, length);
    if (this.arrived.length === this.#wanted) this.#done();
  }

  nextDeadline(): number | undefined {
    return this.deadline;
  }

  onDeadline(now: number): void {
    this.deadlines.push(now);
    this.deadline = undefined;
    this.#done();
  }

  /** Until so many packets have come in all. */
  async packets(count: number): Promise<Arrived[]> {
    this.#wanted = count;
    if (this.arrived.length < count)
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
    return this.arrived;
  }

  /** The test goes on in Node's event loop, which must be told. */
  #done(): void {
    this.#resolve();
    this.#wake();
  }

  deadlinePassed(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
}

describe.each(adapters)('packet I/O by %s', (name) => {
  let loop: PacketLoop;
  let handler: Collector;
  const peers: Socket[] = [];

  beforeEach(() => {
    loop = choosePacketLoop(name);
    handler = new Collector(() => loop.wake());
    loop.run(handler);
  });

  afterEach(() => {
    loop.stop();
    for (const peer of peers.splice(0)) peer.close();
  });

  async function peer(type: 'udp4' | 'udp6', host: string): Promise<Socket & { readonly at: Endpoint }> {
    const socket = createSocket(type);
    peers.push(socket);
    socket.bind(0, host);
    await once(socket, 'listening');
    return Object.assign(socket, { at: Endpoint.of(host, socket.address().port)! });
  }

  /** A socket on some free port. */
  function open(host: string): { socket: number; port: number } {
    for (let port = 41000; port < 42000; port++) {
      const socket = loop.open(host, port);
      if (typeof socket === 'number') return { socket, port };
      expect(socket.failure).toBe('taken');
    }
    throw new Error('no free port');
  }

  test('says its name', () => expect(loop.name).toBe(name));

  describe.each(families)('$family', ({ host, type }) => {
    test('brings a packet with its source and time', async () => {
      const from = await peer(type, host);
      const { socket, port } = open(host);
      const before = loop.now();
      from.send('hello', port, host);
      const [arrived] = await handler.packets(1);
      expect(arrived).toMatchObject({ socket, data: 'hello', from: `${host} ${from.at.port}` });
      expect(arrived!.now).toBeGreaterThanOrEqual(before);
      expect(arrived!.now).toBeLessThanOrEqual(loop.now());
    });

    test('sends from the port it listens on', async () => {
      const to = await peer(type, host);
      const { socket, port } = open(host);
      const message = once(to, 'message');
      loop.send(socket, Buffer.from('hello, all'), 5, to.at);
      const [data, source] = (await message) as [Buffer, { address: string; port: number }];
      expect([data.toString(), source.address, source.port]).toEqual(['hello', host, port]);
    });

    test('relays the packet in hand, and the sender’s buffer is its own again at once', async () => {
      const [from, to] = [await peer(type, host), await peer(type, host)];
      const { port } = open(host);
      const out = open(host);
      const own = Buffer.from('own');
      handler.onArrival = (_, data, length) => {
        loop.send(out.socket, data, length, to.at);
        loop.send(out.socket, own, 3, to.at);
        own.fill('x');
      };
      const got: string[] = [];
      const both = new Promise<void>((resolve) => {
        to.on('message', (data) => void (got.push(data.toString()) === 2 && resolve()));
      });
      from.send('relayed', port, host);
      await both;
      expect(got).toEqual(['relayed', 'own']);
    });

    test('an empty packet, and the largest', async () => {
      const from = await peer(type, host);
      const { port } = open(host);
      from.send('', port, host);
      await handler.packets(1);
      from.send(Buffer.alloc(60_000, 'z'), port, host);
      const [empty, large] = await handler.packets(2);
      expect([empty!.data.length, large!.data.length]).toEqual([0, 60_000]);
    });

    test('what is made in its own buffer for it goes out as it stands there', async () => {
      const to = await peer(type, host);
      const { socket } = open(host);
      const message = once(to, 'message');
      loop.outgoing.set(Buffer.from('made here'));
      loop.send(socket, loop.outgoing, 9, to.at);
      expect(String((await message)[0])).toBe('made here');
      expect(loop.outgoing.length).toBe(maxDatagram + outgoingRoom);
      loop.send(socket, loop.outgoing, loop.outgoing.length, to.at); // no datagram is as long: lost
    });

    if (name === 'epoll')
      test('marks what it sends, changes the mark, and takes it away (RFC 2474)', () => {
        const to = new MarkReceiver(host);
        const { socket } = open(host);
        for (const dscp of [46, 10, 0]) {
          loop.setDscp(socket, dscp);
          loop.send(socket, Buffer.from('marked'), 6, to.at);
          expect(to.receive()).toBe(dscp);
        }
        to.close();
      });

    test('many packets to many sockets: all come, each to its own', async () => {
      const from = await peer(type, host);
      const sockets = Array.from({ length: 40 }, () => open(host));
      for (let round = 0; round < 5; round++) for (const { port } of sockets) from.send(`${port}`, port, host);
      const arrived = await handler.packets(200);
      for (const { socket, data } of arrived)
        expect(data).toBe(`${sockets.find((one) => one.socket === socket)!.port}`);
    });

    test('a port that is taken', () => {
      const { port } = open(host);
      expect(loop.open(host, port)).toEqual({ failure: 'taken', detail: 'EADDRINUSE' });
    });

    test('a closed socket hears nothing, its port and number are free', async () => {
      const from = await peer(type, host);
      const one = open(host);
      loop.close(one.socket);
      loop.close(one.socket);
      const again = loop.open(host, one.port);
      expect(again).toBe(one.socket);
      from.send('to the new one', one.port, host);
      expect(await handler.packets(1)).toMatchObject([{ socket: again, data: 'to the new one' }]);
    });

    test('sending where nobody listens harms nothing', async () => {
      const gone = await peer(type, host);
      const from = await peer(type, host);
      peers.splice(peers.indexOf(gone), 1);
      await new Promise<void>((resolve) => gone.close(resolve));
      const { socket, port } = open(host);
      for (let i = 0; i < 5; i++) loop.send(socket, Buffer.from('lost'), 4, gone.at);
      from.send('still here', port, host);
      expect((await handler.packets(1))[0]!.data).toBe('still here');
    });
  });

  test('an address that is not ours, and what is no address', () => {
    expect(loop.open('192.0.2.1', 41000)).toEqual({ failure: 'failed', detail: 'EADDRNOTAVAIL' });
    expect(loop.open('localhost', 41000)).toMatchObject({ failure: 'failed' });
  });

  test('a deadline that is set before the wait, and one that is moved into it', async () => {
    const first = loop.now() + 30;
    handler.deadline = first;
    loop.wake();
    await handler.deadlinePassed();
    expect(handler.deadlines[0]).toBeGreaterThanOrEqual(first);
    const second = loop.now() + 20;
    handler.deadline = second;
    loop.wake();
    await handler.deadlinePassed();
    expect(handler.deadlines).toHaveLength(2);
    expect(handler.deadlines[1]).toBeGreaterThanOrEqual(second);
  });

  test('Node’s own sockets and timers live beside it, also under a flood of packets', async () => {
    // Two of our sockets play ball with eight packets: the loop is never idle.
    const [one, other] = [open('127.0.0.1'), open('127.0.0.1')];
    const at = (port: number) => Endpoint.of('127.0.0.1', port)!;
    const opposite = new Map([
      [one.socket, at(other.port)],
      [other.socket, at(one.port)],
    ]);
    let flooding = true;
    handler.onArrival = ({ socket }, data, length) => {
      if (flooding) loop.send(socket, data, length, opposite.get(socket)!);
    };
    for (let i = 0; i < 8; i++) loop.send(one.socket, Buffer.from('ball'), 4, at(other.port));
    await handler.packets(100);
    const path = join(tmpdir(), `tandem-packet-io-${process.pid}-${name}.sock`);
    const server = createServer((socket) => socket.pipe(socket)).listen(path);
    await once(server, 'listening');
    const client = connect(path);
    for (const word of ['one', 'two', 'three']) {
      client.write(word);
      const [echo] = (await once(client, 'data')) as [Buffer];
      expect(echo.toString()).toBe(word);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(handler.arrived.length).toBeGreaterThan(200);
    flooding = false;
    client.destroy();
    server.close();
  });

  if (name === 'dgram')
    test('says once that it cannot mark datagrams, when somebody wants it', () => {
      const said: string[] = [];
      const mute = choosePacketLoop(name, (text) => said.push(text));
      mute.setDscp(1, 0);
      expect(said).toEqual([]);
      mute.setDscp(1, 46);
      mute.setDscp(2, 46);
      expect(said).toEqual([expect.stringContaining('DSCP')]);
      mute.stop();
    });

  test('stopped, it can be stopped again', () => {
    open('127.0.0.1');
    loop.stop();
    loop.stop();
  });
});

test('an unknown packet I/O is refused', () =>
  expect(() => choosePacketLoop('carrier-pigeon')).toThrow(/carrier-pigeon/));
