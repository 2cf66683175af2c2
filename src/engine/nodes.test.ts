import { describe, expect, test } from 'vitest';
import { DigestClient } from '#codec/digest';
import { parseMessage, type SipResponse } from '#codec/sip-message';
import { Sensitive, seeded } from '#kernel';
import type { Configuration, Listener, Node, User } from '#policy/configuration';
import { atNode } from '#policy/nodes';
import { TrunkIndex } from '#policy/trunks';
import type { Flow } from '#sip/flow';
import { configuration, Desk, requests, type Said, type Sent, statuses, trunk } from './desk.testing.ts';

/** dub-1 and dub-2 are one pool in Dublin; tuk is alone in Tukwila. Each has a provider of its own, Dublin a PBX besides. */
const hosts = { 'dub-1': '10.1.0.1', 'dub-2': '10.1.0.2', tuk: '10.2.0.1' } as const;
type Name = keyof typeof hosts;
const names = Object.keys(hosts) as Name[];
const listeners = names.flatMap((name): Listener[] =>
  (['internal', 'external'] as const).map((side) => {
    const bind = { host: side === 'internal' ? hosts[name] : hosts[name].replace('10.', '192.0.'), port: 5060 };
    const own = `${name}-${side === 'internal' ? 'lan' : 'wan'}`;
    return { id: `${own}/udp`, name: own, side, transport: 'udp', bind, advertise: bind };
  }),
);
const nodes = names.map(
  (name): Node => ({
    name,
    site: name === 'tuk' ? 'tukwila' : 'dublin',
    listeners: [`${name}-lan`, `${name}-wan`],
    link: `${name}-lan/udp`,
  }),
);
const site = (name: string) =>
  ({ name, kind: 'central', subnets: [], resilient: false, survivability: 'none' }) as const;
const irish = trunk('irish', '203.0.113.1', {
  site: 'dublin',
  numbers: { called: [{ name: 'national', pattern: '^\\+353(\\d+)$', to: '0$1' }], calling: [] },
});
const american = trunk('american', '203.0.113.2', { site: 'tukwila' });
const office = trunk('office', '10.1.0.9', { kind: 'ip-pbx', side: 'internal', site: 'dublin' });
const alice: User = { name: 'alice', line: '+15550100', numbers: [], devices: 2, hidden: false, site: 'tukwila' };

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
const bare: Configuration = { ...whole, trunks: [irish, american, office] };

const seen = (name: Name, of = bare) => atNode(of, name)!;

