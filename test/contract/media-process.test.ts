import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type AllocatedSide,
  encodeFrame,
  FrameDecoder,
  type MediaNotification,
  type MediaRequest,
  type MediaResponse,
} from '#codec/media-control';
import { packetBlocks } from '#codec/pcapng';
import { ringbackTones } from '#codec/tones';
import type { MediaProcessSettings } from '#media-process';
import { MediaClient } from '#shell/media-client';
import { plan, rtp, side, stream } from '../support/relay-bench.ts';
import { SrtpPeer } from '../support/srtp-peer.ts';

/** The real media process, driven over its socket by the real client, with real packets. */
type Message = MediaResponse | MediaNotification;
type Request = MediaRequest extends infer One ? (One extends MediaRequest ? Omit<One, 'id'> : never) : never;

const host = '127.0.0.1';
const adapters = process.platform === 'linux' ? ['dgram', 'epoll'] : ['dgram'];

/** Signalling's end: asks, and waits for what comes. */
class Controller {
  readonly messages: Message[] = [];
  downs = 0;
  readonly #client: MediaClient;
  #id = 0;
  #waiting: { readonly wants: () => boolean; readonly resolve: () => void }[] = [];

  constructor(socket: string) {
    this.#client = new MediaClient({
      socket,
      onMessage: (message) => {
        this.messages.push(message);
        this.#look();
      },
      onDown: () => {
        this.downs++;
        this.#look();
      },
    });
  }

  async ask<Kind extends MediaResponse['kind']>(kind: Kind, request: Request) {
    const id = ++this.#id;
    this.#client.send({ ...request, id } as MediaRequest);
    const answer = () => this.messages.find((message) => 'id' in message && message.id === id);
    await this.until(() => answer() !== undefined);
    const response = answer() as MediaResponse;
    if (response.kind !== kind) throw new Error(JSON.stringify(response));
    return response as Extract<MediaResponse, { kind: Kind }>;
  }

  until(wants: () => boolean): Promise<void> {
    if (wants()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ wants, resolve }));
  }

  hellos(): Extract<Message, { kind: 'hello' }>[] {
    return this.messages.filter((message) => message.kind === 'hello');
  }

  close(): void {
    this.#client.close();
  }

  #look(): void {
    const [met, unmet] = [this.#waiting.filter(({ wants }) => wants()), this.#waiting.filter(({ wants }) => !wants())];
    this.#waiting = unmet;
    for (const { resolve } of met) resolve();
  }
}

