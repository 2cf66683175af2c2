import { describe, expect, test } from 'vitest';
import { formatRequest, formatResponse, headerName, parseMessage, phrases } from './index.ts';

describe('formatting', () => {
  test('a request, octet by octet', () => {
    expect(
      formatRequest('BYE', 'sip:a@h', [
        ['Via', 'SIP/2.0/UDP h'],
        ['Call-ID', 'x'],
      ]),
    ).toBe('BYE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nCall-ID: x\r\nContent-Length: 0\r\n\r\n');
  });

  test('a response with a body, whose length is counted and not believed', () => {
    expect(
      formatResponse(
        200,
        'OK',
        [
          ['Content-Length', '99'],
          ['content-length', '98'],
          ['Content-Type', 'text/plain'],
        ],
        'hi',
      ),
    ).toBe('SIP/2.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi');
  });

  test('no value becomes a line of its own', () => {
    const octets = formatRequest('INVITE\r\nX: 1', 'sip:a@h\r\nX: 2', [['A\r\nX', 'b\nX: 3\rX: 4\r\n\r\nbody']]);
    expect(octets.slice(0, octets.indexOf('\r\n\r\n')).split(/\r\n|\r|\n/)).toEqual([
      'INVITE  X: 1 sip:a@h  X: 2 SIP/2.0',
      'A  X: b X: 3 X: 4    body',
      'Content-Length: 0',
    ]);
    expect(formatResponse(500, 'No\r\nX: 1', [])).toBe('SIP/2.0 500 No  X: 1\r\nContent-Length: 0\r\n\r\n');
  });

  test('every phrase belongs to a status that the parser takes', () => {
    for (const [status, phrase] of Object.entries(phrases)) {
      const octets = formatResponse(Number(status), phrase, [
        ['Via', 'SIP/2.0/UDP h'],
        ['From', '<sip:a@h>;tag=1'],
        ['To', '<sip:b@h>'],
        ['Call-ID', 'x'],
        ['CSeq', '1 INVITE'],
      ]);
      expect(parseMessage(octets)).toMatchObject({ kind: 'response', status: Number(status), phrase });
    }
  });
});

test.each([
  ['From', 'from'],
  ['f', 'from'],
  ['F', 'from'],
  ['CALL-ID', 'call-id'],
  ['i', 'call-id'],
  ['x', 'session-expires'],
  ['X-Own', 'x-own'],
  ['', ''],
  ['__proto__', '__proto__'],
])('headerName(%j) is %j', (name, canonical) => expect(headerName(name)).toBe(canonical));
