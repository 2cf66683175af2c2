/**
 * Makes the Debian package in two versions, installs the older in a root of its own over this machine's (overlay, namespaces), runs it as its
 * unit would, has it fail a call, and puts the newer over it: its file, its records and who may sign in must stay. As root, on Debian.
 * Exit status 1 when something is not so.
 *
 *   node --conditions=source scripts/try-deb.ts        after `npm run build`
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotifySocket } from '../test/support/service-manager.ts';
import { manifestOf } from './assemble.ts';
import { buildDebs } from './build-deb.ts';

const [mode, ...paths] = process.argv.slice(2);

function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: status ${status}\n${stdout}${stderr}${error ?? ''}`);
  return stdout;
}

function expect(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`not so: ${what}`);
  console.log(`ok: ${what}`);
}

async function until(what: string, holds: () => unknown, seconds = 30): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not so in ${seconds} s: ${what}`);
}

async function outside(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-try-deb-'));
  try {
    for (const part of ['upper', 'work', 'root']) mkdirSync(join(directory, part));
    const ours = manifestOf(new URL('../', import.meta.url).pathname).version;
    const [older, newer] = buildDebs({ out: directory, fast: true, versions: ['0.0.1', ours] }) as [string, string];
    console.log(`${newer}: ${Math.round(statSync(newer).size / 1e6)} MB before its compression`);
    const inside = ['--mount', '--net', '--pid', '--fork', process.execPath, ...process.execArgv, import.meta.filename];
    const child = spawn('unshare', [...inside, 'inside', directory, older, newer], { stdio: 'inherit' });
    const [status] = (await once(child, 'exit')) as [number | null];
    process.exitCode = status ?? 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** In namespaces of its own: no mount, process or packet is anybody else's. */
async function inside(directory: string, older: string, newer: string): Promise<void> {
  const root = join(directory, 'root');
  const overlay = `lowerdir=/,upperdir=${join(directory, 'upper')},workdir=${join(directory, 'work')}`;
  run('mount', '--make-rprivate', '/');
  run('mount', '-t', 'overlay', 'overlay', '-o', overlay, root);
  run('mount', '-t', 'proc', 'proc', join(root, 'proc'));
  run('mount', '--rbind', '/dev', join(root, 'dev'));
  run('mount', '-t', 'tmpfs', 'tmpfs', join(root, 'run'));
  run('mount', '-t', 'tmpfs', 'tmpfs', join(root, 'tmp'));
  run('ip', 'link', 'set', 'lo', 'up');
  // Not what a test on this machine left there: the package is all that there is of it.
  const chroot = (...command: readonly string[]): string => run('chroot', root, ...command);
  const install = (deb: string): string => {
    const at = join(root, 'tmp/tandem.deb');
    writeFileSync(at, readFileSync(deb));
    return chroot('dpkg', '--install', '/tmp/tandem.deb');
  };
  const version = (): string => chroot('dpkg-query', '--show', '--showformat=$' + '{Version}', 'tandem');
  const data = join(root, 'var/lib/tandem');
  const socket = join(data, 'api.sock');

  install(older);
  expect('the older package is installed', version() === '0.0.1');
  expect('its configuration was checked', readFileSync(join(data, 'check.txt'), 'utf8').includes('is sound'));
  const owner = Number(chroot('id', '--user', 'tandem'));
  expect('its data is its user’s alone', statSync(data).uid === owner && (statSync(data).mode & 0o777) === 0o700);
  const file = join(root, 'etc/tandem/tandem.yaml');
  expect('nobody else reads its file', (statSync(file).mode & 0o777) === 0o660);
  // Of systems without a manual for what is not there, this one says something else as well.
  const verified = spawnSync('chroot', [root, 'systemd-analyze', 'verify', '/lib/systemd/system/tandem.service'], {
    encoding: 'utf8',
  });
  expect(
    `systemd takes the unit (${verified.stderr.trim()})`,
    verified.status === 0 && !verified.stderr.includes('tandem.service'),
  );

  const manager = new NotifySocket(join(root, 'run/notify'));
  let service = await start(root, manager);
  await failCall();
  const cdr = (): string => chroot('/usr/bin/tandem', 'cdr', 'list', '-o', 'json');
  await until('the call that failed has its record', () => calls(cdr()) === 1);
  const before = cdr();
  expect('the console is served', (await ask(socket, '/', 'text/html')).includes('<div id="root">'));
  writeFileSync(file, readFileSync(file, 'utf8').replace('calls: 30', 'calls: 31'));
  service.kill('SIGHUP');
  await until('a reload is told', () =>
    manager.read().flat().includes('STATUS=the configuration was read again: 1 difference'),
  );
  await stop(service, manager);
  const management = readFileSync(join(data, 'management.sqlite')).length;

  install(newer);
  expect(`the newer is (${version()})`, version() !== '0.0.1');
  expect('what was written in the file stays', readFileSync(file, 'utf8').includes('calls: 31'));
  expect('its records can be read', cdr() === before);
  expect('who may sign in is kept', readFileSync(join(data, 'management.sqlite')).length === management);
  service = await start(root, manager);
  await failCall();
  await until('a second call has its record beside the first', () => calls(cdr()) === 2);
  await stop(service, manager);

  chroot('dpkg', '--remove', 'tandem');
  expect('removed, it leaves its records and its file', existsSync(join(data, 'records.sqlite')) && existsSync(file));
  chroot('dpkg', '--purge', 'tandem');
  expect('purged, it leaves nothing', !existsSync(data) && !existsSync(join(root, 'etc/tandem')));
}

