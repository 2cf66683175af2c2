import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from '../../perf/children.ts';
import type { Endpoint } from '../../perf/sipp.ts';
import { type Case, type Lab, must } from '../harness.ts';
import { readWav, toneShare, writeTone } from '../wav.ts';

interface Phone {
  readonly directory: string;
  /** Until it ends by itself; gives what it printed. */
  readonly done: Promise<string>;
}

/** A baresip without a registrar: plays a tone of `frequency` Hz for as long as a call lasts and keeps what it hears. */
function startPhone(
  lab: Lab,
  options: { user: string; place: Endpoint; frequency: number; seconds: number; answers?: boolean; dials?: string },
): Phone {
  const { user, place, frequency, seconds } = options;
  const directory = join(lab.caseDirectory, user);
  mkdirSync(directory);
  writeTone(join(directory, 'tone.wav'), frequency, seconds + 5);
  const configuration = [
    `sip_listen ${place.host}:${place.port}`,
    `net_interface ${place.host}`,
    `audio_source aufile,${join(directory, 'tone.wav')}`,
    'audio_player aubridge,nowhere', // something must pull the decoded audio
    'audio_channels 1',
    'ausrc_format s16',
    'auplay_format s16',
    'auenc_format s16',
    'audec_format s16',
    `snd_path ${directory}`, // dump-…-dec.wav: what was heard
    'module_path /usr/lib/baresip/modules',
    ...['g711', 'aufile', 'aubridge', 'sndfile'].map((name) => `module ${name}.so`),
    ...['account', 'menu'].map((name) => `module_app ${name}.so`),
  ];
  writeFileSync(join(directory, 'config'), `${configuration.join('\n')}\n`);
  writeFileSync(join(directory, 'contacts'), '');
  const account = `<sip:${user}@${place.host}>;regint=0;audio_codecs=PCMA`;
  writeFileSync(join(directory, 'accounts'), `${account}${options.answers ? ';answermode=auto' : ''}\n`);
  const dial = options.dials === undefined ? [] : ['-e', `/dial ${options.dials}`];
  const child = spawn('baresip', ['-f', directory, '-t', String(seconds), ...dial], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  let said = '';
  const keep = (chunk: Buffer): void => {
    said += chunk.toString('latin1');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const late = setTimeout(() => child.kill('SIGKILL'), (seconds + 5) * 1_000);
  const done = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(late);
      resolve(said.replaceAll(/\[[0-9:]+\] audio=[^[]*/g, ''));
    });
  });
  return { directory, done };
}

/** Hears `frequency` and nothing else, from the second second on. */
function heard(phone: Phone, frequency: number, said: string): void {
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

export const baresip: readonly Case[] = (['out', 'in'] as const).map((direction) => ({
  name: `two baresip hear each other (${direction})`,
  async run(lab) {
    const { from, to } = lab.ends({ direction });
    const { sip } = lab.addresses;
    const bob = startPhone(lab, { user: lab.called(), place: to, frequency: 1477, seconds: 7, answers: true });
    await sleep(800);
    const dials = `sip:${lab.called()}@${sip.host}:${sip.port}`;
    const alice = startPhone(lab, { user: 'alice', place: from, frequency: 697, seconds: 5, dials });
    const [aliceSaid, bobSaid] = await Promise.all([alice.done, bob.done]);
    heard(alice, 1477, aliceSaid);
    heard(bob, 697, bobSaid);
    const [record] = await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }]);
    const audio = record!.media?.[0];
    must(
      audio !== undefined && audio.a.packets > 100 && audio.b.packets > 100,
      () => `the record's counters say ${JSON.stringify(record!.media)}`,
    );
  },
}));