describe('the organisation as a node sees it', () => {
  test('its listeners, its trunks, those of others by way of them, and the others', () => {
    const it = seen('dub-1');
    expect(it.listeners.map(({ id }) => id)).toEqual(['dub-1-lan/udp', 'dub-1-wan/udp']);
    expect(it.trunks.map(({ name, by, node, pool }) => [name, by?.nodes ?? node ?? pool])).toEqual([
      ['irish', 'irish@pool'],
      ['irish@pool', ['dub-2']],
      ['american', ['tuk']],
      ['office', 'office@pool'],
      ['office@pool', ['dub-2']],
      ['node:dub-2', 'dub-2'],
      ['node:tuk', 'tuk'],
    ]);
  });

  test('all together never use more of a trunk than there is', () => {
    const limited = (calls: number) => ({ ...irish, capacity: { calls, callsPerSecond: 4 } });
    const parts = (calls: number) =>
      names.map((name) => seen(name, { ...bare, trunks: [limited(calls), american] }).trunks[0]!.capacity);
    expect(parts(31)).toEqual([{ calls: 16, callsPerSecond: 2 }, { calls: 15, callsPerSecond: 2 }, {}]);
    // A trunk of one node is all its.
    const alone = { ...american, capacity: { calls: 31 } };
    const it = seen('tuk', { ...bare, trunks: [irish, alone] }).trunks.find(({ name }) => name === 'american');
    expect(it?.capacity).toEqual({ calls: 31 });
  });

  test('what is another’s is told no numbers, secrets or limits of its own', () => {
    const rich = { ...american, numbers: irish.numbers!, capacity: { calls: 3 }, credentials: [] };
    const it = seen('dub-1', { ...bare, trunks: [irish, rich] }).trunks.find(({ name }) => name === 'american')!;
    expect([it.numbers, it.capacity, it.credentials, it.site]).toEqual([undefined, {}, undefined, 'tukwila']);
    expect(it.addresses).toEqual([{ host: '10.2.0.1', port: 5060, matchPort: true }]);
  });

  test('all members of a pool see the same (TRK-10, MED-12)', () => {
    const view = (name: Name) => seen(name).trunks.map((one) => one.name.replace(/dub-\d/, 'mate'));
    expect(view('dub-1').toSorted()).toEqual(view('dub-2').toSorted());
  });

  test('where nodes speak TLS any of a pool may answer, and each is known by its certificate, not by its address', () => {
    const tls = (one: Listener): Listener => (one.side === 'internal' ? { ...one, transport: 'tls' } : one);
    const named = (node: Node): Node => ({ ...node, certificateName: `${node.name}.acme.example` });
    const it = seen('tuk', { ...bare, listeners: listeners.map(tls), nodes: nodes.map(named) });
    const told = it.trunks.map(({ name, transport, tls, certificateNames }) => [
      name,
      transport,
      tls?.names,
      certificateNames,
    ]);
    expect(told).toEqual([
      ['irish', 'tls', ['dub-1.acme.example', 'dub-2.acme.example'], undefined],
      ['american', 'udp', undefined, undefined],
      ['office', 'tls', ['dub-1.acme.example', 'dub-2.acme.example'], undefined],
      ['node:dub-1', 'tls', ['dub-1.acme.example'], ['dub-1.acme.example']],
      ['node:dub-2', 'tls', ['dub-2.acme.example'], ['dub-2.acme.example']],
    ]);
    const from = { host: hosts['dub-1'], port: 5060 };
    const known = ({ trunks }: Configuration) =>
      new TrunkIndex(trunks).identify(from, false, undefined, 0, new Set(trunks))?.name;
    expect([known(it), known(seen('tuk'))]).toEqual([undefined, 'node:dub-1']);
  });

  test('nobody sees what is not there', () => {
    expect(atNode(bare, 'cork')).toBeUndefined();
  });
});

