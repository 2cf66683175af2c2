import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  encodeFrame,
  FrameDecoder,
  type MediaRequest,
  type MediaResponse,
  type SrtpKey,
  type SrtpPlan,
} from '#codec/media-control';
import { srtpSuite } from '#codec/srtp';
import type { MediaProcessSettings } from '#media-process';
import type { TrafficOrder, TrafficReport } from './bench-media-traffic.ts';

/**
 * What a relayed RTP packet costs: two-way G.711 sessions through the media process, and through rtpengine in user
 * space where it is installed, each alone on one core with the traffic on another; CPU by the kernel's own accounting.
 *
 *   node --conditions=source scripts/bench-media.ts [--sessions 500,800] [--seconds 10]
 *     [--rounds 1] [--subject both|tandem|rtpengine] [--srtp none,one,both] [--suites AES_CM_128_HMAC_SHA1_80,…]
 *
 * `--srtp` lists who has SRTP: nobody, the called party, or both with keys (and tag lengths) of their own; every mode is
 * measured in turn, and its ratio to the first is printed.
 *
 * Compare within one run only: machines are noisy.
 */
export interface MediaBenchOrder {
  readonly sessions: number;
  readonly seconds: number;
  readonly relayCore: number;
  readonly trafficCore: number;
  /** Which parties speak SRTP; none unless given. */
  readonly srtp?: SrtpMode;
  /** Of the called party and, if there is another, of the caller. */
  readonly suites?: readonly string[];
  /** Command that starts the media process; the settings are appended as one argument. */
  readonly mediaProcess?: readonly string[];
}

export type SrtpMode = 'none' | 'one' | 'both';

export interface MediaBenchResult extends TrafficReport {
  readonly subject: string;
  readonly sessions: number;
  /** CPU microseconds of the relay's process a relayed packet. */
  readonly cpuMicroseconds: number;
  readonly packetsPerSecond: number;
  readonly lost: number;
  /** Resident memory in MB at the end. */
  readonly residentMb: number;
}

/** A relay that stands ready with its ports. */
interface Subject {
  readonly process: ChildProcess;
  readonly sessions: TrafficOrder['sessions'];
  end(): Promise<void>;
}

/** A loopback address of our own: nothing else on the machine is in the way. */
const host = '127.0.77.1';
const firstParty = 20000;
const ports = { min: 30000, max: 50000 };

export async function benchTandem(order: MediaBenchOrder): Promise<MediaBenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  const address = { bind: host, advertise: host };
  const settings: MediaProcessSettings = {
    socket: join(folder, 'media.sock'),
    internal: address,
    external: address,
    ports,
  };
  const command = order.mediaProcess ?? [
    process.execPath,
    '--conditions=source',
    new URL('../src/media-process/main.ts', import.meta.url).pathname,
  ];
  const child = pinned(order.relayCore, [...command, JSON.stringify(settings)]);
  const link = await connectSoon(settings.socket);
  const answers = new FrameDecoder();
  const waiting = new Map<number, (response: MediaResponse) => void>();
  link.on('data', (chunk: Buffer) => {
    answers.push(chunk, (message) => {
      const response = message as MediaResponse;
      waiting.get(response.id)?.(response);
    });
  });
  const ask = (request: MediaRequest) => {
    link.write(encodeFrame(request));
    return new Promise<MediaResponse>((resolve) => waiting.set(request.id, resolve));
  };
  const side = (port: number, srtp: SrtpPlan | undefined) =>
    ({
      interface: 'internal',
      remote: { rtp: { host, port }, rtcp: { host, port: port + 1 } },
      sends: true,
      revision: 1,
      ...(srtp && { srtp }),
    }) as const;
  const plan = (suite: string | undefined) => suite && { send: newKey(suite), receive: newKey(suite) };
  const suites = suitesOf(order);
  const sessions = await Promise.all(
    parties(order.sessions).map(async ({ a, b }, id) => {
      const [srtpA, srtpB] = [plan(suites.a) || undefined, plan(suites.b) || undefined];
      const streams = [{ stream: 0, media: 'audio', a: side(a, srtpA), b: side(b, srtpB) }];
      const answer = await ask({ id, kind: 'apply', plan: { session: `bench-${id}`, silenceMs: 60_000, streams } });
      if (answer.kind !== 'applied') throw new Error(JSON.stringify(answer));
      const { a: ofA, b: ofB } = answer.streams[0]!;
      return { a, b, relayA: ofA.port, relayB: ofB.port, ...(srtpA && { srtpA }), ...(srtpB && { srtpB }) };
    }),
  );
  const end = async () => {
    link.destroy();
    await ended(child);
    rmSync(folder, { recursive: true });
  };
  return measure('tandem', order, { process: child, sessions, end });
}

