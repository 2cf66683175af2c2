import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatResponse, parseMessage, StreamFramer } from '#codec/sip-message';
import type { TestReport } from '../../src/cli/trunk-test/report.ts';
import { Authority, certificateFolder } from '../support/certificates.ts';
import { DnsServer } from '../support/dns-server.ts';
import { FarEnd } from '../support/far-end.ts';

/** `tandem trunk test` as people run it: the real program, and a far end of ours. */
const root = join(import.meta.dirname, '../..');
const host = '127.0.0.1';
const directory = mkdtempSync(join(tmpdir(), 'tandem-trunk-test-'));
const file = join(directory, 'tandem.yaml');
const certificates = certificateFolder();
const environment = { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/tandem-code') };
let program: ChildProcess;
let said = '';
let farEnd: FarEnd;
let dns: DnsServer;
let impostor: TlsServer;
let honest: TlsServer;
let registrar: Socket;

/** 200 to whatever is asked; a REGISTER is granted what it asks for, but for a user who is not known. */
function ok(octets: string): string {
  const message = parseMessage(octets);
  if (message.kind !== 'request') return '';
  const echoed = ['via', 'from', 'to', 'call-id', 'cseq', 'contact', 'expires'] as const;
  const headers = echoed.flatMap((name) => message.all(name).map((value) => [name, value] as const));
  return message.method === 'REGISTER' && message.get('to')?.includes('stranger')
    ? formatResponse(403, 'Forbidden', headers)
    : formatResponse(200, 'OK', headers);
}

async function tlsServer(certificate: string, key: string): Promise<TlsServer> {
  const server = createTlsServer({ cert: certificate, key }, (socket) => {
    const framer = new StreamFramer();
    socket.on('error', () => {});
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      for (const item of framer.push(chunk)) if (item.kind === 'message') socket.write(ok(item.octets), 'latin1');
    });
  });
  server.on('tlsClientError', () => {});
  server.listen(0, host);
  await once(server, 'listening');
  return server;
}

const portOf = (server: TlsServer): number => (server.address() as { port: number }).port;

