/**
 * Makes the Debian package in two versions, installs the older in a root of its own over this machine's (overlay, namespaces), runs it as its
 * unit would, has it fail a call, and puts the newer over it: its file, its records and who may sign in must stay. As root, on Debian.
 * Exit status 1 when something is not so.
 *
 *   node --conditions=source scripts/try-deb.ts [--from COMMIT]        after `npm run build`
 *
 * --from    the older package is really that older version, made from a clone; else it is this one with another number
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { pcma } from '#codec/g711';
import { describe, PhoneSocket } from '#phone';
import { formatOf } from '../src/app/formats.ts';
import { FarEnd } from '../test/support/far-end.ts';
import { NotifySocket } from '../test/support/service-manager.ts';
import { manifestOf } from './assemble.ts';
import { buildDebs } from './build-deb.ts';

const root = new URL('../', import.meta.url).pathname;
const { values: options, positionals } = parseArgs({ options: { from: { type: 'string' } }, allowPositionals: true });
const [mode, ...paths] = positionals;

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
    const ours = manifestOf(root).version;
    const { from } = options;
    const versions = from === undefined ? ['0.0.1', ours] : [ours];
    const built = await buildDebs({ out: directory, fast: true, versions });
    const newer = built.at(-1)!;
    const older = from === undefined ? built[0]! : olderDeb(from, directory);
    console.log(`${newer}: ${Math.round(statSync(newer).size / 1e6)} MB before its compression`);
    const inside = ['--mount', '--net', '--pid', '--fork', process.execPath, ...process.execArgv, import.meta.filename];
    const child = spawn('unshare', [...inside, 'inside', directory, older, newer], { stdio: 'inherit' });
    const [status] = (await once(child, 'exit')) as [number | null];
    process.exitCode = status ?? 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The package of an older commit, as 0.0.1: its own sources and scripts, with the packages that are installed here. */
function olderDeb(commit: string, directory: string): string {
  const clone = join(directory, 'older');
  run('git', 'clone', '--quiet', root, clone);
  run('git', '-C', clone, 'checkout', '--quiet', commit);
  for (const part of ['node_modules', 'console/node_modules'])
    if (existsSync(join(root, part))) symlinkSync(join(root, part), join(clone, part));
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
  };
  for (const command of [
    'tsc -p tsconfig.build.json && npm run --silent -w tandem-console build -- --logLevel error',
    `node --conditions=source scripts/build-deb.ts --fast --version 0.0.1 --out ${join(directory, 'older-deb')}`,
  ]) {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: clone, encoding: 'utf8', env });
    if (status !== 0) throw new Error(`${commit}: ${command}: status ${status}\n${stdout}${stderr}`);
  }
  console.log(
    `the older package is ${run('git', '-C', clone, 'log', '-1', '--format=%h of %ad, "%s"', '--date=iso').trim()}`,
  );
  return join(directory, 'older-deb', readdirSync(join(directory, 'older-deb'))[0]!);
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
  const tandem = (...words: readonly string[]): string =>
    chroot('/usr/bin/tandem', ...words, '--data', '/var/lib/tandem');
  tandem('account', 'invite', 'ann', '--role', 'administrator');
  const history = (): readonly { readonly at: string }[] => JSON.parse(tandem('config', 'history', '-o', 'json'));
  const versions = history().length;
  const call = await StandingCall.begin();
  await stop(service, manager);
  await until('a call that stands is ended when the program is, at both its ends', () => call.isOver);
  call.close();
  const formats = () =>
    ['records', 'management', 'configurations'].map((name) => formatOf(join(data, `${name}.sqlite`))).join(', ');
  const formatsBefore = formats();
  const kept = cdr();

  install(newer);
  expect(`the newer is (${version()})`, version() !== '0.0.1');
  expect('what was written in the file stays', readFileSync(file, 'utf8').includes('calls: 31'));
  service = await start(root, manager);
  await until('its records can be read', () => {
    try {
      return calls(cdr()) === 2;
    } catch {
      return false; // They are being brought to the new form.
    }
  });
  expect('they say what they said', cdr().includes(JSON.parse(before)[0].call) && JSON.parse(kept).every(said(cdr())));
  console.log(`    formats of records, accounts, configurations: ${formatsBefore}, then ${formats()}`);
  await until('the API is there', () => existsSync(socket));
  expect('who may sign in is kept', tandem('account', 'list', '-o', 'json').includes('"ann"'));
  expect(`so are the ${versions} versions of the configuration`, history().length >= versions);
  await failCall();
  await until('a third call has its record beside them', () => calls(cdr()) === 3);
  await stop(service, manager);

  refusesNewer(root, data);
  chroot('dpkg', '--remove', 'tandem');
  expect('removed, it leaves its records and its file', existsSync(join(data, 'records.sqlite')) && existsSync(file));
  chroot('dpkg', '--purge', 'tandem');
  expect('purged, it leaves nothing', !existsSync(data) && !existsSync(join(root, 'etc/tandem')));
}

/** On what a version after it has written it does not start: as after a downgrade. */
function refusesNewer(root: string, data: string): void {
  const database = new DatabaseSync(join(data, 'records.sqlite'));
  const { user_version: format } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  database.exec(`PRAGMA user_version = ${format + 1}`);
  database.close();
  const command = ['-u', 'tandem', '--', '/usr/bin/tandem', 'run', '/etc/tandem/tandem.yaml'];
  const { status, stderr } = spawnSync('chroot', [root, 'runuser', ...command], { encoding: 'utf8', timeout: 30_000 });
  expect(
    `a downgrade is refused: ${stderr.trim()}`,
    status === 1 && stderr.includes('written by a newer version') && stderr.includes('tandem restore'),
  );
}

/** What an older version said of a call still stands there, whatever is said beside it. */
function said(json: string): (old: Record<string, unknown>) => boolean {
  const now = JSON.parse(json) as readonly Record<string, unknown>[];
  const parts = ['call', 'caller', 'called', 'startedAt', 'endedAt', 'talkMs', 'end'];
  return (old) => {
    const same = now.find(({ call }) => call === old.call);
    return parts.every((part) => JSON.stringify(same?.[part]) === JSON.stringify(old[part]));
  };
}

/** By the PBX of the file to its provider, who answers. */
class StandingCall {
  readonly #phone: PhoneSocket;
  readonly #provider: FarEnd;
  isOver = false;

  static async begin(): Promise<StandingCall> {
    const provider = await FarEnd.start({ host: '127.0.0.3', port: 5060 });
    let call: StandingCall | undefined;
    let isAnswered = false;
    const phone = await PhoneSocket.open({ host: '127.0.0.2', port: 5060 }, ({ kind }) => {
      if (kind === 'answered') isAnswered = true;
      if (kind === 'ended' && call) call.isOver = true;
    });
    call = new StandingCall(phone, provider);
    const rtp = { host: '127.0.0.2', port: 9000 };
    const offer = describe({ rtp, laws: [pcma], direction: 'sendrecv', id: 1, version: 1, digits: 101, user: 'pbx' });
    const to = { host: '127.0.0.1', port: 5060 };
    phone.handle({ kind: 'dial', call: 'it', caller: '+4930200', called: '+493012345', to, offer, outbound: true });
    await until('a call stands', () => isAnswered);
    return call;
  }

  private constructor(phone: PhoneSocket, provider: FarEnd) {
    this.#phone = phone;
    this.#provider = provider;
  }

  close(): void {
    this.#phone.close();
    this.#provider.close();
  }
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
    TANDEM_DRAIN_SECONDS: '3',
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
