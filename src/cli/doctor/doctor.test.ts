import { describe, expect, test } from 'vitest';
import { examine, findingsText, patientOf } from './doctor.ts';
import type { Finding, Patient, World } from './world.ts';

const gigabyte = 1024 ** 3;

/** A machine on which nothing is wrong. */
const files: Readonly<Record<string, string>> = {
  '/proc/self/limits':
    'Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 1048576              files\n',
  '/proc/self/status': 'Name:\tnode\nCapEff:\t0000000000003400\n',
  '/proc/sys/net/core/rmem_max': '4194304\n',
  '/proc/sys/net/core/wmem_max': '4194304\n',
  '/proc/sys/net/netfilter/nf_conntrack_count': '17\n',
  '/proc/sys/net/netfilter/nf_conntrack_max': '262144\n',
  '/proc/net/snmp':
    'Ip: Forwarding\nIp: 1\nUdp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors\nUdp: 1000000 5 5 9 5\n',
  '/sys/class/net/eth0/queues/rx-0/rps_cpus': '0\n',
  '/sys/class/net/eth0/queues/rx-1/rps_cpus': '0\n',
  '/sys/class/net/eth0/operstate': 'up\n',
  '/proc/sys/net/ipv4/ip_unprivileged_port_start': '1024\n',
  '/proc/sys/net/ipv4/ip_local_port_range': '40000\t60999\n',
  '/proc/sys/net/ipv4/ip_local_reserved_ports': '\n',
  '/proc/modules': 'nf_conntrack 200704 1 - Live 0x0\n',
  '/etc/resolv.conf': 'search example\nnameserver 192.0.2.53\n',
};
const fit: World = {
  platform: 'linux',
  node: '26.10.0',
  uid: 1000,
  cores: 4,
  memory: { total: 8 * gigabyte, available: 6 * gigabyte },
  read: (path) => files[path],
  list: (path) =>
    ({ '/sys/class/net': ['eth0', 'lo'], '/sys/class/net/eth0/queues': ['rx-0', 'rx-1', 'tx-0'] })[path] ?? [],
  link: (path) => (path === '/sys/class/net/eth0/device' ? '../../../virtio0' : undefined),
  status: (path) =>
    ['/', '/var/lib/tandem'].includes(path) ? { mode: 0o40700, uid: 1000, isDirectory: true } : undefined,
  writable: () => true,
  disk: () => ({ free: 50 * gigabyte, total: 100 * gigabyte }),
  run: async (command) => (command === 'timedatectl' ? 'yes\n' : command === 'nft' ? 'nftables v1.1.3\n' : undefined),
  lookUp: async () => ['203.0.113.7'],
  bind: async () => undefined,
  systemCalls: async () => undefined,
};
const patient: Patient = { ...patientOf(undefined, '/var/lib/tandem', false), names: ['sip.example'] };

const withFiles = (more: Readonly<Record<string, string | undefined>>): Partial<World> => ({
  read: (path) => (path in more ? more[path] : files[path]),
});
async function found(check: string, world: Partial<World>, more: Partial<Patient> = {}): Promise<readonly Finding[]> {
  const all = await examine({ ...fit, ...world }, { ...patient, ...more }, undefined);
  return all.filter((one) => one.check === check);
}

test('nothing is wrong with a machine that is fit, and it says so', async () => {
  const findings = await examine(fit, patient, undefined);
  expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(new Set(findings.map(({ check }) => check))).toEqual(
    new Set([
      ...['Node', 'Machine', 'Memory', 'Open files', 'Kernel buffers', 'Packets', 'Clock', 'Disk', 'Data directory'],
      ...[
        'Receive queues',
        'Connection table',
        'Lost datagrams',
        'Ports',
        'Other SIP programs',
        'SIP helper (ALG)',
        'Media ports',
        'DNS',
        'Packet filter',
      ],
    ]),
  );
  expect(findingsText(findings, (_format, text) => text)).toMatch(/\nFit to serve\.\n$/);
});

