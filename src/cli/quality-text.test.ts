import { expect, test } from 'vitest';
import { packSteps, type StreamCounters } from '#codec/media-control';
import { courseLines, toldLines } from './quality-text.ts';
import { sparkline } from './sparkline.ts';

const side = { packets: 1, bytes: 0, lost: 0, payloadType: 8, rtcpPackets: 0, dropped: 0 };
const nothing = [undefined, undefined, undefined, undefined];
const a = {
  packets: [250, 250, 240, 0],
  lost: [0, 0, 10, 0],
  jitterMs: [1, 2, 38.5, undefined],
  roundTripMs: nothing,
  peerLoss: [undefined, 0.005, undefined, undefined],
};
const b = { packets: [0, 0, 0, 0], lost: nothing, jitterMs: nothing, roundTripMs: nothing, peerLoss: nothing };
const stream: StreamCounters = {
  stream: 0,
  media: 'audio',
  a: side,
  b: side,
  course: { stepMs: 5000, agoMs: 20_000, a: packSteps(a), b: packSteps(b) },
};

test('what is known of each side is drawn, with the worst of it; of the rest nothing is said', () => {
  expect(courseLines(stream, { LANG: 'C.UTF-8' })).toEqual([
    '    over time, 5 s a step:',
    '    caller, loss        ▁▁█   at most 4 %',
    '    caller, jitter      ▁▁█   at most 38.5 ms',
    '    caller, lost there   ▅    at most 0.5 %',
  ]);
  expect(courseLines(stream, { LANG: 'C' })[1]).toBe('    caller, loss        __#   at most 4 %');
  expect(courseLines({ ...stream, course: undefined } as unknown as StreamCounters, {})).toEqual([]);
});

test('next to nothing does not look like much, and a long call fits a line', () => {
  expect(sparkline([0, 0.1, 0.1], 1, false)).toBe('▁▂▂');
  const long = sparkline(
    Array.from({ length: 119 }, (_, i) => (i === 100 ? 9 : 0)),
    1,
    true,
  );
  expect(long).toHaveLength(60);
  expect([...long].filter((one) => one === '#')).toHaveLength(1);
});

test('what the ends told themselves; what they did not measure is not there', () => {
  const receivedAt = Date.UTC(2026, 10, 23, 12);
  const [whole, alert] = toldLines([
    { receivedAt, party: 'caller', source: 'pbx', kind: 'session', local: { lossPercent: 2.04, mosListening: 4.1 } },
    {
      receivedAt,
      party: 'callee',
      source: 'itsp',
      kind: 'alert',
      alert: { metric: 'NLR', severity: 'critical' },
      local: {},
    },
  ]);
  expect(whole).toContain('at the caller’s end (pbx), of the whole: loss 2 %, MOS of listening 4.1');
  expect(alert).toContain('at the callee’s end (itsp), critical alert on NLR: nothing was measured there');
});
