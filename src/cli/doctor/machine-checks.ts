import type { Finding, Patient, World } from './world.ts';

const floor = [24, 18] as const;
/** Sockets of a call: two of each side, for RTP and RTCP. */
const socketsOfCall = 4;
const enoughFiles = 65_536;
/** Octets that the SIP sockets ask the kernel to keep for them (src/shell/sip-udp). */
const wantedBuffer = 4 * 1024 * 1024;
const megabyte = 1024 * 1024;
const gigabyte = 1024 * megabyte;

/** What the machine is and what it grants a process. */
export async function machineChecks(world: World, patient: Patient): Promise<readonly Finding[]> {
  return [
    nodeVersion(world),
    processors(world),
    memory(world),
    openFiles(world),
    kernelBuffers(world),
    await packets(world),
    ...privilegedPorts(world, patient),
    ...(await clock(world)),
    disk(world, patient),
    ...dataDirectory(world, patient),
  ];
}

function nodeVersion({ node }: World): Finding {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isNew = major > floor[0] || (major === floor[0] && minor >= floor[1]);
  return isNew
    ? { check: 'Node', verdict: 'ok', found: `Node ${node}` }
    : {
        check: 'Node',
        verdict: 'failed',
        found: `Node ${node} is older than ${floor.join('.')}`,
        cure: ['Run it by bin/tandem, which takes the Node that npm ci brings, or install a current one.'],
      };
}

function processors({ cores, platform }: World): Finding {
  const check = 'Machine';
  if (platform !== 'linux')
    return {
      check,
      verdict: 'warning',
      found: `${platform}, ${cores} processors: packets are read one by one, which takes more of them`,
      cure: ['Fine for a trial. Serve calls on Linux.'],
    };
  return cores >= 2
    ? { check, verdict: 'ok', found: `Linux, ${cores} processors` }
    : {
        check,
        verdict: 'warning',
        found: 'one processor: signalling and media wait for each other',
        cure: ['Give it two or more, one for each of the processes.'],
      };
}

function memory({ memory: { total, available } }: World): Finding {
  const found = `${size(available)} free of ${size(total)}`;
  if (available >= 512 * megabyte) return { check: 'Memory', verdict: 'ok', found };
  return {
    check: 'Memory',
    verdict: available < 256 * megabyte ? 'failed' : 'warning',
    found,
    cure: ['The three processes take some 300 MB together, and a call some 50 kB: make room, or give it more.'],
  };
}

function openFiles(world: World): Finding {
  const check = 'Open files';
  const line = world
    .read('/proc/self/limits')
    ?.split('\n')
    .find((one) => one.startsWith('Max open files'));
  const [soft, hard] = (line?.slice('Max open files'.length).trim().split(/\s+/) ?? []).map((one) =>
    one === 'unlimited' ? Number.POSITIVE_INFINITY : Number(one),
  );
  if (soft === undefined || Number.isNaN(soft))
    return { check, verdict: 'note', found: 'this system does not tell how many files a process may open' };
  // The program raises its soft limit to the hard one where Node does, which is everywhere but in the shell's view.
  const most = Math.max(soft, hard ?? soft);
  const calls = Math.floor((most - 200) / socketsOfCall);
  const found = `${most} at most: ${calls > 1e6 ? 'no limit to speak of' : `some ${calls} calls with media`}`;
  if (most >= enoughFiles) return { check, verdict: 'ok', found };
  return {
    check,
    verdict: most < 4096 ? 'failed' : 'warning',
    found,
    cure: [
      'In the systemd unit: LimitNOFILE=1048576',
      'In a shell: ulimit -n 1048576 (as root, or after raising it in /etc/security/limits.conf)',
    ],
  };
}

function kernelBuffers(world: World): Finding {
  const check = 'Kernel buffers';
  const most = (way: 'r' | 'w') => Number(world.read(`/proc/sys/net/core/${way}mem_max`)?.trim() ?? Number.NaN);
  const [receive, send] = [most('r'), most('w')];
  if (!receive) return { check, verdict: 'note', found: 'this system does not tell how much its sockets may hold' };
  const found = `sockets may hold ${size(receive)} of what comes${Number.isNaN(send) ? '' : `, ${size(send)} of what goes`}`;
  if (receive >= wantedBuffer && !(send < wantedBuffer)) return { check, verdict: 'ok', found };
  const wanted = `net.core.rmem_max=${wantedBuffer} net.core.wmem_max=${wantedBuffer}`;
  return {
    check,
    verdict: 'warning',
    found: `${found}: what ${receive < wantedBuffer ? 'comes' : 'goes'} at once beyond that is lost`,
    cure: [`sysctl -w ${wanted}`, `For good: printf '%s\\n' ${wanted} > /etc/sysctl.d/60-tandem.conf`],
  };
}

async function packets(world: World): Promise<Finding> {
  const check = 'Packets';
  const reason = await world.systemCalls();
  return reason === undefined
    ? { check, verdict: 'ok', found: "packets are read by the system's own calls, many at a time" }
    : {
        check,
        verdict: 'warning',
        found: `packets are read one by one: ${reason}`,
        cure: [
          'It works, at a higher cost a call. `npm ci` without --omit=optional brings the library for this platform.',
        ],
      };
}

