import { beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '#call';
import type { MediaResponse, StreamSideCounters } from '#codec/media-control';
import type { QualityReport } from '#codec/quality-report';
import { Deadlines, type Instant } from '#kernel';
import type { Configuration, QualityCollector, Trunk } from '#policy/configuration';
import type { Sleeper } from '#sip/transaction';
import { lookEvery, QualityWatch } from './watch.ts';

const to = { uri: 'sip:vq@10.0.0.9', host: '10.0.0.9', transport: 'udp', side: 'internal' } as const;
const counters: StreamSideCounters = { packets: 0, bytes: 0, lost: 0, payloadType: 8, rtcpPackets: 0, dropped: 0 };

/** One call that goes on, whose caller's side is told of; `come` is what came from the caller since the last look. */
class Bench {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly posted: QualityReport[] = [];
  readonly asked: (readonly string[])[] = [];
  readonly calls = new Map<string, Call>();
  readonly watch: QualityWatch;
  trunks: Trunk[];
  now: Instant = { mono: 0, wall: 1_700_000_000_000 };
  a = { ...counters };

  constructor(more: Partial<QualityCollector>) {
    const trunk = { name: 'pbx', quality: { collector: { ...to, ...more } } } as unknown as Trunk;
    this.trunks = [trunk];
    const dialog = { callId: 'pbx-1', localTag: 'l', remoteTag: 'r' };
    const other = { side: 'b', trunk: { name: 'itsp' }, dialog };
    const call = {
      id: 'k1',
      media: {},
      caller: '200',
      calledUser: '300',
      talking: [{ side: 'a', trunk, dialog }, other],
    };
    this.calls.set('k1', call as unknown as Call);
    this.watch = new QualityWatch({
      deadlines: this.deadlines,
      calls: this.calls,
      configuration: () => ({ trunks: this.trunks }) as unknown as Configuration,
      media: (order) => this.asked.push('sessions' in order ? order.sessions : []),
      post: (_collector, report) => this.posted.push(report),
    });
    this.watch.configure(this.now);
  }

  look(come: Partial<StreamSideCounters> = {}): QualityReport[] {
    const at = this.deadlines.next()!;
    this.now = { mono: at, wall: this.now.wall + at - this.now.mono };
    for (let due = this.deadlines.due(at); due; due = this.deadlines.due(at)) due.owner.wake(due.name, this.now);
    const { packets = 0, lost = 0, ...rest } = come;
    this.a = { ...this.a, ...rest, packets: this.a.packets + packets, lost: this.a.lost + lost };
    const streams = [{ stream: 0, media: 'audio', a: this.a, b: counters }];
    this.watch.onMedia({ id: 1, kind: 'counters', sessions: { k1: streams } } as MediaResponse, this.now);
    return this.posted.splice(0);
  }
}

describe('calls that go on', () => {
  let bench: Bench;

  test('nobody is asked where nobody wants to know', () => {
    bench = new Bench({});
    expect(bench.deadlines.next()).toBeUndefined();
    bench.trunks = [{ ...bench.trunks[0]!, quality: { collector: { ...to, interval: 30_000 } } }];
    bench.watch.configure(bench.now);
    expect(bench.deadlines.next()).toBe(lookEvery);
    bench.trunks = [];
    bench.watch.configure(bench.now);
    expect(bench.deadlines.next()).toBeUndefined();
  });

  describe('at intervals', () => {
    beforeEach(() => {
      bench = new Bench({ interval: 30_000 });
    });

    test('what came since the last report, of legs that are told of', () => {
      expect(bench.look({ packets: 500, lost: 100 })).toEqual([]);
      expect(bench.look({ packets: 500 })).toEqual([]);
      expect(bench.look({ packets: 500 })).toEqual([]);
      const [report, ...others] = bench.look({ packets: 386, lost: 14, jitterMs: 3 });
      expect(others).toEqual([]);
      expect(report).toMatchObject({
        kind: 'interval',
        ends: false,
        callId: 'pbx-1',
        local: { start: 1_700_000_010_000, stop: 1_700_000_040_000, lossPercent: 1, jitterMs: 3 },
      });
      expect(bench.asked.at(-1)).toEqual(['k1']);
      expect([bench.look(), bench.look()]).toEqual([[], []]);
      // Nothing came: of what was lost and how it jittered nothing is known.
      expect(bench.look()[0]!.local).toEqual({ start: 1_700_000_040_000, stop: 1_700_000_070_000, payloadType: 8 });
    });

    test('a call that is over is asked about no more', () => {
      bench.look({ packets: 500 });
      bench.calls.clear();
      const before = bench.asked.length;
      expect(bench.look()).toEqual([]);
      expect(bench.asked).toHaveLength(before);
    });
  });

  test('an alert when a threshold is passed, and one when it is over; none where it is not measured', () => {
    bench = new Bench({ alerts: { lossPercent: 5, jitterMs: 40, roundTripMs: 300 } });
    const alerts = (come: Partial<StreamSideCounters>) => bench.look(come).map(({ alert }) => alert);
    expect(alerts({ packets: 500 })).toEqual([]);
    expect(alerts({ packets: 480, lost: 20, jitterMs: 39 })).toEqual([]);
    expect(alerts({ packets: 450, lost: 50, jitterMs: 41 })).toEqual([
      { metric: 'NLR', severity: 'critical', direction: 'local' },
      { metric: 'IAJ', severity: 'critical', direction: 'local' },
    ]);
    // As before, then silence: neither says that it is better.
    expect(alerts({ packets: 450, lost: 50 })).toEqual([]);
    expect(alerts({})).toEqual([]);
    expect(alerts({ packets: 500, jitterMs: 3 })).toEqual([
      { metric: 'NLR', severity: 'clear', direction: 'local' },
      { metric: 'IAJ', severity: 'clear', direction: 'local' },
    ]);
    expect(alerts({ packets: 500, report: { lost: 0, fractionLost: 0, roundTripMs: 350 } })).toEqual([
      { metric: 'RTD', severity: 'critical', direction: 'local' },
    ]);
  });
});
