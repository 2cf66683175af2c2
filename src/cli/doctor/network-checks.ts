import { formatHostPort } from '#kernel';
import { hasCapability } from './machine-checks.ts';
import type { Finding, Patient, World } from './world.ts';

/** What is in the way of packets: others who have our ports, helpers of the kernel that rewrite SIP, names. */
export async function networkChecks(world: World, patient: Patient): Promise<readonly Finding[]> {
  return [
    ...(await ports(world, patient)),
    ...otherPrograms(world),
    ...sipHelper(world),
    ...mediaPorts(world, patient),
    ...(await names(world, patient)),
    await firewall(world),
  ];
}

async function ports(world: World, { listeners, running, guessed }: Patient): Promise<readonly Finding[]> {
  const check = 'Ports';
  // Which it should have is in its configuration alone.
  if (running && guessed) {
    const cure = ['tandem doctor FILE, with the configuration that it runs by, looks at its ports'];
    return [{ check, verdict: 'note', found: 'a program of ours runs', cure }];
  }
  const out: Finding[] = [];
  const free: string[] = [];
  for (const listener of listeners) {
    const place = `${listener.transport} ${formatHostPort(listener.bind)}`;
    const code = await world.bind(listener);
    if (code === undefined) {
      if (running)
        out.push({
          check,
          verdict: 'failed',
          found: `${place}: a program of ours runs, and does not listen there`,
          cure: ['tandem config reload --restart'],
        });
      else free.push(place);
    } else if (code === 'EADDRINUSE') {
      if (running) free.push(`${place} (ours)`);
      else {
        const who = holderOf(world, listener.transport, listener.bind.port);
        out.push({
          check,
          verdict: 'failed',
          found: `${place}: ${who === undefined ? 'somebody else has it' : `${who.name} (process ${who.pid}) has it`}`,
          cure: [
            who === undefined
              ? `ss -lpn 'sport = :${listener.bind.port}' (as root) says who`
              : `End it: kill ${who.pid}`,
            'Or take another port: `listeners`.',
          ],
        });
      }
    } else if (code === 'EADDRNOTAVAIL')
      out.push({
        check,
        verdict: 'failed',
        found: `${place}: this machine has no such address`,
        cure: ['ip address show tells which it has: correct `bind`, or bring the address up.'],
      });
    else if (code !== 'EACCES') out.push({ check, verdict: 'failed', found: `${place}: ${code}` });
  }
  if (free.length > 0)
    out.unshift({ check, verdict: 'ok', found: `${running ? 'bound' : 'free'}: ${free.join(', ')}` });
  return out;
}

