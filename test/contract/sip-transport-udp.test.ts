import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { Flow } from '#engine/ports';
import type { HostPort } from '#kernel';
import { openUdp, type UdpAdapter, type UdpListener } from '#shell/sip-udp';

/** The UDP shell on loopback sockets, with each of its ways to read and send. */
const isLinux = process.platform === 'linux';
const adapters: readonly UdpAdapter[] = isLinux ? ['calls', 'dgram'] : ['dgram'];

interface Heard {
  readonly messages: { readonly flow: Flow; readonly octets: string }[];
  readonly undeliverable: { readonly listener: string; readonly to: HostPort; readonly reason: string }[];
}

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const it of open.splice(0)) it.close();
});

async function listener(adapter: UdpAdapter, host: string, port = 0): Promise<{ udp: UdpListener; heard: Heard }> {
  const heard: Heard = { messages: [], undeliverable: [] };
  const udp = await openUdp(
    { id: 'lan/udp', bind: { host, port } },
    {
      onMessage: (flow, octets) => heard.messages.push({ flow, octets }),
      onUndeliverable: (id, to, reason) => heard.undeliverable.push({ listener: id, to, reason }),
    },
    adapter,
  );
  expect(udp.adapter).toBe(adapter);
  open.push(udp);
  return { udp, heard };
}

async function peer(type: 'udp4' | 'udp6', host: string): Promise<{ socket: Socket; at: HostPort; got: Buffer[] }> {
  const socket = createSocket(type);
  const got: Buffer[] = [];
  socket.on('message', (data) => got.push(data));
  socket.bind(0, host);
  await once(socket, 'listening');
  open.push(socket);
  return { socket, at: { host, port: socket.address().port }, got };
}

const everyOctet = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
const until = (holds: () => boolean): Promise<void> => expect.poll(holds, { timeout: 2_000, interval: 5 }).toBe(true);

const cases = adapters.flatMap((adapter) => [
  { adapter, type: 'udp4', host: '127.0.0.1' } as const,
  { adapter, type: 'udp6', host: '::1' } as const,
]);

test.each(cases)('$adapter on $host: how long a datagram waited is told where the system says it', async (it) => {
  const arrivals: (number | undefined)[] = [];
  const udp = await openUdp(
    { id: 'lan/udp', bind: { host: it.host, port: 0 } },
    { onMessage: (_flow, _octets, arrived) => arrivals.push(arrived), onUndeliverable: () => {} },
    it.adapter,
  );
  open.push(udp);
  const { socket } = await peer(it.type, it.host);
  for (const pause of [0, 150]) {
    const [before, count] = [performance.now(), arrivals.length];
    await new Promise((sent) => socket.send('OPTIONS', udp.local.port, it.host, sent));
    const sent = performance.now();
    while (performance.now() < sent + pause); // it lies in the socket meanwhile
    await until(() => arrivals.length > count);
    const arrived = arrivals.at(-1);
    if (it.adapter === 'dgram') expect(arrived).toBeUndefined();
    else {
      // The two clocks tell whole milliseconds of each other.
      expect(arrived).toBeGreaterThanOrEqual(before - 2);
      expect(arrived).toBeLessThanOrEqual(Math.max(sent, performance.now() - pause) + 2);
    }
  }
});