function calls(json: string): number {
  return (JSON.parse(json) as unknown[]).length;
}

/** As the unit has it: its user, its directory, its command; and its manager is told. */
async function start(root: string, manager: NotifySocket): Promise<ChildProcess> {
  const unit = readFileSync(join(root, 'lib/systemd/system/tandem.service'), 'utf8');
  const [, command] = /^ExecStart=(.*)$/m.exec(unit)!;
  const [, working] = /^WorkingDirectory=(.*)$/m.exec(unit)!;
  run('chmod', '0777', manager.path);
  const script = `cd ${working} && umask 0077 && exec setpriv --reuid tandem --regid tandem --init-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- ${command}`;
  const environment = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    NOTIFY_SOCKET: '/run/notify',
    WATCHDOG_USEC: '20000000',
  };
  const service = spawn('chroot', [root, '/bin/sh', '-c', script], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await until('it says that it is ready', () => service.exitCode !== null || manager.read().flat().includes('READY=1'));
  expect('it runs', service.exitCode === null);
  await until('the API answers', () =>
    ask(join(root, 'var/lib/tandem/api.sock'), '/api/v1/readyz', '*/*').catch(() => undefined),
  );
  return service;
}

async function stop(service: ChildProcess, manager: NotifySocket): Promise<void> {
  const ended = once(service, 'exit') as Promise<[number | null]>;
  service.kill('SIGTERM');
  const [status] = await ended;
  expect('it ends with status 0', status === 0);
  expect('its end was told', manager.read().flat().includes('STOPPING=1'));
}

async function ask(socketPath: string, path: string, accept: string): Promise<string> {
  const asked = request({ socketPath, path, headers: { accept } }).end();
  const [answer] = (await once(asked, 'response')) as [AsyncIterable<Buffer>];
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** A call by the PBX of the file that is installed: nobody is at its provider's address. */
async function failCall(): Promise<void> {
  const pbx = createSocket('udp4');
  pbx.bind(5060, '127.0.0.2');
  await once(pbx, 'listening');
  const answers: string[] = [];
  pbx.on('message', (data) => answers.push(data.toString('latin1').split('\r\n', 1)[0]!));
  const id = `${process.hrtime.bigint()}`;
  const body = 'v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\n';
  const invite = [
    'INVITE sip:+493012345@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.2;branch=z9hG4bK${id}`,
    'Max-Forwards: 70',
    'From: <sip:+4930200@127.0.0.2>;tag=1',
    'To: <sip:+493012345@127.0.0.1>',
    `Call-ID: ${id}`,
    'CSeq: 1 INVITE',
    'Contact: <sip:127.0.0.2>',
    'Content-Type: application/sdp',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
  pbx.send(invite, 5060, '127.0.0.1');
  await until(`the call fails (${answers})`, () => answers.some((line) => /^SIP\/2.0 [4-6]/.test(line)));
  pbx.close();
}

if (mode === 'inside') await inside(paths[0]!, paths[1]!, paths[2]!);
else await outside();
