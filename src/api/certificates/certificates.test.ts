import { execFileSync } from 'node:child_process';
import { createPrivateKey, KeyObject, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Access } from '#api';
import type { Configuration } from '#engine/ports';
import { CertificateShelf } from '#shell/certificate-files';
import { ManagementStore, Passwords } from '#shell/management-store';
import { Authority, type Issued } from '../../../test/support/certificates.ts';
import { apiOf } from '../api.testing.ts';
import type { Api } from '../api.ts';
import type { Mirror } from '../live/mirror.ts';
import type { LiveCertificate } from '../live/told.ts';

const one = (more: Partial<LiveCertificate>): LiveCertificate => ({
  ...{ kind: 'certificate', users: ['listener wan'], files: ['a.pem'], names: ['sip.example'], warnings: [] },
  ...more,
});

test('what cannot be used comes first, then what expires first', async () => {
  const certificates = [
    one({ names: ['late'], daysLeft: 300, notAfter: '2027-01-01T00:00:00.000Z' }),
    one({ names: ['soon'], daysLeft: 3 }),
    one({ names: ['broken'], problem: 'a.pem cannot be read' }),
  ];
  const { app } = await apiOf({
    live: { house: { certificates }, journal: { listen: () => {} }, onReports: () => {} } as unknown as Mirror,
  });
  const { items } = (await app.inject({ url: '/api/v1/certificates' })).json();
  expect(items.map(({ names }: { names: string[] }) => names[0])).toEqual(['broken', 'soon', 'late']);
  expect(items[2]).toEqual({ ...certificates[0], id: expect.stringMatching(/^[\w-]{12}$/) });
});

test('none are known while nobody told of them', async () => {
  const { app } = await apiOf();
  expect((await app.inject({ url: '/api/v1/certificates' })).json()).toEqual({ items: [], places: [] });
});

const authority = await Authority.root('Enterprise Root');
const middle = await authority.subordinate('Enterprise Issuer');
/** With its chain up to the root: nobody would have to be given anything else. */
const issue = async (name: string, more: Parameters<Authority['issue']>[0] = {}): Promise<Issued> => {
  const { certificate, key } = await middle.issue({ dns: [name], ...more });
  return { certificate: `${certificate}\n${authority.pem}`, key };
};