describe.each(adapters)('the media process with packet I/O by %s', (packetIo) => {
  let folder: string;
  let settings: MediaProcessSettings;
  const processes: ChildProcess[] = [];
  const controllers: Controller[] = [];
  const peers: Socket[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-media-'));
    const address = { bind: host, advertise: host };
    settings = {
      socket: join(folder, 'media.sock'),
      internal: address,
      external: address,
      ports: { min: 43000, max: 43099 },
    };
  });

  afterEach(async () => {
    for (const controller of controllers.splice(0)) controller.close();
    for (const peer of peers.splice(0)) peer.close();
    for (const child of processes.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    rmSync(folder, { recursive: true });
  });

  function start(argument = JSON.stringify(settings)): { child: ChildProcess; output: () => string } {
    const main = new URL('../../src/media-process/main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--conditions=source', main, argument], {
      env: { ...process.env, TANDEM_PACKET_IO: packetIo },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    processes.push(child);
    let output = '';
    for (const pipe of [child.stdout, child.stderr]) pipe!.on('data', (data) => (output += data));
    return { child, output: () => output };
  }

  function control(): Controller {
    const controller = new Controller(settings.socket);
    controllers.push(controller);
    return controller;
  }

  async function peer(): Promise<{
    at: string;
    hears: () => Promise<Buffer>;
    says: (data: Uint8Array, to: AllocatedSide) => void;
  }> {
    const socket = createSocket('udp4').bind(0, host);
    peers.push(socket);
    await once(socket, 'listening');
    return {
      at: `${host}:${socket.address().port}`,
      hears: async () => ((await once(socket, 'message')) as [Buffer])[0],
      says: (data, to) => socket.send(data, to.port, to.host),
    };
  }

  async function call() {
    const [a, b] = [await peer(), await peer()];
    const session = plan([stream({ a: side('internal', a.at), b: side('external', b.at) })]);
    let sequence = 0;
    const talk = async (allocated: { a: AllocatedSide; b: AllocatedSide }) => {
      const packet = rtp(++sequence, { payload: `packet ${sequence}` });
      const [atB, atA] = [b.hears(), a.hears()];
      a.says(packet, allocated.a);
      b.says(packet, allocated.b);
      expect((await atB).equals(packet)).toBe(true);
      expect((await atA).equals(packet)).toBe(true);
    };
    return { session, talk };
  }

  test('what is said is copied to a file that is ours alone, and no other is written over', async () => {
    settings = { ...settings, captures: join(folder, 'captures') };
    start();
    const { session, talk } = await call();
    const controller = control();
    const capture = { name: 'call-1', ms: 60_000, octets: 100_000 };
    const { streams } = await controller.ask('applied', { kind: 'apply', plan: { ...session, capture } });
    const over = (name: string) => controller.messages.find((one) => one.kind === 'captured' && one.name === name);
    for (let i = 0; i < 10; i++) await talk(streams[0]!);
    const began = Date.now();
    await controller.ask('applied', { kind: 'apply', plan: session });
    expect(over('call-1')).toMatchObject({ why: 'stopped', packets: 40, dropped: 0 });
    await talk(streams[0]!);
    const file = join(folder, 'captures', 'call-1.pcapng');
    await vi.waitFor(() => expect(packetBlocks(readFileSync(file))).toHaveLength(40), 5_000);
    expect([statSync(file).mode & 0o777, statSync(join(folder, 'captures')).mode & 0o777]).toEqual([0o600, 0o700]);
    const said = readFileSync(file, 'latin1');
    expect([said.includes('packet 10'), said.includes('packet 11')]).toEqual([true, false]);
    for (const { at } of packetBlocks(readFileSync(file))) expect(Math.abs(at - began)).toBeLessThan(30_000);
    // The name is taken.
    writeFileSync(join(folder, 'captures', 'call-2.pcapng'), 'mine');
    await controller.ask('applied', { kind: 'apply', plan: { ...session, capture: { ...capture, name: 'call-2' } } });
    await controller.until(() => over('call-2') !== undefined);
    expect(over('call-2')).toMatchObject({ why: 'failed', detail: expect.stringContaining('EEXIST') });
    expect(readFileSync(join(folder, 'captures', 'call-2.pcapng'), 'utf8')).toBe('mine');
    await talk(streams[0]!);
  });

  test('a call outlives the signalling process, which comes back to the right counters', async () => {
    const { child, output } = start();
    const { session, talk } = await call();
    const first = control();
    const { streams } = await first.ask('applied', { kind: 'apply', plan: session });
    const allocated = streams[0]!;
    expect(allocated.a.port).toBeGreaterThanOrEqual(43000);
    expect(statSync(settings.socket).mode & 0o777).toBe(0o600);
    for (let i = 0; i < 10; i++) await talk(allocated);

    first.close();
    for (let i = 0; i < 10; i++) await talk(allocated);

    const second = control();
    expect(await second.ask('list', { kind: 'list' })).toMatchObject({ sessions: ['s'] });
    expect(second.hellos()).toMatchObject([{ version: 1, instance: first.hellos()[0]!.instance }]);
    expect((await second.ask('applied', { kind: 'apply', plan: session })).streams).toEqual(streams);
    for (let i = 0; i < 10; i++) await talk(allocated);
    const { counters } = await second.ask('closed', { kind: 'close', session: 's' });
    for (const one of [counters[0]!.a, counters[0]!.b])
      expect(one).toMatchObject({ packets: 30, lost: 0, dropped: 0, payloadType: 0 });
    expect(await second.ask('list', { kind: 'list' })).toMatchObject({ sessions: [] });

    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(output()).toBe('');
    await second.until(() => second.downs === 1);
  });

  test('SRTP goes on untouched when the signalling process comes back with the same plan', async () => {
    const { child, output } = start();
    const [a, b] = [await peer(), await peer()];
    const secure = new SrtpPeer(1, 'AEAD_AES_256_GCM');
    const marked = { srtp: secure.plan, dscp: 46 };
    const session = plan([stream({ a: side('internal', a.at), b: side('external', b.at, marked) })]);
    const talk = async (allocated: { a: AllocatedSide; b: AllocatedSide }, sequence: number) => {
      const packet = rtp(sequence, { payload: `packet ${sequence}` });
      const [atB, atA] = [b.hears(), a.hears()];
      a.says(packet, allocated.a);
      b.says(secure.seal(packet), allocated.b);
      expect(Buffer.from(secure.open(await atB)).equals(packet)).toBe(true);
      expect((await atA).equals(packet)).toBe(true);
    };
    const first = control();
    const allocated = (await first.ask('applied', { kind: 'apply', plan: session })).streams[0]!;
    // Over a roll-over, which only they know of who were there.
    for (const sequence of [40_000, 65_535, 0, 1]) await talk(allocated, sequence);
    first.close();
    const second = control();
    await second.ask('applied', { kind: 'apply', plan: session });
    for (const sequence of [2, 3]) await talk(allocated, sequence);
    const { counters } = await second.ask('closed', { kind: 'close', session: 's' });
    expect(counters[0]!.b).toMatchObject({ packets: 6, dropped: 0, unauthentic: 0, replayed: 0 });
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(output()).toMatch(packetIo === 'dgram' ? /^\{"level":"warn",.*"event":"media-limited",.*DSCP.*\}\n$/ : /^$/);
  });

  test('a voice call becomes a fax: UDPTL by the same ports, and what is none does not pass', async () => {
    start();
    const [a, b] = [await peer(), await peer()];
    const sides = { a: side('internal', a.at), b: side('external', b.at) };
    const controller = control();
    const voice = (await controller.ask('applied', { kind: 'apply', plan: plan([stream(sides)]) })).streams;
    const fax = plan([stream({ ...sides, media: 'image', protocol: 'udptl' })]);
    const { streams } = await controller.ask('applied', { kind: 'apply', plan: fax });
    expect(streams).toEqual(voice);
    const [ours] = streams;
    for (let sequence = 0; sequence < 10; sequence++) {
      // A primary packet of three octets, none to repair with.
      const packet = Uint8Array.of(0, sequence, 3, 0xc0, 1, sequence, 0, 0);
      const [atB, atA] = [b.hears(), a.hears()];
      a.says(Uint8Array.of(0, sequence, 200, 1), ours!.a);
      a.says(packet, ours!.a);
      b.says(packet, ours!.b);
      expect((await atB).equals(packet)).toBe(true);
      expect((await atA).equals(packet)).toBe(true);
    }
    const { counters } = await controller.ask('closed', { kind: 'close', session: 's' });
    expect(counters).toMatchObject([
      { media: 'audio', a: { packets: 0 } },
      { media: 'image', a: { packets: 10, bytes: 80, lost: 0, dropped: 10 }, b: { packets: 10, dropped: 0 } },
    ]);
  });

  test('killed and started again: the client finds the new instance, and what it was asked meanwhile is done', async () => {
    const { child } = start();
    const controller = control();
    await controller.until(() => controller.hellos().length === 1);
    child.kill('SIGKILL');
    await controller.until(() => controller.downs === 1);
    const { session, talk } = await call();
    const applied = controller.ask('applied', { kind: 'apply', plan: session });
    start();
    await talk((await applied).streams[0]!);
    const [before, after] = controller.hellos();
    expect(before!.instance).not.toBe(after!.instance);
    expect(controller.downs).toBe(1);
  });

  test('a new controller takes over from one that still seems to be there', async () => {
    start();
    const first = control();
    await first.until(() => first.hellos().length === 1);
    // Bare, so that the client under test does not fight for the place.
    const second = connect(settings.socket);
    second.write(encodeFrame({ id: 1, kind: 'list' }));
    await first.until(() => first.downs === 1);
    first.close();
    const messages: unknown[] = [];
    const decoder = new FrameDecoder();
    while (messages.length < 2) {
      const [chunk] = (await once(second, 'data')) as [Buffer];
      decoder.push(chunk, (message) => messages.push(message));
    }
    expect(messages).toMatchObject([{ kind: 'hello' }, { id: 1, kind: 'list', sessions: [] }]);
    second.destroy();
  });

  test('silence is told, to a controller that was away too', async () => {
    start();
    const first = control();
    const { session } = await call();
    await first.ask('applied', { kind: 'apply', plan: { ...session, silenceMs: 50 } });
    const silent = (one: Controller) =>
      one.messages.some((message) => message.kind === 'silent' && message.session === 's');
    await first.until(() => silent(first));
    first.close();
    const second = control();
    await second.until(() => silent(second));
  });

  test('a tone keeps its time, packet by packet', async () => {
    start();
    const controller = control();
    const { session } = await call();
    const [one] = session.streams;
    const listener = peers[0]!;
    const arrivals: { readonly at: number; readonly timestamp: number; readonly sequence: number }[] = [];
    const hundred = new Promise<void>((resolve) =>
      listener.on('message', (packet) => {
        arrivals.push({
          at: performance.now(),
          timestamp: packet.readUInt32BE(4),
          sequence: packet.readUInt16BE(2),
        });
        if (arrivals.length === 100) resolve();
      }),
    );
    const play = { codec: 'PCMA', payloadType: 8, ptime: 20, tones: ringbackTones.itu! } as const;
    const ringing = { ...session, streams: [{ ...one!, a: { ...one!.a, play } }] };
    await controller.ask('applied', { kind: 'apply', plan: ringing });
    await hundred;
    const first = arrivals[0]!;
    expect(arrivals.map(({ sequence }) => (sequence - first.sequence) & 0xffff)).toEqual(arrivals.map((_, at) => at));
    const elapsed = ({ timestamp }: typeof first) => ((timestamp - first.timestamp) >>> 0) / 8;
    expect(arrivals.every((one) => elapsed(one) % 20 === 0)).toBe(true);
    // A busy machine is late now and then, but what is late does not add up.
    const lateness = arrivals.map((one) => one.at - first.at - elapsed(one));
    const least = (from: number, to: number) => Math.min(...lateness.slice(from, to));
    expect(Math.abs(least(50, 100) - least(0, 50))).toBeLessThan(10);
    await controller.ask('applied', { kind: 'apply', plan: session });
    const count = arrivals.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(arrivals.length - count).toBeLessThanOrEqual(1);
  });

  test('nonsense on the control socket costs its sender the connection, nobody else anything', async () => {
    start();
    const controller = control();
    const { session, talk } = await call();
    const { streams } = await controller.ask('applied', { kind: 'apply', plan: session });
    controller.close();
    const rude = connect(settings.socket);
    rude.write(Buffer.from([0, 0, 0, 3, 1, 2, 3]));
    rude.resume();
    await once(rude, 'close');
    await talk(streams[0]!);
    const polite = control();
    expect(await polite.ask('list', { kind: 'list' })).toMatchObject({ sessions: ['s'] });
    await expect(polite.ask('applied', { kind: 'apply', plan: { ...session, session: '' } })).rejects.toThrow(
      'bad-request',
    );
  });

  test('a file left in the socket’s place is no hindrance', async () => {
    writeFileSync(settings.socket, '');
    start();
    const controller = control();
    await controller.until(() => controller.hellos().length === 1);
  });

  test.each([
    ['no JSON', 'x', /"process":"media","event":"not-started"/],
    ['no socket', '{}', /no socket/],
    [
      'a name for an address',
      JSON.stringify({ socket: '/x', internal: { bind: 'localhost', advertise: host } }),
      /internal must have/,
    ],
  ])('%s: says so and ends', async (_, argument, says) => {
    const { child, output } = start(argument);
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(output()).toMatch(says);
  });
});
