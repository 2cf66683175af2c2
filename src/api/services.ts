import type { Configuration } from '#engine/ports';
import type { CertificateShelf } from '#shell/certificate-files';
import type { ConfigurationHistory } from '#shell/config-history';
import type { LogLevel } from '#shell/log';
import type { StatusAnswer } from '#shell/status-link';
import type { RecordReader } from '#shell/store';
import type { TraceStore } from '#shell/trace-store';
import type { Access } from './access/access.ts';
import type { CaptureDesk } from './captures/desk.ts';
import type { Mirror } from './live/mirror.ts';
import type { LiveCertificate } from './live/told.ts';
import type { Health } from './service/health.ts';
import type { TracedMessage } from './traces/message.ts';
import type { WebhookSender } from './webhooks/sender.ts';

/** What the API is made of; the management process gives it, tests give their own. */
export interface Services {
  readonly version: string;
  /** Unix ms. */
  readonly wall: () => number;
  /** Asks the signalling process (docs/status-socket.md). Rejects with a StatusFailure. */
  ask(query: string, more?: object): Promise<StatusAnswer>;
  /** How the program is, as its supervisor tells. */
  health(what: 'healthz' | 'readyz'): Promise<Health>;
  /** What holds now. */
  readonly configuration: () => Configuration;
  /** The path of the configuration file. */
  readonly file: string;
  /** Which node this is, where the file is for several. */
  readonly node?: string;
  /** Who may come in, and who did what. */
  readonly access: Access;
  readonly history: ConfigurationHistory;
  /** Has the running program read its file again. `text`: what came of it, for people. */
  reload(
    restart: boolean,
    acknowledged?: readonly string[],
  ): Promise<{ readonly taken: boolean; readonly text: string }>;
  /** What stands and happens, as it was told. */
  readonly live: Mirror;
  /** Tests a trunk (docs/trunk-test.md): `onStep` hears of each step as it begins, without a verdict, and when it has ended. */
  testTrunk(
    trunk: string,
    options: TrunkTestOptions,
    stop: AbortSignal,
    onStep: (step: { readonly name: string; readonly verdict?: string }) => void,
  ): Promise<{ readonly ok: boolean; readonly verdict: string }>;
  readonly metrics: { text(): Promise<string> };
  /** The least that each process writes to the log, by its name. */
  readonly logLevels: () => Readonly<Record<string, LogLevel>>;
  /** Of one process, or of all, from here on and until the program ends. */
  readonly setLogLevel: (level: LogLevel, process?: string) => void;
  /** Messages that are kept on the disk; undefined: none are, and none were. */
  readonly traces: () => TraceStore<TracedMessage> | undefined;
  /** Who is told elsewhere of what happens. */
  readonly webhooks: WebhookSender;
  /** Copies of media: asked for, on the disk, and those that wait for their call. */
  readonly captures: CaptureDesk;
  /** Requests for certificates with their keys, what was in place before, and certificates that no configuration names yet. */
  readonly shelf: CertificateShelf;
  /** Files of certificates were written: the program reads them now. Gives what holds then. */
  readCertificates(): Promise<readonly LiveCertificate[]>;
  /** The records, as they are written; undefined while there are none. */
  readonly records: () => RecordReader | undefined;
}

/** Absent `number`: nobody is called. */
export interface TrunkTestOptions {
  readonly number?: string;
  readonly caller?: string;
  readonly seconds?: number;
  readonly digits?: string;
}