/** All nodes, and what is said between them; what leaves for elsewhere waits. */
class Net {
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

const where = (it: ReturnType<Net['invite']>) =>
  it && it.message.kind === 'request' ? `${it.from} ${it.flow.remote.host} ${it.message.target?.user}` : undefined;

describe('calls between nodes', () => {
  test('a trunk of another node is reached by way of it, and told numbers as it writes them', () => {
    const net = new Net();
    net.request('tuk', '203.0.113.2', 'sip:+35318@192.0.2.1');
    const first = net.invite();
    // dub-1 and dub-2 both have the trunk; one of them was asked.
    expect(where(first)).toBe('dub-1 203.0.113.1 018');
    expect(first?.octets).not.toContain('tgrp');
    net.respond(first!, 180);
    net.respond(first!, 200);
    const answered = net.out.filter(({ flow }) => flow.remote.host === '203.0.113.2');
    expect(statuses(answered)).toEqual([180, 200]);
  });

  test('what a node cannot carry another of its pool does, then another site (GW-5, IMP-7)', () => {
    const net = new Net();
    net.request('dub-1', '10.1.0.9', 'sip:+35318@10.1.0.1');
    const tried: (string | undefined)[] = [];
    for (let next = net.invite(); next; next = net.invite()) {
      tried.push(where(next));
      net.respond(next, 503);
    }
    expect(tried).toEqual(['dub-1 203.0.113.1 018', 'tuk 203.0.113.2 +35318', 'dub-2 203.0.113.1 018']);
  });

  test('what is beyond its part of a trunk another of its pool carries, and no more than all of it is used', () => {
    const net = new Net({ ...bare, trunks: [{ ...irish, capacity: { calls: 2 } }, office] });
    const tried = ['+35318', '+35319', '+35310'].map((number) => {
      net.request('dub-1', '10.1.0.9', `sip:${number}@10.1.0.1`);
      return where(net.invite());
    });
    expect(tried).toEqual(['dub-1 203.0.113.1 018', 'dub-2 203.0.113.1 019', undefined]);
  });

  test('who is asked for a trunk tries that one, and no other node: no call goes in a circle', () => {
    const net = new Net();
    net.request('tuk', '203.0.113.2', 'sip:+35318@192.0.2.1');
    net.respond(net.invite()!, 503);
    // Refused by both of Dublin, then by its own.
    expect(where(net.invite())).toBe('dub-2 203.0.113.1 018');
  });

  test('a node that lives no more is passed by within seconds, and used again when it is back', () => {
    const net = new Net();
    net.pass(3_000);
    net.cut.add('dub-1').add('dub-2');
    net.pass(10_000);
    net.out.length = 0;
    net.request('tuk', '203.0.113.2', 'sip:+35318@192.0.2.1');
    expect(where(net.invite())).toBe('tuk 203.0.113.2 +35318');
    net.cut.clear();
    net.pass(10_000);
    net.out.length = 0;
    net.request('tuk', '203.0.113.2', 'sip:+35319@192.0.2.1');
    expect(where(net.invite())).toBe('dub-1 203.0.113.1 019');
  });

  const begun = (net: Net) => new Set(net.out.map((one) => where(one)).filter((one) => one !== undefined));

  test('a node that says 100 is given the time of its trunk', () => {
    const net = new Net();
    net.pass(3_000);
    net.request('tuk', '203.0.113.2', 'sip:+35318@192.0.2.1');
    net.pass(8_000);
    expect([...begun(net)]).toEqual(['dub-1 203.0.113.1 018']);
  });

  test('one that says nothing has two seconds, though nobody knows yet that it is gone', () => {
    const net = new Net();
    net.pass(3_000);
    net.cut.add('dub-1').add('dub-2');
    net.out.length = 0;
    net.request('tuk', '203.0.113.2', 'sip:+35318@192.0.2.1');
    net.pass(3_900);
    expect([...begun(net)]).toEqual([]);
    net.pass(400);
    expect([...begun(net)]).toEqual(['tuk 203.0.113.2 +35318']);
  });

  test('a node that is asked for what does not end there says so', () => {
    const net = new Net();
    const flow: Flow = { transport: 'udp', listener: 'tuk-lan/udp', remote: { host: hosts['dub-1'], port: 5060 } };
    const asked = (user: string) => {
      net.desks.tuk.request(flow, 'INVITE', { uri: `sip:${user}@10.2.0.1` });
      return statuses(net.desks.tuk.take());
    };
    expect(asked('+35318;tgrp=irish;trunk-context=10.2.0.1')).toEqual([100, 404]);
    expect(asked('+35318;tgrp=nobody;trunk-context=10.2.0.1')).toEqual([100, 404]);
    expect(asked('+35318')).toEqual([100, 404]);
  });

  test('what it is asked for is between nodes: a peer on the same machine is not told', () => {
    const beside = trunk('beside', hosts['dub-1'], {
      kind: 'ip-pbx',
      side: 'internal',
      site: 'dublin',
      addresses: [{ host: hosts['dub-1'], port: 5090, matchPort: true }],
    });
    const desk = new Desk(seen('dub-1', { ...bare, trunks: [...bare.trunks, beside] }));
    const flow: Flow = { transport: 'udp', listener: 'dub-1-lan/udp', remote: { host: hosts.tuk, port: 5060 } };
    desk.request(flow, 'INVITE', { uri: 'sip:+35318;tgrp=beside;trunk-context=10.1.0.1@10.1.0.1' });
    expect(requests(desk.take(), 'INVITE').map(({ message }) => message.uri)).toEqual(['sip:+35318@10.1.0.1:5090']);
  });

  test('nor is what a PBX says of groups taken for what a node asks', () => {
    const net = new Net();
    net.request('dub-1', '10.1.0.9', 'sip:+1555;tgrp=irish;trunk-context=10.2.0.1@10.1.0.1');
    expect(where(net.invite())).toBe('tuk 203.0.113.2 +1555');
  });

  test('nobody but a node may ask for a trunk', () => {
    const net = new Net();
    net.request('tuk', '203.0.113.2', 'sip:+15559;tgrp=irish;trunk-context=10.2.0.1@192.0.2.1');
    expect(where(net.invite())).toBe('tuk 203.0.113.2 +15559');
  });
});

test('what is said between nodes is whole', () => {
  const net = new Net();
  const tuk = net.desks.tuk;
  tuk.request({ transport: 'udp', listener: 'tuk-wan/udp', remote: { host: '203.0.113.2', port: 5060 } }, 'INVITE', {
    uri: 'sip:+35318@192.0.2.1',
  });
  const [invite] = requests(tuk.take(), 'INVITE');
  expect(invite?.message.uri).toBe('sip:+35318;tgrp=irish;trunk-context=10.1.0.1@10.1.0.1:5060');
  expect(parseMessage(invite!.octets).kind).toBe('request');
  // Each half of a call by way of a cut link still hears its own party: neither holds a line for longer than this.
  expect(invite?.message.get('session-expires')).toBe('90');
});

describe('users at several nodes', () => {
  const seattle = { ...site('seattle'), kind: 'branch', centre: 'tukwila', survivability: 'server' } as const;
  const branch: Node = { name: 'dub-2', site: 'seattle', listeners: ['dub-2-lan', 'dub-2-wan'], link: 'dub-2-lan/udp' };
  const local = trunk('local', '203.0.113.3', { site: 'seattle' });
  const bob: User = { ...alice, name: 'bob', line: '+15550101', site: 'seattle' };
  const carol: User = { ...alice, name: 'carol', line: '+15550102', site: 'dublin' };
  /** dub-2 is the node of a branch of Tukwila now; nobody has to prove who he is. */
  const of: Configuration = {
    ...bare,
    trunks: [irish, american, local],
    pools: [],
    sites: [site('dublin'), site('tukwila'), seattle],
    nodes: [nodes[0]!, branch, nodes[2]!],
    users: [alice, bob, carol].map((user) => ({ ...user, password: new Sensitive('x') })),
    routes: [{ name: 'out', from: [], called: { prefixes: ['+'] }, to: ['american', 'local'] }],
  };
  const phones = { alice: '10.2.0.50', bob: '10.1.0.50', carol: '10.1.0.51' } as const;

  /** A phone says something, and proves who it is when it is asked. */
  function says(
    net: Net,
    at: Name,
    who: keyof typeof phones,
    method: string,
    uri: string,
    to: string,
    more: Said = {},
  ) {
    const flow = phoneFlow(at, who);
    const desk = net.desks[at];
    const first = { uri, from: `<sip:${who}@acme.example>;tag=r`, to, ...more };
    const { callId } = desk.request(flow, method, first);
    const challenge = answered(net, at);
    if (challenge?.status !== 401) return challenge?.status ?? 0;
    const client = new DigestClient([{ username: who, password: new Sensitive('x') }], seeded(3));
    const proof = client.answer({ www: challenge.all('www-authenticate'), proxy: [] }, { method, uri, body: '' }, []);
    if (proof.kind !== 'authorised') throw new Error(proof.text);
    const headers = [...(more.headers ?? []), ...proof.headers.map(([name, value]) => `${name}: ${value}`)];
    desk.request(flow, method, { ...first, callId, cseq: 2, headers });
    const last = method === 'REGISTER' ? answered(net, at) : undefined;
    net.settle();
    return last?.status ?? 0;
  }

  function register(net: Net, at: Name, who: keyof typeof phones, expires = 600): number {
    const contact = `<sip:${who}@${phones[who]}>;expires=${expires}`;
    return says(net, at, who, 'REGISTER', 'sip:acme.example', `<sip:${who}@acme.example>`, { contact });
  }

  const phoneFlow = (at: Name, who: keyof typeof phones): Flow => ({
    transport: 'udp',
    listener: `${at}-lan/udp`,
    remote: { host: phones[who], port: 5060 },
  });

  function answered(net: Net, at: Name): SipResponse | undefined {
    const [last] = net.desks[at]
      .take()
      .flatMap(({ message }) => (message.kind === 'response' ? [message] : []))
      .slice(-1);
    return last;
  }

  const call = (net: Net, at: Name, number: string) => net.request(at, '203.0.113.2', `sip:${number}@192.0.2.1`);
  const seattleCalled = (net: Net, number: string) => net.request('dub-2', '203.0.113.3', `sip:${number}@192.0.2.1`);

  test('a phone at a branch rings wherever a call for it comes in', () => {
    const net = new Net(of);
    expect(register(net, 'dub-2', 'bob')).toBe(200);
    net.pass(2_000);
    net.out.length = 0;
    call(net, 'tuk', '+15550101');
    expect(where(net.invite())).toBe('dub-2 10.1.0.50 bob');
    seattleCalled(net, '+15550101');
    expect(where(net.invite())).toBe('dub-2 10.1.0.50 bob');
  });

  test('from a node that was told nothing it is found at home', () => {
    const net = new Net(of);
    register(net, 'dub-2', 'bob');
    net.pass(2_000);
    net.out.length = 0;
    net.request('dub-1', '203.0.113.1', 'sip:+15550101@192.0.2.1');
    expect(where(net.invite())).toBe('dub-2 10.1.0.50 bob');
  });

  test('devices of one user at two nodes ring together, each once', () => {
    const net = new Net(of);
    register(net, 'dub-2', 'bob');
    net.pass(2_000);
    net.cut.add('dub-2');
    net.pass(20_000);
    expect(register(net, 'tuk', 'bob')).toBe(200);
    net.cut.clear();
    net.pass(5_000);
    net.out.length = 0;
    seattleCalled(net, '+15550101');
    const rung = net.out.filter(({ message }) => message.kind === 'request' && message.method === 'INVITE');
    expect(rung.map((one) => where(one)).toSorted()).toEqual(['dub-2 10.1.0.50 bob', 'tuk 10.1.0.50 bob']);
  });

  test('a message reaches a phone at another node, and a trunk there', () => {
    const passes = ['MESSAGE'];
    const trunks = [irish, american, { ...local, passes }];
    const net = new Net({ ...of, trunks, registrar: { ...of.registrar!, passes } });
    register(net, 'dub-2', 'bob');
    register(net, 'tuk', 'alice');
    net.pass(2_000);
    net.out.length = 0;
    says(net, 'tuk', 'alice', 'MESSAGE', 'sip:+15550101@acme.example', '<sip:+15550101@acme.example>');
    const reached = () => requests(net.out, 'MESSAGE').map((one) => where(one as never));
    expect(reached()).toEqual(['dub-2 10.1.0.50 bob']);
    net.respond(net.out.find(({ octets }) => octets.startsWith('MESSAGE'))!, 200);
    net.out.length = 0;
    says(net, 'tuk', 'alice', 'MESSAGE', 'sip:+15559999@acme.example', '<sip:+15559999@acme.example>');
    expect(reached()).toEqual(['dub-2 203.0.113.3 +15559999']);
  });

  test('who watches a user whose telephone is at another node sees his calls there', () => {
    const net = new Net(of);
    register(net, 'dub-2', 'bob');
    register(net, 'tuk', 'alice');
    net.pass(2_000);
    net.out.length = 0;
    const headers = ['Event: dialog', 'Expires: 600'];
    const uri = 'sip:+15550101@acme.example';
    says(net, 'tuk', 'alice', 'SUBSCRIBE', uri, `<${uri}>`, { headers });
    const told = () =>
      requests(net.out.splice(0), 'NOTIFY').map((sent) => {
        net.respond(sent as never, 200);
        const [, state] = /<state>(\w+)/.exec(sent.octets) ?? [];
        return `${sent.flow.remote.host} ${/entity="([^"]+)"/.exec(sent.octets)?.[1]} ${state ?? 'none'}`;
      });
    expect(told()).toEqual([`${phones.alice} ${uri} none`]);
    net.pass(2_000);
    seattleCalled(net, '+15550101');
    expect(told()).toEqual([`${phones.alice} ${uri} trying`]);
  });

  test('the centre takes the users of a branch when that is gone for ten seconds, and sends them home when it is back', () => {
    const net = new Net(of);
    net.pass(3_000);
    expect(register(net, 'tuk', 'bob')).toBe(302);
    net.cut.add('dub-2');
    net.pass(8_000);
    expect(register(net, 'tuk', 'bob')).toBe(503);
    net.pass(12_000);
    expect(register(net, 'tuk', 'bob')).toBe(200);
    net.out.length = 0;
    call(net, 'tuk', '+15550101');
    expect(where(net.invite())).toBe('tuk 10.1.0.50 bob');
    net.cut.clear();
    net.pass(5_000);
    expect(register(net, 'tuk', 'bob')).toBe(302);
    expect(register(net, 'dub-2', 'bob')).toBe(200);
    expect(register(net, 'tuk', 'bob', 0)).toBe(200);
    net.pass(2_000);
    net.out.length = 0;
    call(net, 'tuk', '+15550101');
    expect(where(net.invite())).toBe('dub-2 10.1.0.50 bob');
  });

  test('a whole central pool is waited for five minutes (SV-11)', () => {
    const net = new Net({ ...of, pools: [{ name: 'dublin', nodes: ['dub-1'], backup: 'tuk' }] });
    net.pass(3_000);
    net.cut.add('dub-1');
    net.pass(290_000);
    expect(register(net, 'tuk', 'carol')).toBe(503);
    net.pass(20_000);
    expect(register(net, 'tuk', 'carol')).toBe(200);
  });

  test('while the link is cut a branch calls and is called by its own trunk, and its phones call each other', () => {
    const net = new Net(of);
    register(net, 'dub-2', 'bob');
    net.pass(3_000);
    net.cut.add('tuk').add('dub-1');
    net.pass(10_000);
    net.out.length = 0;
    seattleCalled(net, '+15550101');
    expect(where(net.invite())).toBe('dub-2 10.1.0.50 bob');
    says(net, 'dub-2', 'bob', 'INVITE', 'sip:+4930@10.1.0.2', '<sip:+4930@10.1.0.2>');
    expect(where(net.invite())).toBe('dub-2 203.0.113.3 +4930');
    net.cut.clear();
    net.pass(5_000);
    net.out.length = 0;
    says(net, 'dub-2', 'bob', 'INVITE', 'sip:+4931@10.1.0.2', '<sip:+4931@10.1.0.2>');
    expect(where(net.invite())).toBe('tuk 203.0.113.2 +4931');
  });

  test('while the link is cut people of the centre reach those of the branch by the public network', () => {
    const net = new Net(of);
    register(net, 'dub-2', 'bob');
    register(net, 'tuk', 'alice');
    net.pass(3_000);
    net.cut.add('dub-2');
    net.pass(10_000);
    net.out.length = 0;
    says(net, 'tuk', 'alice', 'INVITE', 'sip:+15550101@10.2.0.1', '<sip:+15550101@10.2.0.1>');
    expect(where(net.invite())).toBe('tuk 203.0.113.2 +15550101');
    // What comes from there is not sent back there.
    net.out.length = 0;
    call(net, 'tuk', '+15550101');
    expect(net.invite()).toBeUndefined();
    expect(statuses(net.out)).toEqual([100, 480]);
  });
});