describe.each(cases)('$adapter on $host', ({ adapter, type, host }) => {
  test('every octet passes unchanged both ways, and the flow names the source', async () => {
    const { udp, heard } = await listener(adapter, host);
    const { socket, at, got } = await peer(type, host);
    socket.send(Buffer.from(everyOctet, 'latin1'), udp.local.port, host);
    await until(() => heard.messages.length === 1);
    expect(heard.messages).toEqual([
      { flow: { transport: 'udp', listener: 'lan/udp', remote: at }, octets: everyOctet },
    ]);
    udp.send(at, everyOctet);
    await until(() => got.length === 1);
    expect(got[0]!.toString('latin1')).toBe(everyOctet);
  });

  test('datagrams up to the largest leave whole, several peers each get their own', async () => {
    const { udp, heard } = await listener(adapter, host);
    const peers = await Promise.all([1, 2, 3].map(() => peer(type, host)));
    const large = 'x'.repeat(60_000);
    for (const [index, { at }] of peers.entries()) {
      udp.send(at, `to ${index}`);
      udp.send(at, large);
    }
    await until(() => peers.every(({ got }) => got.length === 2));
    for (const [index, { got }] of peers.entries()) {
      expect(got.map((data) => data.toString('latin1')).sort()).toEqual([`to ${index}`, large]);
    }
    udp.send(peers[0]!.at, 'x'.repeat(66_000));
    await until(() => heard.undeliverable.length === 1);
    expect(heard.undeliverable[0]).toMatchObject({ to: peers[0]!.at, reason: 'EMSGSIZE' });
  });

  test('many at once come each and in order', async () => {
    const { udp, heard } = await listener(adapter, host);
    const { socket } = await peer(type, host);
    const sent = Array.from({ length: 100 }, (_, i) => `OPTIONS ${i}`);
    for (const octets of sent) socket.send(octets, udp.local.port, host);
    await until(() => heard.messages.length === sent.length);
    expect(heard.messages.map(({ octets }) => octets)).toEqual(sent);
  });

  test('a port in use is an error', async () => {
    const { udp } = await listener(adapter, host);
    await expect(listener(adapter, host, udp.local.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

test.runIf(isLinux).each(cases.filter(({ adapter }) => adapter === 'calls'))(
  '$host: a closed port is told, with the address, and disturbs nobody else',
  async ({ adapter, type, host }) => {
    const { udp, heard } = await listener(adapter, host);
    const dead = [await peer(type, host), await peer(type, host)];
    for (const { socket } of dead) socket.close();
    open.length = 1;
    const live = await peer(type, host);
    // The second sending meets the error of the first: it must leave all the same.
    for (const { at } of dead) udp.send(at, 'nobody hears');
    for (let i = 0; i < 10; i++) udp.send(live.at, `hello ${i}`);
    await until(() => heard.undeliverable.length === 2 && live.got.length === 10);
    expect(heard.undeliverable).toEqual(
      dead.map(({ at }) => ({ listener: 'lan/udp', to: at, reason: 'ECONNREFUSED' })),
    );
    // Reading goes on.
    live.socket.send('still there', udp.local.port, host);
    await until(() => heard.messages.length === 1);
  },
);

/** What comes is handled like any event of Node's: no less may depend on it than the process's end. */
test.each(adapters)('%s: promises go on, and what is thrown ends the process', async (adapter) => {
  const program = `
    const { openUdp } = await import('#shell/sip-udp');
    const onMessage = () => {
      Promise.resolve().then(() => console.log('went on'));
      process.nextTick(() => { throw new Error('seen'); });
    };
    const bind = { host: '127.0.0.1', port: 0 };
    const udp = await openUdp({ id: 'one', bind }, { onMessage, onUndeliverable() {} }, '${adapter}');
    udp.send(udp.local, 'to myself');`;
  const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', program]);
  const said: string[] = [];
  child.stdout.on('data', (chunk) => said.push(String(chunk)));
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  open.push({ close: () => child.kill() });
  expect((await once(child, 'close'))[0]).toBe(1);
  expect(said.join('')).toContain('Error: seen');
});

test.each(adapters)('%s: an address that this machine does not have is an error', async (adapter) => {
  await expect(listener(adapter, '192.0.2.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
});

test.each(adapters)('%s: where there is no way at all, it is told', async (adapter) => {
  const { udp, heard } = await listener(adapter, '127.0.0.1');
  // From a loopback address the network cannot be reached.
  udp.send({ host: '192.0.2.1', port: 5060 }, 'hello');
  await until(() => heard.undeliverable.length === 1);
  expect(heard.undeliverable[0]!.to).toEqual({ host: '192.0.2.1', port: 5060 });
});

test.each(adapters)('%s: after closing nothing is sent and nothing told', async (adapter) => {
  const { udp, heard } = await listener(adapter, '127.0.0.1');
  udp.close();
  udp.close();
  udp.send({ host: '192.0.2.1', port: 5060 }, 'hello');
  expect(heard.undeliverable).toEqual([]);
});