/** A machine on which one thing is wrong: which check says so, how gravely, in which words, with which cure. */
const ills: readonly [
  what: string,
  world: Partial<World>,
  more: Partial<Patient>,
  finding: readonly [check: string, verdict: string, found: RegExp, cure: RegExp | undefined],
][] = [
  ['Node of 2024', { node: '22.9.0' }, {}, ['Node', 'failed', /older than 24\.18/, /bin\/tandem/]],
  ['one processor', { cores: 1 }, {}, ['Machine', 'warning', /one processor/, /two or more/]],
  ['another system', { platform: 'darwin' }, {}, ['Machine', 'warning', /darwin/, /Linux/]],
  [
    'little memory',
    { memory: { total: gigabyte, available: gigabyte / 5 } },
    {},
    ['Memory', 'failed', /205 MB free of 1\.0 GB/, /make room/],
  ],
  [
    'few files',
    withFiles({ '/proc/self/limits': 'Max open files   1024   1024   files\n' }),
    {},
    ['Open files', 'failed', /some 206 calls/, /LimitNOFILE=1048576/],
  ],
  [
    'no limits told',
    withFiles({ '/proc/self/limits': undefined }),
    {},
    ['Open files', 'note', /does not tell/, undefined],
  ],
  [
    'small buffers',
    withFiles({ '/proc/sys/net/core/rmem_max': '212992' }),
    {},
    ['Kernel buffers', 'warning', /208 kB of what comes.*what comes at once/, /sysctl -w net\.core\.rmem_max=4194304/],
  ],
  [
    'small buffers to send from',
    withFiles({ '/proc/sys/net/core/wmem_max': '212992' }),
    {},
    ['Kernel buffers', 'warning', /208 kB of what goes: what goes at once/, /net\.core\.wmem_max=4194304/],
  ],
  [
    'one queue for four processors',
    { list: (path) => ({ '/sys/class/net': ['eth0'], '/sys/class/net/eth0/queues': ['rx-0'] })[path] ?? [] },
    {},
    ['Receive queues', 'note', /one queue for 4/, /echo f > \/sys\/class\/net\/eth0\/queues\/rx-0\/rps_cpus/],
  ],
  [
    'a table of connections that is full',
    withFiles({ '/proc/sys/net/netfilter/nf_conntrack_count': '262000' }),
    {},
    ['Connection table', 'failed', /262000 .* full/, /nf_conntrack_max=1048576/],
  ],
  [
    'a small table of connections',
    withFiles({ '/proc/sys/net/netfilter/nf_conntrack_max': '16384' }),
    {},
    ['Connection table', 'warning', /at most 16384/, /notrack/],
  ],
  [
    'datagrams that nobody read in time',
    withFiles({ '/proc/net/snmp': 'Udp: InDatagrams RcvbufErrors\nUdp: 990 10\n' }),
    {},
    ['Lost datagrams', 'warning', /10 of 1000 .*1\.0 %/, /nstat/],
  ],
  ['no koffi', { systemCalls: async () => 'no build' }, {}, ['Packets', 'warning', /one by one: no build/, /npm ci/]],
  [
    'a low port',
    withFiles({ '/proc/self/status': 'CapEff:\t0000000000000000\n' }),
    { listeners: [{ transport: 'tls', bind: { host: '0.0.0.0', port: 443 } }] },
    ['Low ports', 'failed', /443/, /CAP_NET_BIND_SERVICE/],
  ],
  [
    'a clock of its own',
    { run: async (what) => (what === 'timedatectl' ? 'no\n' : undefined) },
    {},
    ['Clock', 'failed', /not set/, /set-ntp/],
  ],
  [
    'chrony that has not found the time',
    { run: async (what) => (what === 'chronyc' ? 'Leap status     : Not synchronised\n' : undefined) },
    {},
    ['Clock', 'failed', /not set/, /chrony/],
  ],
  ['nobody knows of the clock', { run: async () => undefined }, {}, ['Clock', 'warning', /nobody tells/, /chrony/]],
  [
    'a container',
    {
      run: async () => undefined,
      status: (path) => (path === '/.dockerenv' ? { mode: 0, uid: 0, isDirectory: false } : fit.status(path)),
    },
    {},
    ['Clock', 'note', /that of the host/, undefined],
  ],
  ['a full disk', { disk: () => ({ free: 50e6, total: gigabyte }) }, {}, ['Disk', 'failed', /48 MB free/, /make room/]],
  ['a directory of others', { writable: () => false }, {}, ['Data directory', 'failed', /not ours/, /chown -R/]],
  [
    'a directory that all may write',
    { status: () => ({ mode: 0o40777, uid: 1000, isDirectory: true }) },
    {},
    ['Data directory', 'failed', /mode 777/, /chmod 700/],
  ],
  [
    'a directory to be made where we may not',
    { writable: () => false },
    { data: '/srv/x' },
    ['Data directory', 'failed', /cannot be made/, /install -d/],
  ],
  [
    'an address of others',
    { bind: async () => 'EADDRNOTAVAIL' },
    {},
    ['Ports', 'failed', /no such address/, /ip address/],
  ],
  [
    'a program that runs by a file that is not told',
    {},
    { running: true, guessed: true },
    ['Ports', 'note', /ours runs/, /doctor FILE/],
  ],
  [
    'a program that does not listen',
    {},
    { running: true, guessed: false },
    ['Ports', 'failed', /does not listen/, /reload --restart/],
  ],
  [
    'another exchange',
    { list: (path) => (path === '/proc' ? ['7', 'self'] : []), ...withFiles({ '/proc/7/comm': 'asterisk\n' }) },
    {},
    ['Other SIP programs', 'warning', /asterisk \(process 7\)/, /other ports/],
  ],
  [
    'the helper of the kernel',
    withFiles({ '/proc/modules': 'nf_nat_sip 20480 0 - Live 0x0\nnf_conntrack_sip 40960 1 nf_nat_sip, Live 0x0\n' }),
    {},
    ['SIP helper (ALG)', 'warning', /nf_nat_sip and nf_conntrack_sip/, /modprobe -r nf_nat_sip nf_conntrack_sip/],
  ],
  [
    'media ports that others get',
    withFiles({
      '/proc/sys/net/ipv4/ip_local_port_range': '32768 60999',
      '/proc/sys/net/ipv4/ip_local_reserved_ports': '8080\n',
    }),
    {},
    ['Media ports', 'warning', /32768 to 39999/, /ip_local_reserved_ports=8080,32768-39999/],
  ],
  [
    'a name that is not',
    { lookUp: async () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })) },
    {},
    ['DNS', 'failed', /does not know sip\.example/, /dig sip/],
  ],
  [
    'a DNS that is silent',
    { lookUp: async () => Promise.reject(Object.assign(new Error(), { code: 'ETIMEOUT' })) },
    {},
    ['DNS', 'failed', /ETIMEOUT, asked of 192\.0\.2\.53/, /port 53/],
  ],
  [
    'no DNS',
    withFiles({ '/etc/resolv.conf': undefined }),
    { names: [] },
    ['DNS', 'warning', /no name server/, /nameserver/],
  ],
  [
    'no nft',
    { run: async (what) => (what === 'timedatectl' ? 'yes' : undefined) },
    {},
    ['Packet filter', 'note', /not installed/, /nftables/],
  ],
];

