import { describe, expect, test } from 'vitest';
import { toOctets } from '#kernel';
import { algorithmOf, sameSecretly } from './algorithms.ts';
import { hashOfCredentials, hashOfSession, type Qop, requestDigest } from './request-digest.ts';

interface Vector {
  readonly from: string;
  readonly algorithm?: string;
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly nonce: string;
  readonly method: string;
  readonly uri: string;
  readonly qop?: Qop;
  readonly cnonce?: string;
  readonly body?: string;
  readonly response: string;
}

const mufasa = { username: 'Mufasa', method: 'GET', uri: '/dir/index.html' };
const rfc7616 = {
  ...mufasa,
  realm: 'http-auth@example.org',
  password: 'Circle of Life',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  qop: 'auth',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
} as const;
const rfc2617 = { ...mufasa, realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' };
const sip = {
  username: 'bob',
  realm: 'biloxi.com',
  password: 'zanzibar',
  nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
  method: 'INVITE',
  uri: 'sip:bob@biloxi.com',
  cnonce: '0a4f113b',
  body: [
    'v=0',
    'o=bob 2890844526 2890844526 IN IP4 media.biloxi.com',
    's=-',
    'c=IN IP4 media.biloxi.com',
    't=0 0',
    'm=audio 49170 RTP/AVP 0',
    'a=rtpmap:0 PCMU/8000',
    'm=video 51372 RTP/AVP 31',
    'a=rtpmap:31 H261/90000',
    'm=video 53000 RTP/AVP 32',
    'a=rtpmap:32 MPV/90000',
    '',
  ].join('\r\n'),
};

const vectors: readonly Vector[] = [
  { from: 'RFC 7616 3.9.1', ...rfc7616, algorithm: 'MD5', response: '8ca523f5e9506fed4657c9700eebdbec' },
  {
    from: 'RFC 7616 3.9.1',
    ...rfc7616,
    algorithm: 'SHA-256',
    response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  },
  {
    from: 'RFC 7616 3.9.2, erratum 4897',
    algorithm: 'SHA-512-256',
    username: 'Jäsøn Doe',
    realm: 'api@example.org',
    password: 'Secret, or not?',
    nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
    method: 'GET',
    uri: '/doe.json',
    qop: 'auth',
    cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    response: '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5',
  },
  {
    from: 'RFC 2617 3.5',
    ...rfc2617,
    password: 'Circle Of Life',
    qop: 'auth',
    cnonce: '0a4f113b',
    response: '6629fae49393a05397450978507c4ef1',
  },
  {
    from: 'RFC 2069 2.4, erratum 749',
    ...rfc2617,
    password: 'CircleOfLife',
    response: '1949323746fe6a43ef61f9606e7febea',
  },
  // draft-smith-sipping-auth-examples-01
  { from: 'SIP examples 3.1', ...sip, response: 'bf57e4e0d0bffc0fbaedce64d59add5e' },
  { from: 'SIP examples 3.2', ...sip, qop: 'auth', response: '89eb0059246c02b2f6ee02c7961d5ea3' },
  {
    from: 'SIP examples 3.4',
    ...sip,
    algorithm: 'MD5-sess',
    qop: 'auth',
    response: 'e4e4ea61d186d07a92c9e1f6919902e9',
  },
  {
    from: 'SIP examples 3.5',
    ...sip,
    algorithm: 'md5',
    qop: 'auth-int',
    response: 'bdbeebb2da6adb6bca02599c2239e192',
  },
  {
    from: 'SIP examples 3.6',
    ...sip,
    algorithm: 'MD5-sess',
    qop: 'auth-int',
    response: '91984da2d8663716e91554859c22ca70',
  },
];

describe('the request digest', () => {
  test.each(vectors)('$from: $algorithm, qop $qop', (vector) => {
    const { nonce, method, uri, qop, cnonce = '', body = '' } = vector;
    const algorithm = algorithmOf(vector.algorithm)!;
    const credentials = hashOfCredentials(algorithm, toOctets(vector.username), vector.realm, vector.password);
    const a1 = algorithm.session ? hashOfSession(algorithm, credentials, nonce, cnonce) : credentials;
    expect(requestDigest(algorithm, { a1, nonce, method, uri, qop, nc: '00000001', cnonce, body })).toBe(
      vector.response,
    );
  });

  test.each(['SHA-512', 'SHA-1', 'MD4', '', 'MD5-sess-sess', 'AKAv1-MD5'])('%j is no algorithm of ours', (name) => {
    expect(algorithmOf(name)).toBeUndefined();
  });

  test.each([
    ['', '', true],
    ['a', 'a', true],
    ['ab', 'ac', false],
    ['ab', 'cb', false],
    ['a', 'ab', false],
  ])('%j and %j are the same: %s', (a, b, same) => {
    expect(sameSecretly(a, b)).toBe(same);
  });
});
