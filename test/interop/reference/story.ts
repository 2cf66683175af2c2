// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${DATA}` is what a configuration file says, not a template.
/**
 * The whole way of a call, docs/reference-topology.md: telephone, registrar, mediation, VPN router, firewall, VPN router, SBC, softswitch,
 * telephone, each a network namespace, with the rules that `tandem firewall` writes. A call crosses it, and a scan from the provider's side
 * finds the trunk's port and nothing else; first through IPsec, then through GRE within IPsec. Needs root:
 * `node --conditions=source test/interop/reference/story.ts`. About two minutes.
 */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askStatus } from '../../perf/tandem.ts';
import { readWav, toneShare, writeTone } from '../wav.ts';
import { Machines } from './machines.ts';

const root = join(import.meta.dirname, '../../..');
const domain = 'acme.example';
const password = 'correct-horse-battery';
const ann = '+12065550201';
const outside = '+4930123456';
const tones = { ann: 697, outside: 1209 } as const;

const at = {
  phone: '10.1.1.2',
  registrar: '10.1.1.1',
  registrarBehind: '10.1.2.1',
  mediationInside: '10.1.2.2',
  mediation: '172.16.101.5',
  router: '172.16.101.1',
  routerOutside: '203.0.113.2',
  providerRouter: '203.0.113.6',
  sbc: '198.51.100.10',
  sbcMedia: '198.51.100.74',
  stranger: '198.51.100.200',
  sbcInside: '198.51.101.1',
  softswitch: '198.51.101.2',
  softswitchOutside: '198.51.102.1',
  telephone: '198.51.102.2',
} as const;

/** All that the provider might find of ours. */
const ours = [at.mediation, at.mediationInside, at.registrar, at.router, '192.168.255.1'];

type Tunnel = 'ipsec-nat' | 'gre-ipsec';

let folder: string;
let machines: Machines;
const children = new Set<ChildProcess>();
const told: string[] = [];

const dataOf = (what: string) => join(folder, what);

function acme(tunnel: Tunnel): object {
  return {
    listeners: [
      { name: 'phones', side: 'internal', bind: at.registrar, transports: ['udp', 'tcp'] },
      { name: 'inside', side: 'internal', bind: at.mediationInside, transports: ['udp', 'tcp'] },
      { name: 'vlan-101', side: 'external', bind: at.mediation, transports: 'tcp' },
    ],
    nodes: [
      { name: 'registrar', listeners: 'phones', site: 'head', records: dataOf('registrar') },
      { name: 'mediation', listeners: ['inside', 'vlan-101'], records: dataOf('mediation') },
    ],
    sites: [{ name: 'head' }],
    trunks: [
      {
        name: 'itsp',
        kind: 'itsp',
        transport: 'tcp',
        addresses: at.sbc,
        'media-networks': '198.51.100.64/26',
        health: { interval: '5s' },
        listeners: 'vlan-101',
        connection: {
          type: 'internet',
          vlan: 101,
          tunnel: { kind: tunnel, ours: at.routerOutside, theirs: at.providerRouter },
        },
      },
    ],
    policies: [{ name: 'global', usages: 'world' }],
    routes: [{ name: 'world', usages: 'world', called: { prefix: '+' }, to: 'itsp' }],
    registrar: { domains: [domain] },
    users: [{ name: 'ann', site: 'head', line: ann, password }],
    media: { ports: '20000-20099' },
  };
}

/** What the provider runs: an SBC with signalling and media apart, and a softswitch behind it. */
const providers: Readonly<Record<'sbc' | 'softswitch', object>> = {
  sbc: {
    listeners: [
      { name: 'customers', side: 'external', bind: at.sbc, transports: 'tcp' },
      { name: 'core', side: 'internal', bind: at.sbcInside },
    ],
    trunks: [
      { name: 'acme', kind: 'itsp', transport: 'tcp', addresses: at.mediation },
      { name: 'softswitch', kind: 'ip-pbx', addresses: at.softswitch },
    ],
    routes: [
      { name: 'to-acme', from: 'softswitch', to: 'acme' },
      { name: 'from-acme', from: 'acme', to: 'softswitch' },
    ],
    media: { ports: '20000-20099', external: at.sbcMedia },
    records: { path: '${DATA}' },
  },
  softswitch: {
    listeners: [
      { name: 'core', side: 'internal', bind: at.softswitch },
      { name: 'lines', side: 'external', bind: at.softswitchOutside },
    ],
    trunks: [
      { name: 'sbc', kind: 'ip-pbx', addresses: at.sbcInside },
      { name: 'lines', kind: 'itsp', addresses: at.telephone },
    ],
    routes: [
      { name: 'in', from: 'lines', to: 'sbc' },
      { name: 'out', from: 'sbc', to: 'lines' },
    ],
    media: { ports: '20000-20099' },
    records: { path: '${DATA}' },
  },
};

