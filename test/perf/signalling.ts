import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicroseconds, memory, watchOthers } from './process-tree.ts';
import { Sipp } from './sipp.ts';
import { answersSip, freshAddresses, type Subject, type SubjectAddresses } from './subject.ts';

/** Starts a subject, its processes pinned to `core`, its files below `directory`. */
export type StartSubject = (addresses: SubjectAddresses, core: number, directory: string) => Promise<Subject>;

const subjectCore = 0;
const sippCore = 1;
/** Transactions stay for 64*T1 = 32 s after their end (RFC 3261 17.2.2 timer J, RFC 6026 timers L and M). */
export const lingerSeconds = 33;

export interface Load {
  /** Calls a second. */
  readonly rate: number;
  /** Seconds of load before the measurement: code is compiled and transactions linger as in a steady state. */
  readonly warmUpSeconds: number;
  readonly calls: number;
}

export interface CostSample {
  readonly microsecondsPerCall: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** Calls a second that SIPp brought about. */
  readonly rate: number;
  /** Processors that other processes of the machine used meanwhile. */
  readonly others: number;
}

/** Others took so much of a processor that calls may be late or lost, and caches cold: not a figure to quote. */
export const disturbed = (sample: { readonly others: number }): boolean => sample.others > 0.1;

/** A subject between a SIPp caller and a SIPp callee. */
class Bench {
  readonly subject: Subject;
  readonly #addresses: SubjectAddresses;
  readonly #directory: string;
  readonly #uas: Sipp;
  #runs = 0;

  private constructor(subject: Subject, addresses: SubjectAddresses, directory: string) {
    this.subject = subject;
    this.#addresses = addresses;
    this.#directory = directory;
    const scenario = join(import.meta.dirname, 'uas.xml');
    this.#uas = new Sipp({ name: 'uas', directory, scenario, local: addresses.itsp, core: sippCore });
  }

  static async start(start: StartSubject): Promise<Bench> {
    const directory = mkdtempSync(join(tmpdir(), 'tandem-perf-'));
    const addresses = freshAddresses();
    const subject = await start(addresses, subjectCore, join(directory, 'subject'));
    try {
      await answersSip(subject, addresses);
    } catch (error) {
      await subject.stop();
      throw error;
    }
    return new Bench(subject, addresses, directory);
  }

  caller(rate: number, calls: number, holdMs: number, more: readonly string[] = []): Sipp {
    return new Sipp({
      name: `uac-${++this.#runs}`,
      directory: this.#directory,
      scenario: join(import.meta.dirname, 'uac.xml'),
      local: this.#addresses.pbx,
      remote: this.#addresses.sip,
      core: sippCore,
      called: '498912345',
      arguments: more,
      rate,
      calls,
      holdMs,
    });
  }

  async stop(): Promise<void> {
    await this.#uas.stop();
    await this.subject.stop();
  }
}

/** CPU of the subject a call: the whole tree's user and system time over `load.calls` calls in the steady state. */
export async function costPerCall(start: StartSubject, load: Load): Promise<CostSample> {
  const bench = await Bench.start(start);
  try {
    await bench.caller(load.rate, load.rate * load.warmUpSeconds, 100).done;
    const others = watchOthers();
    const before = cpuMicroseconds(bench.subject.pid);
    const result = await bench.caller(load.rate, load.calls, 100).done;
    const used = cpuMicroseconds(bench.subject.pid) - before;
    mustLive(bench.subject);
    return {
      microsecondsPerCall: used / load.calls,
      failed: result.failed,
      retransmissions: result.retransmissions,
      rate: result.rate,
      others: others(),
    };
  } finally {
    await bench.stop();
  }
}

export interface RateStep {
  /** Calls a second asked for. */
  readonly rate: number;
  readonly achieved: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** Share of its core that the subject used, 0 to 1. */
  readonly load: number;
  readonly others: number;
}

/** Steps up through `rates` until a call fails or SIPp can bring about no more. Every step's outcome, in order. */
export async function rateSteps(
  start: StartSubject,
  rates: readonly number[],
  secondsPerStep: number,
  log: (line: string) => void,
): Promise<readonly RateStep[]> {
  const bench = await Bench.start(start);
  const steps: RateStep[] = [];
  try {
    await bench.caller(200, 1_000, 100).done;
    for (const rate of rates) {
      let step: RateStep;
      let tries = 0;
      do {
        const others = watchOthers();
        const before = cpuMicroseconds(bench.subject.pid);
        const result = await bench.caller(rate, rate * secondsPerStep, 100).done;
        mustLive(bench.subject);
        step = {
          rate,
          achieved: result.rate,
          failed: result.failed,
          retransmissions: result.retransmissions,
          load: (cpuMicroseconds(bench.subject.pid) - before) / 1e6 / result.seconds,
          others: others(),
        };
        log(`${bench.subject.name}: ${describeStep(step)}`);
      } while (!stepHeld(step) && disturbed(step) && ++tries < 3);
      steps.push(step);
      if (!stepHeld(step)) break;
    }
  } finally {
    await bench.stop();
  }
  return steps;
}

/** Every call went through, at the rate asked for. */
export function stepHeld(step: RateStep): boolean {
  return step.failed === 0 && step.achieved >= 0.95 * step.rate;
}

export function describeStep(step: RateStep): string {
  const { rate, achieved, failed, retransmissions, load, others } = step;
  const used = `${Math.round(load * 100)} % of its core, others ${Math.round(others * 100)} % of one`;
  return `${rate} calls/s: ${achieved.toFixed(0)} calls/s achieved, ${failed} failed, ${retransmissions} retransmissions, ${used}`;
}

export interface HeldSample {
  readonly calls: number;
  readonly residentBytes: number;
  readonly proportionalBytes: number;
}

/** Memory with `counts` calls held (ascending), each taken when the calls' own transactions are over. */
export async function memoryOfHeldCalls(
  start: StartSubject,
  counts: readonly number[],
  log: (line: string) => void,
): Promise<readonly HeldSample[]> {
  const bench = await Bench.start(start);
  const samples: HeldSample[] = [];
  const most = counts.at(-1)!;
  const controlPort = 20_000 + (process.pid % 10_000);
  const take = (calls: number): void => {
    const { resident, proportional } = memory(bench.subject.pid);
    samples.push({ calls, residentBytes: resident, proportionalBytes: proportional });
    log(`${bench.subject.name}: ${calls} calls held: ${(resident / 1e6).toFixed(1)} MB resident`);
  };
  try {
    take(0);
    const rate = 200;
    const uac = bench.caller(rate, most, 3_600_000, ['-cp', String(controlPort)]);
    for (const count of counts) {
      // SIPp reports once a second: it is paused near the count, and the true count is what it says afterwards.
      const enough = count < most ? count - rate : most;
      while (uac.counts().created < enough) await sleep(100);
      if (count < most) await uac.press('p', controlPort);
      await sleep(lingerSeconds * 1_000);
      const { current, failed } = uac.counts();
      if (failed > 0) throw new Error(`${failed} held calls failed:\n${uac.errors()}`);
      take(current);
      if (count < most) await uac.press('p', controlPort);
    }
    mustLive(bench.subject);
    await uac.stop();
  } finally {
    await bench.stop();
  }
  return samples;
}

function mustLive(subject: Subject): void {
  if (!subject.alive()) throw new Error(`${subject.name} ended under load:\n${subject.log()}`);
}
