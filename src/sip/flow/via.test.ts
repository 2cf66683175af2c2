import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRequest, parseMessage, parseVia, type SipRequest } from '#codec/sip-message';
import type { Flow } from './flow.ts';
import { formatVia, responseAddress, responseFlow, stampedVia } from './via.ts';

const source = { host: '192.0.2.9', port: 40_001 };
const via = (value: string) => parseVia(value)!;

describe('our own Via', () => {
  test.each([
    ['udp', '192.0.2.1', 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx;rport'],
    ['tcp', '192.0.2.1', 'SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bKx;rport'],
    ['udp', '2001:db8::1', 'SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKx;rport'],
  ] as const)('%s %s', (transport, host, expected) => {
    expect(formatVia({ id: 'l', transport, advertise: { host, port: 5060 } }, 'z9hG4bKx')).toBe(expected);
  });
});

describe('Via in a response (RFC 3261 18.2.1, RFC 3581 4), from 192.0.2.9:40001', () => {
  test.each<[string, string, string]>([
    ['sent-by is the source', 'SIP/2.0/UDP 192.0.2.9:5060;branch=b', 'SIP/2.0/UDP 192.0.2.9:5060;branch=b'],
    ['another address', 'SIP/2.0/UDP 10.0.0.1;branch=b', 'SIP/2.0/UDP 10.0.0.1;branch=b;received=192.0.2.9'],
    ['a name', 'SIP/2.0/UDP pbx.test;branch=b', 'SIP/2.0/UDP pbx.test;branch=b;received=192.0.2.9'],
    ['rport', 'SIP/2.0/UDP 10.0.0.1;rport;branch=b', 'SIP/2.0/UDP 10.0.0.1;rport=40001;branch=b;received=192.0.2.9'],
    [
      'rport, and received although sent-by is the source (RFC 3581 4)',
      'SIP/2.0/UDP 192.0.2.9;branch=b;rport',
      'SIP/2.0/UDP 192.0.2.9;branch=b;rport=40001;received=192.0.2.9',
    ],
    ['rport as the only one', 'SIP/2.0/UDP h;rport', 'SIP/2.0/UDP h;rport=40001;received=192.0.2.9'],
    ['RPORT', 'SIP/2.0/UDP h;RPORT;branch=b', 'SIP/2.0/UDP h;rport=40001;branch=b;received=192.0.2.9'],
    ['white space', 'SIP/2.0/UDP h ; rport ; branch = b', 'SIP/2.0/UDP h ;rport=40001; branch = b;received=192.0.2.9'],
    ['a lie in rport', 'SIP/2.0/UDP h;rport=1 ;branch=b', 'SIP/2.0/UDP h;rport=40001;branch=b;received=192.0.2.9'],
    ['a lie in received', 'SIP/2.0/UDP h;received=10.9.9.9;x=y', 'SIP/2.0/UDP h;x=y;received=192.0.2.9'],
    ['a lie in received, sent-by true', 'SIP/2.0/UDP 192.0.2.9;received=10.9.9.9', 'SIP/2.0/UDP 192.0.2.9'],
    ['received without a value', 'SIP/2.0/UDP h;received;x=y', 'SIP/2.0/UDP h;x=y;received=192.0.2.9'],
    ['xrport is no rport', 'SIP/2.0/UDP h;xrport;branch=b', 'SIP/2.0/UDP h;xrport;branch=b;received=192.0.2.9'],
    [
      'what is quoted is not looked at',
      'SIP/2.0/UDP h;x=";rport;\\";received=1";rport',
      'SIP/2.0/UDP h;x=";rport;\\";received=1";rport=40001;received=192.0.2.9',
    ],
  ])('%s', (_what, raw, expected) => {
    expect(stampedVia(via(raw), source)).toBe(expected);
  });

  test('IPv6: received has no brackets (RFC 5118 4.5)', () => {
    const stamped = stampedVia(via('SIP/2.0/UDP [2001:db8::2]:5060;rport;branch=b'), { host: '2001:db8::9', port: 7 });
    expect(stamped).toBe('SIP/2.0/UDP [2001:db8::2]:5060;rport=7;branch=b;received=2001:db8::9');
  });

  test('says what was seen and leaves the rest, whatever the parameters and their order', () => {
    const other = fc.constantFrom('x', 'y=1', 'ttl=3', 'q=";rport=1;received=x"', 'maddr=10.0.0.1', 'z="\\""', 'alias');
    const space = fc.constantFrom(';', ' ;', '; ', ' ; ');
    const parameters = fc
      .record({
        others: fc.uniqueArray(other, { maxLength: 4 }),
        asks: fc.boolean(),
        lies: fc.boolean(),
      })
      .chain(({ others, asks, lies }) =>
        fc.shuffledSubarray(
          [...others, 'branch=z9hG4bKb', ...(asks ? ['rport'] : []), ...(lies ? ['received=10.9.9.9'] : [])],
          { minLength: others.length + 1 + Number(asks) + Number(lies) },
        ),
      );
    fc.assert(
      fc.property(fc.constantFrom('192.0.2.9', '10.0.0.1', 'pbx.test'), parameters, space, (host, list, between) => {
        const before = via(`SIP/2.0/UDP ${host}:5070${list.map((one) => between + one).join('')}`);
        const after = parseVia(stampedVia(before, source));
        if (after === undefined) throw new Error('not a Via any more');
        expect([after.host, after.port, after.branch]).toEqual([before.host, 5070, before.branch]);
        expect(after.params.get('rport')).toBe(before.rport ? '40001' : undefined);
        expect(after.received).toBe(before.rport || host !== source.host ? source.host : undefined);
        const rest = (value: typeof before) =>
          [...value.params].filter(([name]) => name !== 'rport' && name !== 'received');
        expect(rest(after)).toEqual(rest(before));
      }),
    );
  });
});

describe('where a response goes (RFC 3261 18.2.2, RFC 3581 4), from 192.0.2.9:40001', () => {
  test.each<[string, number]>([
    ['SIP/2.0/UDP 10.0.0.1:5070;branch=b', 5070],
    ['SIP/2.0/UDP 10.0.0.1;branch=b', 5060],
    ['SIP/2.0/UDP 10.0.0.1:5070;branch=b;rport', 40_001],
    ['SIP/2.0/UDP 10.0.0.1:5070;branch=b;rport=9', 40_001],
    ['SIP/2.0/UDP 10.0.0.1:5070;branch=b;received=10.9.9.9', 5070],
    // Not followed: it would let a peer aim our responses at a third party.
    ['SIP/2.0/UDP 10.0.0.1:5070;branch=b;maddr=10.9.9.9', 5070],
  ])('%s: to its source, port %i', (raw, port) => {
    expect(responseAddress(via(raw), source)).toEqual({ host: '192.0.2.9', port });
  });

  const request = (value: string) =>
    parseMessage(
      formatRequest('OPTIONS', 'sip:a@192.0.2.1', [
        ['Via', value],
        ['From', '<sip:a@b>;tag=1'],
        ['To', '<sip:a@b>'],
        ['Call-ID', 'c'],
        ['CSeq', '1 OPTIONS'],
        ['Max-Forwards', '70'],
      ]),
    ) as SipRequest;

  test('by UDP from the socket that it came to; by a connection on that connection', () => {
    const udp: Flow = { transport: 'udp', listener: 'u', remote: source };
    const tcp: Flow = { transport: 'tcp', listener: 't', remote: source, connection: 'c' };
    const asked = request('SIP/2.0/UDP 10.0.0.1:5070;branch=b;rport');
    const plain = request('SIP/2.0/UDP 10.0.0.1:5070;branch=b');
    expect(responseFlow(asked, udp)).toBe(udp);
    expect(responseFlow(plain, udp)).toEqual({ ...udp, remote: { host: '192.0.2.9', port: 5070 } });
    expect(responseFlow(plain, tcp)).toBe(tcp);
  });
});
