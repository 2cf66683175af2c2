import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pcma } from '#codec/g711';
import { endWithUs } from '../../perf/children.ts';
import { type Case, type Group, type Lab, must } from '../harness.ts';
import { heard, startPhone } from '../phone.ts';
import { runTool } from '../tool.ts';
import { toneShare } from '../wav.ts';

/** What is said in a call, copied and opened by tshark: a phone with SRTP calls one without. */

const tandem = join(import.meta.dirname, '../../../bin/tandem');
const run = promisify(execFile);
const tones = { caller: 900, callee: 1_700 };

const callerAt = (lab: Lab) => ({ host: lab.host(40), port: 5_080 });
const calleeAt = (lab: Lab) => ({ host: lab.host(41), port: 5_090 });

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx } = lab.addresses;
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      {
        name: 'secure',
        kind: 'ip-pbx',
        addresses: `${callerAt(lab).host}:5080`,
        srtp: { mode: 'required', 'keys-in-clear': true },
        health: 'off',
      },
      { name: 'plain', kind: 'itsp', addresses: `${calleeAt(lab).host}:5090`, srtp: 'off', health: 'off' },
    ],
    routes: [{ name: 'over', from: 'secure', called: { prefix: '9' }, to: 'plain' }],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
    tracing: { media: { longest: '20s', size: '5MB' } },
  };
}

/** The two talk for some seconds. Gives what the caller's phone printed. */
async function talk(lab: Lab, user: string): Promise<string> {
  const { host, port } = lab.addresses.sip;
  const bob = startPhone(lab, { user, place: calleeAt(lab), frequency: tones.callee, seconds: 16, answers: true });
  await bob.ready;
  const alice = startPhone(lab, {
    user: 'alice',
    place: callerAt(lab),
    frequency: tones.caller,
    seconds: 12,
    dials: `sip:${user}@${host}:${port}`,
    srtp: 'mandatory',
  });
  const [said, calleeSaid] = await Promise.all([alice.done, bob.done]);
  heard(alice, tones.callee, said);
  heard(bob, tones.caller, calleeSaid);
  return said;
}

/** The call that is answered. */
function talks(lab: Lab): Promise<string> {
  return lab.until('a call that talks', ({ calls }) => {
    const known = calls as readonly { readonly call: string; readonly answeredAt?: number }[];
    return known.find(({ answeredAt }) => answeredAt)?.call;
  });
}

/** The API is there a little after calls are taken. */
async function apiStands(lab: Lab): Promise<void> {
  const deadline = performance.now() + 40_000;
  while (!existsSync(join(lab.data, 'api.sock'))) {
    must(performance.now() < deadline, () => 'the API does not begin');
    await sleep(100);
  }
}

async function cli(lab: Lab, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(tandem, [...args, '--data', lab.data], { maxBuffer: 1 << 26 });
  return stdout + stderr;
}

/** The program as somebody runs it who waits for its end. */
function inBackground(lab: Lab, ...args: readonly string[]): { readonly said: () => string; done: Promise<void> } {
  const child = spawn(tandem, [...args, '--data', lab.data], { stdio: ['ignore', 'pipe', 'pipe'] });
  endWithUs(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += String(chunk);
    });
  return { said: () => said, done: once(child, 'exit').then(() => undefined) };
}

/** Of each way that RTP went: what was said, as samples of 16 bits. */
async function saidIn(file: string, guess: readonly string[]): Promise<ReadonlyMap<string, Float64Array>> {
  const fields = ['ip.src', 'udp.srcport', 'ip.dst', 'udp.dstport', 'rtp.payload'].flatMap((name) => ['-e', name]);
  const { stdout } = await run('tshark', ['-r', file, ...guess, '-Y', 'rtp', '-T', 'fields', ...fields], {
    maxBuffer: 1 << 26,
  });
  const ways = new Map<string, number[]>();
  for (const line of stdout.trim().split('\n')) {
    const [source, from, target, to, payload = ''] = line.split('\t');
    const samples = ways.get(`${source}:${from} > ${target}:${to}`) ?? [];
    ways.set(`${source}:${from} > ${target}:${to}`, samples);
    for (const octet of Buffer.from(payload.replaceAll(':', ''), 'hex')) samples.push(pcma.linear[octet]! / 32_768);
  }
  return new Map([...ways].map(([way, samples]) => [way, Float64Array.from(samples)]));
}

/**
 * Opens the file as Wireshark does: four ways of RTP with the two tones, the messages of both legs, no key. `guess`: where the messages that
 * tell of RTP are gone, it has to see by itself what is RTP.
 */
