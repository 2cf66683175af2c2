import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { Authority, type Issued, selfSigned, usages } from '../../../test/support/certificates.ts';
import { Certificate, readCertificates } from './certificate.ts';
import { chainLimits, verifyChain } from './chain.ts';
import { Trust } from './trust.ts';

let root: Authority;
let sub: Authority;
beforeAll(async () => {
  root = await Authority.root('Root');
  sub = await root.subordinate('Sub');
});

const day = 86_400_000;
const trust = (...pems: string[]) =>
  new Trust(
    pems.flatMap((pem) => readCertificates(pem)),
    false,
  );

function verdict({ certificate }: Issued, anchors: Trust, others: readonly string[] = [], wall = Date.now()): string {
  const presented = [...readCertificates(certificate), ...others.flatMap((pem) => readCertificates(pem))];
  const found = verifyChain(presented, anchors, wall);
  return found.trusted ? `trusted by ${found.anchor.subject}` : found.reason;
}

/** DER of a sequence, or of an element with another tag. */
const der = (tag: number, ...content: (Uint8Array | number[])[]) => {
  const octets = Buffer.concat(content.map((one) => Uint8Array.from(one)));
  return Buffer.concat([Buffer.from(octets.length < 128 ? [tag, octets.length] : [tag, 0x81, octets.length]), octets]);
};
const subtree = (tag: number, base: Uint8Array | string) => der(0x30, der(tag, Buffer.from(base)));
const constraints = (permitted: Uint8Array[], excluded: Uint8Array[] = []) => ({
  oid: '2.5.29.30',
  critical: true,
  value: der(
    0x30,
    ...(permitted.length > 0 ? [der(0xa0, ...permitted)] : []),
    ...(excluded.length > 0 ? [der(0xa1, ...excluded)] : []),
  ),
});
const commonName = (name: string) =>
  der(0x30, der(0x31, der(0x30, der(0x06, [0x55, 4, 3]), der(0x13, Buffer.from(name)))));

