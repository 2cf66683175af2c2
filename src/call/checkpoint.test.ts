import { expect, test } from 'vitest';
import type { CallRecord } from '#cdr';
import { endedState } from './checkpoint.ts';

test('the checkpoint of an ended call has what was counted, and not how it went over time', () => {
  const side = { packets: 500, bytes: 86_000, lost: 0, payloadType: 8, rtcpPackets: 0, dropped: 0 };
  const counters = { stream: 0, media: 'audio', a: side, b: side };
  const course = { stepMs: 5000, agoMs: 10_000, a: '250*2', b: '250*2' };
  const record = { call: 'c', media: [{ ...counters, course }] } as unknown as CallRecord;
  expect(endedState(record, [], undefined).record).toEqual({ call: 'c', media: [counters] });
  const short = { call: 'c', media: [counters] } as unknown as CallRecord;
  expect(endedState(short, [], undefined).record).toBe(short);
});
