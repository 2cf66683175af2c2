import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from '../perf/children.ts';
import type { Endpoint } from '../perf/sipp.ts';
import { type Lab, must } from './harness.ts';
import { readWav, toneShare, writeTone } from './wav.ts';

export interface LinphoneOptions {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
  readonly place: Endpoint;
  /** Hz of the tone that it plays. */
  readonly frequency: number;
  /** After which it ends. */
  readonly seconds: number;
}

/** What it printed when it had ended, and the file of what it heard. */
export interface Linphone {
  readonly done: Promise<{ readonly said: string; readonly heard: string }>;
}

/** linphonec: registers, answers by itself, plays a tone and keeps what it hears. */
export function startLinphone(lab: Lab, options: LinphoneOptions): Linphone {
  const { user, domain, password, place, frequency, seconds } = options;
  const directory = join(lab.caseDirectory, `linphone-${user}`);
  mkdirSync(join(directory, '.local/share/linphone'), { recursive: true });
  const tone = join(directory, 'tone.wav');
  const heard = join(directory, 'heard.wav');
  writeTone(tone, frequency, seconds + 5);
  const { host, port } = lab.addresses.sip;
  const sections = {
    sip: {
      sip_port: place.port,
      sip_tcp_port: 0,
      sip_tls_port: 0,
      bind_address: place.host,
      guess_hostname: 0,
      contact: `<sip:${user}@${place.host}>`,
      default_proxy: 0,
    },
    proxy_0: {
      reg_proxy: `<sip:${host}:${port};transport=udp>`,
      reg_identity: `<sip:${user}@${domain}>`,
      reg_expires: 120,
      reg_sendregister: 1,
    },
    auth_info_0: { username: user, passwd: password, realm: domain, domain },
    rtp: { audio_rtp_port: place.port + 10 },
    sound: { echocancellation: 0 },
  };
  const lines = Object.entries(sections).flatMap(([name, keys]) => [
    `[${name}]`,
    ...Object.entries(keys).map(([key, value]) => `${key}=${value}`),
  ]);
  writeFileSync(join(directory, 'rc'), `${lines.join('\n')}\n`);
  const child = spawn('linphonec', ['-c', join(directory, 'rc'), '-a'], {
    env: { ...process.env, HOME: directory },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  endWithUs(child);
  let said = '';
  const keep = (chunk: Buffer) => {
    said += chunk.toString('latin1');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.stdin.on('error', () => undefined);
  child.stdin.write(`soundcard use files\nplay ${tone}\nrecord ${heard}\n`);
  const done = new Promise<{ said: string; heard: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve({ said, heard }));
  });
  void sleep(seconds * 1_000, undefined, { ref: false }).then(() => child.stdin.end('quit\n'));
  const late = setTimeout(() => child.kill('SIGKILL'), (seconds + 5) * 1_000);
  void done.finally(() => clearTimeout(late));
  return { done };
}

/** It heard `frequency` and nothing else in some whole second. */
export function heardByLinphone({ said, heard }: { said: string; heard: string }, frequency: number): void {
  must(existsSync(heard), () => `nothing was recorded. linphone said:\n${said}`);
  const { rate, samples } = readWav(heard);
  let best = 0;
  for (let at = 0; at + rate <= samples.length; at += rate / 4)
    best = Math.max(best, toneShare(samples.subarray(at, at + rate), rate, frequency));
  must(
    best > 0.9,
    () =>
      `at most ${Math.round(100 * best)} % of what it heard in ${samples.length / rate} s is ${frequency} Hz:\n${said}`,
  );
}