describe('a chain leads to what is trusted (RFC 5280 6.1)', () => {
  test('directly, over one, over several in any order, and with strangers in between', async () => {
    const deep = await (await sub.subordinate('Sub 2')).subordinate('Sub 3');
    const leaf = await deep.issue({ dns: ['a.example'] });
    const stranger = (await Authority.root('Stranger')).pem;
    expect(verdict(await root.issue({ dns: ['a.example'] }), trust(root.pem))).toBe('trusted by CN=Root');
    expect(verdict(await sub.issue({ dns: ['a.example'] }), trust(root.pem))).toBe('trusted by CN=Root');
    expect(verdict(leaf, trust(root.pem))).toBe('trusted by CN=Root');
    const [own, ...above] = leaf.certificate.split(/(?<=-----END CERTIFICATE-----)/).filter((pem) => pem.trim() !== '');
    expect(verdict({ ...leaf, certificate: own! }, trust(root.pem), [stranger, ...above.reverse()])).toBe(
      'trusted by CN=Root',
    );
    expect(verdict({ ...leaf, certificate: own! }, trust(root.pem))).toBe(
      'was issued by "CN=Sub 3", which is not trusted',
    );
    expect(verdict({ ...leaf, certificate: own! }, trust(root.pem), above.slice(1))).toBe(
      'leads to "CN=Sub", which is not trusted',
    );
  });

  test('what is trusted may stand anywhere in it, the certificate itself not excepted', async () => {
    const leaf = await sub.issue({ dns: ['a.example'] });
    expect(verdict(leaf, trust(sub.pem))).toBe('trusted by CN=Sub');
    expect(verdict(leaf, trust(leaf.certificate.slice(0, leaf.certificate.indexOf('-----END') + 30)))).toBe(
      'trusted by a.example',
    );
    const self = await selfSigned({ name: 'me' });
    expect(verdict(self, trust(self.certificate))).toBe('trusted by CN=me');
    expect(verdict(self, trust(root.pem))).toBe('is self-signed and not trusted');
  });

  test('a name is not enough: the key must be the one', async () => {
    const double = await Authority.root('Root');
    const leaf = await (await double.subordinate('Sub')).issue({ dns: ['a.example'] });
    expect(verdict(leaf, trust(root.pem))).toBe('bears a signature that "CN=Root" did not make');
    expect(verdict(leaf, trust(root.pem, double.pem))).toBe('trusted by CN=Root');
    expect(verdict(leaf, trust(root.pem), [double.pem])).toBe('bears a signature that "CN=Root" did not make');
  });

  test('nobody who may not issue does', async () => {
    const leaf = await (await root.subordinate('Leaf', { isAuthority: false })).issue({ dns: ['a.example'] });
    expect(verdict(leaf, trust(root.pem))).toMatch(/"CN=Leaf"/);
    expect(verdict(leaf, trust(root.pem))).not.toMatch(/trusted by/);
    const none = await (await root.subordinate('Sub', { pathLength: 0 })).issue({ dns: ['a.example'] });
    expect(verdict(none, trust(root.pem))).toBe('trusted by CN=Root');
    const below = await (await root.subordinate('Short', { pathLength: 0 })).subordinate('Below');
    expect(verdict(await below.issue({ dns: ['a.example'] }), trust(root.pem))).toBe(
      'leads to "CN=Short", which may not issue authorities so far down',
    );
    expect(verdict(await below.issue({ dns: ['a.example'] }), trust((await Authority.root('Other')).pem))).not.toMatch(
      /trusted by/,
    );
  });

  test('dates of all of it, at the time of asking', async () => {
    const leaf = await sub.issue({ dns: ['a.example'], from: -5, to: 5 });
    expect(verdict(leaf, trust(root.pem), [], Date.now() + 6 * day)).toMatch(/^expired on \d{4}-\d\d-\d\d$/);
    expect(verdict(leaf, trust(root.pem), [], Date.now() - 6 * day)).toMatch(/^is not valid before /);
    const young = await Authority.root('Young', { from: -2 });
    const old = await Authority.root('Old', { to: 3 });
    expect(verdict(await old.issue({ dns: ['a.example'] }), trust(old.pem), [], Date.now() + 4 * day)).toMatch(
      /^leads to "CN=Old", which expired on /,
    );
    expect(
      verdict(await young.issue({ dns: ['a.example'], from: -9 }), trust(young.pem), [], Date.now() - 3 * day),
    ).toMatch(/^leads to "CN=Young", which is not valid before /);
  });

  test('a renewed authority with the same key serves beside the expired one', async () => {
    const before = await Authority.root('Renewed', { from: -9, to: -2 });
    const after = await Authority.root('Renewed', { keys: before.keys });
    const leaf = await before.issue({ dns: ['a.example'] });
    expect(verdict(leaf, trust(before.pem))).toMatch(/which expired on/);
    expect(verdict(leaf, trust(before.pem, after.pem))).toBe('trusted by CN=Renewed');
  });

  test('a cross-signed authority leads to either root', async () => {
    const other = await Authority.root('Other Root');
    const crossed = await other.subordinate('Sub', { keys: sub.keys });
    const leaf = await sub.issue({ dns: ['a.example'] });
    expect(verdict(leaf, trust(other.pem))).toBe('leads to "CN=Root", which is not trusted');
    expect(verdict(leaf, trust(other.pem), [crossed.pem])).toBe('trusted by CN=Other Root');
    expect(verdict(leaf, trust(root.pem), [crossed.pem])).toBe('trusted by CN=Root');
  });

  test.each<[string, readonly string[], boolean]>([
    ['none', [], true],
    ['client', [usages.client], true],
    ['server', [usages.server], true],
    ['SIP domain', [usages.sipDomain], true],
    ['any', ['2.5.29.37.0'], true],
    ['mail', [usages.email], false],
    ['mail and client', [usages.email, usages.client], true],
  ])('usages: %s', async (_what, list, taken) => {
    const found = verdict(await root.issue({ dns: ['a.example'], usages: list }), trust(root.pem));
    expect(found).toBe(taken ? 'trusted by CN=Root' : 'is for other uses than TLS or SIP');
  });

  test('a critical extension that nobody here knows', async () => {
    const strange = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: der(0x05) };
    expect(verdict(await root.issue({ dns: ['a.example'], extensions: [strange] }), trust(root.pem))).toBe(
      'has a critical extension that is not known here (1.3.6.1.4.1.99999.1)',
    );
    const harmless = { ...strange, critical: false };
    expect(verdict(await root.issue({ dns: ['a.example'], extensions: [harmless] }), trust(root.pem))).toBe(
      'trusted by CN=Root',
    );
  });

  test('weak keys and signatures', async () => {
    expect(verdict(await root.issue({ dns: ['a.example'], key: 'rsa-1024' }), trust(root.pem))).toBe(
      'has an RSA key of 1024 bits, less than 2048',
    );
    expect(verdict(await root.issue({ dns: ['a.example'], hash: 'SHA-1' }), trust(root.pem))).toMatch(
      /^is signed with ecdsa-with-SHA1$/i,
    );
  });
});

