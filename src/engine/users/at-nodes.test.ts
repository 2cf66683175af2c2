import { describe, expect, test } from 'vitest';
import { requests, statuses } from '../desk.testing.ts';
import { american, irish, Net, where } from '../nodes.testing.ts';
import { call, local, of, phones, register, registerNamed, says, seattleCalled } from './at-nodes.testing.ts';

describe('users at several nodes', () => {
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

describe('a device that is called by a name of its own (RFC 5627)', () => {
  const instance = 'urn:uuid:00000000-0000-1000-8000-000a95a0e128';
  const rung = (net: Net) => {
    const found = requests(net.out, 'INVITE').map((one) => `${where(one as never)} ${one.message.uri}`);
    net.out.length = 0;
    return found;
  };
  const calls = (net: Net, at: 'tuk' | 'dub-1', uri: string) =>
    net.request(at, at === 'tuk' ? '203.0.113.2' : '203.0.113.1', uri);

  test('is reached from every node, by the name that tells whose it is and by the one that does not', () => {
    const net = new Net(of);
    const { known, temporary } = registerNamed(net, 'dub-2', 'bob', instance);
    expect(known).toBe(`sip:bob@acme.example;gr=${instance}`);
    expect(temporary).toMatch(/^sip:tgruu\w+\.dub-2@acme\.example;gr$/);
    net.pass(2_000);
    net.out.length = 0;
    for (const name of [known, temporary])
      for (const at of ['tuk', 'dub-1'] as const) {
        calls(net, at, name);
        expect([name, at, rung(net)]).toEqual([name, at, ['dub-2 10.1.0.50 bob sip:bob@10.1.0.50']]);
      }
  });

  test('is not rung where another device of its user is, nor forwarded', () => {
    const net = new Net({ ...of, users: of.users!.map((user) => ({ ...user, forward: { unregistered: '+4930' } })) });
    const { known } = registerNamed(net, 'dub-2', 'bob', instance);
    net.pass(2_000);
    net.out.length = 0;
    const other = known.replace('e128', 'e999');
    for (const at of ['tuk', 'dub-1'] as const) {
      net.out.length = 0;
      calls(net, at, other);
      expect(statuses(net.out)).toEqual([100, 480]);
      expect(rung(net)).toEqual([]);
    }
  });

  test('has no temporary name any more where its node is gone, or never gave it', () => {
    const net = new Net(of);
    const { temporary } = registerNamed(net, 'dub-2', 'bob', instance);
    net.pass(2_000);
    net.out.length = 0;
    calls(net, 'tuk', temporary.replace('tgruu', 'tgruu0'));
    expect(statuses(net.out)).toEqual([100, 404]);
    net.cut.add('dub-2');
    net.pass(10_000);
    net.out.length = 0;
    calls(net, 'tuk', temporary);
    expect(statuses(net.out)).toEqual([100, 503]);
    calls(net, 'tuk', temporary.replace('dub-2', 'cork'));
    expect(statuses(net.out).slice(2)).toEqual([100, 404]);
  });

  test('is written a message at another node', () => {
    const net = new Net({ ...of, registrar: { ...of.registrar!, passes: ['MESSAGE'] } });
    const { known, temporary } = registerNamed(net, 'dub-2', 'bob', instance);
    register(net, 'tuk', 'alice');
    net.pass(2_000);
    for (const name of [known, temporary]) {
      net.out.length = 0;
      says(net, 'tuk', 'alice', 'MESSAGE', name, `<${name}>`);
      expect(requests(net.out, 'MESSAGE').map((one) => where(one as never))).toEqual(['dub-2 10.1.0.50 bob']);
    }
  });
});