async function opened(
  file: string,
  phoneSaid: string,
  leastSeconds: number,
  guess: readonly string[] = [],
): Promise<void> {
  must((statSync(file).mode & 0o077) === 0, () => `others may read ${file}`);
  const streams = await runTool('tshark', ['-r', file, ...guess, '-q', '-z', 'rtp,streams'], 20_000);
  const rows = streams.split('\n').filter((line) => line.includes('g711A'));
  must(rows.length >= 4, () => `four streams of G.711 were expected:\n${streams}`);
  if (guess.length === 0) await hasMessages(file);
  const ways = await saidIn(file, guess);
  const found = [...ways].map(([way, samples]) => {
    const share = (hz: number) => toneShare(samples, 8_000, hz);
    return { way, seconds: samples.length / 8_000, caller: share(tones.caller), callee: share(tones.callee) };
  });
  const told = () => JSON.stringify(found, undefined, 1);
  for (const side of ['caller', 'callee'] as const)
    must(
      found.filter((one) => one[side] > 0.9 && one.seconds >= leastSeconds).length === 2,
      () => `the tone of the ${side} was expected on two ways: ${told()}`,
    );
  const octets = readFileSync(file, 'latin1');
  const keys = [...phoneSaid.matchAll(/inline:([A-Za-z0-9+/=]{30,})/g)].map(([, key]) => key!);
  must(keys.length > 0, () => 'the phone told no key');
  must(!keys.some((key) => octets.includes(key)), () => 'a key of SRTP is in the file');
  must(guess.length > 0 || /inline:x{30}/.test(octets), () => 'the file does not tell that there was a key');
}

async function hasMessages(file: string): Promise<void> {
  const messages = await runTool(
    'tshark',
    ['-r', file, '-Y', 'sip', '-T', 'fields', '-e', 'sip.Method', '-e', 'sip.Status-Code'],
    20_000,
  );
  must(
    messages.split('\n').filter((line) => line.startsWith('INVITE')).length >= 2,
    () => `INVITE on both legs:\n${messages}`,
  );
  must(/\t200/.test(messages), () => `answers:\n${messages}`);
}

const cases: readonly Case[] = [
  {
    name: 'a call is copied when somebody asks: tshark decodes what both sides said, and the record and the audit log tell',
    limit: 90,
    async run(lab) {
      await apiStands(lab);
      const talking = talk(lab, '901');
      const call = await talks(lab);
      const file = join(lab.caseDirectory, 'call.pcapng');
      const said = await cli(
        lab,
        'trace',
        '--media',
        call,
        '--reason',
        'echo, ticket 4711',
        '--seconds',
        '3',
        '--pcap',
        file,
      );
      must(/its time was over/.test(said), () => `the command said: ${said}`);
      const phone = await talking;
      await opened(file, phone, 2.5);
      const record = await cli(lab, 'cdr', 'show', call);
      must(/copied for local at .*: echo, ticket 4711/.test(record), () => record);
      const kept = join(lab.data, 'captures', `${call}-1.pcapng`);
      must(existsSync(kept) && (statSync(kept).mode & 0o777) === 0o600, () => `mode of ${kept}`);
      const audit = await cli(lab, 'audit', 'list', '-o', 'json');
      for (const what of ['media-capture', 'ENDED media capture', 'capture.pcapng'])
        must(
          audit.includes(what) && audit.includes('echo, ticket 4711'),
          () => `${what} is not in the audit log: ${audit}`,
        );
    },
  },
  {
    name: 'the next call to a number is copied from its beginning to its end, over the death of signalling in it, and no other',
    limit: 90,
    async run(lab) {
      await apiStands(lab);
      const file = join(lab.caseDirectory, 'next.pcapng');
      const waiting = inBackground(lab, 'trace', '--media', '--number', '902', '--reason', 'next call', '--pcap', file);
      const deadline = performance.now() + 20_000;
      while (!waiting.said().includes('Waits until')) {
        must(performance.now() < deadline, () => `the command said: ${waiting.said()}`);
        await sleep(50);
      }
      const talking = talk(lab, '902');
      await talks(lab);
      process.kill(lab.process('signalling'), 'SIGKILL');
      const phone = await talking;
      await waiting.done;
      must(/the call ended/.test(waiting.said()), () => `the command said: ${waiting.said()}`);
      // Its messages until then went with the process that died.
      await opened(file, phone, 8, ['--enable-heuristic', 'rtp_udp']);
    },
  },
];

export const captures: Group = { name: 'captures', packages: ['tshark'], prepare, cases };