/** Which process has a socket on a port, where we may see it. */
function holderOf(world: World, transport: string, port: number): { name: string; pid: string } | undefined {
  const inodes = new Set<string>();
  const table = transport === 'udp' ? 'udp' : 'tcp';
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  for (const file of [`/proc/net/${table}`, `/proc/net/${table}6`])
    for (const line of world.read(file)?.split('\n').slice(1) ?? []) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${wanted}`) && fields[9]) inodes.add(`socket:[${fields[9]}]`);
    }
  if (inodes.size === 0) return undefined;
  for (const pid of world.list('/proc').filter((name) => /^\d+$/.test(name)))
    for (const fd of world.list(`/proc/${pid}/fd`))
      if (inodes.has(world.link(`/proc/${pid}/fd/${fd}`) ?? ''))
        return { name: world.read(`/proc/${pid}/comm`)?.trim() ?? 'a program', pid };
  return undefined;
}

const others = new Set([
  ...['asterisk', 'freeswitch', 'kamailio', 'opensips', 'opensips_', 'rtpengine', 'rtpproxy', 'baresip', 'drachtio'],
  ...['sems', 'yate', 'repro', 'flexisip', 'linphone', 'sipp', 'siproxd', '3CXPhoneSystem'],
]);

function otherPrograms(world: World): readonly Finding[] {
  const running = new Map<string, string>();
  for (const pid of world.list('/proc').filter((name) => /^\d+$/.test(name))) {
    const name = world.read(`/proc/${pid}/comm`)?.trim() ?? '';
    if (others.has(name)) running.set(name, pid);
  }
  if (running.size === 0) return [{ check: 'Other SIP programs', verdict: 'ok', found: 'none runs' }];
  const found = [...running].map(([name, pid]) => `${name} (process ${pid})`).join(', ');
  return [
    {
      check: 'Other SIP programs',
      verdict: 'warning',
      found: `${found} runs here too`,
      cure: ['That may be meant. It must have other ports than ours, for SIP and for media.'],
    },
  ];
}

/** The kernel's helper that rewrites SIP as it passes a NAT. */
function sipHelper(world: World): readonly Finding[] {
  const modules = world.read('/proc/modules');
  if (modules === undefined) return [];
  const found = ['nf_nat_sip', 'nf_conntrack_sip'].filter((name) =>
    modules.split('\n').some((line) => line.startsWith(`${name} `)),
  );
  if (found.length === 0)
    return [{ check: 'SIP helper (ALG)', verdict: 'ok', found: 'the kernel leaves SIP as it is' }];
  return [
    {
      check: 'SIP helper (ALG)',
      verdict: 'warning',
      found: `${found.join(' and ')} is loaded: it changes addresses in messages behind our back`,
      cure: [
        `modprobe -r ${found.join(' ')}`,
        `For good: printf 'blacklist %s\\n' ${found.join(' ')} > /etc/modprobe.d/no-sip-alg.conf`,
      ],
    },
  ];
}

/** Ports that the system gives to anybody who asks for one are not ours to count on. */
function mediaPorts(world: World, { mediaPorts: { min, max } }: Patient): readonly Finding[] {
  const check = 'Media ports';
  const range = world.read('/proc/sys/net/ipv4/ip_local_port_range')?.trim().split(/\s+/).map(Number);
  const [low, high] = range ?? [];
  if (low === undefined || high === undefined) return [];
  const reserved = world.read('/proc/sys/net/ipv4/ip_local_reserved_ports')?.trim() ?? '';
  const from = Math.max(low, min);
  const to = Math.min(high, max);
  if (from > to) return [{ check, verdict: 'ok', found: `${min} to ${max} are not given to others` }];
  if (isReserved(reserved, from, to))
    return [{ check, verdict: 'ok', found: `${min} to ${max}, kept from others by ip_local_reserved_ports` }];
  const want = [...reserved.split(',').filter(Boolean), `${from}-${to}`].join(',');
  return [
    {
      check,
      verdict: 'warning',
      found: `the system gives ${from} to ${to} to any program that wants a port`,
      cure: [`sysctl -w net.ipv4.ip_local_reserved_ports=${want}`, `Or take \`media.ports\` below ${low}.`],
    },
  ];
}

function isReserved(text: string, from: number, to: number): boolean {
  return text.split(',').some((part) => {
    const [low, high = low] = part.split('-').map(Number);
    return low !== undefined && low <= from && (high ?? low) >= to;
  });
}

async function names(world: World, { names: asked }: Patient): Promise<readonly Finding[]> {
  const check = 'DNS';
  const servers = [...(world.read('/etc/resolv.conf') ?? '').matchAll(/^nameserver\s+(\S+)/gm)].map(
    ([, server]) => server!,
  );
  const out: Finding[] = [];
  for (const name of asked)
    try {
      const addresses = await world.lookUp(name);
      out.push({ check, verdict: 'ok', found: `${name} is ${addresses.slice(0, 4).join(', ')}` });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      out.push({
        check,
        verdict: 'failed',
        found:
          code === 'ENOTFOUND' || code === 'ENODATA'
            ? `the DNS does not know ${name}`
            : `${name}: ${code ?? (error as Error).message}, asked of ${servers.join(', ') || 'nobody'}`,
        cure:
          code === 'ENOTFOUND' || code === 'ENODATA'
            ? [`dig ${name} says the same? Correct the name in the configuration, or ask who gave it to you.`]
            : ['See /etc/resolv.conf, and whether UDP and TCP port 53 may go out.'],
      });
    }
  if (out.length > 0) return out;
  return servers.length > 0
    ? [{ check, verdict: 'ok', found: `asked of ${servers.join(', ')}` }]
    : [
        {
          check,
          verdict: 'warning',
          found: 'no name server is known: trunks that are known by name cannot be found',
          cure: ["echo 'nameserver 192.0.2.53' >> /etc/resolv.conf, with the address of yours"],
        },
      ];
}

/** Whether `tandem firewall` could be used here. */
async function firewall(world: World): Promise<Finding> {
  const check = 'Packet filter';
  const version = (await world.run('nft', '--version'))?.trim();
  if (version === undefined)
    return {
      check,
      verdict: 'note',
      found: 'nftables is not installed: what `tandem firewall` writes has to be loaded elsewhere',
      cure: ['apt-get install nftables'],
    };
  return {
    check,
    verdict: 'ok',
    found: `${version}${hasCapability(world, 12) ? ', and we may change it (CAP_NET_ADMIN)' : '; changing it is for root (CAP_NET_ADMIN)'}`,
  };
}
