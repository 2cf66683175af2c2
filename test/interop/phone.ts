import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { endWithUs } from '../perf/children.ts';
import type { Endpoint } from '../perf/sipp.ts';
import { type Lab, must } from './harness.ts';
import { readWav, toneShare, writeTone } from './wav.ts';

export interface Phone {
  readonly directory: string;
  /** It takes calls. */
  readonly ready: Promise<void>;
  /** Until it ends by itself; gives what it printed. */
  readonly done: Promise<string>;
}

export interface PhoneOptions {
  readonly user: string;
  readonly place: Endpoint;
  /** Hz of the tone that it plays. */
  readonly frequency: number;
  /** After which it ends. */
  readonly seconds: number;
  readonly answers?: boolean;
  /** It answers, and sends back what it hears. */
  readonly echoes?: boolean;
  /** What it takes; PCMA alone when absent. */
  readonly codec?: 'PCMA' | 'G722/16000/1';
  readonly dials?: string;
  /** Commands, each so many ms after it was started ("hold"). */
  readonly commands?: readonly { readonly after: number; readonly what: string }[];
  /** SDES: where the other takes it, or not without it (baresip's `mediaenc`). */
  readonly srtp?: 'optional' | 'mandatory';
  /** It registers with us. Several phones may be one user's: each has a directory of its own by `name`. */
  readonly registers?: {
    readonly domain: string;
    readonly password: string;
    readonly transport?: 'udp' | 'tcp' | 'tls';
    /** Where, if not at our usual address. */
    readonly at?: Endpoint;
  };
  readonly name?: string;
  /** URIs of those in its book, whose presence it watches; the first is who it writes to. */
  readonly contacts?: readonly string[];
  /** It has an instance id, and asks for names of its own by it (RFC 5627). */
  readonly named?: boolean;
  /** It asks what waits for it (RFC 3842). */
  readonly mailbox?: boolean;
  /** What it has printed so far, and that is told as it comes. */
  readonly onSaid?: (said: string) => void;
}

/** A baresip: plays a tone of `frequency` Hz for as long as a call lasts and keeps what it hears. */
export function startPhone(lab: Lab, options: PhoneOptions): Phone {
  const { user, place, frequency, seconds, srtp, registers, contacts, mailbox, named, name = user } = options;
  const directory = join(lab.caseDirectory, name);
  mkdirSync(directory);
  writeTone(join(directory, 'tone.wav'), frequency, seconds + 5);
  const configuration = [
    `sip_listen ${place.host}:${place.port}`,
    `net_interface ${place.host}`,
    `audio_source ${options.echoes ? 'aubridge,back' : `aufile,${join(directory, 'tone.wav')}`}`,
    `audio_player aubridge,${options.echoes ? 'back' : 'nowhere'}`, // something must pull the decoded audio
    'audio_channels 1',
    'ausrc_format s16',
    'auplay_format s16',
    'auenc_format s16',
    'audec_format s16',
    `snd_path ${directory}`, // dump-…-dec.wav: what was heard
    'module_path /usr/lib/baresip/modules',
    ...[...(named ? ['uuid'] : []), 'g711', 'g722', 'aufile', 'aubridge', 'sndfile', 'srtp'].map(
      (name) => `module ${name}.so`,
    ),
    ...[
      'account',
      'menu',
      'ctrl_tcp',
      ...(contacts ? ['contact', 'presence'] : []),
      ...(mailbox ? ['mwi'] : []),
      ...(options.echoes ? ['echo'] : []),
    ].map((name) => `module_app ${name}.so`),
    `ctrl_tcp_listen ${place.host}:${place.port + 2}`,
  ];
  writeFileSync(join(directory, 'config'), `${configuration.join('\n')}\n`);
  const book = (contacts ?? []).map((uri) => `"${uri.split('@')[0]!.slice(4)}" <${uri}>;presence=p2p\n`);
  writeFileSync(join(directory, 'contacts'), book.join(''));
  const account = `${registers ? registered(lab, user, registers) : `<sip:${user}@${place.host}>;regint=0`};audio_codecs=${options.codec ?? 'PCMA'}`;
  const encryption = srtp === undefined ? '' : `;mediaenc=${srtp === 'mandatory' ? 'srtp-mand' : 'srtp'}`;
  writeFileSync(
    join(directory, 'accounts'),
    `${account}${encryption}${mailbox ? ';mwi=yes' : ''}${named ? ';sipnat=outbound' : ''}${options.answers || options.echoes ? ';answermode=auto' : ''}\n`,
  );
  const dial = options.dials === undefined ? [] : ['-e', `/dial ${options.dials}`];
  const child = spawn('baresip', ['-s', '-f', directory, '-t', String(seconds), ...dial], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  let said = '';
  let isReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
    child.once('exit', () => resolve()); // what is missing is told by who waits for a call
  });
  const keep = (chunk: Buffer): void => {
    said += chunk.toString('latin1');
    if (said.includes('baresip is ready')) isReady();
    options.onSaid?.(said);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const timers = (options.commands ?? []).map(({ after, what }) => setTimeout(() => tell(place, what), after));
  const late = setTimeout(() => child.kill('SIGKILL'), (seconds + 5) * 1_000);
  const done = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(late);
      for (const timer of timers) clearTimeout(timer);
      resolve(said.replaceAll(/\[[0-9:]+\] audio=[^[]*/g, ''));
    });
  });
  return { directory, ready, done };
}

