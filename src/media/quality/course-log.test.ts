import { describe, expect, test } from 'vitest';
import { mostSteps, type PeerReport, type StreamCourse, unpackSteps } from '#codec/media-control';
import { CourseLog } from './index.ts';

/** A side that says what the test wants. */
class Side {
  packets = 0;
  lost = 0;
  jitterMs: number | undefined;
  report: PeerReport | undefined;
  reports = 0;

  counters() {
    const { packets, lost, jitterMs, report } = this;
    return {
      packets,
      lost,
      bytes: 0,
      payloadType: 0,
      rtcpPackets: 0,
      dropped: 0,
      ...(jitterMs !== undefined && { jitterMs }),
      ...(report && { report }),
    };
  }

  says(fractionLost: number, roundTripMs?: number): void {
    this.reports++;
    this.report = { lost: 0, fractionLost, ...(roundTripMs !== undefined && { roundTripMs }) };
  }
}

function log() {
  const [a, b] = [new Side(), new Side()];
  return { a, b, course: new CourseLog(a, b, 1000) };
}

const stepsOf = (course: StreamCourse | undefined) => unpackSteps(course!.a);

describe('how a stream goes over time', () => {
  test('is told by the step; of what nobody measured nothing is said', () => {
    const { a, course } = log();
    Object.assign(a, { packets: 250, lost: 0, jitterMs: 0.44 });
    course.step(6000);
    Object.assign(a, { packets: 490, lost: 10, jitterMs: 12.26 });
    a.says(0.25, 40.04);
    course.step(11_000);
    course.step(16_000);
    const told = course.told(16_500);
    expect(told).toMatchObject({ stepMs: 5000, agoMs: 15_500, b: '0*3;-*3;-*3;-*3;-*3' });
    expect(stepsOf(told)).toEqual({
      packets: [250, 240, 0],
      lost: [0, 10, 0],
      // Of a step in which nothing came there is no jitter; of one without a report nothing that it said.
      jitterMs: [0.4, 12.3, undefined],
      roundTripMs: [undefined, 40, undefined],
      peerLoss: [undefined, 0.25, undefined],
    });
  });

  test('what was late is not lost after all', () => {
    const { a, course } = log();
    Object.assign(a, { packets: 10, lost: 4 });
    course.step(6000);
    Object.assign(a, { packets: 14, lost: 1 });
    course.step(11_000);
    expect(stepsOf(course.told(11_000)).lost).toEqual([4, 0]);
  });

  test('of a long call there are no more steps: they are longer, and the worst of each stays', () => {
    const { a, course } = log();
    let now = 1000;
    for (let step = 1; step <= 6 * 720; step++) {
      now += 5000;
      a.packets += 250;
      a.jitterMs = step === 100 ? 80 : 2;
      if (step === 100) a.lost += 50;
      while (course.next <= now) course.step(now);
    }
    const told = course.told(now)!;
    const { packets, lost, jitterMs } = stepsOf(told);
    expect(told.stepMs).toBe(320_000);
    expect(packets.length * told.stepMs).toBe(Math.floor((now - 1000) / told.stepMs) * told.stepMs);
    expect(packets.length).toBeLessThan(mostSteps);
    expect(new Set(packets)).toEqual(new Set([250 * 64]));
    expect([Math.max(...jitterMs.map(Number)), lost.reduce<number>((sum, one) => sum + one!, 0)]).toEqual([80, 50]);
  });

  test('a process that was held up says nothing of what it did not see', () => {
    const { a, course } = log();
    a.packets = 1000;
    course.step(22_000);
    expect(stepsOf(course.told(22_000)).packets).toEqual([undefined, undefined, undefined, 1000]);
    expect(course.next).toBe(26_000);
  });

  test('its end is in it when it is long enough, and once', () => {
    const ended = (at: number) => {
      const { a, course } = log();
      for (const now of [6000, 11_000]) {
        a.packets += 250;
        course.step(now);
      }
      a.packets += 7;
      course.end(at);
      course.end(at);
      return stepsOf(course.told(at)).packets;
    };
    expect(ended(11_900)).toEqual([250, 250]);
    expect(ended(12_000)).toEqual([250, 250, 7]);
  });

  test('of a short call there is nothing beside its counters', () => {
    const { course } = log();
    course.end(5999);
    expect(course.told(5999)).toBeUndefined();
  });
});
