import { describe, expect, test } from 'vitest';
import type { RegistrationConfiguration, Trunk } from '#policy/configuration';
import { address, configuration, Desk, requests, type Sent, statuses, stream, trunk, udp } from '../desk.testing.ts';

const health = { interval: 60_000, misses: 5, successes: 1, failedCalls: 5 };
const caller = udp('lan', '10.0.0.2');

function registration(registrar: string, more: Partial<RegistrationConfiguration> = {}): RegistrationConfiguration {
  return {
    registrars: [address(registrar)],
    expires: 3_600_000,
    gin: false,
    outbound: false,
    retry: { base: 30_000, most: 1_800_000 },
    ...more,
  };
}

/** Opens what was asked for; the connections. */
function opened(desk: Desk): readonly string[] {
  const flows = desk.of('connect').map(({ flow }) => flow);
  desk.effects = desk.effects.filter(({ kind }) => kind !== 'connect');
  for (const flow of flows) desk.handle({ kind: 'flow-opened', flow });
  return flows.map(({ connection }) => connection!);
}

/** Waits for the REGISTERs that are due and grants them. */
function registered(desk: Desk): readonly Sent[] {
  desk.pass(1000);
  opened(desk);
  const asked = requests(desk.take(), 'REGISTER');
  for (const one of asked) desk.respond(one, 200, [`Contact: ${one.message.get('contact')}`]);
  return asked;
}

const places = (sent: readonly Sent[]) => sent.map(({ flow }) => `${flow.transport} ${flow.remote.host}`);

describe('names', () => {
  const named = (more: Partial<Trunk> = {}) => trunk('acme', 'sip.acme.test', more);

  test('lead elsewhere while a call stands: it is hung up from where it was begun, and new ones come from there for an hour', () => {
    const desk = new Desk(configuration([named()], { unknownSource: 'ignore' }));
    desk.answer({ 'sip.acme.test': ['203.0.113.1'] });
    desk.pass(100);
    const was = udp('wan', '203.0.113.1');
    const said = desk.request(was, 'INVITE');
    desk.respond(requests(desk.take(), 'INVITE')[0]!, 200);
    const to = desk
      .take()
      .find(({ message }) => statuses([{ message }] as never)[0] === 200)!
      .message.get('to')!;
    desk.request(was, 'ACK', { ...said, to, branch: 'z9hG4bKack' });
    for (let minutes = 0; minutes < 90; minutes++) {
      desk.pass(60_000);
      desk.answer({ 'sip.acme.test': ['203.0.113.2'] });
    }
    desk.take();
    desk.request(was, 'INVITE');
    expect(desk.drops()).toEqual(['unknown-source']);
    desk.request(was, 'BYE', { ...said, to, cseq: 2, branch: 'z9hG4bKbye' });
    expect(statuses(desk.take())).toContain(200);
  });

  test('of several servers each call is for the one that it goes to', () => {
    const desk = new Desk(configuration([named({ addresses: [address('a.acme.test'), address('b.acme.test')] })]));
    desk.answer({ 'a.acme.test': ['203.0.113.1'], 'b.acme.test': ['203.0.113.2'] });
    desk.request(caller, 'INVITE');
    const [first] = requests(desk.take(), 'INVITE');
    desk.respond(first!, 503);
    const [, second] = [first, ...requests(desk.take(), 'INVITE')];
    expect([first!.message.uri, second!.message.uri]).toEqual(['sip:+49301@a.acme.test', 'sip:+49301@b.acme.test']);
  });

  test('that cannot be found are told of once, and when they are found again', () => {
    const desk = new Desk(configuration([named(), trunk('other', 'sip.other.test')]));
    const told = () => desk.of('log').map(({ event, fields }) => `${event} ${fields.trunk}`);
    desk.answer({ 'sip.other.test': ['203.0.113.9'] });
    desk.pass(100);
    expect(told()).toEqual(['not-located acme']);
    desk.effects = [];
    for (let n = 0; n < 20; n++) {
      desk.pass(60_000);
      desk.answer({ 'sip.other.test': ['203.0.113.9'] });
    }
    expect(told()).toEqual([]);
    desk.pass(60_000);
    desk.answer({ 'sip.other.test': ['203.0.113.9'], 'sip.acme.test': ['203.0.113.1'] });
    desk.pass(100);
    expect(told()).toEqual(['located acme']);
  });

  test('are called so in TLS, each its own, and its certificate is to bear one of them', () => {
    const tls = {
      trust: { system: true, files: [] },
      wildcards: false,
      minVersion: 'TLSv1.2' as const,
      renewal: 0,
    };
    const addresses = [address('a.acme.test', 'tls'), address('b.acme.test', 'tls'), address('203.0.113.9', 'tls')];
    const registrars = [address('reg.acme.test', 'tls')];
    const rules = (more: Partial<Trunk>) => {
      const desk = new Desk(configuration([named({ transport: 'tls', tls, addresses, ...more })]));
      desk.answer({ 'a.acme.test': ['203.0.113.1'], 'b.acme.test': ['203.0.113.2'], 'reg.acme.test': ['203.0.113.3'] });
      desk.pass(1000);
      desk.request(caller, 'INVITE');
      for (let n = 0; n < 3; n++)
        for (const { flow } of desk.of('connect').slice(n))
          desk.handle({ kind: 'flow-closed', connection: flow.connection!, reason: 'refused' });
      return desk
        .of('connect')
        .map(({ flow, tls: rules }) => [flow.remote.host, rules!.serverName, rules!.names.join()]);
    };
    const names = 'a.acme.test,b.acme.test,203.0.113.9';
    expect(rules({})).toEqual([
      ['203.0.113.1', 'a.acme.test', names],
      ['203.0.113.2', 'b.acme.test', names],
      ['203.0.113.9', undefined, names],
    ]);
    expect(rules({ domain: 'acme.test' })[2]).toEqual(['203.0.113.9', undefined, 'a.acme.test,b.acme.test,acme.test']);
    expect(rules({ tls: { ...tls, names: ['acme.test'] } })[0]).toEqual(['203.0.113.1', undefined, 'acme.test']);
    // A registrar of another name shows a certificate of that name.
    expect(
      rules({ addresses: [address('203.0.113.9', 'tls')], registration: registration('', { registrars }) })[0],
    ).toEqual(['203.0.113.3', 'reg.acme.test', '203.0.113.9,reg.acme.test']);
  });
});

