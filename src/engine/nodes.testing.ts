import { Sensitive } from '#kernel';
import type { Configuration, Listener, Node, User } from '#policy/configuration';
import { atNode } from '#policy/nodes';
import type { Flow } from '#sip/flow';
import { configuration, Desk, type Sent, trunk } from './desk.testing.ts';

/** An organisation of three nodes, and what is said between them. */

/** dub-1 and dub-2 are one pool in Dublin; tuk is alone in Tukwila. Each has a provider of its own, Dublin a PBX besides. */
export const hosts = { 'dub-1': '10.1.0.1', 'dub-2': '10.1.0.2', tuk: '10.2.0.1' } as const;
export type Name = keyof typeof hosts;
export const names = Object.keys(hosts) as Name[];
export const listeners = names.flatMap((name): Listener[] =>
  (['internal', 'external'] as const).map((side) => {
    const bind = { host: side === 'internal' ? hosts[name] : hosts[name].replace('10.', '192.0.'), port: 5060 };
    const own = `${name}-${side === 'internal' ? 'lan' : 'wan'}`;
    return { id: `${own}/udp`, name: own, side, transport: 'udp', bind, advertise: bind };
  }),
);
export const nodes = names.map(
  (name): Node => ({
    name,
    site: name === 'tuk' ? 'tukwila' : 'dublin',
    listeners: [`${name}-lan`, `${name}-wan`],
    link: `${name}-lan/udp`,
  }),
);
export const site = (name: string) =>
  ({ name, kind: 'central', subnets: [], resilient: false, survivability: 'none' }) as const;
export const irish = trunk('irish', '203.0.113.1', {
  site: 'dublin',
  numbers: { called: [{ name: 'national', pattern: '^\\+353(\\d+)$', to: '0$1' }], calling: [] },
});
export const american = trunk('american', '203.0.113.2', { site: 'tukwila' });
export const office = trunk('office', '10.1.0.9', { kind: 'ip-pbx', side: 'internal', site: 'dublin' });
export const alice: User = {
  name: 'alice',
  line: '+15550100',
  numbers: [],
  devices: 2,
  hidden: false,
  site: 'tukwila',
};

const whole: Configuration = configuration([irish, american, office], {
  listeners,
  nodes,
  pools: [{ name: 'dublin', nodes: ['dub-1', 'dub-2'] }],
  sites: [site('dublin'), site('tukwila')],
  users: [{ ...alice, password: new Sensitive('x') }],
  registrar: { domains: ['acme.example'], realm: 'acme.example', expires: { min: 0, max: 3_600_000 } },
  routes: [
    { name: 'ireland', from: [], called: { prefixes: ['+353'] }, to: ['irish', 'american'] },
    { name: 'world', from: [], called: { prefixes: ['+'] }, to: ['american', 'irish'] },
    { name: 'in', from: ['irish', 'american'], to: ['office'] },
  ],
});
export const bare: Configuration = { ...whole, trunks: [irish, american, office] };

export const seen = (name: Name, of = bare) => atNode(of, name)!;

/** All nodes, and what is said between them; what leaves for elsewhere waits. */
export class Net {
  readonly desks: Readonly<Record<Name, Desk>>;
  readonly out: (Sent & { readonly from: Name })[] = [];
  /** Those who hear nobody any more. */
  readonly cut = new Set<Name>();

  constructor(of = bare) {
    const desk = (name: Name) => new Desk(seen(name, of));
    this.desks = { 'dub-1': desk('dub-1'), 'dub-2': desk('dub-2'), tuk: desk('tuk') };
    this.settle();
  }

  settle(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const from of names) {
        for (const sent of this.desks[from].take()) {
          const to = names.find((name) => hosts[name] === sent.flow.remote.host);
          if (!to) this.out.push({ ...sent, from });
          else if (!this.cut.has(to) && !this.cut.has(from)) {
            moved = true;
            const flow = {
              transport: 'udp',
              listener: `${to}-lan/udp`,
              remote: { host: hosts[from], port: 5060 },
            } as const;
            this.desks[to].handle({ kind: 'received', flow, octets: sent.octets });
          }
        }
      }
    }
  }

  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 100) {
      for (const name of names) this.desks[name].pass(100);
      this.settle();
    }
  }

  /** Somebody outside says something to a node. */
  request(to: Name, trunkHost: string, uri: string): void {
    const inside = trunkHost.startsWith('10.');
    const flow: Flow = {
      transport: 'udp',
      listener: `${to}-${inside ? 'lan' : 'wan'}/udp`,
      remote: { host: trunkHost, port: 5060 },
    };
    this.desks[to].request(flow, 'INVITE', { uri, to: `<${uri}>` });
    this.settle();
  }

  /** The next INVITE that left; what else did is forgotten. */
  invite() {
    const found = this.out.findIndex(({ message }) => message.kind === 'request' && message.method === 'INVITE');
    const [it] = found < 0 ? [] : this.out.splice(0, found + 1).slice(-1);
    return it as (Sent & { readonly from: Name }) | undefined;
  }

  respond(sent: Sent & { readonly from: Name }, status: number): void {
    this.desks[sent.from].respond(sent, status);
    this.settle();
  }
}

export const where = (it: ReturnType<Net['invite']>) =>
  it && it.message.kind === 'request' ? `${it.from} ${it.flow.remote.host} ${it.message.target?.user}` : undefined;
