import type { MediaStats, ProcessStats } from '#codec/media-control';
import type { Configuration } from '#engine/ports';
import type { Mirror } from '../live/mirror.ts';
import type { CallFigures } from './call-figures.ts';
import type { ReportFigures } from './report-figures.ts';
import type { WebhookFigures } from './webhook-figures.ts';

/** What the signalling process answers to `metrics` (docs/status-socket.md). */
export interface Counted {
  readonly process: ProcessStats;
  readonly counters: {
    readonly undeliverable: number;
    readonly refusedConnections: number;
    readonly recordsLost: number;
    readonly drops: Readonly<Record<string, number>>;
  };
  readonly sip: Readonly<
    Record<
      'received' | 'sent',
      { readonly requests: Readonly<Record<string, number>>; readonly responses: Readonly<Record<string, number>> }
    >
  >;
  readonly transactions: {
    readonly standing: number;
    readonly server: number;
    readonly client: number;
    readonly heardAgain: number;
    readonly saidAgain: number;
    readonly timedOut: number;
    readonly notSent: number;
  };
  readonly dialogs: number;
  readonly deadlines: number;
  readonly flows: number;
  readonly subscriptions: number;
  readonly devices: number;
  readonly decisions: {
    readonly asked: number;
    readonly answered: number;
    readonly failed: number;
    readonly late: number;
    readonly spared: number;
    readonly waiting: number;
  };
  /** Reports on voice quality of ours. */
  readonly quality: { readonly sent: number; readonly lost: number; readonly waiting: number };
  readonly banned: number;
  readonly dns: { readonly asked: number; readonly failed: number };
  readonly records: { readonly written: number; readonly pending: number };
  readonly ringOctets: number;
  /** Absent: none is configured. */
  readonly homer?: { readonly sent: number; readonly lost: number };
  /** Absent: no media process takes part, or it does not answer. */
  readonly media?: MediaStats;
  readonly mediaProcess?: ProcessStats;
}

/** All that metrics are taken from. */
export interface Facts {
  readonly version: string;
  readonly node: string;
  /** Unix ms. */
  readonly now: number;
  readonly configuration: Configuration;
  /** Undefined: the signalling process does not answer. */
  readonly counted: Counted | undefined;
  readonly live: Mirror;
  readonly management: ProcessStats;
  readonly calls: CallFigures;
  readonly reports: ReportFigures;
  /** Absent: no collector is configured. */
  readonly spans?: { readonly sent: number; readonly lost: number };
  readonly webhooks?: readonly WebhookFigures[];
}
