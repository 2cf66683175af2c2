import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { soundFile } from '#shell/config';
import { type ImportOptions, importTrunk } from '../../src/cli/import-trunk.ts';
import { type CapabilityServer, capabilityServer, exampleDocument, type Fault } from '../support/capability-server.ts';

/** `tandem trunk import` against a capability server of our own, over HTTPS on the loopback address. */

let server: CapabilityServer;
let folder: string;
const opened: CapabilityServer[] = [];
const start = async (options?: Parameters<typeof capabilityServer>[0]) => {
  const one = await capabilityServer(options);
  opened.push(one);
  return one;
};

beforeEach(async () => {
  server = await start();
  folder = mkdtempSync(join(tmpdir(), 'tandem-import-'));
  writeFileSync(join(folder, 'ca.pem'), server.ca);
  writeFileSync(join(folder, 'secret'), `${server.holds.client.secret}\n`);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

const path = (name: string) => join(folder, name);
const file = (name: string) => readFileSync(path(name), 'utf8');
const usual = (): ImportOptions => ({
  name: 'ssp',
  caFile: path('ca.pem'),
  clientId: 'acme',
  clientSecretFile: path('secret'),
  into: path('tandem.yaml'),
});

async function run(options: Partial<ImportOptions> = {}, url = server.origin) {
  const [out, err]: string[][] = [[], []];
  if (!options.force) writeFileSync(path('tandem.yaml'), soundFile);
  try {
    const to = {
      stdout: { write: (text: string) => out!.push(text) },
      stderr: { write: (text: string) => err!.push(text) },
    };
    await importTrunk(new URL(url), { ...usual(), ...options }, to);
    return { out: out!.join(''), err: err!.join(''), failure: undefined };
  } catch (error) {
    return { out: out!.join(''), err: err!.join(''), failure: (error as Error).message };
  }
}

describe('a trunk is made', () => {
  test('by WebFinger, metadata, token and document, in this order', async () => {
    const { failure, err } = await run({ trunkid: '17' });
    expect(failure).toBeUndefined();
    expect(server.asked.map((one) => one.replace(/webfinger\?.*/, 'webfinger'))).toEqual([
      'GET /.well-known/webfinger',
      'GET /.well-known/oauth-authorization-server',
      'POST /token',
      'GET /capdoc?trunkid=17',
    ]);
    expect(server.asked[0]).toContain('rel=sip-trunking-capability');
    expect(server.authorizations.at(-1)).toBe('Bearer token-17');
    expect(file('tandem.yaml')).toContain(soundFile.slice(0, soundFile.indexOf('routes:')));
    expect(file('tandem.yaml')).toContain('  - name: ssp\n    kind: itsp\n    transport: tls\n');
    expect(file('ssp.profile.yaml')).toContain(
      'call-control:\n    - host: callserver1.voip.example.com\n      port: 5060\n',
    );
    expect(err).toContain('SSP_PASSWORD is not set');
  });

  test('the same from JSON and from XML', async () => {
    await run();
    const [trunk, profile] = [file('tandem.yaml'), file('ssp.profile.yaml')];
    server.holds.xmlOnly = true;
    expect((await run()).failure).toBeUndefined();
    expect([file('tandem.yaml'), file('ssp.profile.yaml')]).toEqual([trunk, profile]);
  });

  test('from the address of the document itself, with a token that is there', async () => {
    writeFileSync(path('token'), 'token-17\n');
    const one = { clientId: undefined, clientSecretFile: undefined, tokenFile: path('token') } as never;
    expect((await run(one, `${server.origin}/capdoc?a=b`)).failure).toBeUndefined();
    expect(server.asked).toEqual(['GET /capdoc?a=b']);
  });

  test('on standard output, with its profile beside', async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { out } = await run({ into: undefined as never });
      expect(out).toMatch(/^trunks:\n {2}# From the capability set of localhost/);
      expect(out).toContain('    profile: ./ssp.profile.yaml\n');
    } finally {
      process.chdir(before);
    }
    expect(file('tandem.yaml')).toBe(soundFile);
  });

  test('with the certificates of the provider, and its password in clear, each in a file', async () => {
    const document = exampleDocument();
    Object.assign(document.security as object, { 'certificate-location': `${server.origin}/certificates.pem` });
    Object.assign(document['transport-info'] as object, {
      realm: [{ name: 'voip.example.com', username: 'voip', password: '$0$open sesame' }],
    });
    server.holds.documents.set('17', document);
    const { failure, err, out } = await run();
    expect(failure).toBeUndefined();
    expect(file('ssp.certificates.pem').trim()).toBe(server.ca.trim());
    expect(file('ssp.password')).toBe('open sesame\n');
    expect(statSync(path('ssp.password')).mode & 0o777).toBe(0o600);
    expect(file('tandem.yaml')).toContain(`        password-file: ${path('ssp.password')}\n`);
    expect(file('tandem.yaml')).toContain(`        - ${path('ssp.certificates.pem')}\n`);
    for (const text of [file('tandem.yaml'), file('ssp.profile.yaml'), err, out]) expect(text).not.toContain('sesame');
  });

  test('without certificates that cannot be had, but saying so', async () => {
    const document = exampleDocument();
    Object.assign(document.security as object, { 'certificate-location': `${server.origin}/nothing.pem` });
    server.holds.documents.set('17', document);
    const { failure, err } = await run();
    expect(failure).toBeUndefined();
    expect(err).toContain('The certificates of the provider were not given.');
    expect(err).toContain('404 Not Found');
  });

  test('with what a vendor added left out, and told', async () => {
    server.holds.documents.set('17', { ...exampleDocument(), 'vendor:account': { id: 5 } });
    expect((await run()).err).toContain('Not understood, and left out: vendor:account');
    server.holds.xmlOnly = true;
    server.faults.set('/capdoc', {
      status: 200,
      headers: { 'content-type': 'application/yang-data+xml' },
      body: '<sip-auto-peering xmlns="urn:ietf:params:xml:ns:yang:ietf-sip-auto-peering"><variant>v1-0</variant><a:account xmlns:a="urn:a"><a:id>5</a:id></a:account></sip-auto-peering>',
    });
    expect((await run({ force: true, name: 'other' })).err).toContain('Not understood, and left out: a:account');
  });

  test('client_secret_post where the server wants that', async () => {
    server.holds.metadata = { token_endpoint_auth_methods_supported: ['client_secret_post'] };
    expect((await run()).failure).toBeUndefined();
    expect(server.authorizations[2]).toBeUndefined();
  });

  test('a redirect on the same host is followed', async () => {
    server.faults.set('/moved', { status: 307, headers: { location: '/capdoc' } });
    expect((await run({}, `${server.origin}/moved`)).failure).toBeUndefined();
    expect(server.asked.slice(-2)).toEqual(['GET /moved', 'GET /capdoc']);
  });
});

describe('what is there is kept', () => {
  test('a trunk of the same name', async () => {
    const { failure } = await run({ name: 'itsp-a' });
    expect(failure).toContain('it has a trunk "itsp-a" already. Say --force to replace it, or --name.');
    expect(file('tandem.yaml')).toBe(soundFile);
    expect(() => file('itsp-a.profile.yaml')).toThrow();
    expect((await run({ name: 'itsp-a', force: true })).failure).toBeUndefined();
    expect(file('tandem.yaml')).not.toContain('203.0.113.10');
  });

  test('a profile that somebody wrote', async () => {
    writeFileSync(path('ssp.profile.yaml'), '# mine\n');
    expect((await run()).failure).toContain('is there already, and different: say --force to replace it.');
    expect(file('ssp.profile.yaml')).toBe('# mine\n');
    expect(file('tandem.yaml')).toBe(soundFile);
  });
});

/** Where it goes wrong, what is answered there, and what has to be said. */
const json = (value: unknown, status = 200): Fault => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const xml = (body: string | Uint8Array): Fault => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body,
});
const webfinger = '/.well-known/webfinger';
const metadata = '/.well-known/oauth-authorization-server';
const bomb =
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sip-auto-peering xmlns="urn:ietf:params:xml:ns:yang:ietf-sip-auto-peering"><variant>&a;</variant></sip-auto-peering>';
const deep = `<sip-auto-peering xmlns="urn:ietf:params:xml:ns:yang:ietf-sip-auto-peering">${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</sip-auto-peering>`;

