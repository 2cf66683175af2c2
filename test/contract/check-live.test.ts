import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { checkWith } from '../../src/cli/check-world/command.ts';

// `tandem check --live` without a running program, on loopback.

const folder = mkdtempSync(join(tmpdir(), 'tandem-live-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

async function udp(host: string, answers = false): Promise<number> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (bytes, { address, port }) => {
    if (!answers) return;
    const kept = /^(?:Via|From|To|Call-ID|CSeq):.*\r\n/gim;
    socket.send(`SIP/2.0 200 OK\r\n${bytes.toString().match(kept)!.join('')}Content-Length: 0\r\n\r\n`, port, address);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  return (socket.address() as AddressInfo).port;
}

async function live(ours: string, pbx: number, itsp: number, keys = 'connection: private', transports = 'udp') {
  const file = join(folder, 'tandem.yaml');
  writeFileSync(
    file,
    `listeners:
  - { name: lan, side: internal, bind: "${ours}", transports: udp }
  - { name: wan, side: external, bind: "127.0.0.3:5060", transports: ${transports} }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: "127.0.0.1:${pbx}" }
  - { name: itsp-a, kind: itsp, addresses: "127.0.0.1:${itsp}", ${keys} }
routes:
  - { name: out, from: pbx, to: itsp-a }
  - { name: in, from: itsp-a, to: pbx }
media: { ports: 10000-10099 }
records: { path: ${folder}/none }
`,
  );
  const out: string[] = [];
  const status = await checkWith(
    file,
    { live: true, output: 'json' },
    { write: (text) => out.push(text) },
    { write: () => {} },
  );
  const { world, sound, checklist, problems } = JSON.parse(out.join(''));
  if (!sound) throw new Error(JSON.stringify(problems));
  const step = (subject: string, name: string) =>
    world.subjects
      .find((one: { name: string }) => one.name === subject)
      .steps.find((one: { name: string }) => one.name === name);
  return { status, world, sound, checklist, step };
}

describe('tandem check --live', () => {
  test('all well', async () => {
    const peer = await udp('127.0.0.1', true);
    const { status, world, sound, checklist, step } = await live('127.0.0.2:5060', peer, peer);
    expect(world.running).toBe(false);
    expect(sound).toBe(true);
    expect(checklist.length).toBeGreaterThan(20);
    expect(step('ourselves', 'Listeners').verdict).toBe('passed');
    expect(step('pbx', 'OPTIONS')).toMatchObject({ verdict: 'passed' });
    expect(step('pbx', 'State')).toMatchObject({ verdict: 'skipped', summary: 'no program runs' });
    expect(status).toBe(0);
  });

  test('nobody at home, and a port that somebody else has', async () => {
    const taken = await udp('127.0.0.2');
    const peer = await udp('127.0.0.1', true);
    const gone = await udp('127.0.0.1');
    sockets.pop()!.close();
    const { status, world, step } = await live(`127.0.0.2:${taken}`, peer, gone);
    expect(step('ourselves', 'Listeners')).toMatchObject({
      verdict: 'failed',
      todo: [`lan/udp: end what holds 127.0.0.2:${taken}, or take another port.`],
    });
    expect(step('itsp-a', 'OPTIONS').came).toEqual([`udp 127.0.0.1:${gone}: ECONNREFUSED`]);
    expect(step('pbx', 'OPTIONS').verdict).toBe('passed');
    expect(world.ok).toBe(false);
    expect(status).toBe(1);
  });

  test('a closed port, and a tunnel that ends at a private address', async () => {
    const peer = await udp('127.0.0.1', true);
    const closed = await udp('127.0.0.1');
    sockets.pop()!.close();
    const tunnel = 'tunnel: { kind: ipsec, ours: 192.168.1.1, theirs: 203.0.113.1 }';
    const keys = `transport: tcp, connection: { type: internet, ${tunnel} }`;
    const { status, step, checklist } = await live('127.0.0.2:5060', peer, closed, keys, '[udp, tcp]');
    expect(step('itsp-a', 'Connection')).toMatchObject({
      verdict: 'failed',
      came: [expect.stringContaining(`tcp 127.0.0.1:${closed}: ECONNREFUSED`)],
    });
    expect(step('ourselves', 'Our address')).toMatchObject({
      verdict: 'failed',
      todo: ['Give the public address that the router maps to us as `connection.tunnel.ours`.'],
    });
    const ends = checklist.find(({ id }: { id: string }) => id === 'tunnel-ends');
    expect(ends).toMatchObject({ state: 'missing', todo: [expect.stringContaining('192.168.1.1 cannot be reached')] });
    expect(status).toBe(1);
  });

  test('an address that this machine has not', async () => {
    const peer = await udp('127.0.0.1', true);
    const { step } = await live('198.51.100.77:5060', peer, peer);
    expect(step('ourselves', 'Listeners').todo[0]).toContain('this machine has no address 198.51.100.77');
  });

  test('from one of several nodes: its trunks, and the other nodes', async () => {
    const peer = await udp('127.0.0.1', true);
    const file = join(folder, 'nodes.yaml');
    writeFileSync(
      file,
      `listeners:
  - { name: a, side: both, bind: "127.0.0.2:5066", transports: udp }
  - { name: b, side: both, bind: "127.0.0.4:5066", transports: udp }
nodes: [{ name: a, listeners: a }, { name: b, listeners: b }]
trunks:
  - { name: here, kind: itsp, addresses: "127.0.0.1:${peer}", listeners: a }
  - { name: there, kind: itsp, addresses: "127.0.0.1:5999", listeners: b }
routes: [{ name: all, to: [here, there] }]
media: { ports: 10000-10099 }
records: { path: ${folder}/none }
`,
    );
    const out: string[] = [];
    const options = { live: true, output: 'json', node: 'a' } as const;
    await checkWith(file, options, { write: (text) => out.push(text) }, { write: () => {} });
    const { world, problems } = JSON.parse(out.join(''));
    expect(problems).toBeUndefined();
    expect(world.subjects.map(({ name }: { name: string }) => name)).toEqual(['ourselves', 'here', 'node:b']);
  });
});