describe('what is wrong is said, with its cure', () => {
  test.each(ills)('%s', async (_what, world, more, [check, verdict, words, cure]) => {
    const [first] = (await found(check, world, more)).filter((one) => one.verdict !== 'ok');
    expect(first?.verdict).toBe(verdict);
    expect(first?.found).toMatch(words);
    if (cure) expect(first?.cure?.join('\n')).toMatch(cure);
    else expect(first?.cure).toBeUndefined();
  });

  test('of a port that is taken, by whom', async () => {
    const world: Partial<World> = {
      bind: async ({ bind }) => (bind.port === 5060 ? 'EADDRINUSE' : undefined),
      list: (path) => ({ '/proc': ['12', '77', 'net'], '/proc/77/fd': ['3', '9'] })[path] ?? [],
      link: (path) => (path === '/proc/77/fd/9' ? 'socket:[4711]' : undefined),
      ...withFiles({
        '/proc/77/comm': 'kamailio\n',
        '/proc/net/udp': '  sl  local_address\n  1: 00000000:13C4 00000000:0000 07 0:0 00:0 0 0 0 4711 2 0\n',
      }),
    };
    const ports = await found('Ports', world);
    expect(ports.map(({ verdict, found: text }) => `${verdict} ${text}`)).toEqual([
      'ok free: tls 0.0.0.0:5061',
      'failed udp 0.0.0.0:5060: kamailio (process 77) has it',
      'failed tcp 0.0.0.0:5060: somebody else has it',
    ]);
    expect(ports[1]!.cure).toContain('End it: kill 77');
  });

  test('of a range that is reserved nothing is wrong', async () => {
    const world = withFiles({
      '/proc/sys/net/ipv4/ip_local_port_range': '32768 60999',
      '/proc/sys/net/ipv4/ip_local_reserved_ports': '80,20000-40000\n',
    });
    expect(await found('Media ports', world)).toMatchObject([{ verdict: 'ok' }]);
  });
});
