import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masked } from './masked.ts';

const message = (fields: string, type = 'text/plain', body = '') =>
  `INFO sip:a@b SIP/2.0\r\n${fields}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('what is shown of a message has no', () => {
  test.each([
    [
      'answer to a challenge',
      'Authorization: Digest username="u", nonce="n", response="SECRET", qop=auth, cnonce="SECRET"',
    ],
    ['answer in a folded field', 'Proxy-Authorization: Digest username="u",\r\n\tresponse="SECRET",\r\n cnonce=SECRET'],
    ['answer of ours', 'Authentication-Info: rspauth="SECRET", nextnonce="n"'],
    ['token', 'Authorization: Bearer SECRET.SECRET-SECRET'],
    ['password of the basic scheme', 'authorization : Basic SECRET=='],
    ['key of somebody’s own', 'X-Api-Key: SECRET\r\nX-Auth-Token:SECRET SECRET\r\nX-Session-Secret: SECRET'],
    ['password in a URI', 'Contact: <sip:u:SECRET@192.0.2.1:5060>\r\nRefer-To: "x" <sips:u:SECRET@h>'],
  ])('%s', (_name, fields) => {
    const without = masked(message(fields));
    expect(without).not.toContain('SECRET');
    expect(without).toHaveLength(message(fields).length);
    for (const kept of ['username="u"', 'nonce="n"', 'qop=auth', 'nextnonce="n"', '@192.0.2.1:5060>', 'Bearer '])
      expect(without.includes(kept)).toBe(fields.includes(kept));
  });

  test.each([
    [
      'key of SRTP, or several of one line',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET|2^20|1:4;inline:SECRET|2^20|2:4',
    ],
    ['key of an old session description', 'k=clear:SECRET\r\nk=base64:SECRET'],
    ['password of ICE', 'a=ice-ufrag:u\r\na=ice-pwd:SECRET'],
    ['key of MIKEY', 'a=key-mgmt:mikey SECRET'],
  ])('%s', (_name, lines) => {
    const whole = message('X: y', 'application/sdp', `v=0\r\n${lines}\r\na=sendrecv\r\n`);
    expect(masked(whole)).not.toContain('SECRET');
    expect(masked(whole)).toHaveLength(whole.length);
    expect(masked(whole)).toContain('a=sendrecv');
  });

  test.each([
    ['application/dtmf-relay', 'Signal=7\r\nDuration=160\r\n', 'Signal=x\r\nDuration=160\r\n'],
    ['application/dtmf-relay', 'Signal= 7\r\nDuration= 160', 'Signal= x\r\nDuration= 160'],
    ['application/dtmf', '7', 'x'],
    ['Application/DTMF;a=b', '11\r\n', 'xx\r\n'],
    [
      'application/vnd.nortelnetworks.digits',
      'p=Digit-Collection\r\ny=Digits\r\nd=7\r\n',
      'p=Digit-Collection\r\ny=Digits\r\nd=x\r\n',
    ],
    [
      'application/kpml-response+xml',
      '<kpml-response code="200" digits="1234"/>',
      '<kpml-response code="200" digits="xxxx"/>',
    ],
  ])('keys that were pressed, in %s, unless they may be seen', (type, body, hidden) => {
    const whole = message('X: y', type, body);
    expect(masked(whole).split('\r\n\r\n')[1]).toBe(hidden);
    expect(masked(whole, { keys: true })).toBe(whole);
  });
});

/** Places in which a secret may stand, `S` where it does. */
const inFields = [
  'Authorization: Digest username="u", realm="r", nonce="n", uri="sip:x", response="S", algorithm=MD5',
  'Proxy-Authorization: Digest username="u",response=S',
  'Authorization: Digest response  =  "S" , username="u"',
  'Authorization: Digest username="u", cnonce="S", nc=00000001',
  'Authorization: Bearer S',
  'Authorization:Basic S',
  'Authorization: NTLM S',
  'Authentication-Info: qop=auth, rspauth="S", cnonce="S"',
  'X-Api-Key: S',
  'X-Customer-Token : S',
  'X-Password: S',
  'Contact: "A" <sip:u:S@192.0.2.1;transport=tcp>;expires=60',
  'Refer-To: <sips:u:S@h?Replaces=a%3Bto-tag%3D1>',
  'Route: <sip:p.example;lr>, <sip:u:S@q.example;lr>',
] as const;
const inBodies = [
  ['application/sdp', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:S|2^31|1:1'],
  ['application/sdp', 'a=crypto:2 AES_256_CM_HMAC_SHA1_80 inline:S;inline:S FEC_ORDER=FEC_SRTP'],
  ['application/sdp', 'k=clear:S'],
  ['application/sdp', 'a=ice-pwd:S'],
  ['application/sdp', 'a=key-mgmt:mikey S'],
  ['message/sipfrag', 'SIP/2.0 200 OK\r\nAuthentication-Info: rspauth="S"\r\n'],
  ['message/sipfrag', 'INVITE sip:x SIP/2.0\r\nAuthorization: Digest username="u", response="S"\r\n'],
] as const;

test('no secret is in what is shown, wherever it stands and however it is written', () => {
  const secret = fc
    .array(fc.constantFrom(...'ABCDEFGHJKLMNPQRTUVWXYZ0123456789+/'), { minLength: 12, maxLength: 40 })
    .map((chars) => `S${chars.join('')}`);
  const cased = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.toLowerCase(),
    (text) => text.toUpperCase(),
  );
  /** The name of a field in another case, its value perhaps on the next line. */
  const field = fc.tuple(fc.constantFrom(...inFields), cased, fc.boolean()).map(([line, change, isFolded]) => {
    const colon = line.indexOf(':');
    return `${change(line.slice(0, colon))}:${isFolded ? '\r\n ' : ''}${line.slice(colon + 1)}`;
  });
  const others = fc.constantFrom('Via: SIP/2.0/UDP h;branch=z9', 'X: y', 'Supported: timer', 'Call-ID: a@b');
  const part = fc.constantFrom(...inBodies);
  fc.assert(
    fc.property(
      secret,
      fc.array(fc.oneof(field, others), { minLength: 1, maxLength: 6 }),
      part,
      fc.boolean(),
      fc.constantFrom('\r\n', '\n'),
      (hidden, fields, [type, line], isMixed, end) => {
        const body = `v=0\r\n${line}\r\na=sendrecv\r\n`;
        const sipfrag = type === 'message/sipfrag' ? line : body;
        const whole = isMixed
          ? message(
              fields.join('\r\n'),
              'multipart/mixed;boundary=b1',
              `--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1\r\nContent-Type: ${type}\r\n\r\n${sipfrag}\r\n--b1--\r\n`,
            )
          : message(fields.join('\r\n'), type, sipfrag);
        const said = whole.replaceAll(/(?<![A-Za-z])S(?![A-Za-z/])/g, () => hidden).replaceAll('\r\n', end);
        const shown = masked(said);
        expect(shown).not.toContain(hidden);
        expect(shown).toHaveLength(said.length);
      },
    ),
    { numRuns: 500 },
  );
});

test('what is no secret stays as it is', () => {
  const plain = message(
    'X: response=1\r\nTo: <sip:+49301234@192.0.2.1:5060;user=phone>;tag=1\r\nContact: <sip:192.0.2.1:5060>, <sip:b@h>\r\nCSeq: 1 INFO\r\nWWW-Authenticate: Digest realm="r", nonce="n"',
    'application/sdp',
    'v=0\r\nd=7\r\na=rtpmap:8 PCMA/8000\r\n',
  );
  expect(masked(plain)).toBe(plain);
});

test('whatever comes keeps its length, and takes no time', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          'a',
          ':',
          '=',
          '"',
          '\r\n',
          ' ',
          'sip:',
          '@',
          'authorization:',
          'a=crypto:',
          'inline:',
          'token',
          '\t',
        ),
      ),
      (parts) => {
        const text = parts.join('');
        expect(masked(text)).toHaveLength(text.length);
      },
    ),
  );
  const began = performance.now();
  for (const part of ['sip:', 'token', 'authorization:', 'inline:', 'response=', '\r\n ', 'x-api-key:a'])
    masked(part.repeat(8_000));
  expect(performance.now() - began).toBeLessThan(2_000);
});