function build(): void {
  machines = new Machines('ref', [
    'phone',
    'registrar',
    'mediation',
    'router',
    'firewall',
    'prouter',
    'sbc',
    'softswitch',
    'telephone',
  ]);
  const line = (a: readonly [string, string, string], b: readonly [string, string, string]) =>
    machines.join({ machine: a[0], interface: a[1], address: a[2] }, { machine: b[0], interface: b[1], address: b[2] });
  line(['phone', 'lan', `${at.phone}/30`], ['registrar', 'phones', `${at.registrar}/30`]);
  line(['registrar', 'lan', `${at.registrarBehind}/30`], ['mediation', 'lan', `${at.mediationInside}/30`]);
  line(['mediation', 'vlan101', `${at.mediation}/24`], ['router', 'vlan101', `${at.router}/24`]);
  line(['router', 'outside', `${at.routerOutside}/30`], ['firewall', 'ours', '203.0.113.1/30']);
  line(['firewall', 'theirs', '203.0.113.5/30'], ['prouter', 'outside', `${at.providerRouter}/30`]);
  line(['prouter', 'core', '198.51.100.1/24'], ['sbc', 'customers', `${at.sbc}/24`]);
  line(['sbc', 'core', `${at.sbcInside}/30`], ['softswitch', 'core', `${at.softswitch}/30`]);
  line(['softswitch', 'lines', `${at.softswitchOutside}/30`], ['telephone', 'line', `${at.telephone}/30`]);
  for (const address of [at.sbcMedia, at.stranger]) machines.address('sbc', `${address}/24`, 'customers');
  // Everybody forwards, and knows a way everywhere: what does not pass is kept out by rules, not by luck.
  for (const machine of ['registrar', 'mediation', 'router', 'firewall', 'prouter', 'sbc'])
    machines.setting(machine, 'net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=0');
  machines.setting('router', 'net.ipv4.conf.all.bc_forwarding=1', 'net.ipv4.conf.default.bc_forwarding=1');
  machines.route('phone', 'default', 'via', at.registrar);
  machines.route('registrar', 'default', 'via', at.mediationInside);
  machines.route('mediation', '10.1.1.0/30', 'via', at.registrarBehind);
  machines.route('mediation', 'default', 'via', at.router);
  machines.route('router', '10.1.0.0/16', 'via', at.mediation);
  machines.route('router', 'default', 'via', '203.0.113.1');
  machines.route('prouter', 'default', 'via', '203.0.113.5');
  machines.route('sbc', 'default', 'via', '198.51.100.1');
  // Of all that crosses it, what is the tunnel's and what is not.
  machines.load(
    'firewall',
    `table inet firewall {
  counter tunnel { }
  counter other { }
  set others {
    type ipv4_addr . ipv4_addr . inet_proto
    flags dynamic
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ip saddr { ${at.routerOutside}, ${at.providerRouter} } udp sport 4500 udp dport 4500 counter name tunnel accept
    counter name other update @others { ip saddr . ip daddr . meta l4proto }
  }
}`,
  );
  machines.load(
    'prouter',
    `table inet watch {
  counter inner { }
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname "tun0" ip saddr != ${at.mediation} counter name inner
  }
}`,
  );
}

function start(machine: string, what: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = machines.spawn(machine, command, args, env);
  children.add(child);
  child.once('exit', () => children.delete(child));
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

const program = (machine: string, name: string, ...args: readonly string[]) =>
  start(machine, `${name} at ${machine}`, process.execPath, [
    '--conditions=source',
    join(import.meta.dirname, name),
    ...args,
  ]);

function ended(child: ChildProcess): Promise<string> {
  let said = '';
  child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.once('exit', () => resolve(said)));
}

function says(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => chunk.toString().includes(word) && resolve());
    child.once('exit', () => reject(new Error(`a program ended before it said "${word}"`)));
  });
}

