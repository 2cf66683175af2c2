import { expect, test } from 'vitest';
import { recordView } from '../../api/records/view.ts';
import { sampleRecord } from '../../shell/store/sample-record.testing.ts';
import { recordText } from '../cdr-show.ts';
import { wholeText } from './acts.ts';

const side = { packets: 500, bytes: 86_000, lost: 0, jitterMs: 1, payloadType: 8, rtcpPackets: 0, dropped: 0 };
const course = { stepMs: 5000, agoMs: 10_000, a: '250*2;0,5;1*2;-*2;-*2', b: '0*2;-*2;-*2;-*2;-*2' };
const media = [{ stream: 0, media: 'audio', a: side, b: side, course }];

test('a call that has ended is told by the API as its record tells it', () => {
  const record = sampleRecord(3, { media });
  const text = wholeText({ record: recordView(record) } as Parameters<typeof wholeText>[0]);
  expect(text).toBe(recordText(record));
  expect(text).toContain('over time, 5 s a step:');
  expect(text).not.toContain('{');
});

test('and what its ends told of it', () => {
  const record = recordView(sampleRecord(3));
  const reports = [
    { receivedAt: '2026-11-23T12:00:00.000Z', party: 'caller', source: 'pbx', kind: 'session', local: { jitterMs: 7 } },
  ];
  expect(wholeText({ record, reports } as Parameters<typeof wholeText>[0])).toContain('Told by its ends\n');
});
