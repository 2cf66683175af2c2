import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { harmlessJson } from './cdr-text.ts';
import { exitCodes } from './failure.ts';
import { folded } from './output/folded.ts';
import { dataText, type OutputFormat, writeOut } from './output/output.ts';
import { columnsOf } from './output/width.ts';
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
  readonly output: OutputFormat | 'html';
  readonly file?: string;
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
    const live = options.output === 'ndjson' ? new Lines() : new Live(options);
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

  constructor({ output, file }: TestOptions) {
    const isText = output === 'table' && file === undefined;
    this.#stream = isText ? process.stdout : process.stderr.isTTY ? process.stderr : undefined;
    const stream = this.#stream;
    this.#paint = stream ? (format, text) => styleText(format, text, { stream }) : plain;
  }

  head(trunk: string, number: string | undefined): void {
    this.#tell(headText({ trunk, ...(number === undefined ? {} : { number }) }, Date.now()));
  }

  began(name: string): void {
    if (this.#stream?.isTTY) this.#stream.write(`...   ${name}`);
  }

  ended(step: Parameters<Progress['ended']>[0]): void {
    // Over what `began` wrote.
    if (this.#stream?.isTTY) this.#stream.write('\r\x1b[K');
    this.#tell(stepText(step, this.#paint));
  }

  verdict(report: TestReport): void {
    this.#tell(verdictText(report, this.#paint));
  }

  #tell(text: string): void {
    if (this.#stream) this.#stream.write(folded(text, columnsOf(this.#stream)));
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

function deliver(report: TestReport, { output, file }: TestOptions): void {
  if (output === 'ndjson' || (output === 'table' && file === undefined)) return; // It has been told.
  const text =
    output === 'html' ? reportHtml(report) : output === 'table' ? reportText(report) : dataText(output, report);
  if (file === undefined) process.stdout.write(text);
  else writeOut(file, text);
}

/** Both src/cli and dist/cli lie two levels below package.json. */
function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