describe('a registered trunk', () => {
  const account = (more: Partial<Trunk> = {}, name = 'acme', user = '4930') =>
    trunk(name, '203.0.113.1', {
      identity: { user, from: 'caller' },
      domain: 'acme.test',
      registration: registration('203.0.113.7'),
      ...more,
    });

  test('is asked by OPTIONS where it is registered too, and each server by its own way', () => {
    const desk = new Desk(configuration([account({ transport: 'tcp', health })]));
    registered(desk);
    desk.pass(15_000);
    opened(desk);
    const asked = requests(desk.take(), 'OPTIONS');
    const ways = new Map(asked.map(({ flow }) => [flow.remote.host, flow.connection]));
    expect([...ways.keys()].sort()).toEqual(['203.0.113.1', '203.0.113.7']);
    expect(new Set(ways.values()).size).toBe(2);
    const [state] = desk.engine.standing.inspectTrunks().trunks as [unknown, { targets: readonly string[] }];
    expect(state).toBeDefined();
  });

  test('tells where its settings come from', () => {
    const settings = [{ key: 'health.interval', value: '30s', from: 'site tokyo' }];
    const desk = new Desk(configuration([account({ settings }), trunk('other', 'sip.other.test')]));
    const told = desk.engine.standing.inspectTrunks().trunks as readonly { trunk: string; settings?: unknown }[];
    const of = (name: string) => told.find((one) => one.trunk === name)!.settings;
    expect([of('acme'), of('other')]).toEqual([settings, undefined]);
  });

  test('keeps what calls told of its registrar when other names are found', () => {
    const desk = new Desk(
      configuration([
        account({ addresses: [address('sip.acme.test')], health: { ...health, interval: 0 } }),
        trunk('other', 'sip.other.test'),
      ]),
    );
    registered(desk);
    desk.request(caller, 'INVITE');
    desk.handle({
      kind: 'undeliverable',
      listener: 'wan/udp',
      to: { host: '203.0.113.7', port: 5060 },
      reason: 'refused',
    });
    const state = () =>
      JSON.stringify(
        (desk.engine.standing.inspectTrunks().trunks as readonly { trunk: string; health: unknown }[]).find(
          ({ trunk: name }) => name === 'acme',
        )?.health,
      );
    expect(state()).toContain('"down"');
    desk.answer({ 'sip.other.test': ['203.0.113.9'], 'sip.acme.test': ['203.0.113.1'] });
    desk.pass(1000);
    expect(state()).toContain('"down"');
  });

  test.each(['udp', 'tcp'] as const)(
    'is told from another account at the same place by the Contact that is called: %s',
    (transport) => {
      const two = [account({ transport }, 'one', '100'), account({ transport }, 'two', '200')];
      const desk = new Desk(configuration(two));
      const [one] = registered(desk);
      for (const [n, user] of ['100', '200'].entries()) {
        desk.take();
        desk.request(one!.flow, 'INVITE', { uri: `sip:${user}@192.0.2.1` });
        const calls = desk.engine.inspect().calls as readonly { a: { trunk: string } }[];
        expect(calls.at(-1)?.a.trunk).toBe(['one', 'two'][n]);
      }
    },
  );

  test('speaks for its registrar’s domain where it has none of its own', () => {
    const { domain: _, ...rest } = account({ registration: registration('sip.acme.test') });
    const desk = new Desk(configuration([rest]));
    desk.answer({ 'sip.acme.test': ['203.0.113.7'] });
    registered(desk);
    desk.request(caller, 'INVITE');
    const { message } = requests(desk.take(), 'INVITE')[0]!;
    expect(message.uri).toBe('sip:+49301@sip.acme.test');
    expect(message.from.uri).toBe('sip:+4930@sip.acme.test');
  });

  test('is called by its registrar over a connection that this one opened, too', () => {
    const desk = new Desk(configuration([account({ transport: 'tcp' })]));
    registered(desk);
    const flow = stream('tcp', 'wan', { host: '203.0.113.7', port: 33_000 }, 'in-1');
    desk.handle({ kind: 'flow-opened', flow });
    desk.request(flow, 'INVITE', { uri: 'sip:4930@192.0.2.1' });
    expect(statuses(desk.take())).toEqual([100]);
  });

  test('by UDP is sent large requests by the same flow', () => {
    const desk = new Desk(configuration([account()]));
    registered(desk);
    desk.request(caller, 'INVITE', { headers: [`Subject: ${'x'.repeat(1500)}`] });
    expect(places(requests(desk.take(), 'INVITE'))).toEqual(['udp 203.0.113.7']);
  });

  test('whose connection is being replaced keeps it for its calls until it is registered over the next', () => {
    const desk = new Desk(configuration([account({ transport: 'tcp' })]));
    const [old] = registered(desk);
    const { connection } = old!.flow;
    const wayOfACall = () => {
      desk.take();
      desk.request(caller, 'INVITE');
      return requests(desk.take(), 'INVITE')[0]?.flow.connection;
    };
    desk.pass(200_000);
    desk.handle({ kind: 'flow-retiring', connection: connection! });
    expect(wayOfACall()).toBe(connection);
    const [anew] = registered(desk);
    expect(anew?.flow.connection).not.toBe(connection);
    expect(wayOfACall()).toBe(anew?.flow.connection);
    // The end of the old one is of no importance any more.
    desk.handle({ kind: 'flow-closed', connection: connection!, reason: 'replaced by another' });
    expect(registered(desk)).toEqual([]);
    expect(wayOfACall()).toBe(anew?.flow.connection);
  });

  describe('and the process that takes it up', () => {
    const keep = (desk: Desk) => {
      registered(desk);
      return desk.kept();
    };

    test('under listeners of other names refreshes it and takes it back', () => {
      const before = configuration([account()]);
      const kept = keep(new Desk(before));
      const listeners = before.listeners.map((one) => ({ ...one, id: `new-${one.id}`, name: `new-${one.name}` }));
      const desk = new Desk({ ...before, listeners }, kept);
      expect(JSON.stringify(desk.engine.standing.inspectTrunks().trunks)).toContain('"registered"');
      desk.handle({ kind: 'drain' });
      const [back] = requests(desk.take(), 'REGISTER');
      expect([back?.flow.listener, back?.message.get('expires')]).toEqual(['new-wan/udp', '0']);
    });

    test.each([
      ['another transport', account({ transport: 'tcp' })],
      ['a next hop', account({ nextHops: [address('203.0.113.50')] })],
    ])('sends no call the old way where the file says another: %s', (_, next) => {
      const kept = keep(new Desk(configuration([account()])));
      const desk = new Desk(configuration([next]), kept);
      desk.take();
      desk.request(caller, 'INVITE');
      expect(places(requests(desk.take(), 'INVITE'))).toEqual([]);
    });
  });

  test('is asked for nothing any more once it leaves', () => {
    const desk = new Desk(configuration([account({ health, addresses: [address('sip.acme.test')] })]));
    desk.answer({ 'sip.acme.test': ['203.0.113.1'] });
    registered(desk);
    desk.handle({ kind: 'drain' });
    for (const one of requests(desk.take(), 'REGISTER')) desk.respond(one, 200);
    desk.take();
    for (let n = 0; n < 5; n++) {
      desk.pass(60_000);
      desk.answer({ 'sip.acme.test': ['203.0.113.1'] });
    }
    expect(requests(desk.take(), 'OPTIONS')).toEqual([]);
  });
});