/** `threads`: what rtpengine's own default (one a core) becomes on the one core it has here, unless asked otherwise. */
export async function benchRtpengine(order: MediaBenchOrder, threads = 1): Promise<MediaBenchResult> {
  const ng = { host, port: 19998 };
  const child = pinned(order.relayCore, [
    'rtpengine',
    '--config-file=none',
    '--foreground',
    '--log-stderr',
    '--log-level=2',
    '--table=-1',
    `--interface=${host}`,
    `--listen-ng=${ng.host}:${ng.port}`,
    `--port-min=${ports.min}`,
    `--port-max=${ports.max}`,
    `--num-threads=${threads}`,
  ]);
  const socket = createSocket('udp4').bind(0, host);
  await once(socket, 'listening');
  const waiting = new Map<string, (answer: Record<string, unknown>) => void>();
  socket.on('message', (datagram) => {
    const text = datagram.toString('latin1');
    const space = text.indexOf(' ');
    waiting.get(text.slice(0, space))?.(bdecode(text.slice(space + 1)) as Record<string, unknown>);
  });
  let cookies = 0;
  const ask = async (command: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const cookie = `bench${cookies++}`;
    const datagram = `${cookie} ${bencode(command)}`;
    for (let tries = 0; tries < 25; tries++) {
      const answer = new Promise<Record<string, unknown>>((resolve) => waiting.set(cookie, resolve));
      socket.send(datagram, ng.port, ng.host);
      const first = await Promise.race([answer, delay(200)]);
      if (first) return first;
    }
    throw new Error('rtpengine does not answer');
  };
  await ask({ command: 'ping' });
  const sessions: Subject['sessions'][number][] = [];
  const suites = suitesOf(order);
  for (const { a, b } of parties(order.sessions)) {
    const call = { 'call-id': `bench-${a}`, 'from-tag': 'a' };
    const keyA = suites.a && newKey(suites.a);
    const keyB = suites.b && newKey(suites.b);
    const offer = await ask({
      command: 'offer',
      ...call,
      'transport-protocol': keyB ? 'RTP/SAVP' : 'RTP/AVP',
      sdp: sdp(a, keyA && { tag: 1, key: keyA }),
    });
    const offered = keyB && cryptoOf(offer, keyB.suite);
    const answer = await ask({
      command: 'answer',
      ...call,
      'to-tag': 'b',
      sdp: sdp(b, keyB && offered && { tag: offered.tag, key: keyB }),
    });
    const answered = keyA && cryptoOf(answer, keyA.suite);
    sessions.push({
      a,
      b,
      relayA: mediaPort(answer),
      relayB: mediaPort(offer),
      ...(keyA && answered && { srtpA: { send: answered.key, receive: keyA } }),
      ...(keyB && offered && { srtpB: { send: offered.key, receive: keyB } }),
    });
  }
  const end = async () => {
    socket.close();
    await ended(child);
  };
  return measure('rtpengine', order, { process: child, sessions, end });
}

