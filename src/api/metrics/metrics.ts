import type { ProcessStats } from '#codec/media-control';
import type { Services } from '../services.ts';
import type { WebhookSender } from '../webhooks/sender.ts';
import { CallFigures } from './call-figures.ts';
import { exposition } from './exposition.ts';
import type { Counted, Facts } from './facts.ts';
import { trunkLabels } from './names.ts';
import { ReportFigures } from './report-figures.ts';
import { metrics } from './table.ts';
import { figuresOf } from './webhook-figures.ts';

export interface MetricsOptions extends Pick<Services, 'ask' | 'live' | 'configuration' | 'version' | 'wall'> {
  /** Of this process. */
  readonly process: () => ProcessStats;
  /** Sent to a collector of OpenTelemetry; undefined: none is configured. */
  readonly spans?: () => Facts['spans'];
  readonly webhooks?: () => WebhookSender;
}

/** The metrics of the program: calls are counted as they end, all else is asked for when somebody wants to know. */
export class Metrics {
  readonly #options: MetricsOptions;
  readonly #calls = new CallFigures();
  readonly #reports = new ReportFigures();
  #asked: Promise<string> | undefined;

  constructor(options: MetricsOptions) {
    this.#options = options;
    const { live, configuration } = options;
    live.onReports((reports) => {
      const label = trunkLabels(configuration().trunks);
      for (const report of reports) this.#reports.add(report, label);
    });
    live.journal.listen(({ event }) => {
      if (event.kind !== 'ended') return;
      const label = trunkLabels(configuration().trunks);
      for (const record of event.records) this.#calls.add(record, label);
    });
  }

  /** As Prometheus reads them. Who asks while others are being answered is answered alike. */
  text(): Promise<string> {
    this.#asked ??= this.#text().finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  async #text(): Promise<string> {
    const { ask, live, configuration, version, wall, process: ours } = this.#options;
    // A program whose calls are not to be asked about has metrics all the same: that is one of them.
    const counted = await ask('metrics').then(
      (answer) => answer as unknown as Counted,
      () => undefined,
    );
    const spans = this.#options.spans?.();
    const sender = this.#options.webhooks?.();
    const facts = {
      version,
      node: process.version,
      now: wall(),
      configuration: configuration(),
      counted,
      live,
      management: ours(),
      calls: this.#calls,
      reports: this.#reports,
      ...(spans && { spans }),
      ...(sender && { webhooks: figuresOf(sender, wall()) }),
    };
    return exposition(metrics.map(({ of, ...metric }) => ({ ...metric, samples: of(facts) })));
  }
}
