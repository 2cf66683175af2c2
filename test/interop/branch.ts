/**
 * A branch whose link is cut during calls, with real programs in network namespaces: two nodes of one file, phones (baresip),
 * providers (SIPp). Needs root: `node --conditions=source test/interop/branch.ts`. About two minutes.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askStatus } from '../perf/tandem.ts';
import { Authority, type PemFiles, writePair, writeRoot } from './certificates.ts';
import { TwoSites } from './namespaces.ts';
import { writeTone } from './wav.ts';

const root = join(import.meta.dirname, '../..');
const domain = 'acme.example';
const password = 'correct-horse-battery';
const hosts = {
  centre: { lan: '10.61.0.1', wan: '10.61.0.2', provider: '10.61.0.10', phones: ['10.61.0.51'] },
  branch: {
    lan: '10.62.0.1',
    wan: '10.62.0.2',
    provider: '10.62.0.10',
    phones: ['10.62.0.51', '10.62.0.52', '10.62.0.53'],
  },
} as const;
type Site = keyof typeof hosts;
const users = {
  cat: { site: 'centre', host: hosts.centre.phones[0], line: '+12065550100' },
  ann: { site: 'branch', host: hosts.branch.phones[0], line: '+12065550201' },
  abe: { site: 'branch', host: hosts.branch.phones[1], line: '+12065550202' },
  amy: { site: 'branch', host: hosts.branch.phones[2], line: '+12065550203' },
} as const;
type User = keyof typeof users;

let folder: string;
const dataOf = (site: Site) => join(folder, site);
const nameOf = (site: Site) => `${site}.nodes.${domain}`;
let ours: Readonly<Record<Site, PemFiles>>;
let stranger: PemFiles;

/** Both nodes have certificates of the organisation; somebody else has the name of one, of another authority. */
async function certify(): Promise<void> {
  const [authority, other] = [await Authority.root('Nodes'), await Authority.root('Another')];
  writeRoot(folder, 'nodes', authority);
  const issue = async (site: Site) => writePair(folder, site, await authority.issue({ dns: [nameOf(site)] }));
  ours = { centre: await issue('centre'), branch: await issue('branch') };
  stranger = writePair(folder, 'stranger', await other.issue({ dns: [nameOf('centre')] }));
}

/** Whether a program of the centre gets through to the node of the branch with this. */
async function isLetIn(pair: PemFiles | undefined): Promise<boolean> {
  const own = pair ? ['-cert', pair.certificate, '-key', pair.key] : [];
  const [from, to] = [hosts.centre.lan, `${hosts.branch.lan}:5061`];
  const child = start('centre', 'openssl', 'openssl', ['s_client', '-bind', from, '-connect', to, '-brief', ...own]);
  let said = '';
  child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = await Promise.race([exited(child).then(() => true), sleep(1_500).then(() => false)]);
  child.kill('SIGKILL');
  return !ended && said.includes('CONNECTION ESTABLISHED');
}

function configuration(): object {
  const sites = Object.keys(hosts) as Site[];
  return {
    listeners: sites.flatMap((site) => [
      { name: `${site}-lan`, side: 'internal', bind: hosts[site].lan, transports: ['udp', 'tcp'] },
      { name: `${site}-wan`, side: 'external', bind: hosts[site].wan },
      {
        name: `${site}-link`,
        side: 'internal',
        bind: `${hosts[site].lan}:5061`,
        transports: ['tls'],
        tls: { ...ours[site], 'client-certificate': 'required' },
      },
    ]),
    sites: [
      { name: 'centre' },
      { name: 'branch', kind: 'branch', centre: 'centre', survivability: 'server', policy: 'branch' },
    ],
    nodes: sites.map((site) => ({
      name: site,
      site,
      listeners: [`${site}-lan`, `${site}-wan`, `${site}-link`],
      link: `${site}-link`,
      'certificate-name': nameOf(site),
      trust: join(folder, 'nodes.pem'),
      records: dataOf(site),
    })),
    pools: [{ name: 'head', nodes: 'centre', backup: 'branch', takeover: '5s' }],
    trunks: sites.map((site) => ({
      name: `${site}-pstn`,
      kind: 'itsp',
      site,
      addresses: hosts[site].provider,
      health: 'off',
    })),
    policies: [
      { name: 'branch', usages: ['local', 'world'] },
      { name: 'global', usages: ['world', 'backup'] },
    ],
    routes: [
      { name: 'local', usages: 'local', called: { prefix: '+1206' }, to: 'branch-pstn' },
      { name: 'world', usages: 'world', called: { prefix: '+' }, to: ['centre-pstn', 'branch-pstn'] },
      { name: 'backup', usages: 'backup', called: { prefix: '+' }, to: 'branch-pstn' },
    ],
    registrar: { domains: [domain] },
    users: Object.entries(users).map(([name, { site, line }]) => ({ name, site, line, password })),
    media: { silence: 'never', ports: '20000-20200' },
  };
}

