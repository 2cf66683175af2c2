import { expect, test } from 'vitest';
import type { CallRecord } from '#engine/ports';
import { recordText } from '../cdr-show.ts';
import { wholeText } from './acts.ts';

type Whole = Parameters<typeof wholeText>[0];

const began = Date.UTC(2026, 10, 23, 12);
const leg = (trunk: string) => ({
  trunk,
  remote: 'udp 192.0.2.1:5060',
  callId: `${trunk}-1`,
  localTag: 'l',
  remoteTag: 'r',
});
const side = { packets: 500, bytes: 86_000, lost: 0, jitterMs: 1, payloadType: 8, rtcpPackets: 0, dropped: 0 };
const audio = { stream: 0, media: 'audio', a: side, b: side };
const end = { by: 'caller', reason: 'hangup' } as const;
const same = { call: 'k1', leg: leg('pbx'), caller: '200', called: '300', decisions: [], talkMs: 10_000 };
const times = { startedAt: began, answeredAt: began + 1000, endedAt: began + 11_000 };
const attempt = { leg: leg('itsp'), caller: '200', called: '300' };

const record: CallRecord = {
  ...same,
  ...times,
  end,
  attempts: [{ ...attempt, ...times, end }],
  media: [
    {
      ...audio,
      course: { stepMs: 5000, agoMs: 10_000, a: '250*2;0,5;1*2;-*2;-*2', b: '0*2;-*2;-*2;-*2;-*2' },
    },
  ],
};

/** The same as the API has it. */
const iso = Object.fromEntries(Object.entries(times).map(([name, at]) => [name, new Date(at).toISOString()]));
const told = { ...end, text: 'The caller hung up.', failure: false };
const nothing = [null, null];
const view = {
  ...same,
  ...iso,
  end: told,
  attempts: [{ ...attempt, ...iso, end: told }],
  media: [
    {
      ...audio,
      course: {
        startedAt: new Date(began + 1000).toISOString(),
        stepMs: 5000,
        a: { packets: [250, 250], lost: [0, 5], jitterMs: [1, 1], roundTripMs: nothing, peerLoss: nothing },
        b: { packets: [0, 0], lost: nothing, jitterMs: nothing, roundTripMs: nothing, peerLoss: nothing },
      },
    },
  ],
};

test('a call that has ended is told by the API as its record tells it', () => {
  const text = wholeText({ record: view } as unknown as Whole);
  expect(text).toBe(recordText(record));
  expect(text).toContain('over time, 5 s a step:');
});

test('and what its ends told of it', () => {
  const reports = [
    { receivedAt: '2026-11-23T12:00:00.000Z', party: 'caller', source: 'pbx', kind: 'session', local: { jitterMs: 7 } },
  ];
  const text = wholeText({ record: view, reports } as unknown as Whole);
  expect(text).toMatch(/Told by its ends\n .* at the caller’s end \(pbx\), of the whole: jitter 7 ms\n/);
});
