import { describe, expect, test } from 'vitest';
import { lowerName } from './header-names.ts';
import { headerName, type ParseFault, parseMessage, SipRequest, SipResponse } from './index.ts';

const base = [
  'INVITE sip:+4930901820@203.0.113.9:5060;user=phone SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.44:5060;rport;branch=z9hG4bKa1',
  'Max-Forwards: 70',
  'From: "Front, Desk" <sip:+493012345@192.0.2.44>;tag=6bf2',
  'To: <sip:+4930901820@203.0.113.9>',
  'Contact: <sip:+493012345@192.0.2.44:5060;ob>',
  'Call-ID: 9f3c1a7e@192.0.2.44',
  'CSeq: 21087 INVITE',
  'Content-Type: Application/SDP ; charset=utf-8',
  'Content-Length: 5',
];

/** The base message with lines put in place of those that begin with the same name; undefined takes one out. */
function invite(
  changes: Readonly<Record<string, string | readonly string[] | undefined>> = {},
  body = 'v=0\r\n',
): string {
  const lines = base.flatMap((line) => {
    const name = line.startsWith('INVITE') ? 'start' : line.slice(0, line.indexOf(':'));
    if (!(name in changes)) return [line];
    const change = changes[name];
    return change === undefined ? [] : typeof change === 'string' ? [change] : [...change];
  });
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function request(octets: string): SipRequest {
  const message = parseMessage(octets);
  if (!(message instanceof SipRequest)) throw new Error(`not a request: ${JSON.stringify(message)}`);
  return message;
}

function fault(octets: string): ParseFault {
  const message = parseMessage(octets);
  if (message.kind !== 'fault') throw new Error('no fault');
  return message;
}

describe('a request', () => {
  test('gives what routing and transactions need', () => {
    const message = request(invite());
    expect(message.kind).toBe('request');
    expect(message.method).toBe('INVITE');
    expect(message.uri).toBe('sip:+4930901820@203.0.113.9:5060;user=phone');
    expect(message.target).toMatchObject({ scheme: 'sip', user: '+4930901820', host: '203.0.113.9', port: 5060 });
    expect(message.target?.params.get('user')).toBe('phone');
    expect(message.maxForwards).toBe(70);
    expect(message.callId).toBe('9f3c1a7e@192.0.2.44');
    expect(message.cseq).toEqual({ number: 21087, method: 'INVITE' });
    expect(message.from).toMatchObject({ displayName: 'Front, Desk', uri: 'sip:+493012345@192.0.2.44', tag: '6bf2' });
    expect(message.to).toMatchObject({ displayName: '', uri: 'sip:+4930901820@203.0.113.9', tag: undefined });
    expect(message.via).toMatchObject({
      transport: 'UDP',
      host: '192.0.2.44',
      port: 5060,
      branch: 'z9hG4bKa1',
      rport: true,
    });
    expect(message.contact?.uri).toBe('sip:+493012345@192.0.2.44:5060;ob');
    expect(message.contentType).toBe('application/sdp');
    expect(message.body).toBe('v=0\r\n');
  });

  test('gives fields by full name whatever they were written as', () => {
    const message = request(
      invite({ To: 't:<sip:b@example.org>', 'Content-Length': ['L : 5', 'x-OWN: 1', 'X-Own: 2'] }),
    );
    expect(message.get('to')).toBe('<sip:b@example.org>');
    expect(message.get('content-length')).toBe('5');
    expect(message.get('x-own')).toBe('1');
    expect(message.all('x-own')).toEqual(['1', '2']);
    expect(message.get('x-other')).toBeUndefined();
    expect(message.get('subject')).toBeUndefined();
    expect(message.all('subject')).toEqual([]);
    expect(message.fields().map(({ name, display }) => [name, display])).toEqual([
      ['via', 'Via'],
      ['max-forwards', 'Max-Forwards'],
      ['from', 'From'],
      ['to', 't'],
      ['contact', 'Contact'],
      ['call-id', 'Call-ID'],
      ['cseq', 'CSeq'],
      ['content-type', 'Content-Type'],
      ['content-length', 'L'],
      ['x-own', 'x-OWN'],
      ['x-own', 'X-Own'],
    ]);
  });

  test('splits lists at top-level commas, across fields, and only lists', () => {
    const message = request(
      invite({
        Contact: ['Contact: <sip:a,b@h>;x="1,2" , "Last, First" <sip:c@h>', 'm: <sip:d@h>'],
        To: ['To: sip:b@h', 'Date: Sat, 13 Nov 2010 23:29:00 GMT', 'Allow: INVITE,,ACK ,', 'Supported:'],
      }),
    );
    expect(message.all('contact')).toEqual(['<sip:a,b@h>;x="1,2"', '"Last, First" <sip:c@h>', '<sip:d@h>']);
    expect(message.all('date')).toEqual(['Sat, 13 Nov 2010 23:29:00 GMT']);
    expect(message.all('allow')).toEqual(['INVITE', 'ACK']);
    expect(message.all('supported')).toEqual([]);
  });

  test('takes the topmost Via out of a list', () => {
    const message = request(
      invite({ Via: 'Via: SIP/2.0/TCP a.example.com;branch=z9hG4bK1 , SIP/2.0/UDP b.example.com;branch=z9hG4bK2' }),
    );
    expect(message.via).toMatchObject({ transport: 'TCP', host: 'a.example.com', branch: 'z9hG4bK1' });
    expect(message.via.raw).toBe('SIP/2.0/TCP a.example.com;branch=z9hG4bK1');
    expect(message.all('via')).toHaveLength(2);
  });

  test('may have no Content-Length in a datagram, and octets after the body it states', () => {
    expect(request(invite({ 'Content-Length': undefined }, 'all of it')).body).toBe('all of it');
    expect(request(invite({}, 'v=0\r\nSPARE')).body).toBe('v=0\r\n');
  });

  test('may come after keep-alives', () => {
    expect(request(`\r\n\r\n${invite()}`).method).toBe('INVITE');
  });

  test('may be folded anywhere', () => {
    const message = request(
      invite({ Via: 'Via:\r\n SIP/2.0/UDP\r\n\t192.0.2.44\r\n ;branch=z9hG4bKa1', CSeq: 'CSeq: 21087\r\n  INVITE' }),
    );
    expect(message.via).toMatchObject({ host: '192.0.2.44', branch: 'z9hG4bKa1' });
    expect(message.get('via')).toBe('SIP/2.0/UDP 192.0.2.44 ;branch=z9hG4bKa1');
    expect(message.cseq.number).toBe(21087);
    expect(message.body).toBe('v=0\r\n');
  });

  test('with Contact "*" has no contact', () => {
    expect(request(invite({ Contact: 'Contact: *' })).contact).toBeUndefined();
  });

  test('repeats a single field with the same value', () => {
    expect(request(invite({ 'Content-Length': ['Content-Length: 5', 'l: 5'] })).body).toHaveLength(5);
  });
});

describe('a response', () => {
  const response = (start: string) => `${start}\r\n${base.slice(1).join('\r\n')}\r\n\r\nv=0\r\n`;

  test.each([
    ['SIP/2.0 200 OK', 200, 'OK'],
    ['sip/2.0 180 Ringing there', 180, 'Ringing there'],
    ['SIP/2.0 100 ', 100, ''],
    ['SIP/2.0 100', 100, ''],
    ['SIP/2.0 699 \xff\xfe', 699, '\xff\xfe'],
  ])('%j', (start, status, phrase) => {
    const message = parseMessage(response(start));
    if (!(message instanceof SipResponse)) throw new Error('not a response');
    expect(message.kind).toBe('response');
    expect([message.status, message.phrase]).toEqual([status, phrase]);
  });

  test.each([
    'SIP/2.0 99 x',
    'SIP/2.0 700 x',
    'SIP/2.0 2000 x',
    'SIP/2.0 -20 x',
    'SIP/2.0  200 OK',
    'SIP/3.0 200 OK',
    'SIP/2.0 2x0 OK',
    'SIP/2.0',
  ])('%j is let fall without an answer', (start) => {
    expect(fault(response(start))).toEqual({ kind: 'fault', reason: 'malformed status line' });
  });

  test('with a malformed Contact has none, and is taken', () => {
    const message = parseMessage(response('SIP/2.0 200 OK').replace(/Contact: .*/, 'Contact: <<>>'));
    expect(message.kind).toBe('response');
    expect(message.kind === 'response' && message.contact).toBeUndefined();
  });
});

describe('refused with 400', () => {
  const cases: Readonly<Record<string, Parameters<typeof invite>[0]>> = {
    'no From': { From: undefined },
    'no To': { To: undefined },
    'no Call-ID': { 'Call-ID': undefined },
    'an empty Call-ID': { 'Call-ID': 'Call-ID: ' },
    'a Call-ID of two words': { 'Call-ID': 'Call-ID: a b' },
    'no CSeq': { CSeq: undefined },
    'CSeq of 2^31': { CSeq: 'CSeq: 2147483648 INVITE' },
    'CSeq of 2^32 + 1': { CSeq: 'CSeq: 4294967297 INVITE' },
    'CSeq of 400 digits': { CSeq: `CSeq: ${'9'.repeat(400)} INVITE` },
    'CSeq with a sign': { CSeq: 'CSeq: +1 INVITE' },
    'CSeq without method': { CSeq: 'CSeq: 1' },
    'CSeq without space': { CSeq: 'CSeq: 1INVITE' },
    'CSeq of another method': { CSeq: 'CSeq: 1 BYE' },
    'CSeq with more': { CSeq: 'CSeq: 1 INVITE x' },
    'Content-Length 2^32 + 32': { 'Content-Length': 'Content-Length: 4294967328' },
    'Content-Length 2^64 + 5': { 'Content-Length': 'Content-Length: 18446744073709551621' },
    'Content-Length "+5"': { 'Content-Length': 'Content-Length: +5' },
    'Content-Length "0x5"': { 'Content-Length': 'Content-Length: 0x5' },
    'Content-Length "5 5"': { 'Content-Length': 'Content-Length: 5 5' },
    'Content-Length "5, 5"': { 'Content-Length': 'Content-Length: 5, 5' },
    'Content-Length "-0"': { 'Content-Length': 'Content-Length: -0' },
    'an empty Content-Length': { 'Content-Length': 'Content-Length:' },
    'Content-Length one too great': { 'Content-Length': 'Content-Length: 6' },
    'two Content-Lengths': { 'Content-Length': ['Content-Length: 5', 'Content-Length: 0'] },
    'two Content-Lengths, one compact': { 'Content-Length': ['l: 5', 'Content-Length: 4'] },
    'two Call-IDs': { 'Call-ID': ['Call-ID: a', 'i: b'] },
    'two Tos': { To: ['To: <sip:a@h>', 't: <sip:b@h>'] },
    'a doubled To tag': { To: 'To: <sip:a@h>;tag=1;tag=2' },
    'an empty To tag': { To: 'To: <sip:a@h>;tag=' },
    'a To tag that is no token': { To: 'To: <sip:a@h>;tag="a b"' },
    'a To without URI': { To: 'To: "A" <>' },
    'a From that never closes': { From: 'From: <sip:a@h;tag=1' },
    'Max-Forwards of 256': { 'Max-Forwards': 'Max-Forwards: 256' },
    'Max-Forwards of -1': { 'Max-Forwards': 'Max-Forwards: -1' },
    'Via with garbage in sent-by': { Via: 'Via: SIP/2.0/UDP 192.0.2.44;;branch=z9hG4bK1' },
    'Via with two branches': { Via: 'Via: SIP/2.0/UDP 192.0.2.44;branch=z9hG4bK1;branch=z9hG4bK2' },
    'a Contact that is no address': { Contact: 'Contact: nonsense' },
    'one malformed Contact of two': { Contact: 'Contact: <sip:a@h>, <sip:b' },
    'a header field without a colon': { Contact: 'Contact' },
    'a header field without a name': { Contact: ': <sip:a@h>' },
    'a header name that is no token': { Contact: 'Con(tact: <sip:a@h>' },
    'white space in a header name': { Contact: 'X Contact: <sip:a@h>' },
    'LF alone in a value': { Contact: 'Contact: <sip:a@h>\nX-Internal: 1' },
    'CR alone in a value': { Contact: 'Contact: <sip:a@h>\rX-Internal: 1' },
    'NUL in a value': { Contact: 'Contact: <sip:a@h>;x=\0' },
    'NUL in a name': { Contact: 'Cont\0act: <sip:a@h>' },
    'a Request-URI without scheme': { start: 'INVITE bob@example.com SIP/2.0' },
    'a Request-URI without host': { start: 'INVITE sip:bob@ SIP/2.0' },
    'a Request-URI with port 65536': { start: 'INVITE sip:bob@h:65536 SIP/2.0' },
    'no version': { start: 'INVITE sip:bob@example.com' },
    'not SIP': { start: 'INVITE sip:bob@example.com HTTP/1.1' },
    'LF alone after the request line': { start: 'INVITE sip:bob@example.com SIP/2.0\nX: y' },
    'a fold after the request line': { start: 'INVITE sip:bob@example.com SIP/2.0\r\n X: y' },
  };

  test.each(Object.entries(cases))('%s', (_, changes) => {
    const refused = fault(invite(changes));
    expect(refused.status).toBe(400);
    expect(refused.message).toBeInstanceOf(SipRequest);
    expect(refused.message?.via.host).toBe('192.0.2.44');
    for (const field of refused.message!.fields()) expect(field.value).not.toMatch(/[\r\n]/);
  });

  test('header fields that never end', () => {
    expect(fault(invite().slice(0, -8)).status).toBe(400);
    expect(fault(invite().slice(0, 300)).status).toBe(400);
  });
});

describe('other refusals', () => {
  test('505 for another version, whatever else is wrong', () => {
    const refused = fault(invite({ start: 'INVITE sip:bob@example.com SIP/3.0', CSeq: 'CSeq: x' }));
    expect(refused.status).toBe(505);
    expect(refused.message?.method).toBe('INVITE');
  });

  test('501 where nobody knows the method that CSeq does not have', () => {
    expect(fault(invite({ start: 'JUMP sip:bob@example.com SIP/2.0' })).status).toBe(501);
  });

  test('513 for too many header fields or too long ones', () => {
    const many = Array.from({ length: 256 }, (_, i) => `X-${i}: y`);
    expect(fault(invite({ Contact: many })).status).toBe(513);
    expect(fault(invite({ Contact: `X: ${'y'.repeat(65536)}` })).status).toBe(513);
  });

  test('413 for too long a body', () => {
    expect(fault(invite({ 'Content-Length': undefined }, ' '.repeat(1024 * 1024 + 1))).status).toBe(413);
  });
});

describe('let fall without an answer', () => {
  test.each([
    ['nothing', ''],
    ['keep-alives only', '\r\n\r\n'],
    ['NULs', '\0\0\0\0'],
    ['a request without Via', invite({ Via: undefined })],
    ['a Via that says no host', invite({ Via: 'Via: SIP/2.0/\x16UD~PTo :::]' })],
    ['a Via that is empty', invite({ Via: 'Via:' })],
    ['a malformed ACK', invite({ start: 'ACK sip:bob@example.com SIP/2.0', CSeq: 'CSeq: 1 INVITE' })],
    ['no method', invite({ start: ' sip:bob@example.com SIP/2.0' })],
    ['HTTP', 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n'],
    ['a response that is short', 'SIP/2.0 200 OK\r\n\r\n'],
  ])('%s', (_, octets) => {
    const dropped = fault(octets);
    expect(dropped.message).toBeUndefined();
    expect(dropped.status).toBeUndefined();
  });
});

test('a fault’s message never throws, whatever is missing', () => {
  const { message } = fault('OPTIONS\r\nVia: SIP/2.0/UDP 192.0.2.1\r\n\r\n');
  expect(message).toMatchObject({ method: 'OPTIONS', uri: '', callId: '', body: '', maxForwards: undefined });
  expect(message?.from).toMatchObject({ uri: '', tag: undefined });
  expect(message?.cseq).toEqual({ number: 0, method: '' });
  expect(message?.contact).toBeUndefined();
  expect(message?.contentType).toBeUndefined();
});

test('every known name is known in any case, and in a message', () => {
  const names: string[] = [];
  for (let id = 1; lowerName(id) !== undefined; id++) names.push(lowerName(id));
  expect(names.length).toBeGreaterThan(80);
  for (const name of names) {
    for (const written of [name, name.toUpperCase(), name.replace(/^.|-./g, (letters) => letters.toUpperCase())]) {
      const { message } = fault(
        `OPTIONS\r\nVia: SIP/2.0/UDP h\r\n${written}: v\r\n${written}x: w\r\nx${written}: w\r\n\r\n`,
      );
      expect(message?.fields()[1]).toEqual({ name, display: written, value: 'v' });
      expect(message?.all(name)).toEqual(name === 'via' ? ['SIP/2.0/UDP h', 'v'] : ['v']);
      expect(headerName(written)).toBe(name);
    }
  }
});
