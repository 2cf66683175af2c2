import { chmodSync, readFileSync, rmSync } from 'node:fs';
import {
  Access,
  type Api,
  apiServer,
  CaptureDesk,
  type CaptureEvent,
  type LiveCertificate,
  localUser,
  Metrics,
  Mirror,
  remoteUser,
  type ServerOptions,
  type Services,
  SpanExporter,
} from '#api';
import { atNode, type Configuration, differences } from '#engine/ports';
import { CaptureStore } from '#shell/capture-store';
import { CertificateShelf } from '#shell/certificate-files';
import { loadConfiguration } from '#shell/config';
import { ConfigurationHistory, hashOf } from '#shell/config-history';
import type { Log } from '#shell/log';
import { ManagementStore } from '#shell/management-store';
import { ProcessWatch } from '#shell/process-stats';
import { FollowLink, type StatusAnswer, StatusFailure, StatusLink } from '#shell/status-link';
import { CurrentReader } from '#shell/store';
import { healthAsker } from './ask-health.ts';
import { KeptTraces } from './kept-traces.ts';
import { apiSocket, healthSocket, statusSocket } from './socket-path.ts';
import { trunkTester } from './trunk-tester.ts';
import { version } from './version.ts';
import { WebListener } from './web-listener.ts';
import { Webhooks } from './webhooks.ts';

export interface ManagementOptions {
  readonly configuration: Configuration;
  /** The path of the configuration file. */
  readonly file: string;
  readonly node?: string;
  readonly log: Log;
  readonly reload: Services['reload'];
  readonly logLevels: Services['logLevels'];
  readonly setLogLevel: Services['setLogLevel'];
  /** For the operator, by the supervisor. */
  readonly say: (line: string) => void;
}

/** Ms of calls that figures of the hour, and of the one before, are made of. */
const remembered = 2 * 3_600_000;
/** Ms. */
const betweenCuts = 6 * 3_600_000;
/** Where nobody comes by TCP, and the Unix socket is written of as well. */
const usualAudit = { keep: 17_520 * 3_600_000, rows: 1_000_000 };
/** Ms until who follows tries again: the signalling process is being started. */
const pause = 300;

/** The API with what it needs: a link to the signalling process, the records, the configuration. It may die and begin anew at any time. */
export class Management {
  readonly #options: ManagementOptions;
  readonly #history: ConfigurationHistory;
  readonly #store: ManagementStore;
  readonly #access: Access;
  readonly #web: WebListener;
  #configuration: Configuration;
  #link: StatusLink | undefined;
  #linking: Promise<StatusLink> | undefined;
  #trunks: ReadonlySet<string>;
  /** What happens, from the signalling process that is there, and then from the next. */
  readonly #mirror = new Mirror(Date.now, (name) => this.#trunks.has(name));
  readonly #metrics: Metrics;
  readonly #traces: KeptTraces;
  readonly #captures: CaptureDesk;
  readonly #spans: SpanExporter;
  readonly #webhooks: Webhooks;
  #followed: FollowLink | undefined;
  #again: NodeJS.Timeout | undefined;
  #tidy: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #records = new CurrentReader(() => this.#configuration.records.path);
  #local: Api | undefined;

