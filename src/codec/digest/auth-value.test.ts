import { describe, expect, test } from 'vitest';
import { authLimits, parseAuth, parseAuthInfo } from './auth-value.ts';

const read = (value: string) => parseAuth(value)?.map(({ scheme, params }) => [scheme, Object.fromEntries(params)]);

describe('the value of an authentication field', () => {
  test.each([
    ['Digest realm="a", nonce="b"', [['digest', { realm: 'a', nonce: 'b' }]]],
    ['dIGEST Realm = "a" ,NONCE="b",', [['digest', { realm: 'a', nonce: 'b' }]]],
    ['Digest\trealm=a,nonce=dGVzdA==', [['digest', { realm: 'a', nonce: 'dGVzdA==' }]]],
    ['Digest realm="a \\"b\\" \\\\", nonce=""', [['digest', { realm: 'a "b" \\', nonce: '' }]]],
    ['Digest realm="a, b=c", qop="auth,auth-int"', [['digest', { realm: 'a, b=c', qop: 'auth,auth-int' }]]],
    ['Digest realm="\xc3\xbc"', [['digest', { realm: '\xc3\xbc' }]]],
    ['Digest username*=UTF-8\'\'a%20b, uri="/"', [['digest', { 'username*': "UTF-8''a%20b", uri: '/' }]]],
    ['Digest ,, realm="a"', [['digest', { realm: 'a' }]]],
    ['Digest qop=,realm="a"', [['digest', { qop: '', realm: 'a' }]]],
    // Several in one, as RFC 9110 allows and RFC 3261 20.7 does not.
    [
      'Digest realm="a", nonce="b", Digest realm="c", nonce="d"',
      [
        ['digest', { realm: 'a', nonce: 'b' }],
        ['digest', { realm: 'c', nonce: 'd' }],
      ],
    ],
    [
      'Basic realm="x, Digest y", Digest realm="c"',
      [
        ['basic', {}],
        ['digest', { realm: 'c' }],
      ],
    ],
    [
      'NTLM TlRMTVNTUAAC==, Digest realm="c"',
      [
        ['ntlm', {}],
        ['digest', { realm: 'c' }],
      ],
    ],
    [
      'Digest realm="c", Bearer authz_server="https://as", scope=""',
      [
        ['digest', { realm: 'c' }],
        ['bearer', {}],
      ],
    ],
  ])('%s', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  test.each([
    '',
    ' , ',
    'Digest',
    'Digest ',
    'Digest realm',
    'Digest realm="a" nonce="b"',
    'Digest realm="a",nonce',
    'Digest realm="a',
    'Digest realm="a\\"',
    'Digest realm="a"b',
    'Digest realm=a"b"',
    'Digest ="a"',
    'Digest realm="a", realm="b"',
    'Digest realm="a"; nonce="b"',
    'Digest realm="a", Digest',
    '"Digest" realm="a"',
    `Digest realm="${'a'.repeat(authLimits.octets)}"`,
    `Digest ${Array.from({ length: authLimits.params + 1 }, (_, i) => `p${i}=1`).join()}`,
    Array.from({ length: authLimits.values + 1 }, () => 'Digest realm="a"').join(),
  ])('%.60s is malformed', (value) => {
    expect(read(value)).toBeUndefined();
  });

  test('the most that is taken is taken', () => {
    expect(read(`Digest ${Array.from({ length: authLimits.params }, (_, i) => `p${i}=1`).join()}`)).toHaveLength(1);
    expect(read(Array.from({ length: authLimits.values }, () => 'Digest realm="a"').join())).toHaveLength(8);
  });
});

describe('the value of Authentication-Info', () => {
  test('is parameters alone', () => {
    expect([...parseAuthInfo('nextnonce="47364c", qop=auth,nc=00000001')!]).toEqual([
      ['nextnonce', '47364c'],
      ['qop', 'auth'],
      ['nc', '00000001'],
    ]);
  });

  test.each(['', 'Digest nextnonce="a"', 'nextnonce', 'nextnonce="a', 'nextnonce=a, Digest b=c'])(
    '%j is malformed',
    (value) => {
      expect(parseAuthInfo(value)).toBeUndefined();
    },
  );
});
