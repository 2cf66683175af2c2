import { describe, expect, test } from 'vitest';
import {
  type Answer,
  by,
  first,
  granting,
  hour,
  ok,
  oneEach,
  type Script,
  second,
  targetOf,
  targets,
  twoRegistrars,
  World,
} from './registration.testing.ts';
import type { Found } from './settings.ts';

describe('who does not help', () => {
  test.each<[string, Answer]>([
    ['refused', 'refused'],
    ['503', { status: 503 }],
    ['500', { status: 500 }],
    ['408', { status: 408 }],
    ['silent', 'silence'],
  ])('the next server is asked when one is %s', (_, answer) => {
    const world = new World(by({ '192.0.2.1': answer, '192.0.2.2': granting }));
    world.found = targets(first, second);
    const registration = world.registration();
    registration.start(world.now);
    world.run(answer === 'silence' ? 10_100 : 100);
    expect(world.asked()).toEqual(['sip:itsp.example udp 192.0.2.1:5060', 'sip:itsp.example udp 192.0.2.2:5060']);
    expect(registration.status()).toMatchObject({ stage: 'registered', target: 'udp 192.0.2.2:5060', tries: 0 });
    expect(registration.status()).not.toHaveProperty('lastError');
  });

  test('an answer that comes after we went on changes nothing', () => {
    const late: Answer = { status: 403, after: 15_000 };
    const world = new World(by({ '192.0.2.1': late, '192.0.2.2': granting }));
    world.found = targets(first, second);
    const registration = world.registration();
    registration.start(world.now);
    world.run(20_000);
    expect(registration.stage).toBe('registered');
  });

  describe('a 200 that comes after we went on', () => {
    const late: Script = (sent) => ({ ...(ok(sent) as object), after: 15_000 }) as Answer;

    function asks(other: Script | Answer) {
      const world = new World(by({ '192.0.2.1': late, '192.0.2.2': other }));
      world.found = targets(first, second);
      const registration = world.registration();
      registration.start(world.now);
      return { world, registration };
    }

    test('counts from then on, though the next one is being asked', () => {
      const { world, registration } = asks('silence');
      world.run(14_900);
      expect(registration.flow).toBeUndefined();
      world.run(200);
      expect(registration.status()).toMatchObject({ stage: 'refreshing', target: 'udp 192.0.2.1:5060' });
      expect(registration.flow).toBeDefined();
      world.run(60_000);
      expect(registration.status()).toMatchObject({ stage: 'registered', target: 'udp 192.0.2.1:5060' });
    });

    test('counts when nobody is asked any more', () => {
      const { world, registration } = asks('refused');
      world.run(14_900);
      expect(registration.stage).toBe('failed');
      world.run(200);
      expect(registration.status()).toMatchObject({ stage: 'registered', target: 'udp 192.0.2.1:5060', tries: 0 });
      expect(registration.status()).not.toHaveProperty('lastError');
      expect(world.wait()).toBeLessThan(hour);
    });

    test('is nothing to who has been taken by another', () => {
      const { world, registration } = asks(granting);
      world.run(20_000);
      expect(registration.status()).toMatchObject({ stage: 'registered', target: 'udp 192.0.2.2:5060' });
    });

    test('is nothing to who has gone', () => {
      const { world, registration } = asks('silence');
      world.run(12_000);
      registration.unregister(world.now);
      world.run(20_000);
      expect(registration.stage).toBe('unregistered');
      expect(registration.flow).toBeUndefined();
    });
  });

  test('when all are slow the second round waits for them', () => {
    const slow: Script = (sent) => ({ ...(ok(sent) as object), after: 15_000 }) as Answer;
    const world = new World(by({ '192.0.2.1': slow, '192.0.2.2': () => 'refused' }));
    world.found = targets(first, second);
    const registration = world.registration();
    registration.start(world.now);
    world.run(120_000);
    expect(registration.stage).toBe('registered');
  });

  test('the next registrar is asked when no server of one helps, and when one refuses', () => {
    for (const answer of ['refused', { status: 403 }] as const) {
      const world = new World(by({ '192.0.2.1': answer, '192.0.2.2': granting }));
      world.found = oneEach;
      const registration = world.registration({ registrars: twoRegistrars });
      registration.start(world.now);
      world.run(100);
      expect(world.asked()).toEqual(['sip:a.example udp 192.0.2.1:5060', 'sip:b.example udp 192.0.2.2:5060']);
      expect(registration.status()).toMatchObject({
        stage: 'registered',
        registrar: 'sip:b.example',
        addressOfRecord: 'sip:+4930123@b.example',
      });
    }
  });

  test("403 does not ask the registrar's other servers, and waits long", () => {
    const world = new World(() => ({ status: 403, phrase: 'Forbidden' }));
    world.found = targets(first, second);
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    expect(world.sent).toHaveLength(1);
    expect(registration.status().lastError!.text).toBe(
      '403 Forbidden: the account or password is wrong, or this address is not allowed',
    );
    const waits = [world.wait()!];
    for (let round = 0; round < 4; round++) {
      world.run(world.wait()! + 100);
      waits.push(world.wait()!);
    }
    const bounds = [480, 960, 1800, 1800, 1800].map((seconds) => seconds * 1000);
    waits.forEach((wait, round) => {
      expect(wait).toBeGreaterThan(bounds[round]! / 2 - 100);
      expect(wait).toBeLessThanOrEqual(bounds[round]! * 1.1);
    });
  });

  test('back-off doubles from the base to the most, with jitter (RFC 5626 4.5)', () => {
    const bounds = [60, 120, 240, 480, 960, 1800, 1800, 1800].map((seconds) => seconds * 1000);
    const shares = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const world = new World(() => 'refused', seed);
      const registration = world.registration();
      registration.start(world.now);
      world.run(10);
      for (const bound of bounds) {
        expect(registration.stage).toBe('failed');
        const wait = world.wait()!;
        expect(wait).toBeGreaterThanOrEqual(bound / 2 - 10);
        expect(wait).toBeLessThanOrEqual(bound);
        shares.add(Math.round((wait / bound) * 20));
        world.run(wait + 10);
      }
    }
    expect(shares.size).toBeGreaterThan(8);
  });

  test('a refusal with Retry-After waits as long at least', () => {
    const world = new World(() => ({ status: 403, headers: [['Retry-After', '3000']] }));
    world.registration().start(world.now);
    world.run(100);
    expect(world.wait()).toBeGreaterThan(2_999_000);
  });

  test('a server that is found twice is asked once', () => {
    const world = new World(() => 'refused');
    world.found = targets(first, first, second);
    world.registration().start(world.now);
    world.run(1_000);
    expect(world.sent).toHaveLength(2);
  });

  test('an operator need not wait', () => {
    let right = false;
    const world = new World((sent) => (right ? ok(sent) : { status: 403 }));
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(registration.stage).toBe('failed');
    right = true;
    registration.retry(world.now);
    world.run(100);
    expect(registration.stage).toBe('registered');
  });

  test('503 with Retry-After is left alone as long, others are asked', () => {
    const world = new World(
      by({
        '192.0.2.1': { status: 503, headers: [['Retry-After', '600 (maintenance);duration=10']] },
        '192.0.2.2': 'refused',
      }),
    );
    world.found = targets(first, second);
    const registration = world.registration();
    registration.start(world.now);
    const start = world.mono;
    world.run(900_000);
    const times = world.sent.filter(({ to }) => to.includes('192.0.2.1')).map(({ at }) => at - start);
    expect(times[0]).toBe(0);
    expect(times[1]).toBeGreaterThanOrEqual(600_000);
    expect(world.sent.filter(({ to }) => to.includes('192.0.2.2')).length).toBeGreaterThan(2);
  });

  test('503 with Retry-After from the only one: all wait, and not to the millisecond', () => {
    const waits = new Set<number>();
    for (let seed = 1; seed <= 10; seed++) {
      const world = new World(() => ({ status: 503, headers: [['Retry-After', '1200']] }), seed);
      const registration = world.registration();
      registration.start(world.now);
      world.run(100);
      expect(registration.status().lastError!.text).toContain('it asks us to wait for 1200 s');
      waits.add(world.wait()!);
      expect(world.wait()!).toBeGreaterThanOrEqual(1_200_000 - 100);
      expect(world.wait()!).toBeLessThanOrEqual(1_320_000);
    }
    expect(waits.size).toBe(10);
  });

  test('nobody waits for days because a server said so once', () => {
    const world = new World(() => ({ status: 503, headers: [['Retry-After', '99999999999999']] }));
    world.registration().start(world.now);
    world.run(100);
    expect(world.wait()).toBeLessThanOrEqual(1.1 * hour);
  });

  test('no socket of ours goes there', () => {
    const world = new World(granting);
    world.found = targets({ ...targetOf('192.0.2.1', 'tls'), listeners: { udp: 'u' } });
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    expect(registration.stage).toBe('failed');
    expect(registration.status().lastError!.text).toBe('no listener of ours reaches tls 192.0.2.1:5061');
  });
});