async function measure(subject: string, order: MediaBenchOrder, relay: Subject): Promise<MediaBenchResult> {
  const pid = relay.process.pid!;
  const traffic = fork(new URL('./bench-media-traffic.ts', import.meta.url), {
    execArgv: ['--conditions=source'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    spawnSync('taskset', ['-acp', String(order.trafficCore), String(traffic.pid)]);
    const trafficOrder: TrafficOrder = {
      seconds: order.seconds,
      warmUpSeconds: 3,
      host,
      payload: 160,
      intervalMs: 20,
      sessions: relay.sessions,
    };
    traffic.send(trafficOrder);
    await reported(traffic);
    const before = cpuSeconds(pid);
    const report = (await reported(traffic)) as TrafficReport;
    const cpu = cpuSeconds(pid) - before;
    return {
      subject,
      sessions: order.sessions,
      ...report,
      lost: report.sent - report.received,
      packetsPerSecond: Math.round(report.sent / order.seconds),
      cpuMicroseconds: (cpu * 1e6) / report.received,
      residentMb: residentMb(pid),
    };
  } finally {
    traffic.kill();
    await relay.end();
  }
}

/** The traffic's next message; rejects when it ends without one. */
async function reported(traffic: ChildProcess): Promise<unknown> {
  const giveUp = new AbortController();
  try {
    return await Promise.race([
      once(traffic, 'message', { signal: giveUp.signal }).then(([message]) => message as unknown),
      once(traffic, 'exit', { signal: giveUp.signal }).then(() => {
        throw new Error('the traffic process ended early');
      }),
    ]);
  } finally {
    giveUp.abort();
  }
}

/** utime and stime of /proc/PID/stat, in ticks of 10 ms (USER_HZ is 100 on every Linux). */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
}

function pinned(core: number, command: readonly string[]): ChildProcess {
  return spawn('taskset', ['-c', String(core), ...command], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

async function connectSoon(path: string) {
  for (let tries = 0; ; tries++) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (tries > 100) throw error;
      await delay(50);
    }
  }
}

function parties(sessions: number): { a: number; b: number }[] {
  return Array.from({ length: sessions }, (_, i) => ({ a: firstParty + 4 * i, b: firstParty + 4 * i + 2 }));
}

function delay(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

/** Who has SRTP, by suite. With both the caller's tag is the shorter one, so that nothing can be passed on as it is. */
function suitesOf({ srtp = 'none', suites = [] }: MediaBenchOrder): { a: string | undefined; b: string | undefined } {
  const [b = 'AES_CM_128_HMAC_SHA1_80', a = 'AES_CM_128_HMAC_SHA1_32'] = suites;
  return { a: srtp === 'both' ? a : undefined, b: srtp === 'none' ? undefined : b };
}

function newKey(suite: string): SrtpKey {
  const { keyLength, saltLength } = srtpSuite(suite)!;
  return { suite, inline: randomBytes(keyLength + saltLength).toString('base64') };
}

function sdp(port: number, crypto: { tag: number; key: SrtpKey } | '' | undefined): string {
  const media = `m=audio ${port} RTP/${crypto ? 'SAVP' : 'AVP'} 0\r\na=rtpmap:0 PCMU/8000\r\n`;
  const line = crypto ? `a=crypto:${crypto.tag} ${crypto.key.suite} inline:${crypto.key.inline}\r\n` : '';
  return `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\n${media}${line}`;
}

/** The key of this suite that rtpengine sends with. */
function cryptoOf(answer: Record<string, unknown>, suite: string): { tag: number; key: SrtpKey } {
  for (const [, tag, name, inline] of String(answer.sdp).matchAll(/a=crypto:(\d+) (\S+) inline:([^|\s]+)/g))
    if (name === suite) return { tag: Number(tag), key: { suite, inline: inline! } };
  throw new Error(`rtpengine has no ${suite}`);
}

function mediaPort(answer: Record<string, unknown>): number {
  const port = /m=audio (\d+)/.exec(String(answer.sdp))?.[1];
  if (!port) throw new Error(`rtpengine: ${JSON.stringify(answer)}`);
  return Number(port);
}

function bencode(value: unknown): string {
  if (typeof value === 'string') return `${value.length}:${value}`;
  if (typeof value === 'number') return `i${value}e`;
  if (Array.isArray(value)) return `l${value.map(bencode).join('')}e`;
  const members = Object.entries(value as object).map(([key, member]) => bencode(key) + bencode(member));
  return `d${members.join('')}e`;
}

function bdecode(text: string): unknown {
  let at = 0;
  const next = (): unknown => {
    const kind = text[at]!;
    if (kind === 'i') {
      const end = text.indexOf('e', at);
      const number = Number(text.slice(at + 1, end));
      at = end + 1;
      return number;
    }
    if (kind === 'l' || kind === 'd') {
      at++;
      const items: unknown[] = [];
      while (text[at] !== 'e') items.push(next());
      at++;
      if (kind === 'l') return items;
      return Object.fromEntries(items.flatMap((item, i) => (i % 2 === 0 ? [[item, items[i + 1]]] : [])));
    }
    const colon = text.indexOf(':', at);
    const length = Number(text.slice(at, colon));
    at = colon + 1 + length;
    return text.slice(colon + 1, at);
  };
  return next();
}

function option(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

/** Ms by which the traffic may lag; more means that something else had the core, and the round says little. */
const disturbedMs = 20;

/** Without disturbed rounds where there are others. */
function median(results: readonly MediaBenchResult[]): number {
  const calm = results.filter(({ lateMs }) => lateMs <= disturbedMs);
  const costs = (calm.length > 0 ? calm : results).map(({ cpuMicroseconds }) => cpuMicroseconds);
  return costs.toSorted((one, other) => one - other)[costs.length >> 1]!;
}

function report(result: MediaBenchResult, mode: SrtpMode = 'none'): void {
  const { p50, p99, p999, max } = result.latency;
  const parties = { none: '', one: ', SRTP on one side', both: ', SRTP on both sides' }[mode];
  console.log(
    `${result.sessions} sessions, ${result.subject}${parties}: ${result.cpuMicroseconds.toFixed(2)} µs of CPU a packet, ` +
      `${result.packetsPerSecond} packets/s, lost ${result.lost} of ${result.sent}, ` +
      `ms through it p50 ${p50} p99 ${p99} p99.9 ${p999} max ${max.toFixed(1)}, ` +
      `${result.residentMb.toFixed(0)} MB, traffic late by at most ${result.lateMs.toFixed(1)} ms`,
  );
}

if (import.meta.main) {
  const seconds = Number(option('seconds', '10'));
  const rounds = Number(option('rounds', '1'));
  const subject = option('subject', 'both');
  const modes = option('srtp', 'none').split(',') as SrtpMode[];
  const suites = option('suites', '').split(',').filter(Boolean);
  for (const sessions of option('sessions', '500,800').split(',').map(Number)) {
    const results = new Map<string, MediaBenchResult[]>();
    for (let round = 0; round < rounds; round++)
      for (const mode of modes)
        for (const [name, bench] of [
          ['tandem', benchTandem],
          ['rtpengine', benchRtpengine],
        ] as const) {
          if (subject !== 'both' && subject !== name) continue;
          const result = await bench({ sessions, seconds, relayCore: 0, trafficCore: 1, srtp: mode, suites });
          report(result, mode);
          results.set(`${name} ${mode}`, [...(results.get(`${name} ${mode}`) ?? []), result]);
        }
    for (const mode of modes) {
      const [ours, theirs] = ['tandem', 'rtpengine'].map((name) => results.get(`${name} ${mode}`));
      if (ours && theirs)
        console.log(
          `${sessions} sessions, ${mode}: CPU of tandem / rtpengine: ${(median(ours) / median(theirs)).toFixed(2)}`,
        );
      for (const name of ['tandem', 'rtpengine']) {
        const [first, this_] = [modes[0], mode].map((one) => results.get(`${name} ${one}`));
        if (mode !== modes[0] && first && this_)
          console.log(
            `${sessions} sessions, ${name}: CPU of SRTP ${mode} / ${modes[0]}: ${(median(this_) / median(first)).toFixed(2)}`,
          );
      }
    }
  }
}
