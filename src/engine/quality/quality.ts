import { type Call, type CallServices, type Party, type Passing, permitsOf } from '#call';
import type { CallRecord, ReceivedReport } from '#cdr';
import { type QualityReport, writeQualityReport } from '#codec/quality-report';
import type { SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { Configuration, QualityCollector, Trunk } from '#policy/configuration';
import type { ServerTransaction } from '#sip/transaction';
import { legsOf, measuredOn, reportOn } from './leg-report.ts';
import { Outbox } from './outbox.ts';
import { ReportDesk, type ReportDeskServices } from './report-desk.ts';
import { QualityWatch } from './watch.ts';

export interface QualityServices {
  readonly calls: CallServices;
  readonly standing: ReadonlyMap<string, Call>;
  readonly passing: Pick<Passing, 'pace'>;
  readonly configuration: () => Configuration;
  readonly respond: ReportDeskServices['respond'];
  /** False: it asks for what we do not know, and has been answered. */
  understood(transaction: ServerTransaction<Party>, request: SipRequest, now: Instant): boolean;
  /** The trunk of this name, or the user as calls see him. */
  trunk(name: string): Trunk | undefined;
  keep(report: ReceivedReport): void;
}

/** Reports on voice quality (RFC 6035): those that come, and those that we send (docs/quality.md). */
export class Quality {
  readonly #services: QualityServices;
  readonly #desk: ReportDesk;
  readonly #outbox: Outbox;
  readonly #watch: QualityWatch;

  constructor(services: QualityServices) {
    const { calls, passing, respond, keep, standing, configuration } = services;
    this.#services = services;
    this.#desk = new ReportDesk({ random: calls.random, passing, respond, keep });
    this.#outbox = new Outbox(calls);
    this.#watch = new QualityWatch({
      deadlines: calls.deadlines,
      media: (order, waiter) => calls.media(order, waiter),
      calls: standing,
      configuration,
      post: (collector, report, now) => this.#post(collector, report, now),
    });
  }

  /** What is told of calls that go on begins, or ends. */
  configure(now: Instant): void {
    this.#watch.configure(now);
  }

  /** A request outside dialogs: true when it was a report that is ours to take, and has been answered. */
  took(transaction: ServerTransaction<Party>, request: SipRequest, trunk: Trunk, now: Instant): boolean {
    if (!permitsOf(trunk).takesReport(request)) return false;
    if (this.#services.understood(transaction, request, now)) this.#desk.take(transaction, request, trunk, now);
    return true;
  }

  /** A call has ended: who wants to know how it was is told of each leg. */
  ended(record: CallRecord, now: Instant): void {
    if (!record.media) return;
    for (const leg of legsOf(record)) {
      const collector = this.#services.trunk(leg.ids.trunk)?.quality?.collector;
      const measured = collector && measuredOn(record.media, leg.side);
      if (measured) this.#post(collector, reportOn(leg, measured, { kind: 'session', ends: true }), now);
    }
  }

  #post(collector: QualityCollector, report: QualityReport, now: Instant): void {
    this.#outbox.post(collector, writeQualityReport(report), now);
  }

  inspect(): Record<string, unknown> {
    return { ...this.#outbox.counts, waiting: this.#outbox.waiting, tags: this.#desk.size };
  }
}