describe('finding servers', () => {
  test('waits for a look-up, and goes on when it is done', () => {
    const world = new World(granting);
    let found: Found = { kind: 'pending' };
    world.found = () => found;
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(world.sent).toHaveLength(0);
    expect(registration.stage).toBe('registering');
    registration.located(world.now); // Of something else.
    expect(registration.stage).toBe('registering');
    found = { kind: 'targets', targets: [first] };
    registration.located(world.now);
    world.run(100);
    expect(registration.stage).toBe('registered');
    registration.located(world.now);
    expect(world.sent).toHaveLength(1);
  });

  test('does not wait for ever, however often it is told of other look-ups', () => {
    const world = new World(granting);
    world.found = (place) => (place === 0 ? { kind: 'pending' } : { kind: 'targets', targets: [second] });
    const registration = world.registration({ registrars: twoRegistrars });
    registration.start(world.now);
    for (let second = 0; second < 11; second++) {
      world.run(1_000);
      registration.located(world.now);
    }
    expect(world.asked()).toEqual(['sip:b.example udp 192.0.2.2:5060']);
  });

  test('no such name', () => {
    const world = new World(granting);
    world.found = () => ({ kind: 'failed', reason: 'no such name' });
    const registration = world.registration();
    registration.start(world.now);
    world.run(10);
    expect(registration.stage).toBe('failed');
    expect(registration.status().lastError!.text).toBe('no server of itsp.example can be located: no such name');
    world.found = targets(first);
    world.run(60_000);
    expect(registration.stage).toBe('registered');
  });

  test('the DNS fails at the refresh: the server that has us is asked', () => {
    const world = new World((sent) => ok(sent, 600));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    world.found = () => ({ kind: 'failed', reason: 'no server answered' });
    world.run(hour);
    expect(registration.stage).toBe('registered');
    expect(world.stages.some((stage) => stage.endsWith('failed'))).toBe(false);
  });

  test('a server that is in the DNS no more is left', () => {
    const world = new World((sent) => ok(sent, 600));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    world.found = targets(second);
    world.run(600_000);
    expect(registration.status().target).toBe('udp 192.0.2.2:5060');
    expect(world.asked()).toHaveLength(2);
  });
});

