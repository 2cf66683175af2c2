import { expect, test } from 'vitest';
import { readStatus } from './status.ts';

test('figures of what stands', () => {
  const side = { packets: 10, bytes: 0, lost: 0, payloadType: 0, rtcpPackets: 0, dropped: 1 };
  const stream = { stream: 0, media: 'audio', a: side, b: side };
  const answer = {
    calls: [{}, {}],
    dialogs: 4,
    counters: { received: 7, sent: 8 },
    media: { x: [stream], y: [stream] },
  };
  expect(readStatus(JSON.stringify(answer))).toEqual({
    calls: 2,
    dialogs: 4,
    received: 7,
    sent: 8,
    packets: 40,
    dropped: 4,
  });
  expect(readStatus('{"calls":[],"counters":{}}')).toMatchObject({ calls: 0, packets: 0 });
  expect(readStatus('{"error":"?"}')).toBeUndefined();
  expect(readStatus('{"calls":[')).toBeUndefined();
});