let world: TwoSites;
const children: ChildProcess[] = [];
const told: string[] = [];

function start(site: Site, what: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = world.spawn(site, command, args, env);
  children.push(child);
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) =>
      told.push(
        ...chunk
          .toString()
          .split('\n')
          .map((line) => `${what}: ${line}`),
      ),
    );
  return child;
}

const exited = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));

/** A provider: it answers whatever it is called, and stays until it is hung up on. */
const provider = (site: Site) =>
  start(site, `${site}-pstn`, 'sipp', ['-sn', 'uas', '-i', hosts[site].provider, '-p', '5060', '-nostdin']);

/** The provider of a site calls; true when it was answered and hung up in order. */
async function callsIn(site: Site, number: string, seconds = 1): Promise<boolean> {
  const { provider: from, wan } = hosts[site];
  const args = ['-sn', 'uac', wan, '-i', from, '-p', '5070', '-s', number, '-m', '1', '-d', String(seconds * 1000)];
  return (await exited(start(site, `${site} calls ${number}`, 'sipp', [...args, '-nostdin', '-timeout', '20']))) === 0;
}

/** Phones of the centre have two registrars (RFC 5626 4.2): they register at both, and the other one sends them home while that is there. */
const second = `;outbound2="sip:${hosts.branch.lan}:5060";sipnat=outbound`;