async function dig(kind: Tunnel): Promise<() => Promise<void>> {
  const key = '000102030405060708090a0b0c0d0e0f10111213';
  const inner = kind === 'gre-ipsec' ? 'gre' : 'ipsec';
  const ends = [
    ['router', at.routerOutside, at.providerRouter, '192.168.255.1/30'],
    ['prouter', at.providerRouter, at.routerOutside, '192.168.255.2/30'],
  ] as const;
  const running = ends.map(([machine, own, other]) =>
    program(machine, 'tunnel-main.ts', 'tun0', own, other, key, inner),
  );
  await Promise.all(running.map((child) => says(child, 'ready')));
  for (const [machine, , , address] of ends) {
    machines.address(machine, address, 'tun0');
    machines.up(machine, 'tun0', 1400);
  }
  machines.route('router', '198.51.100.0/24', 'dev', 'tun0');
  for (const network of ['172.16.101.0/24', '10.1.0.0/16']) machines.route('prouter', network, 'dev', 'tun0');
  return async () => {
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(
      running.map((child) => (child.exitCode === null && child.signalCode === null ? ended(child) : '')),
    );
  };
}

/** What `tandem firewall` prints. */
function rules(kind: Tunnel, ...args: readonly string[]): string {
  const file = join(folder, `${kind}.json`);
  writeFileSync(file, JSON.stringify(acme(kind)));
  return execFileSync(join(root, 'bin/tandem'), ['firewall', file, ...args], { encoding: 'utf8' });
}
const loadHosts = (kind: Tunnel) => {
  machines.load('mediation', rules(kind, '--node', 'mediation', '--outside', 'vlan101'));
  machines.load('registrar', rules(kind, '--node', 'registrar'));
};
const loadRouter = (kind: Tunnel) =>
  machines.load('router', rules(kind, '--router', 'itsp', '--tunnel', 'tun0', '--outside', 'outside'));

type Found = Readonly<Record<string, readonly string[]>>;

/** Again while a port is not found that is open, up to four times: a machine that is busy loses packets. What any found counts. */
async function scan(
  from: string,
  hosts: readonly string[] = ours,
  open: readonly string[] = ['tcp 5060'],
): Promise<Found> {
  const all = new Map(hosts.map((host) => [host, new Set<string>()]));
  for (let time = 1; time <= 4; time++) {
    const once = JSON.parse(await ended(program('sbc', 'scan-main.ts', from, ...hosts))) as Found;
    for (const [host, ports] of Object.entries(once)) for (const port of ports) all.get(host)!.add(port);
    if (open.every((port) => all.get(hosts[0]!)!.has(port))) break;
  }
  return Object.fromEntries([...all].map(([host, ports]) => [host, [...ports].sort()]));
}

const found = (all: Found) =>
  Object.entries(all)
    .map(([host, open]) => `${host}: ${open.join(', ') || 'nothing'}`)
    .join('; ');

const nothing = (all: Found, hosts: readonly string[]) => hosts.every((host) => all[host]!.length === 0);

/** What is sent to everybody there, and whether the mediation's machine has heard it. */
async function everybodyIsHeard(bystander: ChildProcess): Promise<boolean> {
  let heard = false;
  bystander.stdout!.on('data', (chunk: Buffer) => (heard ||= chunk.toString().includes('heard')));
  await ended(program('sbc', 'everybody-main.ts', at.sbc, '172.16.101.255', '224.0.1.75', '255.255.255.255'));
  await sleep(200);
  return heard;
}

function phone(machine: string, name: keyof typeof tones, host: string, account: string): void {
  const directory = join(folder, name);
  mkdirSync(directory);
  writeTone(join(directory, 'tone.wav'), tones[name], 120);
  const lines = [
    `sip_listen ${host}:5060`,
    `net_interface ${host}`,
    `audio_source aufile,${join(directory, 'tone.wav')}`,
    'audio_player aubridge,nowhere',
    'audio_channels 1',
    ...['ausrc', 'auplay', 'auenc', 'audec'].map((format) => `${format}_format s16`),
    `snd_path ${directory}`,
    'module_path /usr/lib/baresip/modules',
    ...['g711', 'aufile', 'aubridge', 'sndfile'].map((module) => `module ${module}.so`),
    'module_tmp uuid.so',
    ...['account', 'menu', 'ctrl_tcp'].map((module) => `module_app ${module}.so`),
    `ctrl_tcp_listen ${host}:4444`,
  ];
  writeFileSync(join(directory, 'config'), `${lines.join('\n')}\n`);
  writeFileSync(join(directory, 'contacts'), '');
  writeFileSync(join(directory, 'accounts'), `${account};audio_codecs=PCMA;answermode=auto\n`);
  start(machine, name, 'baresip', ['-s', '-f', directory]);
}

