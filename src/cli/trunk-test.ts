import { readFileSync, writeFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { harmlessJson } from './cdr-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { openPlace, trunkOf } from './trunk-place.ts';
import { reportHtml } from './trunk-test/html.ts';
import type { TestReport } from './trunk-test/report.ts';
import { type Progress, runTest } from './trunk-test/run.ts';
import { headText, plain, reportText, stepText, verdictText } from './trunk-test/text.ts';

export interface TestOptions {
  readonly number?: string;
  readonly caller?: string;
  readonly seconds: number;
  readonly digits: string;
  /** `ndjson`: a line as each step begins, one as it ends, and one of the verdict. */
  readonly format: 'text' | 'json' | 'ndjson' | 'html';
  readonly output?: string;
}

/** Exit status of who was interrupted. */
const interrupted = 130;
/** Ms that an interrupted test has to hang up. */
const farewell = 500;

/** `tandem trunk test NAME FILE`: the exit status. */
export async function test(name: string, file: string, options: TestOptions): Promise<number> {
  return (await testTrunk(name, file, options)).ok ? exitCodes.ok : exitCodes.failed;
}

/** Walks a trunk from its configuration to a call, and tells each step as it ends. */
export async function testTrunk(name: string, file: string, options: TestOptions): Promise<TestReport> {
  const place = await openPlace(file);
  const leave = new AbortController();
  const onInterrupt = () => {
    leave.abort();
    setTimeout(() => process.exit(interrupted), farewell);
  };
  process.once('SIGINT', onInterrupt);
  try {
    const trunk = trunkOf(place, name);
    const { number, seconds, digits } = options;
    const caller = options.caller ?? trunk.identity?.user ?? 'test';
    const live = options.format === 'ndjson' ? new Lines() : new Live(options);
    live.head(name, number);
    const call = { number, caller, seconds, digits };
    const report = await runTest({ place, trunk, targets: [] }, call, `tandem ${version()}`, live, leave.signal);
    live.verdict(report);
    deliver(report, options);
    return report;
  } finally {
    process.off('SIGINT', onInterrupt);
    place.program?.close();
  }
}

/** Steps as they end: on standard output where the report in text goes there, on standard error where people watch it. */
class Live implements Progress {
  readonly #stream: NodeJS.WriteStream | undefined;
  readonly #paint: typeof plain;

  constructor({ format, output }: TestOptions) {
    const isText = format === 'text' && output === undefined;
    this.#stream = isText ? process.stdout : process.stderr.isTTY ? process.stderr : undefined;
    const stream = this.#stream;
    this.#paint = stream ? (format, text) => styleText(format, text, { stream }) : plain;
  }

  head(trunk: string, number: string | undefined): void {
    this.#stream?.write(headText({ trunk, ...(number === undefined ? {} : { number }) }, Date.now()));
  }

  began(name: string): void {
    if (this.#stream?.isTTY) this.#stream.write(`...   ${name}`);
  }

  ended(step: Parameters<Progress['ended']>[0]): void {
    // Over what `began` wrote.
    this.#stream?.write(`${this.#stream.isTTY ? '\r\x1b[K' : ''}${stepText(step, this.#paint)}`);
  }

  verdict(report: TestReport): void {
    this.#stream?.write(verdictText(report, this.#paint));
  }
}

/** The same, for programs that follow. */
class Lines implements Progress {
  head(): void {}

  began(name: string): void {
    this.#write({ name });
  }

  ended(step: Parameters<Progress['ended']>[0]): void {
    this.#write(step);
  }

  verdict({ ok, verdict }: TestReport): void {
    this.#write({ name: 'verdict', ok, verdict });
  }

  #write(line: object): void {
    process.stdout.write(`${harmlessJson(line)}\n`);
  }
}

function deliver(report: TestReport, { format, output }: TestOptions): void {
  if (format === 'ndjson' || (format === 'text' && output === undefined)) return; // It has been told.
  const text =
    format === 'json' ? `${harmlessJson(report)}\n` : format === 'html' ? reportHtml(report) : reportText(report);
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(output, text);
  } catch (error) {
    throw new Failure(`the report cannot be written: ${(error as Error).message}`);
  }
}

/** Both src/cli and dist/cli lie two levels below package.json. */
function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
