import { describe, expect, test } from 'vitest';
import type { Target } from '#sip/transaction';
import {
  type Answer,
  challenge,
  hour,
  ok,
  registrarOf,
  type Script,
  targetOf,
  targets,
  World,
} from './registration.testing.ts';

describe('flows', () => {
  test('the refresh goes over the connection of the registration, and so may calls', () => {
    const world = new World((sent) => ok(sent, 600));
    world.found = targets(targetOf('192.0.2.1', 'tls'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(hour);
    expect(new Set(world.sent.map(({ flow }) => flow.connection))).toEqual(new Set(['c1']));
    expect(registration.flow).toMatchObject({ transport: 'tls', listener: 's', connection: 'c1' });
    expect(registration.target).toMatchObject({ transport: 'tls', connection: 'c1' });
  });

  test('its connection closes: registered again on a new one within the jitter', () => {
    const world = new World((sent) => ok(sent, 600));
    world.found = targets(targetOf('192.0.2.1', 'tls'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(200_000);
    registration.flowClosed('other', 'reset', world.now);
    expect(registration.stage).toBe('registered');
    const at = world.mono;
    registration.flowClosed('c1', 'reset by peer', world.now);
    expect(registration.stage).toBe('refreshing');
    expect(registration.flow).toBeUndefined();
    expect(registration.status().lastError!.text).toBe('the connection to tls 192.0.2.1:5061 closed: reset by peer');
    world.run(1_100);
    expect(registration.stage).toBe('registered');
    expect(registration.flow!.connection).toBe('c2');
    const { at: again } = world.sent.at(-1)!;
    expect(again - at).toBeGreaterThanOrEqual(100);
    expect(again - at).toBeLessThanOrEqual(1_000);
  });

  test('its connection is being replaced: it holds for calls until it is registered over another', () => {
    const world = new World((sent) => ok(sent, 600));
    world.found = targets(targetOf('192.0.2.1', 'tls'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(60_000);
    registration.flowRetiring('other', world.now);
    expect(world.wait()).toBeGreaterThan(60_000);
    const at = world.mono;
    registration.flowRetiring('c1', world.now);
    expect(registration.stage).toBe('registered');
    expect(registration.target).toMatchObject({ connection: 'c1' });
    world.run(1_100);
    expect(registration.stage).toBe('registered');
    expect(registration.target).toMatchObject({ connection: 'c2' });
    expect(world.sent.at(-1)!.at - at).toBeLessThanOrEqual(1_000);
    expect(world.wait()).toBeGreaterThan(60_000);
    registration.flowClosed('c1', 'replaced', world.now);
    expect(registration.stage).toBe('registered');
  });

  test('it is being replaced while it is asked by it: it is asked again by another', () => {
    const world = new World((sent) => ({ ...(ok(sent, 600) as Exclude<Answer, string>), after: 300 }));
    world.found = targets(targetOf('192.0.2.1', 'tls'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    registration.flowRetiring('c1', world.now);
    world.run(2_000);
    expect(registration.stage).toBe('registered');
    expect(registration.flow!.connection).toBe('c2');
  });

  test('flows that do not last are backed off from (RFC 5626 4.5)', () => {
    const world = new World((sent) => ok(sent, 600));
    world.found = targets(targetOf('192.0.2.1', 'tcp'));
    const registration = world.registration();
    registration.start(world.now);
    const waits: number[] = [];
    for (let round = 0; round < 5; round++) {
      while (registration.stage !== 'registered') world.step(Infinity);
      registration.flowClosed(registration.flow!.connection!, 'reset', world.now);
      waits.push(world.wait()!);
    }
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    [60, 120, 240, 480].forEach((seconds, round) => {
      expect(waits[round + 1]).toBeGreaterThanOrEqual(seconds * 500);
      expect(waits[round + 1]).toBeLessThanOrEqual(seconds * 1000);
    });
    while (registration.stage !== 'registered') world.step(Infinity);
    world.run(130_000);
    registration.flowClosed(registration.flow!.connection!, 'reset', world.now);
    expect(world.wait()).toBeLessThanOrEqual(1_000);
  });

  test('a connection that brings no answer is suspected', () => {
    let up = true;
    const world = new World((sent) => (up ? ok(sent, 600) : 'silence'));
    world.found = targets(targetOf('192.0.2.1', 'tcp'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    up = false;
    world.run(600_000);
    expect(world.suspects[0]).toBe('c1');
  });

  test('closes, and nobody takes us: failed', () => {
    let up = true;
    const world = new World((sent) => (up ? ok(sent, 3600) : 'refused'));
    world.found = targets(targetOf('192.0.2.1', 'tcp'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    up = false;
    registration.flowClosed('c1', 'reset', world.now);
    world.run(1_100);
    expect(registration.stage).toBe('failed');
  });
});

describe('going', () => {
  test('takes the registration back, with credentials and over its flow', () => {
    const world = new World((sent) =>
      sent.request.get('authorization') ? ok(sent) : { status: 401, headers: challenge('n') },
    );
    world.found = targets(targetOf('192.0.2.1', 'tcp'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    registration.unregister(world.now);
    expect(registration.stage).toBe('unregistering');
    registration.unregister(world.now);
    world.run(100);
    expect(registration.stage).toBe('unregistered');
    const { request, flow } = world.sent.at(-1)!;
    expect(world.sent).toHaveLength(3);
    expect(request.get('expires')).toBe('0');
    expect(request.get('contact')).toMatch(/;expires=0$/);
    expect(flow.connection).toBe('c2');
    expect(world.deadlines.size).toBe(0);
  });

  test('does not wait long for an answer', () => {
    let up = true;
    const world = new World((sent) => (up ? ok(sent) : 'silence'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    up = false;
    registration.unregister(world.now);
    world.run(5_000);
    expect(registration.stage).toBe('unregistered');
    world.run(60_000); // Timer F of what nobody waits for.
    expect(registration.stage).toBe('unregistered');
    expect(world.deadlines.size).toBe(0);
    registration.start(world.now);
    up = true;
    world.run(100);
    expect(registration.stage).toBe('registered');
  });

  test('a registration that may just be granted is taken back too', () => {
    const world = new World((sent) => ({ ...(ok(sent) as object), after: 500 }) as Answer);
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    registration.unregister(world.now);
    world.run(1_000);
    expect(registration.stage).toBe('unregistered');
    expect(world.sent.map(({ request }) => request.get('expires'))).toEqual(['3600', '0']);
  });

  test('where there is none, nothing is sent', () => {
    const world = new World(() => ({ status: 403 }));
    const registration = world.registration();
    registration.unregister(world.now);
    registration.start(world.now);
    world.run(100);
    registration.unregister(world.now);
    expect(registration.stage).toBe('unregistered');
    expect(world.sent).toHaveLength(1);
    expect(world.deadlines.size).toBe(0);
  });
});

describe('after a restart', () => {
  const earlier = (world: World, transport: Target['transport'], over = {}) => {
    world.found = targets(targetOf('192.0.2.1', transport));
    const registration = world.registration(over);
    registration.start(world.now);
    world.run(100_000);
    for (const deadline of [...world.deadlines]) world.deadlines.clear(deadline);
    return registration;
  };
  const routed: Script = (sent) => ok(sent, 3600, [['Service-Route', '<sip:edge;lr>']]);

  test('a registration over UDP holds on and is refreshed when it would have been', () => {
    const world = new World(routed);
    const old = earlier(world, 'udp');
    const status = old.status();
    world.mono += 7_000;
    world.drift -= 4_000; // The monotonic clock is another one now.
    const registration = world.restored(old.state());
    expect(registration.stage).toBe('registered');
    expect(registration.flow).toEqual(old.flow);
    expect(registration.serviceRoute).toEqual(['<sip:edge;lr>']);
    expect(registration.status()).toMatchObject({ expiresAt: status.expiresAt, nextAt: status.nextAt });
    expect(world.sent).toHaveLength(1);
    world.run(hour);
    const { request } = world.sent[1]!;
    expect(request.callId).toBe(world.sent[0]!.request.callId);
    expect(request.from.tag).toBe(world.sent[0]!.request.from.tag);
    expect(request.cseq.number).toBe(2);
  });

  test('one over a connection is made anew soon, over a new connection, with the same instance', () => {
    const world = new World(routed);
    const old = earlier(world, 'tls', { outbound: true });
    const registration = world.restored(old.state(), { outbound: true }, 3_000);
    expect(registration.stage).toBe('refreshing');
    expect(registration.flow).toBeUndefined();
    expect(registration.target).not.toHaveProperty('connection');
    world.run(2_999);
    expect(world.sent).toHaveLength(1);
    world.run(1_100);
    expect(registration.stage).toBe('registered');
    expect(world.sent[1]!.request.get('contact')).toBe(world.sent[0]!.request.get('contact'));
    expect(world.sent[1]!.flow.connection).toBe('c2');
  });

  test('one that goes on in the same process keeps its connection and its times, though the wall clock has jumped', () => {
    const world = new World(routed);
    const old = earlier(world, 'tls');
    const { expiresAt, nextAt } = old.status();
    world.drift += 24 * hour;
    const state = old.handOver(world.now);
    const registration = world.restored(state);
    expect(registration.stage).toBe('registered');
    expect(registration.flow).toEqual(old.flow);
    expect(registration.status().expiresAt).toBe(expiresAt! + 24 * hour);
    expect(registration.status().nextAt).toBeCloseTo(nextAt! + 24 * hour, 3);
    expect(world.sent).toHaveLength(1);
  });

  test('however little is left of it', () => {
    const world = new World((sent, count) => (count === 1 ? ok(sent, 60) : { status: 503 }));
    const old = world.registration();
    old.start(world.now);
    world.run(57_000);
    expect(old.stage).toBe('registered');
    const state = old.handOver(world.now);
    old.giveUp();
    const registration = world.restored(state);
    expect(registration.stage).toBe('registered');
    world.run(5_000);
    expect(registration.flow).toBeUndefined();
  });

  test.each<[string, (world: World) => object]>([
    [
      'it ran out',
      (world) => {
        world.drift += 2 * hour;
        return {};
      },
    ],
    ['the registrar is another', () => ({ registrars: [registrarOf('other.example')] })],
    ['the identity is another', () => ({ user: 'bob' })],
    ['the domain is another', () => ({ domain: 'acme.example' })],
    ['the Contact is another', () => ({ contactUser: 'other' })],
  ])('it starts anew, with a CSeq that rises, when %s', (_, change) => {
    const world = new World(routed);
    const old = earlier(world, 'udp');
    const over = change(world);
    const registration = world.restored(old.state(), over, 1_000);
    expect(registration.stage).toBe('unregistered');
    expect(registration.flow).toBeUndefined();
    world.run(1_100);
    expect(registration.stage).toBe('registered');
    expect(world.sent[1]!.request.cseq.number).toBe(2);
  });

  test('a clock that was set back makes no registration longer than granted', () => {
    const world = new World(routed);
    const old = earlier(world, 'udp');
    world.drift -= 24 * hour;
    const registration = world.restored(old.state());
    expect(registration.status().expiresAt).toBe(world.now.wall + hour);
    expect(world.wait()).toBeLessThanOrEqual(0.9 * hour);
  });

  test('what a process left in the middle of a refresh is refreshed at once', () => {
    const world = new World(routed);
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    while (registration.stage === 'registered') world.step(Infinity);
    const kept = registration.state();
    expect(kept.cseq).toBe(2);
    for (const deadline of [...world.deadlines]) world.deadlines.clear(deadline);
    const next = world.restored(kept);
    expect(next.stage).toBe('registered');
    expect(world.wait()).toBe(0);
    for (const deadline of [...world.deadlines]) world.deadlines.clear(deadline);
    world.restored(kept, {}, 3_000); // One of many.
    expect(world.wait()).toBe(3_000);
    world.run(3_001);
    expect(world.sent.at(-1)!.request.cseq.number).toBe(3);
  });
});
