import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CallRecord, Configuration, KeepRule } from '#engine/ports';
import { masked } from '#shell/message-ring';
import type { RecordReader } from '#shell/store';
import { TraceStore } from '#shell/trace-store';
import { apiOf } from '../api.testing.ts';
import { ended, start } from '../live/live.testing.ts';
import { Mirror } from '../live/mirror.ts';
import { isToBeKept } from './keep-rule.ts';
import { TraceKeeper } from './keeper.ts';
import type { TracedMessage } from './message.ts';

const invite = [
  'INVITE sip:+4930123@192.0.2.1 SIP/2.0',
  'Call-ID: a@pbx',
  'Authorization: Digest username="pbx", realm="tandem", nonce="n", uri="sip:x", response="0123456789abcdef", cnonce="zz"',
  'Content-Type: application/sdp',
  '',
  'v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:32\r\n',
].join('\r\n');
const kept = (at: number, sent: boolean, listener: string, octets: string) => ({
  at,
  sent,
  flow: {
    listener,
    transport: listener === 'wan/tls' ? 'tls' : 'udp',
    remote: { host: sent ? '203.0.113.10' : '10.0.0.2', port: 5060 },
  },
  octets,
});
const messages = [
  kept(1_700_000_000_000.5, false, 'lan/udp', invite),
  kept(1_700_000_000_001, true, 'wan/tls', invite.replace('a@pbx', 'b@us')),
];
const configuration = () =>
  ({
    trunks: [],
    listeners: [
      { id: 'lan/udp', bind: { host: '10.0.0.1', port: 5060 } },
      { id: 'wan/tls', bind: { host: '192.0.2.1', port: 5061 } },
    ],
  }) as unknown as Configuration;
const standing = {
  call: '7f3a',
  a: { trunk: 'pbx', callId: 'a@pbx' },
  attempts: [{ leg: { trunk: 'itsp', callId: 'b@us' } }],
};

describe('the messages of a call', () => {
  test('on both legs, whose they are, and without secrets', async () => {
    const { app, asked } = await apiOf({
      configuration,
      answers: { call: () => ({ calls: [standing] }), messages: () => ({ messages }) },
    });
    const { call, messages: found } = (await app.inject('/api/v1/calls/7f3a/messages')).json();
    expect(call).toBe('7f3a');
    expect(found).toMatchObject([
      {
        leg: 'pbx',
        sent: false,
        transport: 'udp',
        local: '10.0.0.1:5060',
        remote: '10.0.0.2:5060',
        atMs: 1_700_000_000_000.5,
      },
      {
        leg: 'itsp',
        sent: true,
        transport: 'tls',
        local: '192.0.2.1:5061',
        firstLine: 'INVITE sip:+4930123@192.0.2.1 SIP/2.0',
      },
    ]);
    expect(found[0].text).not.toMatch(/0123456789abcdef|WVNfX19/);
    expect(asked.at(-1)).toEqual(['messages', { callIds: ['a@pbx', 'b@us'] }]);
  });

  test('of one that has ended by its record; of none', async () => {
    const record = { call: '7f3a', leg: standing.a, attempts: standing.attempts } as unknown as CallRecord;
    const records = () => ({ find: (id: string) => (id === '7f3a' ? [record] : []) }) as unknown as RecordReader;
    const { app } = await apiOf({
      configuration,
      records,
      answers: { call: () => ({ calls: [] }), messages: () => ({ messages }) },
    });
    expect((await app.inject('/api/v1/calls/7f3a/messages')).json().messages).toHaveLength(2);
    expect((await app.inject('/api/v1/calls/7f/messages')).json()).toMatchObject({ status: 404 });
  });

  test('as a capture', async () => {
    const { app } = await apiOf({
      configuration,
      answers: { call: () => ({ calls: [standing] }), messages: () => ({ messages }) },
    });
    const { headers, rawPayload } = await app.inject('/api/v1/calls/7f3a/capture.pcapng');
    expect(headers['content-type']).toBe('application/x-pcapng');
    expect(rawPayload.readUInt32LE(0)).toBe(0x0a0d0d0a);
    expect(rawPayload.includes('itsp, by TLS')).toBe(true);
    expect(rawPayload.includes('0123456789abcdef')).toBe(false);
  });
});