const faults: [what: string, path: string, fault: Fault | (() => Fault), words: string[]][] = [
  ['no WebFinger', webfinger, { status: 404 }, ['does not say where', '404 Not Found', 'URL of the document itself']],
  [
    'WebFinger without the link',
    webfinger,
    json({ links: [{ rel: 'self', href: 'https://a.example' }] }),
    ['knows of no capability set', 'links: self'],
  ],
  ['WebFinger that is no JSON', webfinger, { status: 200, body: '<html>' }, ['cannot be read']],
  [
    'a link that is no URL',
    webfinger,
    json({ links: [{ rel: 'sip-trunking-capability', href: 'capdoc' }] }),
    ['no URL'],
  ],
  [
    'a link in clear',
    webfinger,
    json({ links: [{ rel: 'sip-trunking-capability', href: 'http://127.0.0.1:1/a' }] }),
    ['would be asked in clear', '--insecure-http'],
  ],
  ['no metadata', metadata, { status: 404 }, ['where tokens are to be had', '--token-endpoint']],
  [
    'metadata of another',
    metadata,
    json({ issuer: 'https://evil.example', token_endpoint: 'https://evil.example/t' }),
    ['another issuer', 'https://evil.example'],
  ],
  ['metadata without token end point', metadata, () => json({ issuer: server.origin }), ['no token end point']],
  [
    'another grant',
    metadata,
    () =>
      json({
        issuer: server.origin,
        token_endpoint: `${server.origin}/token`,
        grant_types_supported: ['authorization_code'],
      }),
    ['client credentials', 'authorization_code', '--token-file'],
  ],
  [
    'another client authentication',
    metadata,
    () =>
      json({
        issuer: server.origin,
        token_endpoint: `${server.origin}/token`,
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      }),
    ['private_key_jwt', '--token-file'],
  ],
  [
    'a wrong client',
    '/token',
    json({ error: 'invalid_client', error_description: 'No\u001b[31m' }, 401),
    ['No token was given', '401 invalid_client', '--client-id'],
  ],
  [
    'a token end point that sends us on',
    '/token',
    { status: 307, headers: { location: 'https://other.example/token' } },
    ['sends us on', 'other.example'],
  ],
  ['a token of another kind', '/token', json({ access_token: 'a', token_type: 'mac' }), ['token_type mac']],
  [
    'a token that would break a header',
    '/token',
    json({ access_token: 'a\r\nb: c', token_type: 'Bearer' }),
    ['no token that can be used'],
  ],
  [
    'a token that is not taken',
    '/token',
    json({ access_token: 'wrong', token_type: 'Bearer' }),
    ['403 Forbidden', 'may not see this document'],
  ],
  ['a document that is gone', '/capdoc', { status: 404 }, ['404 Not Found', '--trunkid']],
  ['a server that is busy', '/capdoc', { status: 503 }, ['503 Service Unavailable', 'Try later']],
  [
    'a web page',
    '/capdoc',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Hello' },
    ['no capability set', 'text/html'],
  ],
  ['something else in JSON', '/capdoc', json({ hello: 1 }), ['no capability set', 'JSON with hello']],
  [
    'broken JSON',
    '/capdoc',
    { status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":' },
    ['cannot be read'],
  ],
  [
    'JSON that is too deep',
    '/capdoc',
    {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: `{"sip-auto-peering":{"a":${'['.repeat(1000)}${']'.repeat(1000)}}}`,
    },
    ['too deep'],
  ],
  [
    'a document that is too large',
    '/capdoc',
    { status: 200, headers: { 'content-type': 'application/json' }, body: ' '.repeat(300_000) },
    ['too large', '262144'],
  ],
  [
    'a document that is packed',
    '/capdoc',
    { status: 200, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: 'x' },
    ['packed', 'gzip'],
  ],
  ['no UTF-8', '/capdoc', xml(Buffer.from('<a>', 'utf16le').fill(0xff, 0, 2)), ['no text in UTF-8']],
  ['a document type', '/capdoc', xml(bomb), ['document type', '<!DOCTYPE']],
  ['broken XML', '/capdoc', xml('<sip-auto-peering><a></sip-auto-peering>'), ['The XML cannot be read']],
  ['XML of another namespace', '/capdoc', xml('<sip-auto-peering xmlns="urn:a"/>'), ['no capability set', 'urn:a']],
  ['XML that is too deep', '/capdoc', xml(deep), ['too deep']],
  [
    'another variant',
    '/capdoc',
    () => json({ 'ietf-sip-auto-peering:sip-auto-peering': { variant: 'v9-0' } }),
    ['variant: there is no `v9-0` here', 'Ask the provider'],
  ],
  [
    'values of the wrong kind',
    '/capdoc',
    () =>
      json({
        'ietf-sip-auto-peering:sip-auto-peering': { ...exampleDocument(), dtmf: { 'payload-number': 7 }, media: [] },
      }),
    ['dtmf.payload-number', 'media'],
  ],
  [
    'a redirect to another host',
    '/capdoc',
    { status: 302, headers: { location: 'https://other.example/capdoc' } },
    ['another host, other.example', '--allow-host other.example'],
  ],
  ['a redirect to nowhere', '/capdoc', { status: 302 }, ['does not say where']],
  ['a redirect in a circle', '/capdoc', { status: 302, headers: { location: '/capdoc' } }, ['on and on']],
  [
    'a redirect in clear',
    '/capdoc',
    () => ({ status: 302, headers: { location: `http://${new URL(server.origin).host}/capdoc` } }),
    ['another host'],
  ],
];

describe('a step that fails says what was asked, what came, and what to do', () => {
  test.each(faults)('%s', async (_what, at, fault, words) => {
    server.faults.set(at, typeof fault === 'function' ? fault() : fault);
    const { failure } = await run();
    for (const word of words) expect(failure).toContain(word);
    if (!failure!.includes('RFC 10006 says'))
      for (const line of ['asked', 'came', 'do']) expect(failure).toMatch(new RegExp(`\n {2}${line} `));
    expect(failure).not.toMatch(/\u001b|odd|token-17/);
    expect(file('tandem.yaml')).toBe(soundFile);
    expect(() => file('ssp.profile.yaml')).toThrow();
  });

  test('the document, asked without a token', async () => {
    const { failure } = await run({ clientId: undefined, clientSecretFile: undefined } as never);
    expect(failure).toContain('401 Unauthorized');
    expect(failure).toContain('WWW-Authenticate: Bearer');
    expect(failure).toContain('Give --client-id and --client-secret-file.');
  });

  test('a trunk id that the server does not know', async () => {
    expect((await run({ trunkid: '99' })).failure).toContain('400 Bad Request');
  });

  test('the wrong secret', async () => {
    writeFileSync(path('secret'), 'guess');
    expect((await run()).failure).toContain('401 invalid_client: Who are you?');
  });
});

describe('who is believed', () => {
  test('not a root of its own, unless given', async () => {
    const { failure } = await run({ caFile: undefined as never });
    expect(failure).toContain('The certificate is not believed.');
    expect(failure).toContain('--ca-file');
    expect(server.asked).toEqual([]);
  });

  test('not a certificate for another host', async () => {
    const other = await start({ name: 'other.example' });
    writeFileSync(path('other.pem'), other.ca);
    const { failure } = await run({ caFile: path('other.pem') }, other.origin);
    expect(failure).toContain('The certificate is for another host.');
    expect(other.asked).toEqual([]);
  });

  test('not one that has expired', async () => {
    const old = await start({ expires: -1 });
    writeFileSync(path('old.pem'), old.ca);
    expect((await run({ caFile: path('old.pem') }, old.origin)).failure).toContain('The certificate has expired.');
  });

  test('nothing in clear, but for a test host', async () => {
    const plain = await start({ plain: true });
    expect((await run({}, plain.origin)).failure).toContain('would be asked in clear');
    expect(plain.asked).toEqual([]);
    expect((await run({ insecureHttp: true }, plain.origin)).failure).toBeUndefined();
  });

  test('another host by redirect, when it was named', async () => {
    const other = await start();
    writeFileSync(path('both.pem'), `${server.ca}\n${other.ca}`);
    server.faults.set('/capdoc', { status: 302, headers: { location: `${other.origin}/capdoc` } });
    const { failure, err } = await run({ caFile: path('both.pem'), allowHost: [new URL(other.origin).host] });
    expect(failure).toBeUndefined();
    expect(err).toContain('as was allowed');
  });

  test('no password in a URL', async () => {
    const { failure } = await run({}, server.origin.replace('//', '//me:sesame@'));
    expect(failure).toContain('A URL with a password in it.');
    expect(failure).not.toContain('sesame');
  });
});

describe('who takes too long', () => {
  test('is left', async () => {
    const { ask } = await import('../../src/shell/peering/http-client.ts');
    server.faults.set('/slow', {});
    const asked = ask(
      { url: new URL(`${server.origin}/slow`), accept: '*/*', most: 1000 },
      { ca: server.ca, timeout: 100, say: () => {} },
    );
    await expect(asked).rejects.toThrow('takes too long');
  });

  test('or is not there', async () => {
    const { origin } = server;
    await server.close();
    opened.splice(0);
    expect((await run()).failure).toContain('takes no connection');
    expect(origin).toContain('localhost');
  });
});