/** A command of baresip's menu, by its control connection: JSON in a netstring. */
async function tell(machine: string, host: string, command: string): Promise<void> {
  const text = JSON.stringify({ command });
  const script = `exec 3<>/dev/tcp/${host}/4444; printf '%s' '${text.length}:${text},' >&3; sleep 0.3`;
  await ended(start(machine, `tell ${machine}`, 'bash', ['-c', script]));
}

/** Whether a telephone has heard the tone of the other, in the call that was its last one. */
function hasHeard(name: keyof typeof tones, other: keyof typeof tones): boolean {
  const file = readdirSync(join(folder, name))
    .filter((one) => one.endsWith('-dec.wav'))
    .sort()
    .at(-1);
  if (file === undefined) return false;
  const { rate, samples } = readWav(join(folder, name, file));
  return samples.length > 2 * rate && toneShare(samples.subarray(rate, 2 * rate), rate, tones[other]) > 0.9;
}

interface Standing {
  readonly trunks: readonly { readonly trunk: string; readonly health: { readonly state: string } }[];
  readonly calls: readonly object[];
  readonly users: readonly object[];
  readonly nodes: readonly { readonly state: string }[];
}
const standing = (what: string) => askStatus(dataOf(what)) as unknown as Promise<Standing>;

async function until(what: string, seconds: number, look: () => Promise<boolean>): Promise<void> {
  const from = performance.now();
  let last: unknown;
  while (performance.now() - from < seconds * 1000) {
    try {
      if (await look()) return;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  throw new Error(`${what}: not within ${seconds} s${last ? ` (${String(last)})` : ''}`);
}

let steps = 0;
function step(what: string, holds: boolean): void {
  steps++;
  process.stdout.write(`${holds ? 'ok ' : 'NOT'} ${what}\n`);
  if (!holds) throw new Error(what);
}

/** The call stands at each of the four programs that it goes through. */
const crosses = async () => {
  const all = await Promise.all(['registrar', 'mediation', 'sbc', 'softswitch'].map(standing));
  return all.every(({ calls }) => calls.length === 1);
};
const trunkIsUp = async () => {
  await Promise.all(['registrar', 'sbc', 'softswitch'].map(standing));
  return (await standing('mediation')).trunks.some(({ trunk, health }) => trunk === 'itsp' && health.state === 'up');
};
const isOver = async () => (await standing('mediation')).calls.length === 0;

async function callBothWays(): Promise<void> {
  await tell('phone', at.phone, `dial sip:${outside}@${domain}`);
  await until('the call out stands at each hop', 15, crosses);
  await sleep(3_500);
  await tell('phone', at.phone, 'hangup');
  await until('the call out is over', 5, isOver);
  step(
    'a call out crosses every hop, and each hears the other',
    hasHeard('ann', 'outside') && hasHeard('outside', 'ann'),
  );
  await sleep(1_100); // baresip names what it keeps by the second
  await tell('telephone', at.telephone, `dial sip:${ann}@${at.softswitchOutside}`);
  await until('the call in stands at each hop', 15, crosses);
  await sleep(3_500);
  await tell('telephone', at.telephone, 'hangup');
  await until('the call in is over', 5, isOver);
  step('so does a call in, to the number of somebody', hasHeard('ann', 'outside') && hasHeard('outside', 'ann'));
}

async function story(): Promise<void> {
  build();
  let fill = await dig('ipsec-nat');
  const file = join(folder, 'tandem.json');
  writeFileSync(file, JSON.stringify(acme('ipsec-nat')));
  const tandem = join(root, 'bin/tandem');
  for (const node of ['registrar', 'mediation']) start(node, node, tandem, ['run', file, '--node', node]);
  for (const [name, configuration] of Object.entries(providers)) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(configuration));
    start(name, name, tandem, ['run', join(folder, `${name}.json`)], { DATA: dataOf(name) });
  }
  const bystanders = ['mediation', 'registrar', 'router'].map((machine) => program(machine, 'bystander-main.ts'));
  await Promise.all(bystanders.map((one) => says(one, 'ready')));

  await until('all programs run, and the trunk is up', 40, trunkIsUp);

  const bare = await scan(at.sbc, ours, ['tcp 22', 'udp 161', 'tcp 5060']);
  step(
    `without rules a scan from the provider's side finds every machine of ours (${found(bare)})`,
    ours.every((host) => bare[host]!.length > 0),
  );
  step('and what is for everybody is heard', await everybodyIsHeard(bystanders[0]!));

  loadHosts('ipsec-nat');
  const hosts = await scan(at.sbc, ours.slice(0, 3));
  step(
    `with the rules of the machines alone: the trunk's port (${found(hosts)})`,
    hosts[at.mediation]!.join() === 'tcp 5060' && nothing(hosts, ours.slice(1, 3)),
  );
  step('nothing that is for everybody is heard', !(await everybodyIsHeard(bystanders[0]!)));
  machines.unload('mediation');
  machines.unload('registrar');

  loadRouter('ipsec-nat');
  const router = await scan(at.sbc);
  step(
    `with those of the router alone, nor is the router found (${found(router)})`,
    router[at.mediation]!.join() === 'tcp 5060' && nothing(router, ours.slice(1)),
  );
  step('nothing that is for everybody is heard', !(await everybodyIsHeard(bystanders[0]!)));

  loadHosts('ipsec-nat');
  const both = await scan(at.sbc, [at.mediation]);
  step(`with both the same (${found(both)})`, both[at.mediation]!.join() === 'tcp 5060');
  const stranger = await scan(at.stranger, [at.mediation], []);
  step(`from another machine of the provider's: ${found(stranger)}`, nothing(stranger, [at.mediation]));

  const inner = machines.counted('prouter', 'inner');
  phone(
    'phone',
    'ann',
    at.phone,
    `<sip:ann@${domain}>;auth_pass=${password};regint=60;outbound="sip:${at.registrar}:5060"`,
  );
  phone('telephone', 'outside', at.telephone, `<sip:${outside}@${at.telephone}>;regint=0`);
  await until('ann is registered', 15, async () => (await standing('registrar')).users.length === 1);
  await until('the trunk is up', 90, trunkIsUp);
  await callBothWays();
  step(
    'nothing came out of the tunnel at the provider but from the mediation',
    machines.counted('prouter', 'inner') === inner,
  );
  step(
    `on the firewall: ${machines.counted('firewall', 'tunnel')} packets of the tunnel, and no other`,
    machines.counted('firewall', 'other') === 0 && machines.counted('firewall', 'tunnel') > 500,
  );

  await fill();
  fill = await dig('gre-ipsec');
  // While one end was gone already its machine told the other so.
  const dug = machines.counted('firewall', 'other');
  loadRouter('gre-ipsec');
  const gre = await scan(at.sbc);
  step(
    `through GRE within IPsec the scan finds the same (${found(gre)})`,
    gre[at.mediation]!.join() === 'tcp 5060' && nothing(gre, ours.slice(1)),
  );
  await until('the trunk is up', 90, trunkIsUp);
  await callBothWays();
  step('on the firewall, no packet that is not of the tunnel', machines.counted('firewall', 'other') === dug);
  await fill();
  await ended(program('sbc', 'everybody-main.ts', at.sbc, at.routerOutside));
  await ended(program('prouter', 'everybody-main.ts', at.providerRouter, at.routerOutside));
  step('which would have seen one', machines.counted('firewall', 'other') > dug);
}

/** Returns what held; an error, with what the programs said last, when something did not. */
export async function referenceStory(): Promise<number> {
  folder = mkdtempSync(join(tmpdir(), 'ref-'));
  try {
    await story();
    return steps;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${machines.rules('firewall')}\n${told.slice(-80).join('\n')}`);
  } finally {
    // The second one: do not wait for what is still under way.
    for (const wait of [300, 1_500]) {
      for (const child of children) child.kill('SIGTERM');
      await sleep(wait);
    }
    for (const child of children) child.kill('SIGKILL');
    machines?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) process.stdout.write(`${await referenceStory()} things held\n`);
