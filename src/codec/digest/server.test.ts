import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sensitive, seeded, toOctets } from '#kernel';
import type { Algorithm } from './algorithms.ts';
import { parseAuth } from './auth-value.ts';
import { type Authorised, DigestClient, type Refused } from './client.ts';
import { type Account, DigestServer } from './server.ts';

const secret = new Sensitive('of the process');
const password = new Sensitive('open sesame');
const uri = 'sip:tandem.test';
const realm = 'tandem.test';
const source = '192.0.2.7';
const nonceLifetime = 60_000;
const start = 1_700_000_000_000;
const all: readonly Algorithm[] = ['MD5', 'SHA-256', 'SHA-512-256', 'MD5-sess', 'SHA-256-sess', 'SHA-512-256-sess'];

const account: Account = { password, algorithms: all };
const lookup = (username: string, asked: string) => (username === 'pbx' && asked === realm ? account : undefined);
const server = (options = {}) => new DigestServer({ secret, random: seeded(7), nonceLifetime, ...options });
const client = (username = 'pbx', word = password) => new DigestClient([{ username, password: word }], seeded(9));
const register = { method: 'REGISTER', uri, body: '' };

const valuesOf = (outcome: Authorised | Refused) =>
  outcome.kind === 'refused' ? [] : outcome.headers.map(([, value]) => value);
const asked = (values: readonly string[]) => ({
  values,
  method: 'REGISTER',
  uris: [uri],
  source,
  realms: ['other', realm],
});
/** What a right client answers to a fresh challenge. */
function answerTo(digest: DigestServer, algorithms: readonly Algorithm[] = ['SHA-256'], now = start): string {
  const values = digest.challenge(realm, algorithms, source, now);
  return valuesOf(client().answer({ www: values, proxy: [] }, register, []))[0]!;
}

describe('a challenge', () => {
  test('is one value an algorithm, in the order given, with one nonce', () => {
    const values = server().challenge('a "b"', ['SHA-256', 'MD5'], source, start, true);
    expect(values).toEqual([
      expect.stringMatching(
        /^Digest realm="a \\"b\\"", nonce="[0-9a-f]{60}", stale=true, algorithm=SHA-256, qop="auth"$/,
      ),
      expect.stringMatching(/, algorithm=MD5, qop="auth"$/),
    ]);
    const nonces = values.map((value) => parseAuth(value)![0]!.params.get('nonce'));
    expect(nonces[0]).toBe(nonces[1]);
    expect(server().challenge(realm, ['MD5'], source, start)[0]).not.toContain('stale');
  });

  test('never has the nonce of another, not even within a millisecond', () => {
    const digest = server();
    const nonces = Array.from({ length: 100 }, () => digest.challenge(realm, ['MD5'], source, start)[0]);
    expect(new Set(nonces).size).toBe(100);
  });
});

describe('client against server', () => {
  test('every algorithm, every text, many requests on one nonce, in any near order', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...all], { minLength: 1 }),
        text.filter((name) => !/[\r\n]/.test(name)),
        text,
        text.filter((name) => !/[\r\n]/.test(name)),
        fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 }),
        (algorithms, username, word, where, order) => {
          const digest = server();
          const caller = new DigestClient([{ realm: where, username, password: new Sensitive(word) }], seeded(3));
          const challenges = { www: digest.challenge(where, algorithms, source, start), proxy: [] };
          const requests = [
            valuesOf(caller.answer(challenges, register, [])),
            ...order.slice(1).map(() => valuesOf(caller.beforehand(register))),
          ];
          const holder = { password: new Sensitive(word), algorithms };
          const verify = (values: readonly string[]) =>
            digest.verify(
              { ...asked(values), realms: [where] },
              (name, of) => (name === username.toWellFormed() && of === where ? holder : undefined),
              start + 1,
            );
          for (const number of order)
            expect(verify(requests[number - 1]!)).toEqual({
              kind: 'ok',
              username: username.toWellFormed(),
              realm: where,
            });
          for (const number of order) expect(verify(requests[number - 1]!).kind).toBe('replayed');
        },
      ),
      { numRuns: 100 },
    );
  });

  test('a stale nonce is renewed with one more request, and no password is asked again', () => {
    const digest = server();
    const caller = client();
    const first = caller.answer({ www: digest.challenge(realm, ['MD5'], source, start), proxy: [] }, register, []);
    expect(digest.verify(asked(valuesOf(first)), lookup, start).kind).toBe('ok');
    const later = start + nonceLifetime + 1;
    const early = caller.beforehand(register);
    expect(digest.verify(asked(valuesOf(early)), lookup, later).kind).toBe('stale');
    const www = digest.challenge(realm, ['MD5'], source, later, true);
    const again = caller.answer({ www, proxy: [] }, register, early.tried);
    expect(digest.verify(asked(valuesOf(again)), lookup, later).kind).toBe('ok');
  });

  test('one bit elsewhere and it is wrong', () => {
    const value = answerTo(server());
    const at = value.indexOf('response="') + 'response="'.length;
    fc.assert(
      fc.property(fc.nat(63), fc.integer({ min: 1, max: 15 }), (index, change) => {
        const digit = (Number.parseInt(value[at + index]!, 16) ^ change).toString(16);
        const bent = value.slice(0, at + index) + digit + value.slice(at + index + 1);
        expect(server().verify(asked([bent]), lookup, start).kind).toBe('wrong');
      }),
    );
  });
});

