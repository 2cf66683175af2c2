import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sensitive, seeded, toOctets } from '#kernel';
import { parseAuth } from './auth-value.ts';
import { type Authorised, type Challenges, DigestClient, maxSessions, type Refused, type Tried } from './client.ts';

const password = new Sensitive('zanzibar');
const invite = { method: 'INVITE', uri: 'sip:bob@biloxi.com', body: '' };
const fixed = { integer: () => 0, token: () => '0a4f113b' };
const bob = () => new DigestClient([{ username: 'bob', password }], fixed);

const www = (...values: string[]): Challenges => ({ www: values, proxy: [] });
const proxy = (...values: string[]): Challenges => ({ www: [], proxy: values });
const challenge = (nonce: string, more = '', realm = 'biloxi.com') =>
  `Digest realm="${realm}", nonce="${nonce}", qop="auth"${more}`;

function authorised(outcome: Authorised | Refused): Authorised {
  if (outcome.kind === 'refused') throw new Error(`${outcome.reason}: ${outcome.text}`);
  return outcome;
}
const params = (value: string) => Object.fromEntries(parseAuth(value)![0]!.params);
const first = (outcome: Authorised | Refused) => params(authorised(outcome).headers[0]![1]);

describe('the answer to a challenge', () => {
  test('is written as RFC 3261 20.7 and RFC 7616 3.4 want it', () => {
    const outcome = bob().answer(
      www(
        'Digest realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", algorithm=MD5-sess, qop="auth-int,auth", opaque="5c\\"c"',
      ),
      invite,
      [],
    );
    expect(authorised(outcome).headers).toEqual([
      [
        'Authorization',
        'Digest username="bob", realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="sip:bob@biloxi.com", ' +
          'response="e4e4ea61d186d07a92c9e1f6919902e9", algorithm=MD5-sess, opaque="5c\\"c", qop=auth, nc=00000001, cnonce="0a4f113b"',
      ],
    ]);
  });

  test('says no more than RFC 2069 where the challenge says no more', () => {
    const outcome = bob().answer(
      proxy('Digest realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'),
      invite,
      [],
    );
    expect(authorised(outcome).headers).toEqual([
      [
        'Proxy-Authorization',
        'Digest username="bob", realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="sip:bob@biloxi.com", ' +
          'response="bf57e4e0d0bffc0fbaedce64d59add5e"',
      ],
    ]);
  });

  test('covers the body where nothing else is offered', () => {
    const challenges = www('Digest realm="biloxi.com", nonce="n", qop=auth-int');
    const answers = ['', 'v=0\r\n'].map((body) => first(bob().answer(challenges, { ...invite, body }, [])));
    expect(answers[0]!.qop).toBe('auth-int');
    expect(answers[0]!.response).not.toBe(answers[1]!.response);
  });

  test.each([
    // RFC 8760: several challenges of a realm, one an algorithm.
    [['MD5', 'SHA-256', 'SHA-512-256'], 'SHA-512-256'],
    [['SHA-256', 'MD5'], 'SHA-256'],
    [['MD5', 'SHA-256-sess', 'SHA-256'], 'SHA-256-sess'],
    [['SHA-256', 'SHA-256-sess'], 'SHA-256'],
    [['SHA3-999', 'MD5', 'AKAv1-MD5'], 'MD5'],
    [['sha-256'], 'sha-256'],
  ])('of %j it takes %s', (algorithms, chosen) => {
    const values = algorithms.map((algorithm) => challenge(`for ${algorithm}`, `, algorithm=${algorithm}`));
    for (const challenges of [www(...values), www(values.join(', '))])
      expect(first(bob().answer(challenges, invite, []))).toMatchObject({
        algorithm: chosen,
        nonce: `for ${chosen}`,
        response: expect.stringMatching(chosen === 'MD5' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{64}$/),
      });
  });

  test('satisfies every realm that asks, of servers and proxies, each with its own credentials', () => {
    const client = new DigestClient(
      [
        { username: 'any', password },
        { realm: 'Zürich', username: 'zoë', password: new Sensitive('pässword') },
      ],
      fixed,
    );
    const { headers } = authorised(
      client.answer(
        { www: [challenge('1', '', 'a')], proxy: [challenge('2', '', 'a'), challenge('3', '', toOctets('Zürich'))] },
        invite,
        [],
      ),
    );
    expect(headers.map(([name, value]) => [name, params(value).nonce, params(value).username])).toEqual([
      ['Authorization', '1', 'any'],
      ['Proxy-Authorization', '2', 'any'],
      ['Proxy-Authorization', '3', toOctets('zoë')],
    ]);
  });

  test('what a proxy on the way asked for goes along when the server asks too', () => {
    const client = bob();
    const one = authorised(client.answer(proxy(challenge('p')), invite, []));
    const two = authorised(client.answer(www(challenge('s')), invite, one.tried));
    expect(two.headers.map(([name, value]) => [name, params(value).nonce, params(value).nc])).toEqual([
      ['Proxy-Authorization', 'p', '00000002'],
      ['Authorization', 's', '00000001'],
    ]);
  });
});