describe('name constraints (RFC 5280 4.2.1.10)', () => {
  const dns = (base: string) => subtree(0x82, base);
  const uri = (base: string) => subtree(0x86, base);
  const ip = (...octets: number[]) => subtree(0x87, Uint8Array.from(octets));
  const directory = (name: string) => subtree(0xa4, commonName(name));
  test.each<[string, Uint8Array[], Uint8Array[], Parameters<Authority['issue']>[0], string | undefined]>([
    ['a name below', [dns('a.example')], [], { dns: ['sip.a.example'] }, undefined],
    ['the name itself', [dns('a.example')], [], { dns: ['a.example'] }, undefined],
    ['one of two bases', [dns('b.example'), dns('a.example')], [], { dns: ['sip.a.example'] }, undefined],
    ['a name elsewhere', [dns('a.example')], [], { dns: ['sip.a.example', 'b.example'] }, 'b.example'],
    ['a name that only ends alike', [dns('a.example')], [], { dns: ['xa.example'] }, 'xa.example'],
    ['CN where there is no subjectAltName', [dns('a.example')], [], { name: 'b.example' }, 'b.example'],
    ['an excluded name', [], [dns('bad.a.example')], { dns: ['x.bad.a.example'] }, 'x.bad.a.example'],
    ['not an excluded one', [], [dns('bad.a.example')], { dns: ['good.a.example'] }, undefined],
    ['all are excluded', [], [dns('')], { dns: ['good.a.example'] }, 'good.a.example'],
    ['a domain by URI', [uri('a.example')], [], { uris: ['sip:a.example'] }, undefined],
    ['a host below needs a dot', [uri('.a.example')], [], { uris: ['sip:x.a.example'] }, undefined],
    ['a host below without one', [uri('a.example')], [], { uris: ['sip:x.a.example'] }, 'sip:x.a.example'],
    [
      'another domain by URI',
      [uri('a.example')],
      [],
      { uris: ['sip:b.example;x=a.example'] },
      'sip:b.example;x=a.example',
    ],
    ['DNS constraints do not bind URIs', [dns('a.example')], [], { uris: ['sip:b.example'] }, undefined],
    ['an address within', [ip(192, 0, 2, 0, 255, 255, 255, 0)], [], { addresses: ['192.0.2.7'] }, undefined],
    ['an address outside', [ip(192, 0, 2, 0, 255, 255, 255, 0)], [], { addresses: ['192.0.3.7'] }, '192.0.3.7'],
    [
      'IPv6 where IPv4 is meant',
      [ip(192, 0, 2, 0, 255, 255, 255, 0)],
      [],
      { addresses: ['2001:db8::1'] },
      '32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1',
    ],
    [
      'a subject that is meant',
      [directory('sip.a.example')],
      [],
      { name: 'sip.a.example', dns: ['a.example'] },
      undefined,
    ],
    ['another subject', [directory('sip.a.example')], [], { name: 'b.example', dns: ['a.example'] }, 'its subject'],
    [
      'excluded subjects may be written otherwise',
      [],
      [directory('b')],
      { name: 'c.example', dns: ['a.example'] },
      'its subject',
    ],
  ])('%s', async (_what, permitted, excluded, leaf, outside) => {
    const bound = await root.subordinate('Bound', { extensions: [constraints(permitted, excluded)] });
    const below = await bound.subordinate('Below');
    // The authority in between has a subject too, which the constraints of directories bind.
    const issuer = [...permitted, ...excluded].some((one) => one[2] === 0xa4) ? bound : below;
    expect(verdict(await issuer.issue(leaf), trust(root.pem))).toBe(
      outside === undefined ? 'trusted by CN=Root' : `leads to "CN=Bound", which may not vouch for ${outside}`,
    );
  });
});

