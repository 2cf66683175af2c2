import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DigestClient, DigestServer } from '#codec/digest';
import { Sensitive, seeded } from '#kernel';
import { runs } from './runs.ts';

const password = new Sensitive('0p3nSes4me!');
const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const octets = fc.string({ unit: octet, maxLength: 40 });
/** What these fields break at, and what they are made of. */
const splinter = fc.oneof(
  { weight: 1, arbitrary: octets },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...[
        'Digest ',
        'Basic ',
        'realm="r"',
        'nonce="n"',
        'qop="auth"',
        'qop=auth-int',
        'algorithm=MD5',
        'algorithm=SHA-256',
      ],
      ...[
        'stale=true',
        'opaque=""',
        'username="u"',
        'uri="sip:a"',
        'nc=00000001',
        'cnonce="c"',
        "username*=UTF-8''%zz",
      ],
      ...[`response="${'0'.repeat(32)}"`, ', ', ',', '=', '"', '\\', ' ', '\t', '\r\n ', '\0', 'nextnonce="m"'],
    ),
  },
);
const value = fc.oneof(
  fc.array(splinter, { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.array(splinter, { maxLength: 14 }).map((pieces) => `Digest realm="r", nonce="n", ${pieces.join(', ')}`),
);
const values = fc.array(value, { maxLength: 4 });
const request = { method: 'INVITE', uri: 'sip:a', body: 'b' };

describe('digest', () => {
  test('a client takes any challenge, and sends no header that a line end breaks', () =>
    fc.assert(
      fc.property(values, values, value, (www, proxy, info) => {
        const client = new DigestClient([{ username: 'u', password }], seeded(1));
        const outcome = client.answer({ www, proxy }, request, []);
        if (outcome.kind === 'refused') expect(outcome.text).not.toContain('0p3n');
        else {
          client.onInfo({ www: info, proxy: info }, outcome.tried);
          for (const [, sent] of [...outcome.headers, ...client.beforehand(request).headers])
            expect(sent.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '')).toMatch(/^Digest [\w=,* .+/-]*$/);
        }
      }),
      runs(1000),
    ));

  test('a server takes any credentials, and believes none', () =>
    fc.assert(
      fc.property(values, (sent) => {
        const server = new DigestServer({ secret: password, random: seeded(1), nonceLifetime: 1000 });
        const account = () => ({ password, algorithms: ['MD5', 'SHA-256'] as const });
        const asked = { values: sent, method: 'INVITE', uris: ['sip:a'], source: '192.0.2.1', realms: ['r'] };
        expect(server.verify(asked, account, 0).kind).toMatch(/^(absent|malformed|wrong)$/);
      }),
      runs(1000),
    ));
});
