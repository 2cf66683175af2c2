import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { type Api, apiServer, localUser, type Services } from '#api';
import { atNode, type Configuration, differences } from '#engine/ports';
import { loadConfiguration } from '#shell/config';
import { ConfigurationHistory, hashOf } from '#shell/config-history';
import type { Log } from '#shell/log';
import { type StatusAnswer, StatusFailure, StatusLink } from '#shell/status-link';
import { NoRecords, RecordReader } from '#shell/store';
import { apiSocket, statusSocket } from './socket-path.ts';
import { version } from './version.ts';

export interface ManagementOptions {
  readonly configuration: Configuration;
  /** The path of the configuration file. */
  readonly file: string;
  readonly node?: string;
  readonly log: Log;
  readonly reload: Services['reload'];
}

/** The API with what it needs: a link to the signalling process, the records, the configuration. It may die and begin anew at any time. */
export class Management {
  readonly #options: ManagementOptions;
  readonly #history: ConfigurationHistory;
  #configuration: Configuration;
  #link: StatusLink | undefined;
  #records: RecordReader | undefined;
  #local: Api | undefined;

  private constructor(options: ManagementOptions) {
    this.#options = options;
    this.#configuration = options.configuration;
    this.#history = ConfigurationHistory.open(options.configuration.records.path);
    this.#noteFile();
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
    this.#noteFile();
  }

  async close(): Promise<void> {
    await this.#local?.close();
    this.#link?.close();
    this.#records?.close();
    this.#history.close();
  }

  async #listen(): Promise<void> {
    const { file, node, log, reload } = this.#options;
    const services: Services = {
      version: version(),
      wall: Date.now,
      ask: (query, more) => this.#ask(query, more),
      configuration: () => this.#configuration,
      file,
      ...(node !== undefined && { node }),
      history: this.#history,
      reload,
      records: () => this.#reader(),
    };
    const onFault = (error: unknown, asked: string) => log.write('error', 'api-fault', { asked, error });
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

  /** Who wrote the file since it ran last is not known, but that it ran is. */
  #noteFile(): void {
    const { file, node } = this.#options;
    const text = readFileSync(file, 'utf8');
    const [last] = this.#history.list(1);
    if (last?.hash === hashOf(text)) return;
    const meant = (of: string) => {
      const loaded = loadConfiguration(of, { file, env: process.env });
      return loaded.ok ? (node === undefined ? loaded.configuration : atNode(loaded.configuration, node)) : undefined;
    };
    const now = meant(text);
    // Written since, and not taken yet.
    if (!now || differences(this.#configuration, now).length > 0) return;
    const before = last && meant(this.#history.get(last.id)!.text);
    const count = before ? differences(before, now).length : 0;
    this.#history.add({ at: Date.now(), who: 'file', reason: '', by: 'file', differences: count }, text);
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
