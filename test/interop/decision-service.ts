import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from '../perf/children.ts';
import type { Endpoint } from '../perf/sipp.ts';
import type { PemFiles } from './certificates.ts';
import { type Lab, must, type Peer } from './harness.ts';

/** What the service says of a number; `says` as it stands where it is a text. Of other numbers it says nothing (204). */
export interface ServiceAnswer {
  readonly status?: number;
  /** Ms. */
  readonly after?: number;
  readonly says?: object | string;
}

export interface DecisionServiceOptions {
  readonly place: Endpoint;
  readonly certificate: PemFiles;
  /** JSON: a ServiceAnswer by number. */
  readonly answers: string;
  readonly secret: string;
}

/** A question that it was asked; `signed`: rightly. */
export type Asked = { readonly signed: boolean; readonly number: string } & Readonly<Record<string, unknown>>;

export class DecisionService implements Peer {
  readonly name = 'the decision service';
  readonly #child: ChildProcess;
  #said = '';

  static async start(lab: Lab, options: DecisionServiceOptions): Promise<DecisionService> {
    const service = lab.use(new DecisionService(options));
    for (let i = 0; i < 200 && !service.#said.includes('READY'); i++) await sleep(25);
    must(service.#said.includes('READY'), () => `the decision service did not start: ${service.#said}`);
    return service;
  }

  private constructor({ place, certificate, answers, secret }: DecisionServiceOptions) {
    const main = join(import.meta.dirname, 'decision-service-main.ts');
    this.#child = spawn(
      process.execPath,
      [
        '--conditions=source',
        main,
        place.host,
        String(place.port),
        certificate.certificate,
        certificate.key,
        answers,
        secret,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    endWithUs(this.#child);
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString('utf8')).slice(-50_000);
      });
  }

  said(): string {
    return this.#said;
  }

  /** Questions about a number, in order. */
  asked(number: string): readonly Asked[] {
    const lines = this.#said.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Asked).filter((one) => one.number === number);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
