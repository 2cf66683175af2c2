import { describe, expect, test } from 'vitest';
import { formatResponse, type Header, parseMessage, SipResponse } from '#codec/sip-message';
import { assert } from '#kernel';
import { meaningOf } from './advice.ts';
import { type Grant, readGrant, secondsOf } from './answer.ts';

function response(
  status: number,
  headers: readonly Header[],
  via = 'SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKx',
): SipResponse {
  const message = parseMessage(
    formatResponse(status, 'Whatever', [
      ['Via', via],
      ['From', '<sip:a@b>;tag=1'],
      ['To', '<sip:a@b>;tag=2'],
      ['Call-ID', 'x'],
      ['CSeq', '1 REGISTER'],
      ...headers,
    ]),
  );
  assert(message instanceof SipResponse, 'it parses');
  return message;
}

const ours = 'sip:trunk@192.0.2.7:5060';
const instance = 'urn:uuid:00000000-0000-4000-8000-000000000001';

function granted(contacts: string, extra: readonly Header[] = [], contact = ours): number | string {
  const grant = readGrant(response(200, [['Contact', contacts], ...extra]), contact, instance, 3_600_000);
  return 'problem' in grant ? 'no' : grant.expires / 1000;
}

describe('our Contact in the answer (RFC 3261 10.2.4)', () => {
  test.each<[string, string, number | string]>([
    ['as we wrote it', '<sip:trunk@192.0.2.7:5060>;expires=600', 600],
    ['without the default port', '<sip:trunk@192.0.2.7>;expires=600', 600],
    [
      'among others, whatever their order',
      '<sip:a@192.0.2.7>;expires=1, <sip:trunk@192.0.2.7>;expires=60, <sip:trunk@192.0.2.8>;expires=2',
      60,
    ],
    ['escaped otherwise', '<sip:%74runk@192.0.2.7:5060>;expires=90', 90],
    ['without brackets', 'sip:trunk@192.0.2.7:5060;expires=90', 90],
    [
      'the same but for the transport, where there is none better',
      '<sip:trunk@192.0.2.7;transport=tcp>;expires=70',
      70,
    ],
    [
      'the right transport of two',
      '<sip:trunk@192.0.2.7;transport=tcp>;expires=70, <sip:trunk@192.0.2.7>;expires=80',
      80,
    ],
    [
      'rewritten on the way, the only one of our user',
      '<sip:trunk@203.0.113.4:41234>;expires=90, <sip:b@192.0.2.7>',
      90,
    ],
    ['two of our user, neither ours', '<sip:trunk@203.0.113.4>;expires=90, <sip:trunk@203.0.113.5>;expires=90', 'no'],
    [
      'known by its instance',
      `<sip:trunk@203.0.113.4>;expires=90, <sip:trunk@203.0.113.5>;+sip.instance="<${instance.toUpperCase()}>";expires=95`,
      95,
    ],
    ['without expires', '<sip:trunk@192.0.2.7>', 3600],
    ['with one that is no number', '<sip:trunk@192.0.2.7>;expires=soon', 3600],
    ['one that is malformed beside it', '<sip:>;expires=1, <sip:trunk@192.0.2.7>;expires=60', 60],
    ['users are told apart by case', '<sip:Trunk@192.0.2.7>;expires=60', 'no'],
    ['star', '*', 'no'],
  ])('%s', (_, contacts, expected) => {
    expect(granted(contacts)).toBe(expected);
  });

  test('hosts are not told apart by case, IPv6 in brackets', () => {
    expect(
      granted('<sip:t@SBC.Example:5061;transport=TLS>;expires=60', [], 'sip:t@sbc.example:5061;transport=tls'),
    ).toBe(60);
    expect(granted('<sip:t@[2001:DB8::1]>;expires=60', [], 'sip:t@[2001:db8::1]:5060')).toBe(60);
  });

  test('GIN: a Contact without a user', () => {
    expect(granted('<sip:192.0.2.7:5060;bnc>;expires=60', [], 'sip:192.0.2.7:5060;bnc')).toBe(60);
  });

  test('the Expires field counts where the Contact says nothing', () => {
    expect(granted('<sip:trunk@192.0.2.7>', [['Expires', '120']])).toBe(120);
    expect(granted('<sip:trunk@192.0.2.7>;expires=60', [['Expires', '120']])).toBe(60);
  });
});

