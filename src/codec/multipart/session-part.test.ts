import { describe, expect, test } from 'vitest';
import { parseMessage, SipRequest, SipResponse } from '#codec/sip-message';
import { withSessionBody } from './index.ts';

const sdp = 'v=0\r\ns=-\r\n';
const part = (type: string, body: string, ...more: string[]) =>
  ['--b', `Content-Type: ${type}`, ...more, '', body, ''].join('\r\n');

function request(body: string, type = 'multipart/mixed;boundary=b', method = 'INVITE'): SipRequest {
  const read = parseMessage(
    [
      `${method} sip:911@example.com SIP/2.0`,
      'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
      'From: <sip:a@example.com>;tag=1',
      'To: <sip:911@example.com>',
      'Call-ID: 1',
      `CSeq: 1 ${method}`,
      `c: ${type}`,
      'MIME-Version: 1.0',
      'Geolocation: <cid:me@here>',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
  if (!(read instanceof SipRequest)) throw new Error('no request');
  return read;
}

describe('a body with parts', () => {
  test('the session description is the body, what stands beside it is kept', () => {
    const place = part('application/pidf+xml', '<presence/>', 'Content-ID: <me@here>');
    const read = withSessionBody(request(`${part('application/sdp', sdp)}${place}--b--`));
    expect(read).toMatchObject({ contentType: 'application/sdp', body: sdp });
    expect(read.parts).toMatchObject([{ type: 'application/pidf+xml', id: 'me@here', body: '<presence/>' }]);
    expect(read.get('geolocation')).toBe('<cid:me@here>');
    expect(read.get('mime-version')).toBeUndefined();
  });

  test('without one it is none: an INVITE without offer', () => {
    const read = withSessionBody(request(`${part('application/pidf+xml', 'x')}--b--`));
    expect(read).toMatchObject({ body: '', contentType: undefined });
  });

  test('what must be understood and is not, is not passed over (RFC 5621 8)', () => {
    const isup = (...more: string[]) =>
      request(`${part('application/isup', 'x', ...more)}${part('application/sdp', sdp)}--b--`);
    expect(withSessionBody(isup()).contentType).toBe('multipart/mixed');
    expect(withSessionBody(isup('Content-Disposition: signal; handling=optional'))).toMatchObject({ body: sdp });
  });

  test('parts within parts are found; of alternatives the last that we read', () => {
    const inner = `--i\r\nContent-Type: application/sdp\r\n\r\nfirst\r\n--i\r\nContent-Type: application/sdp\r\n\r\nsecond\r\n--i--`;
    expect(withSessionBody(request(`${part('multipart/alternative;boundary=i', inner)}--b--`)).body).toBe('second');
  });

  test('an early session is another one (RFC 3959)', () => {
    const early = part('application/sdp', 'early', 'Content-Disposition: early-session;handling=optional');
    expect(withSessionBody(request(`${early}${part('application/sdp', sdp)}--b--`)).body).toBe(sdp);
  });

  test('what has no parts, or is of no session, stays as it came', () => {
    for (const one of [
      request(sdp, 'application/sdp'),
      request('nonsense'),
      request(`${part('application/sdp', sdp)}--b--`, 'multipart/mixed;boundary=b', 'MESSAGE'),
    ])
      expect(withSessionBody(one)).toBe(one);
  });

  test('an answer may have parts, known to us or not', () => {
    const body = `${part('application/isup', 'x')}${part('application/sdp', sdp)}--b--`;
    const read = parseMessage(
      `SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Type: multipart/mixed;boundary=b\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    if (!(read instanceof SipResponse)) throw new Error('no response');
    expect(withSessionBody(read)).toMatchObject({
      status: 200,
      phrase: 'OK',
      body: sdp,
      contentType: 'application/sdp',
    });
  });
});