/** CAP_NET_BIND_SERVICE, where a port wants it. */
function privilegedPorts(world: World, { listeners }: Patient): readonly Finding[] {
  const from = Number(world.read('/proc/sys/net/ipv4/ip_unprivileged_port_start') ?? '1024');
  const low = listeners.filter(({ bind }) => bind.port < from);
  if (low.length === 0 || world.platform !== 'linux') return [];
  const check = 'Low ports';
  if (hasCapability(world, 10)) return [{ check, verdict: 'ok', found: 'ports below 1024 may be bound' }];
  return [
    {
      check,
      verdict: 'failed',
      found: `${low.map(({ bind }) => bind.port).join(', ')}: only who may bind ports below ${from} can listen there`,
      cure: ['In the systemd unit: AmbientCapabilities=CAP_NET_BIND_SERVICE', 'Or take ports from 1024 on.'],
    },
  ];
}

/** By its number (capabilities(7)). */
export function hasCapability(world: World, capability: number): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(world.read('/proc/self/status') ?? '')?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(capability)) & 1n) === 1n;
}

async function clock(world: World): Promise<readonly Finding[]> {
  const check = 'Clock';
  const byTimedate = (await world.run('timedatectl', 'show', '--property=NTPSynchronized', '--value'))?.trim();
  const tracking = byTimedate === 'yes' ? undefined : await world.run('chronyc', '-n', 'tracking');
  const byChrony = tracking === undefined ? undefined : /^Leap status\s*:\s*Normal/m.test(tracking);
  if (byTimedate === 'yes' || byChrony) return [{ check, verdict: 'ok', found: 'set by the network' }];
  const container = world.status('/.dockerenv') !== undefined || world.status('/run/.containerenv') !== undefined;
  if (
    byTimedate === undefined &&
    byChrony === undefined &&
    world.status('/run/systemd/timesync/synchronized') === undefined
  )
    return [
      {
        check,
        verdict: container ? 'note' : 'warning',
        found: container
          ? 'that of the host: see there whether it is set by the network'
          : 'nobody tells whether it is set by the network',
        ...(!container && { cure: ['apt-get install chrony'] }),
      },
    ];
  if (byTimedate === undefined && byChrony === undefined)
    return [{ check, verdict: 'ok', found: 'set by systemd-timesyncd' }];
  return [
    {
      check,
      verdict: 'failed',
      found: 'it is not set by the network: certificates, signed calls and records need the right time',
      cure: ['timedatectl set-ntp true', 'Or: apt-get install chrony, and let UDP port 123 out'],
    },
  ];
}

function disk(world: World, { data }: Patient): Finding {
  const check = 'Disk';
  const at = nearest(world, data);
  const room = at === undefined ? undefined : world.disk(at);
  if (!room) return { check, verdict: 'note', found: `nothing is known of the disk of ${data}` };
  const found = `${size(room.free)} free of ${size(room.total)} at ${at}`;
  if (room.free >= gigabyte) return { check, verdict: 'ok', found };
  return {
    check,
    verdict: room.free < 100 * megabyte ? 'failed' : 'warning',
    found,
    cure: ['A million records take some 1 GB: make room, or put `records.path` on another disk.'],
  };
}

/** Records, passwords and the API's socket lie there. */
function dataDirectory(world: World, { data }: Patient): readonly Finding[] {
  const check = 'Data directory';
  const there = world.status(data);
  if (!there) {
    const above = nearest(world, data);
    if (above !== undefined && world.writable(above))
      return [{ check, verdict: 'ok', found: `${data} is made at the start` }];
    return [
      {
        check,
        verdict: 'failed',
        found: `${data} cannot be made: ${above ?? '/'} is not ours to write`,
        cure: [
          `install -d -m 700 -o "$(id -un)" ${data} (as root, with the name of who runs the program)`,
          'Or name another by `records.path`.',
        ],
      },
    ];
  }
  if (!there.isDirectory)
    return [{ check, verdict: 'failed', found: `${data} is no directory`, cure: ['Name another by `records.path`.'] }];
  if (!world.writable(data))
    return [
      {
        check,
        verdict: 'failed',
        found: `${data} is not ours to write (it belongs to user ${there.uid}, we are ${world.uid})`,
        cure: [`chown -R "$(id -un)" ${data}`, 'Or run this as the user who runs the program.'],
      },
    ];
  if ((there.mode & 0o022) !== 0)
    return [
      {
        check,
        verdict: 'failed',
        found: `others may write ${data} (mode ${(there.mode & 0o777).toString(8)})`,
        cure: [`chmod 700 ${data}`],
      },
    ];
  return [{ check, verdict: 'ok', found: `${data} is ours` }];
}

/** The path itself, or what is there above it. */
function nearest(world: World, path: string): string | undefined {
  for (let at = path; ; at = at.slice(0, Math.max(1, at.lastIndexOf('/')))) {
    if (world.status(at)) return at;
    if (at === '/' || at === '') return undefined;
  }
}

function size(octets: number): string {
  if (octets >= gigabyte) return `${(octets / gigabyte).toFixed(1)} GB`;
  return octets >= megabyte ? `${Math.round(octets / megabyte)} MB` : `${Math.round(octets / 1024)} kB`;
}