describe('what else it says', () => {
  const read = (headers: readonly Header[], via?: string): Grant => {
    const grant = readGrant(response(200, [['Contact', `<${ours}>`], ...headers], via), ours, undefined, 60_000);
    assert(!('problem' in grant), 'granted');
    return grant;
  };

  test('as whom the first hop saw us', () => {
    expect(read([])).not.toHaveProperty('seenAs');
    const via = 'SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKx';
    expect(read([], `${via};received=192.0.2.7;rport=5060`)).not.toHaveProperty('seenAs');
    expect(read([], `${via};received=203.0.113.9;rport=40000`).seenAs).toBe('203.0.113.9:40000');
    expect(read([], `${via};received=2001:db8::9`).seenAs).toBe('[2001:db8::9]:5060');
    // No NAT: a connection has a port of its own, and a name is always told its address.
    const tls = via.replace('UDP', 'TLS');
    expect(read([], `${tls};received=192.0.2.7;rport=40000`)).not.toHaveProperty('seenAs');
    expect(read([], `${tls};received=203.0.113.9;rport=40000`).seenAs).toBe('203.0.113.9:40000');
    const named = via.replace('192.0.2.7', 'sbc.example.com');
    expect(read([], `${named};received=192.0.2.7;rport=5060`)).not.toHaveProperty('seenAs');
  });

  test('a Service-Route that nobody could send is a failure, a long Path only is not shown', () => {
    const long = Array.from({ length: 60 }, (_, n) => `<sip:hop${n}.itsp.example.net;lr;x=0123456789>`).join(', ');
    const headers: Header[] = [
      ['Contact', `<${ours}>`],
      ['Service-Route', long],
    ];
    expect(readGrant(response(200, headers), ours, undefined, 60_000)).toEqual({
      problem: 'its Service-Route is longer than 2048 octets',
    });
    expect(read([['Path', long]]).path).toEqual([]);
  });

  test('Flow-Timer', () => {
    expect(read([['Flow-Timer', '120']]).keepAlive).toBe(120_000);
    expect(read([['Flow-Timer', '0']])).not.toHaveProperty('keepAlive');
  });

  test.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['x5', undefined],
    ['-5', undefined],
    ['5', 5],
    ['0005 (in a meeting)', 5],
    ['120;duration=3600', 120],
    ['99999999999999999999', 0x7fffffff],
  ])('seconds of %s', (value, seconds) => {
    expect(secondsOf(value)).toBe(seconds);
  });
});

describe('what a refusal means', () => {
  test.each<[number, readonly Header[], string]>([
    [403, [], '403 Whatever: the account or password is wrong, or this address is not allowed'],
    [
      420,
      [['Unsupported', 'gin']],
      '420 Whatever: it lacks an extension that the configuration requires (it does not support: gin)',
    ],
    [
      421,
      [['Require', 'sec-agree']],
      '421 Whatever: it requires an extension that we do not offer (it requires: sec-agree)',
    ],
    [
      302,
      [['Contact', '<sip:other.example>']],
      '302 Whatever: it sends us elsewhere: put the right registrar into the configuration (sip:other.example)',
    ],
    [499, [['Warning', '399 itsp "no\tway"']], '499 Whatever: the registrar refuses us (399 itsp "no way")'],
    [599, [], '599 Whatever: the registrar has a fault'],
    [699, [], '699 Whatever: the registrar refuses us, and would elsewhere too'],
  ])('%i', (status, headers, text) => {
    expect(meaningOf(response(status, headers))).toBe(text);
  });

  test('a peer cannot make it long', () => {
    expect(meaningOf(response(403, [['Warning', 'x'.repeat(5_000)]])).length).toBeLessThan(300);
  });
});