function registered(
  lab: Lab,
  user: string,
  { domain, password, transport = 'udp', at = lab.addresses.sip }: NonNullable<PhoneOptions['registers']>,
): string {
  const { host, port } = at;
  return `<sip:${user}@${domain};transport=${transport}>;auth_pass=${password};regint=120;outbound="sip:${host}:${port};transport=${transport}"`;
}

/** A command of baresip's menu, by its control connection: JSON in a netstring. */
export function tell({ host, port }: Endpoint, command: string): void {
  const text = JSON.stringify({ command });
  const socket = connect(port + 2, host, () => socket.end(`${text.length}:${text},`));
  socket.on('error', () => undefined); // What does not come of it is seen by who waits for it.
}

/** Hears `frequency` and nothing else, from the second second on. */
export function heard(phone: Phone, frequency: number, said: string): void {
  const file = readdirSync(phone.directory).find((name) => name.endsWith('-dec.wav'));
  must(file !== undefined, () => `nothing was recorded. baresip said:\n${said}`);
  const { rate, samples } = readWav(join(phone.directory, file));
  const middle = samples.subarray(rate, 3 * rate);
  must(
    middle.length > 1.5 * rate,
    () => `only ${(samples.length / rate).toFixed(1)} s were heard. baresip said:\n${said}`,
  );
  const share = toneShare(middle, rate, frequency);
  must(share > 0.9, () => `${Math.round(100 * share)} % of what was heard is the tone of ${frequency} Hz`);
}

/** Hears `frequency` and nothing else at the end: in the second before its last half one. */
export function heardAtLast(phone: Phone, frequency: number, said: string): void {
  const file = readdirSync(phone.directory)
    .filter((name) => name.endsWith('-dec.wav'))
    .sort()
    .at(-1);
  must(file !== undefined, () => `nothing was recorded. baresip said:\n${said}`);
  const { rate, samples } = readWav(join(phone.directory, file));
  const end = samples.subarray(Math.max(0, samples.length - 1.5 * rate), samples.length - rate / 2);
  must(end.length === rate, () => `only ${(samples.length / rate).toFixed(1)} s were heard. baresip said:\n${said}`);
  const share = toneShare(end, rate, frequency);
  must(share > 0.9, () => `${Math.round(100 * share)} % of what was heard last is the tone of ${frequency} Hz`);
}

/** Hears these frequencies at once in some third of a second, and nothing in another: a tone that comes and goes. */
export function heardRinging(phone: Phone, frequencies: readonly number[], said: string): void {
  const file = readdirSync(phone.directory).find((name) => name.endsWith('-dec.wav'));
  must(file !== undefined, () => `nothing was recorded. baresip said:\n${said}`);
  const { rate, samples } = readWav(join(phone.directory, file));
  let best = 0;
  let isPaused = false;
  for (let at = 0; at + rate / 3 <= samples.length; at += rate / 20) {
    const some = samples.subarray(at, at + rate / 3);
    if (some.every((sample) => Math.abs(sample) < 0.001)) isPaused = true;
    else
      best = Math.max(
        best,
        frequencies.reduce((sum, frequency) => sum + toneShare(some, rate, frequency), 0),
      );
  }
  must(best > 0.9, () => `at most ${Math.round(100 * best)} % of what was heard is ${frequencies.join(' and ')} Hz`);
  must(isPaused, () => `the tone of ${frequencies.join(' and ')} Hz has no pause`);
}
