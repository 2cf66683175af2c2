import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage, type SipRequest, type SipResponse } from '#codec/sip-message';
import {
  cancelOf,
  formatAck,
  formatOutgoing,
  formatOutgoingResponse,
  mostOctets,
  type OutgoingRequest,
} from './outgoing.ts';
import { receivedRequest, receivedResponse } from './table.testing.ts';

const source = { host: '203.0.113.7', port: 40_001 };
const invite: OutgoingRequest = {
  method: 'INVITE',
  uri: 'sip:bob@192.0.2.9',
  from: '"A" <sip:alice@192.0.2.1>;tag=ours',
  to: '<sip:bob@192.0.2.9>',
  callId: 'abc',
  cseq: 7,
  routes: ['<sip:192.0.2.8;lr>'],
  headers: [
    ['Max-Forwards', '68'],
    ['Content-Type', 'application/sdp'],
  ],
  body: 'v=0\r\n',
};
const via = 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKours;rport';

function respond(request: SipRequest, response: Parameters<typeof formatOutgoingResponse>[2]): SipResponse {
  return parseMessage(formatOutgoingResponse(request, source, response)) as SipResponse;
}

describe('requests', () => {
  test('Via on top, Route in order, Content-Length of the body', () => {
    expect(formatOutgoing(invite, via)).toBe(
      [
        'INVITE sip:bob@192.0.2.9 SIP/2.0',
        `Via: ${via}`,
        'Route: <sip:192.0.2.8;lr>',
        'From: "A" <sip:alice@192.0.2.1>;tag=ours',
        'To: <sip:bob@192.0.2.9>',
        'Call-ID: abc',
        'CSeq: 7 INVITE',
        'Max-Forwards: 68',
        'Content-Type: application/sdp',
        'Content-Length: 5',
        '',
        'v=0\r\n',
      ].join('\r\n'),
    );
  });

  test.each<[string, (request: OutgoingRequest) => string, string]>([
    ['CANCEL', (request) => formatOutgoing(cancelOf(request), via), invite.to],
    [
      'ACK',
      (request) => formatAck(request, via, receivedResponse(486, 'INVITE', { toTag: 'busy' })),
      '<sip:bob@192.0.2.1>;tag=busy',
    ],
  ])('%s has of the INVITE what 9.1 and 17.1.1.3 say, and no more', (method, format, to) => {
    expect(format(invite)).toBe(
      [
        `${method} sip:bob@192.0.2.9 SIP/2.0`,
        `Via: ${via}`,
        'Route: <sip:192.0.2.8;lr>',
        'From: "A" <sip:alice@192.0.2.1>;tag=ours',
        `To: ${to}`,
        'Call-ID: abc',
        `CSeq: 7 ${method}`,
        'Max-Forwards: 70',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
  });
});

describe('responses (8.2.6)', () => {
  const request = receivedRequest('INVITE', {
    via: 'SIP/2.0/UDP 192.0.2.9:5060;rport;branch=z9hG4bK1',
    vias: ['SIP/2.0/UDP 192.0.2.8;branch=z9hG4bKa, SIP/2.0/TCP 192.0.2.7;branch=z9hG4bKb'],
    headers: [
      ['Record-Route', '<sip:192.0.2.8;lr>, <sip:192.0.2.7;lr>'],
      ['Timestamp', '54.3'],
    ],
  });

  test('Via in order, the topmost stamped; From, Call-ID, CSeq as they came', () => {
    const response = respond(request, { status: 180, toTag: 'us' });
    expect(response.all('via')).toEqual([
      'SIP/2.0/UDP 192.0.2.9:5060;rport=40001;branch=z9hG4bK1;received=203.0.113.7',
      'SIP/2.0/UDP 192.0.2.8;branch=z9hG4bKa',
      'SIP/2.0/TCP 192.0.2.7;branch=z9hG4bKb',
    ]);
    for (const name of ['from', 'call-id', 'cseq']) expect(response.get(name)).toBe(request.get(name));
  });

  test.each([
    [100, 'INVITE', false],
    [180, 'INVITE', true],
    [200, 'INVITE', true],
    [302, 'INVITE', false],
    [486, 'INVITE', false],
    [200, 'OPTIONS', false],
  ])('%i to %s: Record-Route %s (12.1.1)', (status, method, kept) => {
    const headers = [['Record-Route', '<sip:192.0.2.8;lr>, <sip:192.0.2.7;lr>']] as const;
    const response = respond(receivedRequest(method, { headers }), { status, toTag: 'us' });
    expect(response.all('record-route')).toEqual(kept ? ['<sip:192.0.2.8;lr>', '<sip:192.0.2.7;lr>'] : []);
  });

  test('a To tag is ours where the request had none, else stays', () => {
    expect(respond(request, { status: 486, toTag: 'us' }).to.tag).toBe('us');
    expect(respond(receivedRequest('BYE', { toTag: 'had' }), { status: 200, toTag: 'us' }).to.tag).toBe('had');
    expect(respond(request, { status: 100 }).to.tag).toBeUndefined();
  });

  test('100 copies Timestamp, no other does (8.2.6.1)', () => {
    expect(respond(request, { status: 100 }).get('timestamp')).toBe('54.3');
    expect(respond(request, { status: 180, toTag: 'us' }).get('timestamp')).toBeUndefined();
  });

  test('reason phrase: the standard one unless given', () => {
    expect(respond(request, { status: 486 }).phrase).toBe('Busy Here');
    expect(respond(request, { status: 486, phrase: 'Not now' }).phrase).toBe('Not now');
  });
});

test('what it can be at most is never less than what it is, and not much more', () => {
  const part = fc.string({ maxLength: 80 });
  fc.assert(
    fc.property(
      fc.record({
        method: part,
        uri: part,
        from: part,
        to: part,
        callId: part,
        cseq: fc.nat(),
        routes: fc.array(part, { maxLength: 5 }),
        headers: fc.array(fc.tuple(part, part), { maxLength: 12 }),
        body: fc.string({ maxLength: 2000, size: 'max' }),
      }),
      part,
      (request, branch) => {
        const is = formatOutgoing(request, branch).length;
        const contentLengths = request.headers.filter(([name]) => name.toLowerCase() === 'content-length').length;
        expect(mostOctets(request, branch)).toBeGreaterThanOrEqual(is);
        if (contentLengths === 0) expect(mostOctets(request, branch)).toBeLessThan(is + 50);
      },
    ),
  );
});