/** A port that nobody has: neither of UDP nor of TCP. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = createSocket('udp4');
  const isFree = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind(port, host, () => resolve(true));
  });
  socket.close();
  server.close();
  await once(server, 'close');
  return isFree ? port : freePort();
}

beforeAll(async () => {
  const [sip, sips, dead] = [await freePort(), await freePort(), await freePort()];
  farEnd = await FarEnd.start({ host, port: 0 });
  const { port } = farEnd.address;
  dns = await DnsServer.start({
    zone: ['a.far.test 60 A 127.0.0.1', `_sip._udp.far.test 60 SRV 10 5 ${port} a.far.test`],
  });
  const authority = await Authority.root('Test Root');
  const theirs = await authority.issue({ name: 'other.test', dns: ['other.test'] });
  const ours = await authority.issue({ name: 'sbc.test', dns: ['sbc.test'] });
  impostor = await tlsServer(theirs.certificate, theirs.key);
  const good = await authority.issue({ name: 'far.test', dns: ['far.test'] });
  honest = await tlsServer(good.certificate, good.key);
  registrar = createSocket('udp4');
  registrar.on('message', (bytes, from) => {
    const answer = ok(bytes.toString('latin1'));
    if (answer !== '') registrar.send(Buffer.from(answer, 'latin1'), from.port, from.address);
  });
  await new Promise<void>((resolve) => registrar.bind(0, host, resolve));
  const registers = (name: string, user: string) => `
  - name: ${name}
    kind: itsp
    transport: udp
    addresses: "${host}:${registrar.address().port}"
    domain: registrar.test
    health: off
    identity: { user: ${user} }
    credentials: { username: ${user}, password: not-to-be-seen }
    registration: { registrar: "${host}:${registrar.address().port}", expires: 10m }`;
  const trust = certificates.write('root.pem', authority.pem);
  writeFileSync(
    file,
    `
listeners:
  - { name: sip, side: both, bind: "${host}:${sip}", transports: [udp, tcp] }
  - name: sips
    side: both
    bind: "${host}:${sips}"
    transports: tls
    tls:
      certificate: ${certificates.write('ours.pem', ours.certificate)}
      key: ${certificates.write('ours.key', ours.key)}
trunks:
  - { name: pbx, kind: ip-pbx, addresses: "${host}:${await freePort()}", health: off }
  - { name: far, kind: itsp, transport: udp, domain: far.test, capacity: { calls: 2 } }
  - { name: dead, kind: itsp, transport: tcp, addresses: "${host}:${dead}", health: off }
  - name: impostor
    kind: itsp
    transport: tls
    addresses: "${host}:${portOf(impostor)}"
    health: off
    tls: { names: far.test, trust: ${trust} }
  - name: honest
    kind: itsp
    transport: tls
    addresses: "${host}:${portOf(honest)}"
    health: off
    tls: { names: far.test, trust: ${trust} }${registers('account', 'me')}${registers('unknown', 'stranger')}
routes:
  - { name: out, from: pbx, to: [far, dead, impostor, honest, account, unknown] }
  - { name: in, from: [far, dead, impostor, honest, account, unknown], to: pbx }
dns: { servers: "${host}:${dns.address.port}" }
media: { address: ${host}, ports: 23000-23098 }
records: { path: ${join(directory, 'data')} }
`,
  );
  program = spawn(join(root, 'bin/tandem'), ['run', file], { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  const ready = Promise.withResolvers<void>();
  for (const stream of [program.stdout!, program.stderr!])
    stream.on('data', (chunk) => {
      said += chunk;
      if (said.includes(' ready: ')) ready.resolve();
    });
  program.once('exit', (code) => ready.reject(new Error(`ended with ${code}: ${said}`)));
  await ready.promise;
}, 20_000);

afterAll(async () => {
  farEnd?.close();
  impostor?.close();
  honest?.close();
  registrar?.close();
  if (program && program.exitCode === null) {
    const exit = once(program, 'exit');
    program.kill('SIGTERM');
    setTimeout(() => program.kill('SIGTERM'), 500).unref();
    await exit;
  }
  await dns?.close();
  certificates.remove();
  rmSync(directory, { recursive: true, force: true });
}, 15_000);

async function tandem(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const child = spawn(join(root, 'bin/tandem'), args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const [status] = (await once(child, 'close')) as [number];
  return { status, stdout, stderr };
}

async function report(...args: readonly string[]) {
  const { status, stdout, stderr } = await tandem('trunk', 'test', ...args, '--output', 'json');
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as TestReport;
  const steps = Object.fromEntries(found.steps.map((step) => [step.name, step]));
  return { status, steps, found, verdicts: found.steps.map(({ name, verdict }) => `${name}: ${verdict}`) };
}

test('a trunk that works: found by the DNS, called, heard, held, recorded', { timeout: 30_000 }, async () => {
  const { status, steps, found, verdicts } = await report('far', file, '--number', '0049301', '--seconds', '1');
  expect(verdicts).toEqual([
    'Configuration: passed',
    'DNS: passed',
    'Connection: skipped',
    'TLS: skipped',
    'OPTIONS: passed',
    'REGISTER: skipped',
    'Call: passed',
    'Audio: passed',
    'DTMF: passed',
    'Hold: passed',
    'Hang-up: passed',
    'Record: passed',
  ]);
  expect(status).toBe(0);
  expect(found.verdict).toMatch(/^far works: 9 steps passed$/);
  expect(farEnd.called).toContain('0049301');
  expect(steps.DNS!.came.join('\n')).toMatch(
    /SRV _sip\._udp\.far\.test: priority 10 weight 5 a\.far\.test:\d+; good for 60 s/,
  );
  expect(steps.OPTIONS!.came.join('\n')).toContain('it takes INVITE, ACK, CANCEL, BYE, OPTIONS');
  expect(steps.Audio!.summary).toBe('heard -10.0 dBm0, our own tone');
  expect(steps.DTMF!.summary).toBe('123 sent, 123 came back');
  expect(steps.Hold!.came).toContain('0 packets while on hold');
  const [line] = steps.Record!.came;
  expect(line).toMatch(/^call [0-9a-f]+, from trunk test: The caller hung up\.$/);
});

test('a wrong number: what the peer says, what to do, and the record', { timeout: 15_000 }, async () => {
  const { status, steps, found } = await report('far', file, '--number', '0049404');
  expect(status).toBe(1);
  expect(found.verdict).toBe('far does not work: Call: 404 Not Found');
  expect(steps.Call!.todo.join()).toContain('does not know the number');
  expect(steps.Record!.came).toContain('decision: test: a test call over trunk far');
});

test('a dead target: refused at once, by whom, and what to do', { timeout: 15_000 }, async () => {
  const { status, steps, found } = await report('dead', file);
  expect(status).toBe(1);
  expect(found.verdict).toMatch(/^dead does not work: Connection: 0 of 1 target reached/);
  expect(steps.Connection!.came[0]).toContain('ECONNREFUSED');
  expect(steps.Connection!.todo[0]).toContain('Nobody takes tcp there');
  expect(steps.OPTIONS!.verdict).toBe('failed');
});

test('a certificate for somebody else: its chain, the name that was wanted, and what to do', {
  timeout: 15_000,
}, async () => {
  const { status, steps } = await report('impostor', file);
  expect(status).toBe(1);
  expect(steps.Connection!.verdict).toBe('passed');
  expect(steps.TLS!.verdict).toBe('failed');
  expect(steps.TLS!.summary).toBe("the peer's certificate is for other.test; wanted far.test");
  expect(steps.TLS!.came.join('\n')).toMatch(
    /certificate 1: CN=other\.test \(DNS:other\.test\), issued by CN=Test Root, until \d{4}/,
  );
  expect(steps.TLS!.todo[0]).toContain('tls.names');
  expect(steps.OPTIONS!.verdict).toBe('failed');
});

test('a peer over TLS that is who it should be', { timeout: 15_000 }, async () => {
  const { status, steps } = await report('honest', file);
  expect(status).toBe(0);
  expect(steps.TLS!.came.join('\n')).toMatch(
    /: TLSv1\.3, TLS_[A-Z0-9_]+, in \d+ ms; it leads to a trusted root and bears the name/,
  );
  expect(steps.TLS!.sent.join('\n')).toContain('our certificate, should it be asked for: sbc.test, ');
  expect(steps.OPTIONS!.summary).toMatch(/^1 of 1 target answered, \d+ ms there and back$/);
});

test('a registration, forced anew: granted, and refused with what to do', { timeout: 15_000 }, async () => {
  const granted = await report('account', file);
  expect(granted.steps.REGISTER).toMatchObject({ verdict: 'passed', summary: '200 OK, for 10 min 00 s' });
  expect(granted.steps.REGISTER!.sent[0]).toMatch(
    /^REGISTER sip:127\.0\.0\.1:\d+ as sip:me@registrar\.test to udp 127/,
  );
  expect(JSON.stringify(granted.found)).not.toContain('not-to-be-seen');
  const refused = await report('unknown', file);
  expect(refused.status).toBe(1);
  expect(refused.steps.REGISTER!.verdict).toBe('failed');
  expect(refused.steps.REGISTER!.came[0]).toMatch(/^403 Forbidden from udp 127/);
  expect(refused.steps.REGISTER!.todo[0]).toContain('not allowed to register');
});

test('the page for the provider stands alone, and tells no secret', { timeout: 15_000 }, async () => {
  const page = join(directory, 'report.html');
  const { status, stdout } = await tandem('trunk', 'test', 'dead', file, '--output', 'html', '--file', page);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  const html = readFileSync(page, 'utf8');
  expect(html).toContain('<title>Test of trunk dead</title>');
  expect(html).toContain('class="failed" open');
  expect(html).not.toMatch(/<script|src=|href=|https?:/);
});

test('without a running program: what can be asked from outside is', { timeout: 15_000 }, async () => {
  const other = join(directory, 'other.yaml');
  writeFileSync(
    other,
    readFileSync(file, 'utf8').replace(/records: .*/, `records: { path: ${join(directory, 'none')} }`),
  );
  const { status, steps, found } = await report('far', other, '--number', '0049301');
  expect(status).toBe(0);
  expect(found).toMatchObject({
    running: false,
    verdict: 'far works: 3 steps passed; not tried, as no program runs: Call',
  });
  expect(steps.OPTIONS!.sent[0]).toMatch(/^OPTIONS to udp 127\.0\.0\.1:\d+, by a socket of our own: no program runs$/);
  expect(steps.Call).toMatchObject({ verdict: 'skipped', summary: 'no program runs' });
  const list = await tandem('trunk', 'list', other);
  expect(list).toMatchObject({ status: 0, stderr: expect.stringContaining('No program runs on ') });
  expect(list.stdout).toMatch(/^far\s+itsp\s+udp\s+far\.test \(by the DNS\)\s+at most 2/m);
});

test('list and show tell how they are', { timeout: 15_000 }, async () => {
  const list = await tandem('trunk', 'list', file);
  expect(list.status).toBe(0);
  expect(list.stdout).toMatch(/^far\s+itsp\s+udp\s+up\s+.*0 of 2\s+50.0 %/m);
  const show = await tandem('trunk', 'show', 'far', file);
  expect(show.stdout).toMatch(/^Trunk far\n {2}up since /);
  expect(show.stdout).toMatch(/SRV _sip\._udp\.far\.test: 10 5 a\.far\.test:\d+, good for /);
  expect(show.stdout).toMatch(/OPTIONS \d+ answered, 0 not; calls 2 went on, 0 unanswered/);
  expect(await tandem('trunk', 'show', 'fax', file)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('has no trunk fax: it has pbx, far, dead, impostor, honest, account, unknown.'),
  });
});
