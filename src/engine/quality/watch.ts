import type { Call, CallHandle, CallServices, MediaWaiter } from '#call';
import type { MediaResponse, StreamCounters } from '#codec/media-control';
import type { QualityAlert } from '#codec/quality-report';
import type { Deadline, Instant } from '#kernel';
import type { Configuration, QualityCollector, QualityThresholds, Trunk } from '#policy/configuration';
import type { Sleeper } from '#sip/transaction';
import { type Measured, measuredOn, type ReportedLeg, received, reportOn } from './leg-report.ts';

/** Ms between two looks at calls that go on. */
export const lookEvery = 10_000;
/** Calls that the media process is asked of at once. */
const atOnce = 200;

export interface QualityWatchServices extends Pick<CallServices, 'deadlines' | 'media'> {
  readonly calls: ReadonlyMap<string, Call>;
  readonly configuration: () => Configuration;
  post(collector: QualityCollector, report: ReturnType<typeof reportOn>, now: Instant): void;
}

interface Seen {
  /** At the last look, and at the last report of an interval. */
  look: Measured;
  interval: Measured;
  /** Unix ms of that report. */
  at: number;
  /** What stands as an alert. */
  readonly alerts: Set<string>;
}

/** Collectors that want to be told of calls that go on: looked at every ten seconds, and not at all where nobody wants it. */
export class QualityWatch implements Sleeper, MediaWaiter {
  readonly call: CallHandle | undefined = undefined;
  readonly #services: QualityWatchServices;
  /** By call, then side. */
  readonly #seen = new Map<string, Partial<Record<'a' | 'b', Seen>>>();
  #deadline: Deadline<Sleeper> | undefined;

  constructor(services: QualityWatchServices) {
    this.#services = services;
  }

  configure(now: Instant): void {
    const { deadlines, configuration } = this.#services;
    const { trunks, users = [], registrar } = configuration();
    const wants = [...trunks, ...users, registrar ?? {}].some(({ quality }: Pick<Trunk, 'quality'>) => {
      return quality?.collector?.interval !== undefined || quality?.collector?.alerts !== undefined;
    });
    if (wants === (this.#deadline !== undefined)) return;
    if (wants) this.#deadline = deadlines.set('quality', this, now.mono + lookEvery);
    else {
      deadlines.clear(this.#deadline);
      this.#deadline = undefined;
      this.#seen.clear();
    }
  }

  wake(_name: string, now: Instant): void {
    const { deadlines, calls, media } = this.#services;
    this.#deadline = deadlines.set('quality', this, now.mono + lookEvery);
    for (const id of this.#seen.keys()) if (!calls.has(id)) this.#seen.delete(id);
    const sessions: string[] = [];
    for (const call of calls.values())
      if (call.media && call.talking.some(({ trunk }) => wantsNews(trunk))) sessions.push(call.id);
    for (let at = 0; at < sessions.length; at += atOnce)
      media({ kind: 'counters', sessions: sessions.slice(at, at + atOnce) }, this);
  }

  onMedia(response: MediaResponse, now: Instant): void {
    if (response.kind !== 'counters') return;
    for (const [id, streams] of Object.entries(response.sessions)) {
      const call = this.#services.calls.get(id);
      if (call) this.#look(call, streams, now);
    }
  }

  /** It was asked of what is counted: the next look asks again. */
  onMediaUnanswered(): void {}

  #look(call: Call, streams: readonly StreamCounters[], now: Instant): void {
    for (const leg of call.talking) {
      const { trunk, side } = leg;
      const { collector } = trunk.quality ?? {};
      const measured = measuredOn(streams, side);
      if (!collector || !measured || !wantsNews(trunk)) continue;
      const sides = this.#seen.get(call.id) ?? {};
      this.#seen.set(call.id, sides);
      const seen = sides[side];
      if (!seen) {
        sides[side] = { look: measured, interval: measured, at: now.wall, alerts: new Set() };
        continue;
      }
      const { callId, localTag, remoteTag } = leg.dialog;
      const ids = { trunk: trunk.name, callId, localTag, remoteTag };
      const told = (start: number): ReportedLeg => {
        return { ids, side, caller: call.caller, called: call.calledUser, start, stop: now.wall };
      };
      for (const alert of alertsOf(collector.alerts ?? {}, measured, seen)) {
        const what = { kind: 'alert', ends: false, alert } as const;
        this.#services.post(collector, reportOn(told(now.wall - lookEvery), measured, what, seen.look), now);
      }
      seen.look = measured;
      if (collector.interval === undefined || now.wall - seen.at < collector.interval) continue;
      const what = { kind: 'interval', ends: false } as const;
      this.#services.post(collector, reportOn(told(seen.at), measured, what, seen.interval), now);
      seen.interval = measured;
      seen.at = now.wall;
    }
  }
}

function wantsNews({ quality }: Trunk): boolean {
  const { interval, alerts } = quality?.collector ?? {};
  return interval !== undefined || alerts !== undefined;
}

/** What begins to be worth an alert since the last look, and what is so no more. Of what is not measured nothing is said. */
function alertsOf(thresholds: QualityThresholds, { from }: Measured, { look, alerts }: Seen): QualityAlert[] {
  const { lossPercent, jitterMs, roundTripMs } = received(from, look.from);
  const found: QualityAlert[] = [];
  for (const [metric, value, most] of [
    ['NLR', lossPercent, thresholds.lossPercent],
    ['IAJ', jitterMs, thresholds.jitterMs],
    ['RTD', roundTripMs, thresholds.roundTripMs],
  ] as const) {
    if (value === undefined || most === undefined || value >= most === alerts.has(metric)) continue;
    if (alerts.delete(metric)) found.push({ metric, severity: 'clear', direction: 'local' });
    else {
      alerts.add(metric);
      found.push({ metric, severity: 'critical', direction: 'local' });
    }
  }
  return found;
}