function phone(user: User): void {
  const { site, host } = users[user];
  const directory = join(folder, user);
  mkdirSync(directory);
  // baresip hangs up when that is over.
  writeTone(join(directory, 'tone.wav'), 697, 120);
  const lines = [
    `sip_listen ${host}:5060`,
    'net_interface lo',
    `audio_source aufile,${join(directory, 'tone.wav')}`,
    'audio_player aubridge,nowhere',
    'audio_channels 1',
    ...['ausrc', 'auplay', 'auenc', 'audec'].map((name) => `${name}_format s16`),
    'module_path /usr/lib/baresip/modules',
    ...['g711', 'aufile', 'aubridge'].map((name) => `module ${name}.so`),
    'module_tmp uuid.so',
    ...['account', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
    `ctrl_tcp_listen ${host}:4444`,
  ];
  writeFileSync(join(directory, 'config'), `${lines.join('\n')}\n`);
  writeFileSync(join(directory, 'contacts'), '');
  const outbound = `outbound="sip:${hosts[site].lan}:5060"${site === 'centre' ? second : ''}`;
  const account = `<sip:${user}@${domain}>;auth_pass=${password};regint=60;${outbound};answermode=auto`;
  writeFileSync(join(directory, 'accounts'), `${account}\n`);
  start(site, user, 'baresip', ['-s', '-f', directory]);
}

/** A command of baresip's menu, by its control connection: JSON in a netstring. */
async function tell(user: User, command: string): Promise<void> {
  const { site, host } = users[user];
  const text = JSON.stringify({ command });
  const script = `exec 3<>/dev/tcp/${host}/4444; printf '%s' '${text.length}:${text},' >&3; sleep 0.3`;
  await exited(start(site, `tell ${user}`, 'bash', ['-c', script]));
}
const dials = (user: User, number: string) => tell(user, `dial sip:${number}@${domain}`);

interface Standing {
  readonly trunks: readonly { readonly trunk: string; readonly health: { readonly state: string } }[];
  readonly calls: readonly { readonly [key: string]: unknown }[];
  readonly users: readonly { readonly user: string; readonly devices: readonly object[] }[];
  readonly nodes: readonly { readonly node: string; readonly state: string; readonly users: number }[];
}
const standing = (site: Site) => askStatus(dataOf(site)) as unknown as Promise<Standing>;

async function until(what: string, seconds: number, look: () => Promise<boolean>): Promise<number> {
  const from = performance.now();
  let last: unknown;
  while (performance.now() - from < seconds * 1000) {
    try {
      if (await look()) return (performance.now() - from) / 1000;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`${what}: not within ${seconds} s${last ? ` (${String(last)})` : ''}`);
}

let steps = 0;
function step(what: string, holds: boolean): void {
  steps++;
  process.stdout.write(`${holds ? 'ok ' : 'NOT'} ${what}\n`);
  if (!holds) throw new Error(what);
}
const sees = (site: Site, other: Site, state: 'lives' | 'gone') => async () => {
  const { nodes, trunks } = await standing(site);
  const link = trunks.find(({ trunk }) => trunk === `node:${other}`);
  return (
    link?.health.state === (state === 'lives' ? 'up' : 'down') &&
    nodes.some((one) => one.node === other && one.state === state)
  );
};
/** Somebody at a site talks by a trunk. */
const talksBy =
  (site: Site, trunk: string, times = 1) =>
  async () =>
    (await standing(site)).calls.filter((call) => JSON.stringify(call).includes(`"trunk":"${trunk}"`)).length >= times;

async function story(): Promise<void> {
  await certify();
  const file = join(folder, 'tandem.json');
  writeFileSync(file, JSON.stringify(configuration()));
  const node = (site: Site) =>
    start(site, `node ${site}`, join(root, 'bin/tandem'), ['run', file, '--node', site], { TANDEM_LOG: 'info' });
  const nodes = { centre: node('centre'), branch: node('branch') };
  const centrePstn = provider('centre');
  provider('branch');
  await until(
    'both nodes live',
    20,
    async () => (await sees('branch', 'centre', 'lives')()) && (await sees('centre', 'branch', 'lives')()),
  );
  for (const user of Object.keys(users) as User[]) phone(user);
  await until('all phones are registered', 15, async () => {
    const [here, there] = [await standing('branch'), await standing('centre')];
    return here.users.length === 3 && there.users.some(({ user }) => user === 'cat') && there.nodes[0]!.users === 3;
  });
  step('phones register each at the node of its site, and the centre is told of those of the branch', true);
  step(
    'nodes speak TLS, each knows the other by its certificate; who has none, or one of another authority, is turned away',
    (await isLetIn(ours.centre)) && !(await isLetIn(undefined)) && !(await isLetIn(stranger)),
  );
  step('a call that comes in at the centre rings at the branch', await callsIn('centre', users.ann.line));
  step('a call that comes in at the branch rings at the centre', await callsIn('branch', users.cat.line));

  await dials('abe', '+4930123');
  await until('a call of the branch leaves by the centre', 5, talksBy('centre', 'centre-pstn'));
  await tell('abe', 'hangup');
  step('a call of the branch leaves by the trunk of the centre', true);

  await dials('ann', '+12065559999');
  await until('ann talks by the trunk of the branch', 5, talksBy('branch', 'branch-pstn'));
  world.cut();
  await dials('abe', '+4930123');
  const first = await until('abe talks by the trunk of the branch', 8, talksBy('branch', 'branch-pstn', 2));
  step(`the link is cut: a call dialled at that moment leaves by the branch, after ${first.toFixed(1)} s`, true);
  await tell('abe', 'hangup');
  const missed = await until('the branch misses the centre', 15, sees('branch', 'centre', 'gone'));
  step(`the centre is missed, ${missed.toFixed(1)} s after that`, true);
  await until('the centre misses the branch', 15, sees('centre', 'branch', 'gone'));
  step('the call by the trunk of the branch goes on', await talksBy('branch', 'branch-pstn')());
  step('a call comes in by the trunk of the branch', await callsIn('branch', users.abe.line));
  await dials('abe', '+4930123');
  const out = await until('abe talks by the trunk of the branch', 8, talksBy('branch', 'branch-pstn', 2));
  step(`what would leave by the centre leaves by the trunk of the branch, within ${out.toFixed(1)} s`, true);
  await tell('abe', 'hangup');
  await sleep(500);
  await dials('abe', users.amy.line);
  await until('abe talks to amy', 5, talksBy('branch', 'amy'));
  step('phones of the branch call each other', true);
  await tell('abe', 'hangup');
  step('a call of the centre to the branch is refused at once', !(await callsIn('centre', users.ann.line)));
  step('the call that stood when the link was cut still stands', await talksBy('branch', 'branch-pstn')());

  world.mend();
  const back = await until(
    'the nodes hear each other again',
    20,
    async () => (await sees('branch', 'centre', 'lives')()) && (await sees('centre', 'branch', 'lives')()),
  );
  step(`the link is back: nobody did anything, and after ${back.toFixed(1)} s the nodes know`, true);
  await tell('ann', 'hangup');
  await until('ann has hung up', 5, async () => !(await talksBy('branch', 'branch-pstn')()));
  step('a call that comes in at the centre rings at the branch', await callsIn('centre', users.ann.line));
  await dials('abe', '+4930123');
  await until('a call of the branch leaves by the centre', 5, talksBy('centre', 'centre-pstn'));
  await tell('abe', 'hangup');
  step('a call of the branch leaves by the trunk of the centre again', true);

  centrePstn.kill('SIGKILL');
  await sleep(300);
  await dials('cat', '+4930123');
  const other = await until('cat talks by the trunk of the branch', 20, talksBy('branch', 'branch-pstn'));
  step(`the trunk of the centre is dead: its calls leave by the branch, within ${other.toFixed(1)} s`, true);
  await tell('cat', 'hangup');

  const registered = (site: Site) => async () => (await standing(site)).users.some(({ user }) => user === 'cat');
  await exited(end(nodes.centre));
  const taken = await until('cat registers at the branch', 120, registered('branch'));
  step(`the node of the centre is dead: its phone registers at the branch, ${taken.toFixed(1)} s after that`, true);
  step('it is called there', await callsIn('branch', users.cat.line));
  nodes.centre = node('centre');
  const home = await until(
    'cat is at the centre, and not at the branch any more',
    120,
    async () => (await registered('centre')()) && !(await registered('branch')()),
  );
  step(`the node of the centre is back, and its phone with it, ${home.toFixed(1)} s after that`, true);
  step('it is called there by the provider of the branch', await callsIn('branch', users.cat.line));
}

function end(child: ChildProcess): ChildProcess {
  child.kill('SIGKILL');
  return child;
}

/** Returns what held; an error, with what the programs said last, when something did not. */
export async function branchStory(): Promise<number> {
  folder = mkdtempSync(join(tmpdir(), 'tdm-'));
  world = new TwoSites('tdm', [
    { name: 'centre', addresses: Object.values(hosts.centre).flat() },
    { name: 'branch', addresses: Object.values(hosts.branch).flat() },
  ]);
  try {
    await story();
    return steps;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${told.slice(-80).join('\n')}`);
  } finally {
    // The second one: do not wait for what is still under way.
    for (const wait of [300, 1_500]) {
      for (const child of children) child.kill('SIGTERM');
      await sleep(wait);
    }
    for (const child of children) child.kill('SIGKILL');
    world.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) process.stdout.write(`${await branchStory()} things held\n`);