describe('refreshing', () => {
  test('stays where it is although the DNS gives another order', () => {
    const world = new World((sent) => ok(sent, 600));
    world.found = targets(first, second);
    world.registration().start(world.now);
    world.run(100);
    world.found = targets(second, first);
    world.run(hour);
    expect(new Set(world.asked())).toEqual(new Set(['sip:itsp.example udp 192.0.2.1:5060']));
  });

  test('the preferred registrar is not left for another', () => {
    const world = new World(granting);
    world.found = oneEach;
    world.registration({ registrars: twoRegistrars }).start(world.now);
    world.run(4 * hour);
    expect(world.sent.length).toBeGreaterThan(3);
    expect(new Set(world.asked())).toEqual(new Set(['sip:a.example udp 192.0.2.1:5060']));
  });

  test('fails back to the preferred registrar when it answers again', () => {
    let down = true;
    const world = new World(by({ '192.0.2.1': (sent) => (down ? 'refused' : ok(sent)), '192.0.2.2': granting }));
    world.found = oneEach;
    const registration = world.registration({ registrars: twoRegistrars });
    registration.start(world.now);
    world.run(1_000);
    expect(registration.status().registrar).toBe('sip:b.example');
    world.run(hour);
    expect(registration.status().registrar).toBe('sip:b.example');
    expect(world.stages.some((stage) => stage.endsWith('failed'))).toBe(false);
    const tried = world.sent.filter(({ to }) => to.includes('192.0.2.1')).map(({ at }) => at);
    expect(tried.length).toBeGreaterThanOrEqual(9);
    for (let i = 1; i < tried.length; i++) expect(tried[i]! - tried[i - 1]!).toBeGreaterThanOrEqual(300_000);
    down = false;
    world.run(400_000);
    expect(registration.status().registrar).toBe('sip:a.example');
  });

  test('fails back to the preferred server of one registrar', () => {
    let down = true;
    const world = new World(by({ '192.0.2.1': (sent) => (down ? 'silence' : ok(sent)), '192.0.2.2': granting }));
    world.found = targets(first, second);
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000_000);
    expect(registration.status().target).toBe('udp 192.0.2.2:5060');
    down = false;
    world.run(400_000);
    expect(registration.status().target).toBe('udp 192.0.2.1:5060');
    expect(world.wait()).toBeGreaterThan(hour / 2 - 400_000); // No need to look around any more.
  });

  test('who failed is left alone for a while, however short registrations are', () => {
    const world = new World(by({ '192.0.2.1': 'refused', '192.0.2.2': (sent) => ok(sent, 60) }));
    world.found = targets(first, second);
    world.registration().start(world.now);
    world.run(hour);
    const tried = world.sent.filter(({ to }) => to.includes('192.0.2.1')).map(({ at }) => at);
    expect(tried.length).toBeGreaterThan(8);
    for (let i = 1; i < tried.length; i++) expect(tried[i]! - tried[i - 1]!).toBeGreaterThanOrEqual(300_000);
  });

  test('on the way back the registration that there is does not run out', () => {
    const world = new World(by({ '192.0.2.9': (sent) => ok(sent, 60) }));
    const silent = [1, 2, 3, 4, 5].map((host) => targetOf(`192.0.2.${host}`));
    world.found = (place) => ({ kind: 'targets', targets: place === 0 ? silent : [targetOf('192.0.2.9')] });
    world.registration({ registrars: twoRegistrars, failBack: 20_000 }).start(world.now);
    world.run(100_000);
    world.stages.length = 0;
    const before = world.sent.length;
    world.run(hour);
    expect(world.stages.filter((stage) => !/ (registered|refreshing)$/.test(stage))).toEqual([]);
    expect(world.asked(before).filter((place) => place.startsWith('sip:a.example')).length).toBeGreaterThan(50);
  });

  test('a refresh that nobody answers is tried again while the registration holds; then it has run out', () => {
    let up = true;
    const world = new World((sent) => (up ? ok(sent) : 'silence'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    const { expiresAt } = registration.status();
    up = false;
    while (registration.stage === 'registered') world.step(Infinity);
    expect(registration.stage).toBe('refreshing');
    while (registration.stage === 'refreshing') world.step(Infinity);
    expect(registration.stage).toBe('registered');
    expect(registration.flow).toBeDefined();
    expect(registration.status().lastError!.text).toContain('no answer from udp 192.0.2.1:5060');
    const before = world.sent.length;
    while (world.now.wall < expiresAt! - 1) world.run(Math.min(1_000, expiresAt! - 1 - world.now.wall));
    expect(registration.flow).toBeDefined();
    expect(world.sent.length - before).toBeGreaterThan(1);
    world.run(1);
    expect(registration.flow).toBeUndefined();
    expect(registration.status().lastError!.text).toContain('ran out');
    up = true;
    world.run(1_900_000);
    expect(registration.stage).toBe('registered');
  });

  test('as it runs out it is not asked for in a flood', () => {
    let up = true;
    const world = new World((sent) => (up ? ok(sent) : 'refused'));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    up = false;
    world.run(hour);
    const tries = world.sent.slice(1).map(({ at }) => at);
    expect(tries.length).toBeGreaterThan(5);
    for (let i = 1; i < tries.length; i++) expect(tries[i]! - tries[i - 1]!).toBeGreaterThanOrEqual(5_000);
  });

  test('a refresh that is refused ends the registration', () => {
    let allowed = true;
    const world = new World((sent) => (allowed ? ok(sent, 600) : { status: 403 }));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    allowed = false;
    world.run(600_000);
    expect(registration.stage).toBe('failed');
    expect(registration.flow).toBeUndefined();
    expect(registration.status()).not.toHaveProperty('expiresAt');
  });
});