describe('verdicts', () => {
  const right = answerTo(server());
  const bend = (from: string | RegExp, to: string) => {
    const bent = right.replace(from, to);
    expect(bent).not.toBe(right);
    return [bent];
  };

  test.each<[string, string, string[]]>([
    ['no field', 'absent', []],
    ['credentials for another realm', 'absent', [right.replace('tandem.test', 'else.test')]],
    ['another scheme', 'absent', ['Basic dXNlcjpwYXNz']],
    ['another scheme and the right one', 'ok', ['Basic dXNlcjpwYXNz', right]],
    ['rubbish alone', 'malformed', ['Digest ,,,']],
    ['rubbish and the right one', 'ok', ['Digest ,,,', right]],
    ['another realm and the right one', 'ok', [right.replace('tandem.test', 'else.test'), right]],
    ['a wrong one and the right one', 'ok', [...bend('username="pbx"', 'username="PBX"'), right]],
    ['another name', 'wrong', bend('username="pbx"', 'username="PBX"')],
    ['another digest-uri', 'wrong', bend(uri, 'sip:evil.test')],
    ['another nonce count', 'wrong', bend('nc=00000001', 'nc=00000002')],
    ['another nonce', 'wrong', bend('nonce="0', 'nonce="1')],
    ['another algorithm of the same length', 'wrong', bend('SHA-256', 'SHA-512-256')],
    ['another algorithm of another length', 'malformed', bend('SHA-256', 'MD5')],
    ['an unknown algorithm', 'malformed', bend('SHA-256', 'SHA-1')],
    ['no username', 'malformed', bend('username="pbx", ', '')],
    ['no nonce', 'malformed', bend(/ nonce="[^"]*",/, '')],
    ['no digest-uri', 'malformed', bend(/ uri="[^"]*",/, '')],
    ['no response', 'malformed', bend(/ response="[^"]*",/, '')],
    ['a response that is no number', 'malformed', bend(/response="../, 'response="\x10\x11')],
    ['no nonce count', 'malformed', bend(', nc=00000001', '')],
    ['a nonce count of zero', 'malformed', bend('nc=00000001', 'nc=00000000')],
    ['a nonce count of seven digits', 'malformed', bend('nc=00000001', 'nc=0000001')],
    ['a nonce count that is none', 'malformed', bend('nc=00000001', 'nc=-0000001')],
    ['no cnonce', 'malformed', bend(/, cnonce="[^"]*"/, '')],
    ['a qop that was not offered', 'malformed', bend('qop=auth', 'qop=auth-int')],
    ['a hashed username', 'malformed', [`${right}, userhash=true`]],
    ['qop in quotes', 'ok', bend('qop=auth', 'qop="auth"')],
    [
      'a response in capitals',
      'ok',
      [right.replace(/response="([^"]*)"/, (_, hex) => `response="${hex.toUpperCase()}"`)],
    ],
    ['a name in the extended notation', 'ok', bend('username="pbx"', "username*=UTF-8''p%62x")],
    ['a name in an unknown notation', 'malformed', bend('username="pbx"', "username*=KOI8-R''pbx")],
    [
      'the right one in fifth place',
      'wrong',
      [1, 2, 3, 4, 5].map((n) => (n < 5 ? right.replace('pbx', `pbx${n}`) : right)),
    ],
  ])('%s: %s', (_, kind, values) => {
    const verdict = server().verify(asked(values), lookup, start);
    expect(verdict).toMatchObject({ kind });
    expect(JSON.stringify(verdict)).not.toMatch(/sesame|process/);
  });

  test('an algorithm that the account does not allow', () => {
    const only = (): Account => ({ password, algorithms: ['SHA-512-256'] });
    expect(server().verify(asked([right]), only, start)).toMatchObject({ kind: 'wrong' });
  });

  test('a name that nobody has is refused in the same words as a wrong password', () => {
    const wrong = valuesOf(
      client('pbx', new Sensitive('guess')).answer(
        { www: server().challenge(realm, ['MD5'], source, start), proxy: [] },
        register,
        [],
      ),
    );
    const nobody = [wrong[0]!.replace('"pbx"', '"nobody"')];
    const verdicts = [wrong, nobody].map((values) => server().verify(asked(values), lookup, start));
    expect(verdicts[0]).toMatchObject({ kind: 'wrong' });
    expect(verdicts[0]).toEqual(verdicts[1]);
  });

  test('nobody gets in with an empty password by a name that nobody has', () => {
    const values = valuesOf(
      client('nobody', new Sensitive('')).answer(
        { www: server().challenge(realm, ['MD5'], source, start), proxy: [] },
        register,
        [],
      ),
    );
    expect(server().verify(asked(values), lookup, start)).toMatchObject({ kind: 'wrong' });
  });

  test('other method', () => {
    expect(server().verify({ ...asked([right]), method: 'INVITE' }, lookup, start)).toMatchObject({ kind: 'wrong' });
  });

  test.each([
    // RFC 3261 22.4 (6): what of the digest-uri may differ from what we take.
    ['sip:100@tandem.test', 'sip:100@tandem.test', true],
    ['sip:100@tandem.test', 'sip:100@TANDEM.test;transport=tcp', true],
    ['sip:100@tandem.test;user=phone', 'sip:1%300@tandem.test', true],
    ['sip:100@tandem.test', 'sip:101@tandem.test', false],
    ['sip:100@tandem.test', 'sip:tandem.test', false],
    ['sip:100@tandem.test', 'sips:100@tandem.test', false],
    ['sip:100@tandem.test', 'sip:100@tandem.test:5080', false],
    ['tel:+49301', 'tel:+49301', true],
    ['tel:+49301', 'tel:+49302', false],
    ['https://a.test', 'https://b.test', false],
    ['sip:100@tandem.test', '', false],
    ['sip:100@tandem.test', '/', false],
  ])('asked for %s, digest-uri %s: %s', (own, said, ok) => {
    const digest = server();
    const values = valuesOf(
      client().answer(
        { www: digest.challenge(realm, ['MD5'], source, start), proxy: [] },
        { method: 'INVITE', uri: toOctets(said), body: '' },
        [],
      ),
    );
    const request = { ...asked(values), method: 'INVITE', uris: ['sip:elsewhere.test', own] };
    expect(digest.verify(request, lookup, start).kind).toBe(ok ? 'ok' : 'wrong');
  });
});

describe('nonces', () => {
  test.each([
    ['at once', 0, 'ok'],
    ['at the end of their life', nonceLifetime, 'ok'],
    ['after it', nonceLifetime + 1, 'stale'],
  ])('%s', (_, passed, kind) => {
    const digest = server();
    expect(digest.verify(asked([answerTo(digest)]), lookup, start + passed).kind).toBe(kind);
  });

  test('are known again after a restart with the same secret, and stale with another', () => {
    const value = answerTo(server());
    expect(server().verify(asked([value]), lookup, start).kind).toBe('ok');
    expect(server({ secret: new Sensitive('another') }).verify(asked([value]), lookup, start).kind).toBe('stale');
  });

  test('are worth nothing from another host', () => {
    const digest = server();
    const value = answerTo(digest);
    expect(digest.verify({ ...asked([value]), source: '192.0.2.8' }, lookup, start).kind).toBe('stale');
    expect(digest.verify(asked([value]), lookup, start).kind).toBe('ok');
  });

  test('of a client that knows no qop are good once (RFC 2069)', () => {
    const digest = server();
    const old = digest.challenge(realm, ['MD5'], source, start).map((value) => value.replace(', qop="auth"', ''));
    const values = valuesOf(client().answer({ www: old, proxy: [] }, register, []));
    expect(values[0]).not.toContain('nc=');
    expect([1, 2].map(() => digest.verify(asked(values), lookup, start).kind)).toEqual(['ok', 'replayed']);
  });

  test('what is wrong uses nothing up', () => {
    const digest = server();
    const value = answerTo(digest);
    const bent = value.replace('username="pbx"', 'username="x"');
    for (let i = 0; i < 3; i++) expect(digest.verify(asked([bent]), lookup, start).kind).toBe('wrong');
    expect(digest.verify(asked([value]), lookup, start).kind).toBe('ok');
  });

  test('more than are remembered: none counts twice, and who is forgotten gets a new one', () => {
    const digest = server({ nonces: 3 });
    const values = [1, 2, 3, 4, 5].map((ms) => answerTo(digest, ['MD5'], start + ms));
    for (const value of values) expect(digest.verify(asked([value]), lookup, start + 10).kind).toBe('ok');
    expect(values.map((value) => digest.verify(asked([value]), lookup, start + 10).kind)).toEqual([
      'stale',
      'stale',
      'replayed',
      'replayed',
      'replayed',
    ]);
  });
});