describe('the life of a certificate', () => {
  let directory: string;
  let app: Api;
  let store: ManagementStore;
  let file: (name: string) => string;
  let id: string;
  let reads: number;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tandem-certificates-'));
    file = (name) => join(directory, name);
    const first = await issue('sbc.example.com');
    writeFileSync(file('sbc.pem'), first.certificate);
    writeFileSync(file('sbc.key'), first.key);
    writeFileSync(file('roots.pem'), authority.pem);
    const at = { host: '192.0.2.5', port: 5061 };
    const tls = { certificate: file('sbc.pem'), key: file('sbc.key') };
    const trust = (files: string[]) => ({ trust: { system: false, files } });
    const configuration = {
      listeners: [{ id: 'wan/tls', name: 'wan', bind: at, advertise: { ...at, host: 'sbc.example.com' }, tls }],
      trunks: [
        { name: 'teams', tls: trust([file('roots.pem')]) },
        { name: 'own', tls: { trust: { system: true, files: [] } } },
      ],
      management: { listen: { host: '127.0.0.1', port: 8080 } },
    } as unknown as Configuration;
    reads = 0;
    store = ManagementStore.open();
    ({ app } = await apiOf({
      access: new Access({
        store,
        configuration: () => undefined,
        wall: Date.now,
        passwords: new Passwords({ memory: 8, passes: 1, parallelism: 1 }),
      }),
      wall: Date.now,
      configuration: () => configuration,
      shelf: new CertificateShelf(directory),
      readCertificates: async () => {
        reads++;
        return [];
      },
    }));
    const shelfOf = (kind: string, files: string[]) => one({ kind: kind as 'trust', files });
    const { idOf } = await import('./places.ts');
    id = idOf(shelfOf('certificate', [file('sbc.pem'), file('sbc.key')]));
  });
  afterEach(async () => {
    await app.close();
    rmSync(directory, { recursive: true });
  });

  const ask = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object, headers = {}) => {
    const answer = await app.inject({ method, url: `/api/v1${path}`, ...(body && { payload: body }), headers });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json(), headers: answer.headers };
  };
  const tag = async (of = id) => String((await ask('GET', `/certificates/${of}`)).headers.etag);
  const put = async (body: object, of = id) => ask('PUT', `/certificates/${of}`, body, { 'if-match': await tag(of) });
  const disk = () => ['sbc.pem', 'sbc.key'].map((name) => readFileSync(file(name), 'latin1'));
  const audit = () => JSON.stringify(store.audit.list({}, 50));
  const codes = (answer: Awaited<ReturnType<typeof ask>>) =>
    answer.body.errors?.map(({ code }: { code: string }) => code);

  test('one is shown with its chain and what others call us, without its key', async () => {
    const { status, body } = await ask('GET', `/certificates/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ kind: 'certificate', users: ['listener wan/tls'], fits: true, wanted: ['sbc.example.com'], findings: [] },
      chain: [
        { names: ['sbc.example.com'], authority: false },
        { subject: 'CN=Enterprise Issuer', authority: true },
        { subject: 'CN=Enterprise Root' },
      ],
    });
    expect(JSON.stringify(body)).not.toContain('PRIVATE');
    const { body: list } = await ask('GET', '/certificates');
    expect(list.places.map(({ kind, users }: { kind: string; users: string[] }) => [kind, ...users])).toEqual([
      ['certificate', 'trunk teams'],
      ['certificate', 'trunk own'],
      ['trust', 'trunk own'],
      ['certificate', 'management'],
    ]);
  });

  test('another is put in place whole, for its owner alone, and gone back to; the key is told to nobody', async () => {
    const [pemBefore, keyBefore] = disk();
    chmodSync(file('sbc.key'), 0o640);
    const next = await issue('sbc.example.com');
    const stale = await tag();
    const installed = await put({ pem: next.certificate, key: next.key });
    expect([installed.status, installed.body]).toMatchObject([
      200,
      { fits: true, findings: [], previous: { who: 'local' } },
    ]);
    expect(reads).toBe(1);
    expect(new X509Certificate(disk()[0]!).checkPrivateKey(createPrivateKey(disk()[1]!))).toBe(true);
    expect(new X509Certificate(disk()[0]!).fingerprint256).toBe(new X509Certificate(next.certificate).fingerprint256);
    for (const name of ['sbc.pem', 'sbc.key', `certificates/previous/${id}.json`])
      expect([name, statSync(file(name)).mode & 0o777]).toEqual([name, 0o600]);

    expect((await ask('PUT', `/certificates/${id}`, { pem: next.certificate })).status).toBe(428);
    expect((await ask('PUT', `/certificates/${id}`, { pem: next.certificate }, { 'if-match': stale })).status).toBe(
      412,
    );
    // The same again changes nothing, so that a hook may run twice.
    expect((await put({ pem: next.certificate })).body.previous.at).toBe(installed.body.previous.at);

    const back = await ask('POST', `/certificates/${id}/rollback`, {}, { 'if-match': await tag() });
    expect(back.status).toBe(200);
    expect(disk()).toEqual([pemBefore, keyBefore]);
    await ask('POST', `/certificates/${id}/rollback`, {}, { 'if-match': await tag() });
    expect(new X509Certificate(disk()[0]!).fingerprint256).toBe(new X509Certificate(next.certificate).fingerprint256);

    const secret = next.key.split('\n')[1]!;
    expect(audit()).toContain(new X509Certificate(next.certificate).fingerprint256);
    expect(audit() + JSON.stringify([installed.body, back.body])).not.toContain(secret);
    expect(audit()).not.toContain('PRIVATE');
  });

  // PKCS #10 (RFC 2986), judged by somebody else.
  test('a request is made here, an authority signs it, and its certificate alone is sent; openssl finds all of it right', async () => {
    for (const kind of ['rsa-2048', 'ecdsa-p256'] as const) {
      const names = ['sbc.example.com', '*.sip.example.com', '192.0.2.5', '2001:db8::5'];
      const made = await ask('POST', '/certificate-requests', {
        names,
        kind,
        organization: 'Käse & Co',
        country: 'DE',
      });
      expect(made.status).toBe(201);
      expect(JSON.stringify(made.body)).not.toContain('PRIVATE');
      writeFileSync(file('csr.pem'), made.body.csr);
      const text = execFileSync(
        'openssl',
        ['req', '-in', file('csr.pem'), '-verify', '-noout', '-text', '-nameopt', 'utf8'],
        {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      expect(text).toContain(
        'DNS:sbc.example.com, DNS:*.sip.example.com, IP Address:192.0.2.5, IP Address:2001:DB8:0:0:0:0:0:5',
      );
      expect(text).toMatch(/C ?= ?DE, O ?= ?Käse & Co, CN ?= ?sbc\.example\.com/);
      const ca = await Authority.root('Lab CA');
      writeFileSync(file('ca.pem'), ca.pem);
      writeFileSync(file('ca.key'), KeyObject.from(ca.keys.privateKey).export({ type: 'pkcs8', format: 'pem' }));
      const sign = [
        'x509',
        '-req',
        '-in',
        'csr.pem',
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '90',
        '-copy_extensions',
        'copyall',
        '-out',
        'issued.pem',
      ];
      execFileSync('openssl', sign, { cwd: directory, stdio: 'ignore' });
      const pem = `${ca.pem}\n${readFileSync(file('issued.pem'), 'latin1')}`;
      const offered = await ask('POST', `/certificates/${id}/examine`, { pem });
      expect(offered.body).toMatchObject({
        ok: true,
        key: 'request',
        findings: [{ code: 'chain-order', severity: 'warning' }],
      });
      expect((await put({ pem })).status).toBe(200);
      expect((await ask('GET', '/certificate-requests')).body.items).toEqual([]);
      expect(
        execFileSync('openssl', ['verify', '-CAfile', file('ca.pem'), file('sbc.pem')], { encoding: 'utf8' }),
      ).toContain('OK');
      const halves = [
        ['x509', '-in', file('sbc.pem'), '-pubkey', '-noout'],
        ['pkey', '-in', file('sbc.key'), '-pubout'],
      ];
      const [ofCertificate, ofKey] = halves.map((args) => execFileSync('openssl', args, { encoding: 'utf8' }));
      expect(ofCertificate).toBe(ofKey);
    }
  });

  test('keys of every usual form are read, encrypted ones by their passphrase', async () => {
    const { certificate, key } = await issue('sbc.example.com', { key: 'rsa-2048' });
    const secret = createPrivateKey(key);
    const forms = [
      { key: secret.export({ type: 'pkcs1', format: 'pem' }) },
      {
        key: secret.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' }),
        passphrase: 'open',
      },
    ];
    for (const form of forms) expect((await put({ pem: certificate, ...form })).status).toBe(200);
    expect(codes(await put({ pem: certificate, key: forms[1]!.key }))).toEqual(['key-locked']);
    expect(codes(await put({ pem: certificate, ...forms[1]!, passphrase: 'wrong' }))).toEqual(['key-locked']);
    const ec = await issue('sbc.example.com');
    const sec1 = createPrivateKey(ec.key).export({ type: 'sec1', format: 'pem' });
    expect((await put({ pem: `${sec1}\n${ec.certificate}` })).status).toBe(200);
  });

  test('what could not be used is refused with its cure, and nothing is changed', async () => {
    const before = disk();
    const good = await issue('sbc.example.com');
    const other = await issue('sbc.example.com');
    const bare = await middle.issue({ dns: ['sbc.example.com'] });
    const alone = bare.certificate.slice(0, bare.certificate.indexOf('-----END CERTIFICATE-----') + 25);
    const cases: readonly [object, string[], RegExp][] = [
      [{ pem: good.certificate, key: other.key }, ['key-mismatch'], /leave the key out/],
      [{ pem: good.certificate }, ['no-key'], /request that was made here/],
      [{ pem: '-----BEGIN CERTIFICATE REQUEST-----' }, ['no-certificate'], /your authority answered/],
      [{ pem: '-----BEGIN PKCS7-----' }, ['no-certificate'], /openssl pkcs7/],
      [{ pem: good.certificate.slice(0, 300), key: good.key }, ['no-certificate'], /Copy it whole/],
      [{ pem: good.certificate, key: 'MIIK' }, ['no-key'], /openssl pkcs12/],
      [pairOf(await issue('sbc.example.com', { from: -40, to: -2 })), ['expired'], /renewed/],
      [pairOf(await issue('sbc.example.com', { from: 3, to: 40 })), ['not-yet-valid'], /clock/],
      [pairOf(await issue('sbc.example.com', { key: 'rsa-1024' })), ['weak'], /2048/],
      [pairOf(await issue('other.example.com')), ['names'], /sbc\.example\.com.*accept: names/],
      [{ pem: alone, key: bare.key }, ['chain-incomplete'], /fullchain.*accept: chain-incomplete/],
      [pairOf(await issue('sbc.example.com', { usages: ['1.3.6.1.5.5.7.3.2'] })), ['usage'], /serverAuth/],
    ];
    for (const [offer, expected, cure] of cases) {
      const answer = await put(offer);
      expect([answer.status, codes(answer)], answer.body.detail).toEqual([422, expected]);
      expect(answer.body.detail).toMatch(cure);
      expect(answer.body.detail).not.toContain('PRIVATE KEY-----\nMI');
      expect(disk()).toEqual(before);
    }
    expect(existsSync(file(`certificates/previous/${id}.json`))).toBe(false);
    expect(reads).toBe(0);
    // What is meant so is taken.
    expect((await put({ pem: alone, key: bare.key, accept: ['chain-incomplete'] })).status).toBe(200);
  });

  test('only files that hold certificates are written over, and no link is followed', async () => {
    const { certificate, key } = await issue('sbc.example.com');
    writeFileSync(file('sbc.key'), 'root:x:0:0\n');
    expect((await put({ pem: certificate, key })).body.detail).toContain('holds something else than a key');
    expect(readFileSync(file('sbc.key'), 'latin1')).toBe('root:x:0:0\n');
    rmSync(file('sbc.key'));
    writeFileSync(file('elsewhere.key'), key);
    symlinkSync(file('elsewhere.key'), file('sbc.key'));
    const linked = await put({ pem: certificate, key });
    expect([linked.status, linked.body.detail]).toEqual([409, expect.stringContaining('is a symbolic link')]);
    expect(disk()[0]).not.toContain(certificate.split('\n')[3]);
    // What was shown of it beforehand says so too.
    expect((await ask('GET', `/certificates/${id}`)).body.locked).toContain('symbolic link');
    for (const made of ['..%2F..%2Fetc%2Fpasswd', '__proto__'])
      expect((await ask('GET', `/certificates/${made}`)).status).toBe(404);
    expect((await ask('GET', '/certificate-requests/..%2Fprevious%2Fx')).status).toBe(404);
  });

  test('authorities to trust are replaced; a key among them is refused', async () => {
    const { idOf } = await import('./places.ts');
    const trust = idOf(one({ kind: 'trust', files: [file('roots.pem')] }));
    const next = await Authority.root('Carrier Root');
    expect(codes(await put({ pem: `${next.pem}\n${(await issue('x')).key}` }, trust))).toEqual(['private-key']);
    expect(codes(await put({ pem: (await issue('x')).certificate }, trust))).toEqual(['no-authority']);
    const done = await put({ pem: `${authority.pem}\n${next.pem}\n${next.pem}` }, trust);
    expect([done.status, done.body.chain.map(({ subject }: { subject: string }) => subject)]).toEqual([
      200,
      ['CN=Enterprise Root', 'CN=Carrier Root'],
    ]);
  });

  test('where the configuration has no file, it is kept here and the edit is offered; twice by one key is once', async () => {
    const { certificate, key } = await issue('console.example.com');
    const body = { use: 'management', pem: certificate, key };
    const headers = { 'idempotency-key': 'once' };
    const made = await ask('POST', '/certificates', body, headers);
    const [pem, keyFile] = ['certificates/management.pem', 'certificates/management.key'].map(file);
    expect([made.status, made.body]).toEqual([
      201,
      {
        files: [pem, keyFile],
        edits: [
          { path: ['management', 'tls', 'certificate'], value: pem },
          { path: ['management', 'tls', 'key'], value: keyFile },
        ],
        findings: [],
      },
    ]);
    expect(statSync(keyFile!).mode & 0o777).toBe(0o600);
    const again = await ask('POST', '/certificates', body, headers);
    expect([again.body, again.headers['idempotency-replayed']]).toEqual([made.body, 'true']);
    const roots = await ask('POST', '/certificates', { use: 'trunk own', kind: 'trust', pem: authority.pem });
    expect(roots.body.edits).toEqual([
      { path: ['trunks', 'own', 'tls', 'trust'], value: ['system', file('certificates/own.roots.pem')] },
    ]);
    expect((await ask('POST', '/certificates', { ...body, use: 'trunk ../../x' })).status).toBe(422);
  });

  test('a request that nobody waits for is removed with its key; there is an end to how many wait', async () => {
    for (const names of [['a b'], ['-x.example'], ['x'.repeat(64)], []])
      expect((await ask('POST', '/certificate-requests', { names })).status).toBe(400);
    const ids: string[] = [];
    for (let at = 0; at < 32; at++)
      ids.push((await ask('POST', '/certificate-requests', { names: ['a.example'], kind: 'ecdsa-p256' })).body.id);
    expect((await ask('POST', '/certificate-requests', { names: ['a.example'], kind: 'ecdsa-p256' })).status).toBe(409);
    expect((await ask('DELETE', `/certificate-requests/${ids[0]}`)).status).toBe(204);
    expect(existsSync(file(`certificates/requests/${ids[0]}.json`))).toBe(false);
    expect((await ask('GET', `/certificate-requests/${ids[0]}`)).status).toBe(404);
  });
});

function pairOf({ certificate, key }: Issued): object {
  return { pem: certificate, key };
}