  private constructor(options: ManagementOptions) {
    this.#options = options;
    this.#configuration = options.configuration;
    this.#trunks = namesOf(options.configuration);
    this.#history = ConfigurationHistory.open(options.configuration.records.path);
    this.#store = ManagementStore.open(options.configuration.records.path);
    this.#access = new Access({
      store: this.#store,
      configuration: () => this.#configuration.management,
      wall: Date.now,
    });
    const watch = new ProcessWatch();
    this.#metrics = new Metrics({
      version: version(),
      wall: Date.now,
      ask: (query, more) => this.#ask(query, more),
      configuration: () => this.#configuration,
      live: this.#mirror,
      process: () => watch.read(),
      spans: () => (this.#configuration.tracing?.otlp ? this.#spans.counts : undefined),
      webhooks: () => this.#webhooks.sender,
    });
    this.#traces = new KeptTraces({
      directory: options.configuration.records.path,
      log: options.log,
      wall: Date.now,
      ask: (query, more) => this.#ask(query, more),
      configuration: () => this.#configuration,
      live: this.#mirror,
    });
    const { say, log } = options;
    this.#captures = new CaptureDesk({
      store: new CaptureStore(options.configuration.records.path),
      wall: Date.now,
      ask: (query, more) => this.#ask(query, more),
      configuration: () => this.#configuration,
      live: this.#mirror,
      audit: (event) => this.#audit(event),
      wasTold: (what, object) =>
        this.#store.audit.list({ contains: object }, 20).some((row) => row.what === what && row.object === object),
      onTrouble: (why) => log.write('error', 'capture-failed', { why }),
    });
    this.#spans = new SpanExporter({
      live: this.#mirror,
      version: version(),
      node: options.node,
      configuration: () => this.#configuration,
      onTrouble: (why) => {
        if (why === undefined) log.write('info', 'otlp-again');
        else log.write('warn', 'otlp-unreachable', { why });
      },
    });
    this.#webhooks = new Webhooks({
      directory: options.configuration.records.path,
      store: this.#store,
      node: options.node,
      version: version(),
      wall: Date.now,
      log,
      live: this.#mirror,
      configuration: () => this.#configuration,
      records: () => this.#records.get(),
      history: this.#history,
    });
    this.#web = new WebListener({
      make: (door) => apiServer({ ...this.#server(), identify: remoteUser(this.#access), ...door }),
      say,
      log,
      onListening: () => this.#welcome(),
    });
    this.#noteFile();
  }

  /** Listens. Rejects with the system's error when the socket cannot be had. */
  static async start(options: ManagementOptions): Promise<Management> {
    const management = new Management(options);
    management.#mirror.traffic.seed(management.#records.get()?.recent(Date.now() - remembered) ?? []);
    management.#follow();
    await management.#listen();
    await management.#web.configure(options.configuration.management);
    void management.#verify();
    management.#webhooks.start();
    return management;
  }

  /** What holds from here on. */
  configure(configuration: Configuration): void {
    this.#configuration = configuration;
    this.#trunks = namesOf(configuration);
    this.#traces.configure();
    void this.#web.configure(configuration.management);
    this.#noteFile();
    this.#webhooks.configured();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    clearTimeout(this.#tidy);
    this.#followed?.close();
    await this.#web.close();
    await this.#local?.close();
    this.#link?.close();
    this.#spans.close();
    this.#webhooks.close();
    this.#traces.close();
    this.#captures.close();
    this.#records.close();
    this.#history.close();
    this.#store.close();
  }

  #server(): Pick<ServerOptions, 'services' | 'onFault' | 'onAudit'> {
    const { file, node, log, reload, logLevels, setLogLevel } = this.#options;
    const services: Services = {
      version: version(),
      wall: Date.now,
      ask: (query, more) => this.#ask(query, more),
      health: healthAsker(healthSocket(this.#configuration.records.path)),
      configuration: () => this.#configuration,
      file,
      ...(node !== undefined && { node }),
      access: this.#access,
      history: this.#history,
      reload,
      logLevels,
      setLogLevel,
      live: this.#mirror,
      metrics: this.#metrics,
      webhooks: this.#webhooks.sender,
      traces: () => this.#traces.store(),
      captures: this.#captures,
      testTrunk: trunkTester(file),
      shelf: new CertificateShelf(this.#configuration.records.path),
      readCertificates: async () => {
        this.#web.readCertificates();
        return (await this.#ask('read-certificates')).certificates as LiveCertificate[];
      },
      records: () => this.#records.get(),
    };
    return {
      services,
      onFault: (error, asked) => log.write('error', 'api-fault', { asked, error }),
      onAudit: (row) => log.write('info', 'audit', row),
    };
  }

  /** What nobody asked for in that moment. */
  #audit({ who, what, object, detail }: CaptureEvent): void {
    const { log } = this.#options;
    const entry = { at: Date.now(), who, via: '', source: '', what, object, status: 200 };
    try {
      const row = this.#store.audit.append({ ...entry, detail: JSON.stringify(detail) });
      log.write('info', 'audit', { ...row, who, what, object, status: 200 });
    } catch (error) {
      log.write('error', 'audit-broken', { what, object, error });
    }
  }

  async #listen(): Promise<void> {
    this.#local = await apiServer({ ...this.#server(), identify: localUser });
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
    if (!this.#link?.isOpen) {
      // Who asks meanwhile waits for the same.
      this.#linking ??= this.#connect().finally(() => {
        this.#linking = undefined;
      });
      this.#link = await this.#linking;
    }
    return this.#link.ask(query, more);
  }

  async #connect(): Promise<StatusLink> {
    const link = await StatusLink.open(statusSocket(this.#configuration.records.path));
    if (!link) throw new StatusFailure('gone', 'nobody is there');
    return link;
  }

  #follow(): void {
    this.#followed = new FollowLink(statusSocket(this.#configuration.records.path), {
      onLine: (line) => this.#mirror.apply(line),
      onClose: () => {
        this.#mirror.lost();
        if (!this.#closed) this.#again = setTimeout(() => this.#follow(), pause);
      },
    });
  }

  /** Tells where it is, and him who is to be the first administrator how he becomes that. */
  #welcome(): void {
    const { say } = this.#options;
    say(`tandem: the API listens at ${this.#access.url}`);
    if (this.#store.accounts.administrators().length > 0) return;
    const { url, expiresAt } = this.#access.invite(undefined);
    const until = new Date(expiresAt).toTimeString().slice(0, 5);
    say(`tandem: nobody can sign in yet; become the first administrator by this link, once and until ${until}:`);
    say(`tandem:   ${url}`);
  }

  async #verify(): Promise<void> {
    const { brokenAt } = await this.#store.audit.verify();
    if (brokenAt === undefined) return this.#cut();
    this.#options.log.write('error', 'audit-log-changed', { row: brokenAt });
    this.#options.say(`tandem: the audit log is not as it was written, from row ${brokenAt} on`);
  }

  /** Lets go what the audit log does not have to keep, now and from time to time. */
  async #cut(): Promise<void> {
    const { log } = this.#options;
    const limits = this.#configuration.management?.audit ?? usualAudit;
    try {
      const rows = await this.#store.audit.cut(limits, Date.now());
      if (rows > 0) log.write('info', 'audit-cut', { rows });
    } catch (error) {
      log.write('error', 'audit-broken', { what: 'cut', error });
    }
    if (this.#closed) return;
    this.#tidy = setTimeout(() => void this.#cut(), betweenCuts);
    this.#tidy.unref();
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
}

function namesOf({ trunks }: Configuration): ReadonlySet<string> {
  return new Set(trunks.map(({ name }) => name));
}