describe('it cannot be answered', () => {
  const only = new DigestClient([{ realm: 'mine', username: 'bob', password }], fixed);
  test.each<[string, Challenges, string, string]>([
    ['another realm', www(challenge('n', '', 'theirs')), 'no-credentials', '"theirs"'],
    ['one of two realms', www(challenge('n', '', 'mine'), challenge('m', '', 'theirs')), 'no-credentials', '"theirs"'],
    ['an unknown algorithm alone', www(challenge('n', ', algorithm=SHA3', 'mine')), 'unsupported', '"mine"'],
    ['an unknown qop alone', www('Digest realm="mine", nonce="n", qop="token"'), 'unsupported', '"mine"'],
    ['another scheme alone', www('Basic realm="mine"'), 'unsupported', '"basic"'],
    ['no nonce', www('Digest realm="mine"'), 'malformed', 'can be read'],
    ['an empty nonce', www('Digest realm="mine", nonce=""'), 'malformed', 'can be read'],
    ['no realm', www('Digest nonce="mine"'), 'malformed', 'can be read'],
    ['no challenge in its place', www('nonsense'), 'malformed', 'can be read'],
    ['no challenge', www(), 'malformed', 'nothing'],
    [
      'realms without end',
      www(...Array.from({ length: maxSessions + 1 }, (_, i) => challenge('n', '', `r${i}`))),
      'unsupported',
      'realms',
    ],
  ])('%s', (_, challenges, reason, text) => {
    const outcome = only.answer(challenges, invite, []);
    expect(outcome).toMatchObject({ kind: 'refused', reason, text: expect.stringContaining(text) });
  });

  test('one challenge that can be read is enough', () => {
    expect(first(bob().answer(www('Digest realm="x"', 'rubbish', challenge('n')), invite, []))).toMatchObject({
      nonce: 'n',
    });
  });

  test('no reason and no state tells a secret', () => {
    const client = bob();
    const answered = authorised(client.answer(www(challenge('n')), invite, []));
    const refusal = client.answer(www(challenge('m')), invite, answered.tried);
    const again = bob();
    again.answer(www(challenge('n')), invite, []);
    const texts = JSON.stringify([refusal, answered.tried, again.inspect(), again, password]);
    // H(A1) is as good as the password.
    for (const secret of ['zanzibar', '12af60467a33e8518da5c68bbff12b11']) expect(texts).not.toContain(secret);
    expect(again.inspect()).toEqual([{ realm: 'biloxi.com', proxy: false, algorithm: 'MD5', nc: 1 }]);
  });
});

