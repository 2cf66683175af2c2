import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { endWithUs } from '../perf/children.ts';
import type { Endpoint } from '../perf/sipp.ts';
import { DnsServer } from '../support/dns-server.ts';
import type { Peer } from './harness.ts';
import { type Reply, SipPeer, usual } from './sip-peer.ts';

/** SRV sets whose last target lives and whose others are dead in one way each (RFC 3263 4.3). */

export type DeadEnd = 'no address' | 'refused' | 'black hole' | '503' | '503 with Retry-After' | '486';

export interface SrvSet {
  /** Digits that lead there; the trunk is "set-DIGITS". */
  readonly prefix: string;
  readonly transport: 'udp' | 'tcp';
  /** In order of priority, before the target that lives. */
  readonly before: readonly DeadEnd[];
}

export const srvSets: readonly SrvSet[] = [
  { prefix: '8100', transport: 'udp', before: [] },
  { prefix: '8101', transport: 'udp', before: ['no address'] },
  { prefix: '8102', transport: 'udp', before: ['refused'] },
  { prefix: '8103', transport: 'udp', before: ['503'] },
  { prefix: '8104', transport: 'udp', before: ['black hole'] },
  { prefix: '8105', transport: 'udp', before: ['refused', 'no address', 'black hole', '503'] },
  { prefix: '8200', transport: 'tcp', before: [] },
  { prefix: '8202', transport: 'tcp', before: ['refused'] },
  { prefix: '8203', transport: 'tcp', before: ['503'] },
  { prefix: '8204', transport: 'tcp', before: ['black hole'] },
  { prefix: '8205', transport: 'tcp', before: ['refused', 'black hole', '503'] },
];

export const cooling: SrvSet = { prefix: '8106', transport: 'udp', before: ['503 with Retry-After'] };
export const busy: SrvSet = { prefix: '8107', transport: 'udp', before: ['486'] };

/** The peers behind all sets, and the DNS that tells of them. */
export interface Targets {
  readonly dns: DnsServer;
  readonly places: ReadonlyMap<string, Endpoint>;
  readonly peers: readonly Peer[];
  /** Of one transport. */
  live(transport: 'udp' | 'tcp'): SipPeer;
}

/** `host` gives addresses of our own by number, from 20 on. */
export async function startTargets(host: (last: number) => string, sets: readonly SrvSet[]): Promise<Targets> {
  const place = (last: number): Endpoint => ({ host: host(last), port: 5_060 });
  const peers: SipPeer[] = [];
  const places = new Map<string, Endpoint>();
  const start = async (what: string, last: number, transport: 'udp' | 'tcp', invite?: readonly Reply[]) => {
    const peer = await SipPeer.start(what.replaceAll(' ', '-'), place(last), transport);
    if (invite) peer.answers = (request) => (request.method === 'INVITE' ? invite : usual(request));
    places.set(`${transport} ${what}`, peer.place);
    peers.push(peer);
    return peer;
  };
  const live = { udp: await start('live', 20, 'udp'), tcp: await start('live', 21, 'tcp') };
  const swallows = await start('black hole', 22, 'udp');
  swallows.answers = () => [];
  await start('503', 23, 'udp', [{ status: '503 Service Unavailable' }]);
  await start('503', 24, 'tcp', [{ status: '503 Service Unavailable' }]);
  await start('503 with Retry-After', 25, 'udp', [{ status: '503 Service Unavailable', headers: ['Retry-After: 30'] }]);
  await start('486', 26, 'udp', [{ status: '486 Busy Here' }]);
  // Nobody is there.
  places.set('udp refused', place(27));
  places.set('tcp refused', place(27));
  const hole = await startBlackHole(place(28));
  places.set('tcp black hole', place(28));
  const dns = await DnsServer.start({ host: host(29), zone: zoneOf(sets, places) });
  return {
    dns,
    places,
    peers: [
      ...peers,
      hole,
      {
        name: 'the DNS',
        said: () => dns.queries.map(({ type, name }) => `${type} ${name}`).join('\n'),
        stop: () => dns.close(),
      },
    ],
    live: (transport) => live[transport],
  };
}

function zoneOf(sets: readonly SrvSet[], places: ReadonlyMap<string, Endpoint>): readonly string[] {
  const nameOf = (transport: string, what: string) =>
    `${transport}-${what.toLowerCase().replaceAll(' ', '-')}.hosts.test`;
  return [
    'test 600 SOA ns.test admin.test 1 600 600 600 600',
    ...[...places].map(([key, { host }]) => {
      const [transport, ...what] = key.split(' ');
      return `${nameOf(transport!, what.join(' '))} 600 A ${host}`;
    }),
    ...sets.flatMap(({ prefix, transport, before }) =>
      [...before, 'live'].map(
        (what, at) => `_sip._${transport}.set-${prefix}.test 600 SRV ${at + 1} 1 5060 ${nameOf(transport, what)}`,
      ),
    ),
  ];
}

/** The trunks of the sets, each found by its own name, and a route to each. */
export function configured(sets: readonly SrvSet[], settings: object): { trunks: object[]; routes: object[] } {
  return {
    trunks: sets.map(({ prefix, transport }) => ({
      name: `set-${prefix}`,
      kind: 'itsp',
      transport,
      domain: `set-${prefix}.test`,
      ...settings,
    })),
    routes: sets.map(({ prefix }) => ({
      name: `set-${prefix}`,
      from: 'pbx',
      called: { prefix },
      to: `set-${prefix}`,
    })),
  };
}

/**
 * A TCP port whose SYNs nothing comes of, without a firewall: its process is stopped, and its queue of connections full, so that the
 * system drops what comes (listen(2), tcp_abort_on_overflow).
 */
async function startBlackHole({ host, port }: Endpoint): Promise<Peer> {
  const program = `require('net').createServer().listen({ host: '${host}', port: ${port}, backlog: 1 }, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  endWithUs(child);
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  const fillers: Socket[] = [];
  let isFull = false;
  while (!isFull && fillers.length < 16) {
    const socket = connect({ host, port });
    fillers.push(socket);
    socket.on('error', () => undefined);
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, 200, 'late'));
    isFull = (await Promise.race([once(socket, 'connect'), late])) === 'late';
  }
  if (!isFull) throw new Error('the queue of the black hole does not fill');
  return {
    name: 'TCP black hole',
    said: () => '',
    stop() {
      for (const socket of fillers) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
