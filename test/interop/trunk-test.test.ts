import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  impostor = createTlsServer({ cert: theirs.certificate, key: theirs.key }, (socket) => socket.on('error', () => {}));
  impostor.on('tlsClientError', () => {});
  impostor.listen(0, host);
  await once(impostor, 'listening');
  const tlsPort = (impostor.address() as { port: number }).port;
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
    addresses: "${host}:${tlsPort}"
    health: off
    tls: { names: far.test, trust: ${trust} }
routes:
  - { name: out, from: pbx, to: [far, dead, impostor] }
  - { name: in, from: [far, dead, impostor], to: pbx }
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
  const { status, stdout, stderr } = await tandem('trunk', 'test', ...args, '--format', 'json');
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

test('the page for the provider stands alone, and tells no secret', { timeout: 15_000 }, async () => {
  const page = join(directory, 'report.html');
  const { status, stdout } = await tandem('trunk', 'test', 'dead', file, '--format', 'html', '--output', page);
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
  expect(found).toMatchObject({ running: false, verdict: 'far works: 3 steps passed; no call was made' });
  expect(steps.OPTIONS!.sent[0]).toMatch(/^OPTIONS to udp 127\.0\.0\.1:\d+, by a socket of our own: no program runs$/);
  expect(steps.Call).toMatchObject({ verdict: 'skipped', summary: 'no program runs' });
  const list = await tandem('trunk', 'list', other);
  expect(list).toMatchObject({ status: 0, stderr: expect.stringContaining('No program runs on ') });
  expect(list.stdout).toMatch(/^far\s+itsp\s+udp\s+far\.test \(by the DNS\)\s+at most 2/m);
});

test('list and show tell how they are', { timeout: 15_000 }, async () => {
  const list = await tandem('trunk', 'list', file);
  expect(list.status).toBe(0);
  expect(list.stdout).toMatch(/^far\s+itsp\s+udp\s+up\s+.*0 of 2\s+100 %/m);
  const show = await tandem('trunk', 'show', 'far', file);
  expect(show.stdout).toMatch(/^Trunk far\n {2}up since /);
  expect(show.stdout).toMatch(/SRV _sip\._udp\.far\.test: 10 5 a\.far\.test:\d+, good for /);
  expect(show.stdout).toMatch(/OPTIONS \d+ answered, 0 not; calls 2 went on, 0 unanswered/);
  expect(await tandem('trunk', 'show', 'fax', file)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('has no trunk fax: it has pbx, far, dead, impostor.'),
  });
});
