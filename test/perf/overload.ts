import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from './children.ts';
import { watchOthers } from './process-tree.ts';
import type { StartSubject } from './signalling.ts';
import { Sipp } from './sipp.ts';
import { answersSip, freshAddresses } from './subject.ts';

/** More calls than the subject can take, since programs that count without end share its core. */
export interface Overload {
  /** Calls a second that are asked for. */
  readonly rate: number;
  readonly seconds: number;
  /** Programs on the subject's core beside it. */
  readonly rivals: number;
}

export interface OverloadSample {
  readonly asked: number;
  /** Refused at once with 503. */
  readonly refused: number;
  /** Taken, and brought to their BYE's 200. */
  readonly completed: number;
  /** Neither: no answer in time, another answer, an end in the middle. */
  readonly failed: number;
  /** INVITEs that came to the callee, more than calls completed: phones that rang for nobody. */
  readonly ghosts: number;
  readonly retransmissions: number;
  /** Completed calls a second, from the first call to the end of the last. */
  readonly goodput: number;
  /** Mean ms from INVITE to 200. */
  readonly answerMs: number;
  /** Calls that failed right after, without rivals, at 300 a second. */
  readonly failedAfter: number;
  /** Processors that programs which are not ours used. */
  readonly others: number;
}

const [subjectCore, sippCore] = [0, 1];
const scenario = (name: string): string => join(import.meta.dirname, name);

/** SIPp says once a second how it stands. */
const settled = (): Promise<void> => sleep(1_200);

function rival(seconds: number): { end(): void } {
  const program = `const end = Date.now() + ${Math.round(seconds * 1_000)}; while (Date.now() < end);`;
  const args = ['-c', String(subjectCore), process.execPath, '-e', program];
  // Where sessions are scheduled as groups (autogroup), it shares evenly with the subject's processes, which have theirs.
  const child = spawn('taskset', args, { stdio: 'ignore', detached: true });
  endWithUs(child);
  return { end: () => void child.kill('SIGKILL') };
}

/** One run. `look` may look at the subject when the load is over, in its directory. */
export async function overload(
  start: StartSubject,
  { rate, seconds, rivals }: Overload,
  look: (directory: string) => Promise<void> = async () => {},
): Promise<OverloadSample> {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-overload-'));
  const addresses = freshAddresses();
  const subject = await start(addresses, subjectCore, join(directory, 'subject'));
  try {
    await answersSip(subject, addresses);
    const callee = new Sipp({
      name: 'uas',
      directory,
      scenario: scenario('uas.xml'),
      local: addresses.itsp,
      core: sippCore,
    });
    const call = (name: string, callsPerSecond: number, calls: number): Sipp =>
      new Sipp({
        name,
        directory,
        scenario: scenario('uac-overload.xml'),
        local: addresses.pbx,
        remote: addresses.sip,
        core: sippCore,
        called: '498912345',
        rate: callsPerSecond,
        calls,
        holdMs: 100,
        timeout: seconds + 60,
      });
    await call('before', 500, 2_500).done;
    await settled();
    const rung = callee.counts().created;
    const others = watchOthers();
    const busy = Array.from({ length: rivals }, () => rival(seconds));
    const result = await call('under', rate, rate * seconds).done;
    for (const one of busy) one.end();
    const used = others();
    await settled();
    const completed = result.successful - result.refused;
    const ghosts = callee.counts().created - rung - completed;
    const after = await call('after', 300, 1_500).done;
    await look(join(directory, 'subject'));
    await callee.stop();
    if (!subject.alive()) throw new Error(`${subject.name} ended under load:\n${subject.log()}`);
    return {
      asked: result.created,
      refused: result.refused,
      completed,
      failed: result.failed,
      ghosts,
      retransmissions: result.retransmissions,
      goodput: completed / result.seconds,
      answerMs: result.answerMs,
      failedAfter: after.failed,
      others: used,
    };
  } finally {
    await subject.stop();
  }
}
