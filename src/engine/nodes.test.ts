import { describe, expect, test } from 'vitest';
import { parseMessage } from '#codec/sip-message';
import type { Configuration, Listener, Node } from '#policy/configuration';
import { atNode } from '#policy/nodes';
import { Router } from '#policy/routing';
import { TrunkIndex } from '#policy/trunks';
import type { Flow } from '#sip/flow';
import { Desk, requests, statuses, trunk } from './desk.testing.ts';
import {
  american,
  bare,
  hosts,
  irish,
  listeners,
  type Name,
  Net,
  names,
  nodes,
  office,
  seen,
  where,
} from './nodes.testing.ts';

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

  test('where who calls is the node says by asking: a restricted trunk is not refused to who is at its site and registered elsewhere (LBR-7)', () => {
    const local: Configuration = { ...bare, trunks: [{ ...irish, localOnly: true }, american, office] };
    const desk = new Desk(seen('dub-1', local));
    const flow: Flow = { transport: 'udp', listener: 'dub-1-lan/udp', remote: { host: hosts.tuk, port: 5060 } };
    desk.request(flow, 'INVITE', { uri: 'sip:+35318;tgrp=irish;trunk-context=10.1.0.1@10.1.0.1' });
    expect(requests(desk.take(), 'INVITE').map(({ message }) => message.target?.user)).toEqual(['018']);
    // The node that it reaches first is asked, and says what all of them would.
    const places: Configuration = {
      ...local,
      users: ['tukwila', 'dublin'].map((site) => ({
        name: `at-${site}`,
        site,
        numbers: [],
        devices: 1,
        hidden: false,
      })),
    };
    for (const name of names) {
      const router = new Router(seen(name, places));
      const trunks = (source: string) =>
        router.plan({ source, called: '+35318' }).trunks.map(({ trunk }) => trunk.name);
      expect(trunks('at-dublin')).toEqual(['irish', 'american']);
      expect(trunks('at-tukwila')).toEqual(['american']);
    }
    // It is joined with nobody else by that.
    const net = new Net(local);
    net.request('tuk', '203.0.113.2', 'sip:+35318@192.0.2.1');
    expect(where(net.invite())).toBe('tuk 203.0.113.2 +35318');
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
