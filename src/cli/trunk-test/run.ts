import { type CallOptions, CallSteps } from './call.ts';
import { configuration } from './configuration.ts';
import { connection } from './connection.ts';
import type { Test } from './context.ts';
import { dns } from './dns.ts';
import { options } from './options.ts';
import { register } from './register.ts';
import { failed, type Step, type StepOutcome, type TestReport, verdictOf } from './report.ts';
import { tls } from './tls.ts';

/** What is told while it goes on. */
export interface Progress {
  began(name: string): void;
  ended(step: Step): void;
}

/** Walks all steps, whatever comes of each. When told to leave it ends the call; the steps are not waited for. */
export async function runTest(
  test: Test,
  call: CallOptions,
  by: string,
  progress: Progress,
  leave: AbortSignal,
): Promise<TestReport> {
  const startedAt = Date.now();
  const since = performance.now();
  const steps: Step[] = [];
  const walk = async (name: string, act: () => Promise<StepOutcome>) => {
    progress.began(name);
    const at = Date.now();
    const began = performance.now();
    const outcome = await act().catch(faultOf);
    const tookMs = Math.round(performance.now() - began);
    const step: Step = { name, at, tookMs, sent: [], came: [], todo: [], ...outcome };
    steps.push(step);
    progress.ended(step);
  };
  const calling = new CallSteps(test, call);
  leave.addEventListener('abort', () => void calling.close());
  try {
    await walk('Configuration', () => configuration(test));
    await walk('DNS', () => dns(test));
    await walk('Connection', () => connection(test));
    await walk('TLS', () => tls(test));
    await walk('OPTIONS', () => options(test));
    await walk('REGISTER', () => register(test));
    await walk('Call', () => calling.dial());
    if (call.number !== undefined && test.place.program) {
      await walk('Audio', () => calling.audio());
      await walk('DTMF', () => calling.dtmf());
      await walk('Hold', () => calling.hold());
      await walk('Hang-up', () => calling.bye());
      await walk('Record', () => calling.record());
    }
  } finally {
    await calling.close();
  }
  return {
    trunk: test.trunk.name,
    by,
    startedAt,
    tookMs: Math.round(performance.now() - since),
    running: test.place.program !== undefined,
    ...(call.number === undefined ? {} : { number: call.number }),
    steps,
    ...verdictOf(test.trunk.name, steps),
  };
}

/** The running program left, or the system refused something: that is an outcome too. What is our fault is not. */
export function faultOf(error: unknown): StepOutcome {
  if (error instanceof Error && (error.name === 'Failure' || 'syscall' in error)) return failed(error.message);
  throw error;
}
