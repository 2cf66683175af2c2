import { describe, expect, test } from 'vitest';
import type { CallRecord, Configuration } from '#engine/ports';
import type { RecordReader } from '#shell/store';
import { apiOf } from '../api.testing.ts';
import { masked } from './masked.ts';

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