describe('a request does not try for ever', () => {
  const refused = { kind: 'refused', reason: 'refused' };

  test('the same nonce again, stale or not', () => {
    for (const again of ['', ', stale=true']) {
      const client = bob();
      const { tried } = authorised(client.answer(www(challenge('n')), invite, []));
      expect(client.answer(www(challenge('n', again)), invite, tried)).toMatchObject(refused);
      expect(client.beforehand(invite).headers).toEqual([]);
    }
  });

  test('a fresh nonce without stale is a refusal of what was answered', () => {
    const client = bob();
    const { tried } = authorised(client.answer(www(challenge('n')), invite, []));
    expect(client.answer(www(challenge('m')), invite, tried)).toMatchObject(refused);
  });

  test('stale is believed once', () => {
    const client = bob();
    const one = authorised(client.answer(www(challenge('1')), invite, []));
    const two = authorised(client.answer(www(challenge('2', ', stale=TRUE')), invite, one.tried));
    expect(first(two)).toMatchObject({ nonce: '2', nc: '00000001' });
    expect(client.answer(www(challenge('3', ', stale=true')), invite, two.tried)).toMatchObject(refused);
  });

  test('a nonce sent beforehand may be too old, whether or not the server says stale', () => {
    for (const say of ['', ', stale=true']) {
      const client = bob();
      client.answer(www(challenge('1')), invite, []);
      const early = client.beforehand(invite);
      expect(first(early)).toMatchObject({ nonce: '1', nc: '00000002' });
      const answered = authorised(client.answer(www(challenge('2', say)), invite, early.tried));
      expect(first(answered)).toMatchObject({ nonce: '2', nc: '00000001' });
      expect(client.answer(www(challenge('3')), invite, answered.tried)).toMatchObject(refused);
    }
  });

  test('a nonce sent beforehand that is asked for again was refused', () => {
    const client = bob();
    client.answer(www(challenge('1')), invite, []);
    expect(client.answer(www(challenge('1')), invite, client.beforehand(invite).tried)).toMatchObject(refused);
  });

  test('whatever a server says', () => {
    const value = fc
      .record({
        realm: fc.constantFrom('a', 'b', 'c'),
        nonce: fc.nat(1000),
        stale: fc.boolean(),
        algorithm: fc.constantFrom('MD5', 'SHA-256', 'SHA-512-256-sess', 'unknown'),
      })
      .map(({ realm, nonce, stale, algorithm }) =>
        challenge(`${nonce}`, `, stale=${stale}, algorithm=${algorithm}`, realm),
      );
    const response = fc.record({ www: fc.array(value, { maxLength: 3 }), proxy: fc.array(value, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(response, { minLength: 1, maxLength: 60 }), fc.array(response), (responses, before) => {
        const client = bob();
        for (const challenges of before) client.answer(challenges, invite, []);
        let { tried }: { tried: Tried } = client.beforehand(invite);
        let sent = 0;
        for (const challenges of responses) {
          const outcome = client.answer(challenges, invite, tried);
          if (outcome.kind === 'refused') break;
          tried = outcome.tried;
          expect(outcome.headers.length).toBeGreaterThan(0);
          sent++;
        }
        // Six realms, each once fresh and once stale; three of them could have been used beforehand.
        expect(sent).toBeLessThanOrEqual(12);
      }),
      { numRuns: 300 },
    );
  });

  test('a new realm each time ends too', () => {
    const client = bob();
    let tried: Tried = [];
    let sent = 0;
    for (; sent < 100; sent++) {
      const outcome = client.answer(www(challenge('n', '', `r${sent}`)), invite, tried);
      if (outcome.kind === 'refused') break;
      tried = outcome.tried;
    }
    expect(sent).toBe(maxSessions);
  });
});

describe('nonces that are kept', () => {
  test('are counted on by every request', () => {
    const client = bob();
    expect(client.beforehand(invite)).toEqual({ kind: 'authorised', headers: [], tried: [] });
    client.answer(www(challenge('n')), invite, []);
    for (const nc of ['00000002', '00000003'])
      expect(first(client.beforehand({ ...invite, method: 'BYE' }))).toMatchObject({
        nonce: 'n',
        nc,
        cnonce: '0a4f113b',
      });
    // A new request that is asked although the nonce was known.
    expect(first(client.answer(www(challenge('n')), invite, []))).toMatchObject({ nc: '00000004' });
  });

  test('are replaced by the next nonce of Authentication-Info', () => {
    const client = bob();
    const { tried } = authorised(client.answer(www(challenge('n')), invite, []));
    client.onInfo({ proxy: 'nextnonce="no"' }, tried);
    client.onInfo({ www: 'nextnonce=' }, tried);
    client.onInfo({ www: 'nextnonce="no", cnonce="another"' }, tried);
    client.onInfo({ www: 'broken nextnonce="no"' }, tried);
    expect(first(client.beforehand(invite))).toMatchObject({ nonce: 'n', nc: '00000002' });
    client.onInfo({ www: 'nextnonce="next", cnonce="0a4f113b", rspauth="00"' }, tried);
    client.onInfo({ www: 'nextnonce="next"' }, tried);
    const early = client.beforehand(invite);
    expect(first(early)).toMatchObject({ nonce: 'next', nc: '00000001' });
    expect(client.answer(www(challenge('next')), invite, early.tried)).toMatchObject({ reason: 'refused' });
  });

  test('are few: the oldest realm goes', () => {
    const client = bob();
    for (let i = 0; i <= maxSessions; i++) client.answer(www(challenge('n', '', `r${i}`)), invite, []);
    expect(client.inspect().map(({ realm }) => realm)).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8']);
  });

  test('belong to one client', () => {
    const random = seeded(1);
    const [one, two] = [1, 2].map(() => new DigestClient([{ username: 'bob', password }], random));
    const cnonces = [one!, two!].map((client) => first(client.answer(www(challenge('n')), invite, [])).cnonce);
    expect(cnonces[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(cnonces[0]).not.toBe(cnonces[1]);
  });
});
