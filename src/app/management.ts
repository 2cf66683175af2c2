import { chmodSync, rmSync } from 'node:fs';
import { type Api, apiServer, localUser, type Services } from '#api';
import type { Configuration } from '#engine/ports';
import type { Log } from '#shell/log';
import { type StatusAnswer, StatusFailure, StatusLink } from '#shell/status-link';
import { NoRecords, RecordReader } from '#shell/store';
import { apiSocket, statusSocket } from './socket-path.ts';
import { version } from './version.ts';

export interface ManagementOptions {
  readonly configuration: Configuration;
  readonly log: Log;
}

/** The API with what it needs: a link to the signalling process, the records, the configuration. It may die and begin anew at any time. */
export class Management {
  readonly #log: Log;
  #configuration: Configuration;
  #link: StatusLink | undefined;
  #records: RecordReader | undefined;
  #local: Api | undefined;

  private constructor({ configuration, log }: ManagementOptions) {
    this.#configuration = configuration;
    this.#log = log;
  }

  /** Listens. Rejects with the system's error when the socket cannot be had. */
  static async start(options: ManagementOptions): Promise<Management> {
    const management = new Management(options);
    await management.#listen();
    return management;
  }

  /** What holds from here on. */
  configure(configuration: Configuration): void {
    this.#configuration = configuration;
  }

  async close(): Promise<void> {
    await this.#local?.close();
    this.#link?.close();
    this.#records?.close();
  }

  async #listen(): Promise<void> {
    const services: Services = {
      version: version(),
      wall: Date.now,
      ask: (query, more) => this.#ask(query, more),
      configuration: () => this.#configuration,
      records: () => this.#reader(),
    };
    const onFault = (error: unknown, asked: string) => this.#log.write('error', 'api-fault', { asked, error });
    this.#local = await apiServer({ services, identify: localUser, onFault });
    const path = apiSocket(this.#configuration.records.path);
    // What lies there was left by a process that was killed.
    rmSync(path, { force: true });
    const mask = process.umask(0o177);
    try {
      await this.#local.listen({ path });
    } finally {
      process.umask(mask);
    }
    chmodSync(path, 0o600);
  }

  /** One connection for all questions, made anew when the signalling process was. */
  async #ask(query: string, more?: object): Promise<StatusAnswer> {
    if (!this.#link?.isOpen) this.#link = await this.#connect();
    return this.#link.ask(query, more);
  }

  async #connect(): Promise<StatusLink> {
    const link = await StatusLink.open(statusSocket(this.#configuration.records.path));
    if (!link) throw new StatusFailure('gone', 'nobody is there');
    return link;
  }

  #reader(): RecordReader | undefined {
    try {
      this.#records ??= RecordReader.open(this.#configuration.records.path);
    } catch (error) {
      if (!(error instanceof NoRecords)) throw error;
    }
    return this.#records;
  }
}
