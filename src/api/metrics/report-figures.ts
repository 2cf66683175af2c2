import type { ReceivedReport } from '#engine/ports';
import { type Distribution, distribution, increase, jitterBounds, lossBounds, observe } from './call-figures.ts';

const mosBounds = [1, 1.5, 2, 2.5, 3, 3.5, 3.8, 4, 4.2, 4.5, 5];

/** What those at the other end of one trunk's calls have measured: each of the whole call. */
interface Told {
  readonly loss: Distribution;
  readonly jitter: Distribution;
  readonly mos: Distribution;
}

/** What peers have told of the voice of calls since this process began (RFC 6035). */
export class ReportFigures {
  /** By how the trunk is called in labels, then by kind. */
  readonly counts = new Map<string, Map<string, number>>();
  readonly told = new Map<string, Told>();

  /** `label`: how a trunk is called. */
  add({ source, report }: ReceivedReport, label: (trunk: string) => string): void {
    const name = label(source);
    const counts = this.counts.get(name) ?? new Map<string, number>();
    this.counts.set(name, counts);
    increase(counts, report.kind);
    // Parts of a call would count it more than once.
    if (report.kind !== 'session') return;
    const { lossPercent, jitterMs, mosListening } = report.local;
    let told = this.told.get(name);
    if (!told) {
      told = { loss: distribution(lossBounds), jitter: distribution(jitterBounds), mos: distribution(mosBounds) };
      this.told.set(name, told);
    }
    if (lossPercent !== undefined) observe(told.loss, lossPercent / 100);
    if (jitterMs !== undefined) observe(told.jitter, jitterMs / 1000);
    if (mosListening !== undefined) observe(told.mos, mosListening);
  }
}