test('an authority that shows itself is bound by its CN as well', async () => {
  const bound = await root.subordinate('Bound', { extensions: [constraints([subtree(0x82, 'a.example')])] });
  const chain = async (name: string) => (await (await bound.subordinate(name)).issue({})).certificate;
  const end = '-----END CERTIFICATE-----';
  const shown = async (name: string) => {
    const pem = await chain(name);
    return { certificate: pem.slice(pem.indexOf(end) + end.length), key: '' };
  };
  expect(verdict(await shown('x.a.example'), trust(root.pem))).toBe('trusted by CN=Root');
  expect(verdict(await shown('b.example'), trust(root.pem))).toBe(
    'leads to "CN=Bound", which may not vouch for b.example',
  );
});

describe('what a peer may send', () => {
  test('a maze of authorities costs a bounded number of signatures', async () => {
    const maze = await Promise.all(Array.from({ length: 9 }, () => Authority.root('Maze', { keys: sub.keys })));
    const leaf = await maze[0]!.issue({ dns: ['a.example'] });
    const presented = [...readCertificates(leaf.certificate), ...maze.flatMap(({ pem }) => readCertificates(pem))];
    let verified = 0;
    for (const { x509 } of presented) {
      const verify = x509.verify.bind(x509);
      x509.verify = (key) => {
        verified++;
        return verify(key);
      };
    }
    expect(verifyChain(presented, trust(root.pem), Date.now()).trusted).toBe(false);
    expect(verified).toBeGreaterThan(9);
    expect(verified).toBeLessThanOrEqual(chainLimits.signatures);
  });

  test('a thousand sets of roots do not check one chain a thousand times', async () => {
    const presented = readCertificates((await sub.issue({ dns: ['a.example'] })).certificate);
    let verified = 0;
    for (const { x509 } of presented) {
      const verify = x509.verify.bind(x509);
      x509.verify = (key) => {
        verified++;
        return verify(key);
      };
    }
    const stranger = await Authority.root('Stranger');
    for (let i = 0; i < 20; i++) expect(verifyChain(presented, trust(stranger.pem), Date.now()).trusted).toBe(false);
    expect(verifyChain(presented, trust(root.pem), Date.now()).trusted).toBe(true);
    expect(verified).toBe(2);
  });

  test('nothing at all', () => {
    expect(verifyChain([], trust(), 0)).toEqual({ trusted: false, reason: 'is missing' });
  });

  test('extensions that are cut off are not trusted', async () => {
    const x509 = new X509Certificate((await root.issue({ dns: ['a.example'] })).certificate);
    const raw = Buffer.from(x509.raw);
    const at = raw.indexOf(Buffer.from([0x55, 0x1d, 0x11]));
    raw[at + 4] = 0x7f;
    Object.defineProperty(x509, 'raw', { value: raw });
    expect(verifyChain([new Certificate(x509)], trust(root.pem), Date.now())).toEqual({
      trusted: false,
      reason: 'cannot be read',
    });
  });
});
