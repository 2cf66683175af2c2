import type { Finding, World } from './world.ts';

/** Of datagrams that came; more is heard. */
const mostDropped = 0.001;
/** Of the table of connections; beyond it new calls are in danger. */
const fullTable = 0.8;
/** Each call is two to four entries of it. */
const enoughConnections = 65_536;

/** What the kernel does with packets before they are ours: facts of /sys and /proc, which need no tool and no rights. */
export function kernelChecks(world: World): readonly Finding[] {
  if (world.platform !== 'linux') return [];
  return [...receiveQueues(world), ...connectionTable(world), ...droppedDatagrams(world)];
}

/** One queue is served by one processor, unless the kernel spreads what comes by it (RPS). */
function receiveQueues(world: World): readonly Finding[] {
  const check = 'Receive queues';
  const devices = world
    .list('/sys/class/net')
    .filter((name) => world.link(`/sys/class/net/${name}/device`) !== undefined);
  return devices
    .filter((name) => world.read(`/sys/class/net/${name}/operstate`)?.trim() !== 'down')
    .map((name): Finding => {
      const queues = world.list(`/sys/class/net/${name}/queues`).filter((one) => one.startsWith('rx-'));
      const spread = queues.filter((one) => {
        const mask = world.read(`/sys/class/net/${name}/queues/${one}/rps_cpus`)?.trim() ?? '';
        return /[1-9a-f]/i.test(mask);
      });
      const many = `${queues.length} ${queues.length === 1 ? 'queue' : 'queues'}`;
      if (world.cores < 3 || queues.length === 0 || queues.length > 1 || spread.length > 0)
        return {
          check,
          verdict: 'ok',
          found: `${name}: ${many}${spread.length > 0 ? ', spread over processors' : ''}`,
        };
      const all = ((1n << BigInt(Math.min(world.cores, 32))) - 1n).toString(16);
      return {
        check,
        verdict: 'note',
        found: `${name}: one queue for ${world.cores} processors: one of them takes all packets, which counts from some thousand calls on`,
        cure: [
          `echo ${all} > /sys/class/net/${name}/queues/rx-0/rps_cpus`,
          `Where the card can: ethtool -L ${name} combined ${Math.min(world.cores, 8)}`,
        ],
      };
    });
}

/** A packet filter that follows connections has a table of them; when it is full, packets are dropped without a word to anybody. */
function connectionTable(world: World): readonly Finding[] {
  const check = 'Connection table';
  const number = (name: string) => Number(world.read(`/proc/sys/net/netfilter/${name}`)?.trim() || Number.NaN);
  const [count, most] = [number('nf_conntrack_count'), number('nf_conntrack_max')];
  if (Number.isNaN(count) || Number.isNaN(most)) return [];
  const found = `the packet filter follows ${count} connections of at most ${most}`;
  const cure = [
    `sysctl -w net.netfilter.nf_conntrack_max=${Math.max(4 * most, 4 * enoughConnections)}`,
    'Or have media not followed: a notrack rule for the media ports, as `tandem firewall` writes it.',
  ];
  if (count >= fullTable * most)
    return [{ check, verdict: 'failed', found: `${found}: full, and packets are lost`, cure }];
  if (most < enoughConnections)
    return [{ check, verdict: 'warning', found: `${found}: a call takes two to four`, cure }];
  return [{ check, verdict: 'ok', found }];
}

/** Of this machine since it started, whoever they were for. */
function droppedDatagrams(world: World): readonly Finding[] {
  const check = 'Lost datagrams';
  const [names, values] = (world.read('/proc/net/snmp') ?? '')
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.split(' '));
  const value = (name: string) => Number(values?.[names?.indexOf(name) ?? -1] ?? Number.NaN);
  const [came, lost] = [value('InDatagrams'), value('RcvbufErrors')];
  if (Number.isNaN(came) || Number.isNaN(lost)) return [];
  const share = lost / Math.max(1, came + lost);
  const found = `${lost} of ${came + lost} since the start found no room in a socket`;
  if (share <= mostDropped) return [{ check, verdict: 'ok', found }];
  return [
    {
      check,
      verdict: 'warning',
      found: `${found} (${(100 * share).toFixed(1)} %): somebody here did not read in time`,
      cure: [
        'If it was us, `tandem top` shows it while calls are up: give processes their own processors, or take fewer calls.',
        "nstat -az UdpRcvbufErrors tells whether it goes on; ss -uamn which socket's `d` grows.",
      ],
    },
  ];
}