test('a message keeps its length and its sense without its secrets', () => {
  const without = masked(invite);
  expect(without).toHaveLength(invite.length);
  expect(without).toContain('response="xxxxxxxxxxxxxxxx", cnonce="xx"');
  expect(without).toContain(`inline:${'x'.repeat(40)}|2^20|1:32`);
  expect(without).toContain('username="pbx", realm="tandem", nonce="n"');
  expect(masked('INVITE sip:a SIP/2.0\r\nX: response=1\r\n\r\n')).toBe('INVITE sip:a SIP/2.0\r\nX: response=1\r\n\r\n');
});

describe('traces on the disk', () => {
  const record = (call: string, more: Partial<CallRecord> = {}): CallRecord => ({
    ...ended(call, 5, { end: { by: 'callee', reason: 'rejected' }, answeredAt: undefined }),
    leg: { trunk: 'pbx', remote: '', callId: 'a@pbx', localTag: '', remoteTag: '' },
    ...more,
  });
  const tell = (live: Mirror, ...records: CallRecord[]) => live.apply({ kind: 'ended', at: start, records });

  afterEach(() => void vi.useRealTimers());

  async function keeping(keep: readonly KeepRule[], more: { readonly size?: number } = {}) {
    vi.useFakeTimers({ now: start });
    const live = new Mirror(Date.now, () => true);
    const store = TraceStore.open<TracedMessage>();
    const troubles: string[] = [];
    const answers: Record<string, (more: object) => object> = {
      call: () => ({ calls: [] }),
      messages: () => ({ messages }),
    };
    const made = await apiOf({
      live,
      wall: Date.now,
      traces: () => store,
      configuration: () =>
        ({
          ...configuration(),
          tracing: { keep, lifetime: 86_400_000, size: more.size ?? 1e9 },
        }) as unknown as Configuration,
      answers,
    });
    const ask = async (query: string, what: object = {}) => {
      made.asked.push([query, what]);
      return answers[query]!(what) as Record<string, unknown>;
    };
    const keeper = new TraceKeeper({
      ask,
      live,
      wall: Date.now,
      configuration: () =>
        ({
          ...configuration(),
          tracing: { keep, lifetime: 86_400_000, size: more.size ?? 1e9 },
        }) as unknown as Configuration,
      store,
      onTrouble: (call, why, others = 0) => void troubles.push(`${call}: ${why}${others > 0 ? `, and ${others}` : ''}`),
    });
    return { ...made, live, store, keeper, troubles, answers };
  }

  test('a call that a rule fits is kept when its last messages have come, and is read when memory has nothing of it', async () => {
    const { app, live, store, asked, answers } = await keeping([{ failed: true }]);
    tell(live, record('1'), record('2', { ...ended('2', 5), leg: record('2').leg }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(store.list({ limit: 9 })).toMatchObject([{ call: '1', reason: 'rejected', trunks: ['pbx', 'itsp'] }]);
    // It is written without secrets.
    expect(JSON.stringify(store.get('1'))).not.toMatch(/0123456789abcdef|WVNfX19/);
    answers.messages = () => ({ messages: [] });
    const { from, messages: found } = (await app.inject('/api/v1/calls/1/messages')).json();
    expect([from, found.length, found[0].leg]).toEqual(['kept', 2, 'pbx']);
    expect((await app.inject('/api/v1/calls/1/capture.pcapng')).statusCode).toBe(200);
    // Nor is the signalling process needed for it.
    delete answers.call;
    expect((await app.inject('/api/v1/calls/1/messages')).statusCode).toBe(200);
    expect((await app.inject('/api/v1/calls/2/messages')).statusCode).toBe(503);
  });

  test('they are listed, page by page, and let go', async () => {
    const { app, live } = await keeping([{}]);
    for (const call of ['1', '2', '3']) tell(live, record(call));
    await vi.advanceTimersByTimeAsync(2_500);
    const first = (await app.inject('/api/v1/traces?limit=2&trunk=itsp&since=2026-11-01T00:00:00Z')).json();
    expect(first.items.map(({ call }: { call: string }) => call)).toEqual(['3', '2']);
    expect(first).toMatchObject({ total: 3, octets: expect.any(Number) });
    const next = (await app.inject(`/api/v1/traces?limit=2&cursor=${first.next}`)).json();
    expect(next.items).toMatchObject([{ call: '1', caller: '+493012345', reason: 'rejected', messages: 2 }]);
    expect(next.next).toBeUndefined();
    expect((await app.inject({ method: 'DELETE', url: '/api/v1/traces/1' })).statusCode).toBe(204);
    expect((await app.inject({ method: 'DELETE', url: '/api/v1/traces/1' })).statusCode).toBe(404);
    expect((await app.inject('/api/v1/traces?number=4711')).json().items).toEqual([]);
  });

  test('what could not be kept is said', async () => {
    const { live, answers, troubles, store } = await keeping([{}]);
    answers.messages = () => {
      throw new Error('nobody is there');
    };
    tell(live, record('1'));
    tell(live, ...Array.from({ length: 2_100 }, (_, n) => record(`n${n}`)));
    // Of many at once it is said once a minute.
    expect(troubles).toEqual(['n1999: too many calls ended at once']);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(troubles.slice(1)).toEqual(['1: nobody is there']);
    await vi.advanceTimersByTimeAsync(60_000);
    tell(live, record('2'));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(troubles.slice(2)).toEqual(['2: nobody is there, and 1999']);
    expect(store.stands().traces).toBe(0);
  });

  test.each<[string, KeepRule, Partial<CallRecord>, boolean]>([
    ['all', {}, {}, true],
    ['a hangup', { failed: true }, { end: { by: 'caller', reason: 'hangup' }, answeredAt: 1 }, false],
    ['a busy one', { failed: true }, { end: { by: 'callee', reason: 'busy' } }, false],
    [
      'one whose media fell silent',
      { failed: true },
      { end: { by: 'tandem', reason: 'media-silent' }, answeredAt: 1 },
      true,
    ],
    ['a trunk', { trunk: 'itsp' }, {}, true],
    ['another trunk', { trunk: 'other' }, {}, false],
    ['a number', { number: '+4940777' }, {}, true],
    ['a part of one', { number: '+4940' }, {}, false],
    ['a beginning', { number: '+4940*' }, {}, true],
    ['of the caller', { number: '+4930*' }, {}, true],
    ['none', { number: '+1*' }, {}, false],
    ['two things that hold', { trunk: 'itsp', number: '+49*' }, {}, true],
    ['two of which one does', { trunk: 'itsp', number: '+1*' }, {}, false],
  ])('a rule for %s', (_name, rule, more, fits) => {
    const calm = ended('1', 5);
    expect(isToBeKept({ ...calm, ...more } as CallRecord, [rule])).toBe(fits);
  });

  test('a try that failed makes a failed call, whoever took it then', () => {
    const { attempts, ...calm } = ended('1', 5);
    const failed = { ...attempts[0]!, end: { by: 'callee', reason: 'unreachable' } } as const;
    const { answeredAt: _, ...unanswered } = failed;
    expect(isToBeKept({ ...calm, attempts }, [{ failed: true }])).toBe(false);
    expect(isToBeKept({ ...calm, attempts: [unanswered, ...attempts] }, [{ failed: true }])).toBe(true);
  });
});