test('what is said in clear is not heard in a call over TLS, though the host is right', () => {
  const tls = { trust: { system: true, files: [] }, wildcards: false, minVersion: 'TLSv1.2' as const, renewal: 0 };
  const secure = trunk('secure', '203.0.113.1', {
    transport: 'tls',
    tls,
    addresses: [{ host: '203.0.113.1', port: 5061, matchPort: true }],
  });
  const clear = trunk('clear', '203.0.113.1', { addresses: [{ host: '203.0.113.1', port: 5060, matchPort: true }] });
  const desk = new Desk(configuration([secure, clear]));
  const flow = stream('tls', 'wan', { host: '203.0.113.1', port: 5061 }, 'in-1');
  desk.handle({ kind: 'flow-opened', flow });
  const said = desk.request(flow, 'INVITE');
  desk.respond(requests(desk.take(), 'INVITE')[0]!, 200);
  const to = desk
    .take()
    .find(({ message }) => message.kind === 'response' && message.status === 200)!
    .message.get('to')!;
  desk.request(flow, 'ACK', { ...said, to, branch: 'z9hG4bKack' });
  desk.take();
  desk.request(udp('wan', '203.0.113.1'), 'BYE', { ...said, to, cseq: 2, branch: 'z9hG4bKbye' });
  expect(statuses(desk.take())).toEqual([481]);
});

test.each(['answers', 'is silent'])('a call that breaks when the DNS %s takes no other with it', (what) => {
  const desk = new Desk(configuration([trunk('acme', 'sip.acme.test'), trunk('other', '203.0.113.9')]));
  desk.request(caller, 'INVITE');
  const sockets = desk.engine.listenersFor.bind(desk.engine);
  desk.engine.listenersFor = () => {
    throw new Error('broken');
  };
  if (what === 'answers') desk.answer({ 'sip.acme.test': ['203.0.113.1'] });
  else desk.pass(4_900);
  desk.engine.listenersFor = sockets;
  expect(desk.of('log').map(({ event }) => event)).toContain('assertion');
  expect(statuses(desk.take())).toEqual([100, 503]);
});
