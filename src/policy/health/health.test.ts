import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HealthConfiguration, Trunk } from '#policy/configuration';
import type { Evidence } from './evidence.ts';
import { Health, type HealthChange, healthLimits } from './health.ts';
import { longestCooling, pauses } from './rules.ts';

const rules: HealthConfiguration = { interval: 30_000, misses: 3, successes: 2, failedCalls: 2 };

function trunkOf(health: HealthConfiguration | undefined, name = 'north'): Trunk {
  return {
    name,
    kind: 'itsp',
    side: 'external',
    transport: 'udp',
    addresses: [],
    capacity: {},
    setupTimeout: 10_000,
    ringTimeout: 60_000,
    ...(health ? { health } : {}),
  };
}

const answered = (status = 200, roundTrip = 12): Evidence => ({ kind: 'options-answered', status, roundTrip });
const missed: Evidence = { kind: 'options-unanswered' };
const progress: Evidence = { kind: 'call-progress' };
const sent: Evidence = { kind: 'call-sent' };
const connected: Evidence = { kind: 'connected' };
const unanswered: Evidence = { kind: 'call-unanswered', detail: 'nothing but 100 within 10000 ms' };
const refused: Evidence = { kind: 'unreachable', detail: 'connection refused' };
const cooling = (seconds: number): Evidence => ({
  kind: 'cooling',
  forMs: seconds * 1000,
  detail: `503 with Retry-After ${seconds}`,
});

/** A trunk with one target, from 12:00:00 on. */
class Bench {
  readonly health = new Health();
  readonly trunk: Trunk;
  readonly target = 'udp 192.0.2.1:5060';
  seconds = 0;
  last: HealthChange | undefined;

  constructor(health: HealthConfiguration | 'none' = rules) {
    this.trunk = trunkOf(health === 'none' ? undefined : health);
  }

  get now(): { mono: number; wall: number } {
    return { mono: 77_000 + this.seconds * 1000, wall: Date.UTC(2026, 9, 1, 12) + this.seconds * 1000 };
  }

  hear(...evidence: Evidence[]): this {
    for (const each of evidence) this.last = this.health.report(this.trunk, this.target, each, this.now);
    return this;
  }

  wait(seconds: number): this {
    this.seconds += seconds;
    return this;
  }

  get skip(): string | undefined {
    return this.health.skip(this.trunk, this.target, this.now);
  }

  get told(): string {
    const { state, because } = this.health.state(this.trunk, this.now);
    return `${state}: ${because}`;
  }
}

describe('OPTIONS', () => {
  test('the first answer brings a target up', () => {
    const bench = new Bench().hear(answered());
    expect(bench.told).toBe('up: OPTIONS answered 200 in 12 ms');
    expect(bench.last).toEqual({
      trunk: 'north',
      target: 'udp 192.0.2.1:5060',
      from: 'unknown',
      to: 'up',
      because: 'OPTIONS answered 200 in 12 ms',
      trunkFrom: 'unknown',
      trunkTo: 'up',
    });
    expect(bench.hear(answered()).last).toBeUndefined();
  });

  test.each([200, 202, 401, 403, 404, 405, 407, 481, 483, 486, 500, 501, 513, 600])('a %i is an answer', (status) => {
    expect(new Bench().hear(answered(status)).told).toMatch(/^up: /);
  });

  test.each([408, 503])('a %i is none', (status) => {
    const bench = new Bench().hear(answered(), answered(status), answered(status), answered(status));
    expect(bench.told).toBe('down: 3 OPTIONS unanswered');
    expect(new Bench().hear(answered(status), answered(status), answered(status)).told).toBe(
      'unknown: OPTIONS are not answered, calls decide',
    );
  });

  test('so many misses in a row bring it down, no fewer, and the time is told', () => {
    const bench = new Bench().hear(answered(), missed, missed, answered(), missed, missed);
    expect(bench.skip).toBeUndefined();
    bench.wait(271).hear(missed);
    expect(bench.last).toMatchObject({ from: 'up', to: 'down', because: '3 OPTIONS unanswered' });
    expect(bench.skip).toBe('down since 12:04:31: 3 OPTIONS unanswered');
    expect(bench.wait(30).hear(missed, missed).skip).toBe('down since 12:04:31: 5 OPTIONS unanswered');
  });

  test('so many answers in a row bring it up again', () => {
    const bench = new Bench().hear(answered(), missed, missed, missed, answered(), missed, answered());
    expect(bench.skip).toBeDefined();
    bench.wait(10).hear(answered());
    expect(bench.last).toMatchObject({ from: 'down', to: 'up', trunkFrom: 'down', trunkTo: 'up' });
    expect(bench.skip).toBeUndefined();
  });

  test('in a row: a transport that fails between them is no answer', () => {
    expect(new Bench().hear(answered(), missed, missed, missed, answered(), refused, answered()).skip).toBeDefined();
  });

  test('being told to wait is not being well', () => {
    const bench = new Bench().hear(answered(), missed, missed, missed, cooling(30));
    expect(bench.skip).toMatch(/^cooling/);
    expect(bench.wait(30).skip).toBe('down since 12:00:00: 3 OPTIONS unanswered');
  });

  test('while they go on unanswered, a call may try it now and then', () => {
    const bench = new Bench().hear(answered(), missed, missed, missed);
    for (let i = 0; i < 10; i++) bench.wait(30).hear(missed);
    expect(bench.skip).toBeUndefined();
    bench.hear(sent, unanswered);
    for (let i = 0; i < 9; i++) expect(bench.wait(30).hear(missed).skip).toBeDefined();
    expect(bench.wait(30).skip).toBeUndefined();
  });

  test('connecting that took as long as it may is silence: OPTIONS try it again, calls do not', () => {
    const timedOut: Evidence = { kind: 'unreachable', detail: 'ETIMEDOUT' };
    const bench = new Bench().hear(timedOut);
    for (let i = 0; i < 9; i++) expect(bench.wait(30).hear(timedOut).skip).toBeDefined();
    expect(bench.health.showsAtOnce(bench.trunk, bench.target)).toBe(false);
    expect(bench.hear(answered()).skip).toBeUndefined();
    // Without OPTIONS a call has to find out, and what is refused says so at once.
    const quiet = new Bench({ ...rules, interval: 0 }).hear(timedOut).wait(6);
    expect(quiet.skip).toBeUndefined();
    expect(new Bench().hear(refused).health.showsAtOnce(bench.trunk, bench.target)).toBe(true);
  });

  test('a connection alone does not: something has to answer on it', () => {
    expect(new Bench().hear(answered(), missed, missed, missed, connected).skip).toBeDefined();
  });

  test('a target that never answered any is not brought down by that', () => {
    const bench = new Bench();
    expect(bench.told).toBe('unknown: nothing was heard yet');
    expect(bench.hear(missed).told).toBe('unknown: nothing was heard yet, 1 OPTIONS unanswered');
    for (let i = 0; i < 50; i++) bench.hear(missed);
    expect(bench.told).toBe('unknown: OPTIONS are not answered, calls decide');
    expect(bench.skip).toBeUndefined();
    expect(bench.hear(progress, missed, missed, missed).told).toBe(
      'up: a call made progress; OPTIONS are not answered, calls decide',
    );
  });

  test('calls that make progress count against misses', () => {
    const bench = new Bench().hear(answered(), missed, missed, progress, missed, missed);
    expect(bench.skip).toBeUndefined();
    expect(bench.hear(missed).skip).toBeDefined();
  });

  test('one that makes progress while it is down for them brings it up, and silence means nothing any more', () => {
    const bench = new Bench().hear(answered(), missed, missed, missed).wait(300);
    expect(bench.skip).toBeUndefined();
    expect(bench.hear(sent).skip).toBe('down since 12:00:00: 3 OPTIONS unanswered; a call is trying it');
    expect(bench.hear(progress).told).toBe('up: a call made progress');
    expect(bench.hear(missed, missed, missed, missed).skip).toBeUndefined();
    // Until it answers again.
    expect(bench.hear(answered(), missed, missed, missed).skip).toBeDefined();
  });
});

describe('calls', () => {
  test('so many in a row that come to nothing bring it down', () => {
    const bench = new Bench().hear(unanswered, progress, unanswered);
    expect(bench.skip).toBeUndefined();
    expect(bench.hear(unanswered).skip).toBe(
      'down since 12:00:00: 2 calls unanswered: nothing but 100 within 10000 ms',
    );
  });

  test('0: they do not count', () => {
    const bench = new Bench({ ...rules, failedCalls: 0 });
    for (let i = 0; i < 50; i++) bench.hear(unanswered);
    expect(bench.skip).toBeUndefined();
  });

  test('where nothing is configured they count all the same', () => {
    const bench = new Bench('none');
    expect(bench.told).toBe('unknown: no call went there yet');
    expect(bench.hear(unanswered, unanswered).skip).toBeUndefined();
    expect(bench.hear(unanswered).skip).toMatch(/^down since 12:00:00: 3 calls unanswered/);
  });

  test('after a pause one call tries it, others wait for that one; the pause doubles up to its most', () => {
    const bench = new Bench({ ...rules, interval: 0 }).hear(unanswered, unanswered);
    for (const pause of [10, 20, 40, 80, 120, 120]) {
      expect(bench.wait(pause - 1).skip).toBeDefined();
      expect(bench.wait(1).skip).toBeUndefined();
      expect(bench.hear(sent).skip).toMatch(/; a call is trying it$/);
      expect(bench.wait(9).hear(unanswered).skip).toMatch(/^down since 12:00:00: .* 10000 ms$/);
    }
    bench.wait(120).hear(sent, progress);
    expect(bench.told).toBe('up: a call made progress');
    // And all is forgiven.
    bench.hear(unanswered, unanswered);
    expect(bench.wait(10).skip).toBeUndefined();
  });

  test('the try that nothing is heard of ends by itself', () => {
    const bench = new Bench().hear(unanswered, unanswered).wait(10).hear(sent);
    expect(bench.wait(9).skip).toBeDefined();
    expect(bench.wait(1).skip).toBeUndefined();
  });

  test('calls that were under way before do not make the pause longer', () => {
    const bench = new Bench().hear(unanswered, unanswered).wait(5).hear(unanswered, unanswered, unanswered);
    expect(bench.skip).toMatch(/5 calls unanswered/);
    expect(bench.wait(5).skip).toBeUndefined();
  });

  test('answers to OPTIONS bring it up after the pause only, and on probation', () => {
    const bench = new Bench().hear(answered(), unanswered, unanswered, answered(), answered(), answered());
    expect(bench.skip).toBeDefined();
    expect(bench.wait(10).hear(answered()).told).toMatch(/^up: /);
    expect(bench.hear(unanswered).skip).toMatch(/^down since 12:00:10: 2 calls unanswered/);
    expect(bench.wait(19).hear(answered()).skip).toBeDefined();
    expect(bench.wait(1).hear(answered()).skip).toBeUndefined();
  });

  test('when OPTIONS go unanswered too, they decide', () => {
    const bench = new Bench().hear(answered(), unanswered, unanswered, missed, missed, missed);
    expect(bench.skip).toBe('down since 12:00:00: 3 OPTIONS unanswered');
    expect(bench.hear(answered(), answered()).skip).toBeUndefined();
  });
});

describe('a transport that certainly fails', () => {
  test('it is down at once, for a short time that doubles while it repeats', () => {
    const bench = new Bench();
    for (const pause of [5, 10, 20, 40, 60, 60]) {
      expect(bench.hear(refused).skip).toMatch(/: unreachable: connection refused$/);
      expect(bench.wait(pause - 1).skip).toBeDefined();
      expect(bench.wait(1).skip).toBeUndefined();
    }
  });

  test('what many calls of one moment report is one trouble', () => {
    const bench = new Bench();
    for (let i = 0; i < 100; i++) bench.hear(refused);
    expect(bench.wait(5).skip).toBeUndefined();
  });

  test('told again while it is down, it is known anew', () => {
    const bench = new Bench().hear(refused).wait(4).hear(refused);
    expect(bench.wait(4).skip).toBe('down since 12:00:00: unreachable: connection refused');
    expect(bench.wait(1).skip).toBeUndefined();
  });

  test.each([connected, answered(), answered(404), progress, cooling(0)])('%j ends it at once', (evidence) => {
    const bench = new Bench().hear(refused, evidence);
    expect(bench.skip).toBeUndefined();
    expect(bench.last).toMatchObject({ from: 'down', to: 'up' });
  });

  test('a connection that comes and goes makes the pause longer, an answer short again', () => {
    const bench = new Bench().hear(refused, connected, refused, connected, refused).wait(19);
    expect(bench.skip).toBeDefined();
    expect(bench.wait(1).skip).toBeUndefined();
    bench.hear(answered(), refused).wait(5);
    expect(bench.skip).toBeUndefined();
  });

  test('a connection that is closed proves nothing', () => {
    const bench = new Bench().hear(answered(), { kind: 'disconnected', detail: 'closed by the peer' });
    expect(bench.told).toBe('up: OPTIONS answered 200 in 12 ms');
  });

  test('silence after it is the graver trouble', () => {
    const bench = new Bench().hear(answered(), refused).wait(4).hear(missed, missed, missed).wait(60);
    expect(bench.skip).toBe('down since 12:00:00: 3 OPTIONS unanswered');
  });
});

describe('503 with Retry-After', () => {
  test('the target is left alone for so long, and its state stays what it was', () => {
    const bench = new Bench().hear(answered()).wait(271).hear(cooling(30));
    expect(bench.last).toMatchObject({ from: 'up', to: 'cooling', trunkTo: 'down' });
    expect(bench.skip).toBe('cooling until 12:05:01: 503 with Retry-After 30');
    expect(bench.wait(29).skip).toBeDefined();
    expect(bench.wait(1).skip).toBeUndefined();
    expect(bench.told).toBe('up: OPTIONS answered 200 in 12 ms');
  });

  test('the newest word counts, and what crosses it does not end it', () => {
    const bench = new Bench().hear(cooling(600)).wait(5).hear(cooling(30), progress, answered());
    expect(bench.health.state(bench.trunk, bench.now).since).toBe(bench.now.wall - 5_000);
    expect(bench.wait(29).skip).toBeDefined();
    expect(bench.wait(1).skip).toBeUndefined();
  });

  test('an hour is the most', () => {
    const bench = new Bench().hear(cooling(86_400));
    expect(bench.skip).toBe('cooling until 13:00:00: 503 with Retry-After 86400');
    expect(bench.wait(3_600).skip).toBeUndefined();
  });
});

describe('a trunk of several targets', () => {
  const health = new Health();
  const trunk = trunkOf(rules);
  const now = { mono: 0, wall: Date.UTC(2026, 9, 1, 12) };
  const later = { mono: 1000, wall: now.wall + 1000 };

  test('is down when all are, partly when some are', () => {
    health.keepOnly(trunk, ['a', 'b', 'c']);
    expect(health.state(trunk, now)).toMatchObject({ state: 'unknown', targets: [{}, {}, {}] });
    expect(health.report(trunk, 'a', answered(), now)).toMatchObject({ trunkFrom: 'unknown', trunkTo: 'up' });
    expect(health.report(trunk, 'b', refused, now)).toMatchObject({ trunkFrom: 'up', trunkTo: 'partly-down' });
    expect(health.state(trunk, now)).toMatchObject({
      state: 'partly-down',
      since: now.wall,
      because: '1 of 3 targets: b: unreachable: connection refused',
    });
    health.report(trunk, 'c', refused, later);
    expect(health.state(trunk, later)).toMatchObject({ state: 'partly-down', since: now.wall });
    expect(health.report(trunk, 'a', refused, later)).toMatchObject({ trunkFrom: 'partly-down', trunkTo: 'down' });
    expect(health.state(trunk, later)).toMatchObject({ state: 'down', since: later.wall });
    expect(health.inspect(later)).toEqual({ trunks: 1, 'targets down': 3 });
  });

  test('those gone from the DNS are forgotten, and the trunk with the last', () => {
    health.keepOnly(trunk, ['b', 'd']);
    expect(health.state(trunk, later).targets.map(({ target, state }) => [target, state])).toEqual([
      ['b', 'down'],
      ['d', 'unknown'],
    ]);
    expect(health.skip(trunk, 'a', later)).toBeUndefined();
    health.keepOnly(trunk, []);
    expect(health.inspect(later)).toEqual({ trunks: 0 });
  });

  test('the same target of another trunk is another matter', () => {
    health.report(trunk, 'a', refused, now);
    expect(health.skip(trunkOf(rules, 'south'), 'a', now)).toBeUndefined();
  });
});

test('a view shows what its state stands on', () => {
  const bench = new Bench()
    .hear(answered(404, 20), answered(200, 20), answered(200, 12))
    .wait(30)
    .hear(missed, progress, unanswered);
  bench.wait(1).hear(refused);
  const at = (seconds: number): number => Date.UTC(2026, 9, 1, 12) + seconds * 1000;
  expect(bench.health.state(bench.trunk, bench.now).targets).toEqual([
    {
      target: 'udp 192.0.2.1:5060',
      state: 'down',
      since: at(31),
      because: 'unreachable: connection refused',
      until: at(36),
      roundTrip: 12,
      misses: 0,
      failedCalls: 1,
      options: { answered: 3, unanswered: 1 },
      calls: { progressed: 1, unanswered: 1 },
      unreachable: 1,
      evidence: [
        { at: at(0), text: 'OPTIONS answered 404 in 20 ms', times: 1 },
        { at: at(0), text: 'OPTIONS answered 200 in 12 ms', times: 2 },
        { at: at(30), text: 'OPTIONS unanswered', times: 1 },
        { at: at(30), text: 'call made progress', times: 1 },
        { at: at(30), text: 'call unanswered: nothing but 100 within 10000 ms', times: 1 },
        { at: at(31), text: 'unreachable: connection refused', times: 1 },
      ],
    },
  ]);
});

test('what peers and names can grow is bounded', () => {
  const bench = new Bench();
  for (let i = 0; i < 1000; i++) {
    bench.hear({ kind: 'unreachable', detail: `${i} ${'x'.repeat(10_000)}` });
    bench.health.report(bench.trunk, `tls 192.0.2.${i}:5061`, missed, bench.wait(1).now);
  }
  const { targets } = bench.health.state(bench.trunk, bench.now);
  expect(targets.length).toBe(healthLimits.targets);
  // The one that is heard of most, and the newest.
  expect(targets.map(({ target }) => target)).toEqual(
    expect.arrayContaining([bench.target, 'tls 192.0.2.999:5061', 'tls 192.0.2.937:5061']),
  );
  for (const { evidence } of targets) {
    expect(evidence.length).toBeLessThanOrEqual(8);
    for (const { text } of evidence) expect(text.length).toBeLessThan(250);
  }
});

describe('whatever happened', () => {
  const evidence: fc.Arbitrary<Evidence> = fc.oneof(
    fc.constantFrom(200, 404, 408, 486, 503).map((status) => answered(status)),
    fc.constantFrom(missed, missed, progress, sent, unanswered, refused, connected),
    fc.integer({ min: 0, max: 100_000 }).map(cooling),
  );
  const history = fc.array(fc.tuple(evidence, fc.integer({ min: 0, max: 200 })), { maxLength: 60 });
  const health = fc.record({
    interval: fc.constantFrom(0, 30_000),
    misses: fc.integer({ min: 1, max: 6 }),
    successes: fc.integer({ min: 1, max: 6 }),
    failedCalls: fc.integer({ min: 0, max: 4 }),
  });
  const lived = (rulesFor: HealthConfiguration, past: readonly (readonly [Evidence, number])[]): Bench => {
    const bench = new Bench(rulesFor);
    for (const [each, seconds] of past) bench.hear(each).wait(seconds);
    return bench;
  };

  test('no target is passed by for ever', () => {
    fc.assert(
      fc.property(health, history, (rulesFor, past) => {
        const bench = lived(rulesFor, past);
        expect(bench.wait(Math.max(longestCooling, pauses.options.most) / 1000).skip).toBeUndefined();
      }),
    );
  });

  test('answers bring it up, however it was', () => {
    fc.assert(
      fc.property(health, history, (rulesFor, past) => {
        const bench = lived(rulesFor, past).wait(longestCooling / 1000);
        // The longest pause that calls can have earned it is over: from here it takes `successes` answers.
        for (let i = 0; i < rulesFor.successes; i++) bench.hear(answered());
        expect(bench.told).toMatch(/^up: /);
        expect(bench.skip).toBeUndefined();
      }),
    );
  });

  test('a call that makes progress brings it up, unless it asked to be left alone', () => {
    fc.assert(
      fc.property(health, history, (rulesFor, past) => {
        const bench = lived(rulesFor, past).hear(progress);
        expect(bench.skip ?? 'cooling').toMatch(/^cooling/);
      }),
    );
  });

  test('unanswered OPTIONS alone bring no target down', () => {
    fc.assert(
      fc.property(health, fc.array(fc.constantFrom(missed, answered(503), connected, sent)), (rulesFor, past) => {
        expect(new Bench(rulesFor).hear(...past).skip).toBeUndefined();
      }),
    );
  });

  test('one bad moment brings no target down that OPTIONS and calls find well: only its transport does', () => {
    const well = { ...rules, misses: 2, failedCalls: 2 };
    const bad = fc.constantFrom(missed, unanswered, answered(408));
    fc.assert(
      fc.property(fc.array(bad), (past) => {
        const bench = new Bench(well);
        for (const each of past) expect(bench.hear(answered(), progress, each).skip).toBeUndefined();
      }),
    );
  });

  test('asking changes nothing, and a change is told when there is one', () => {
    fc.assert(
      fc.property(health, history, (rulesFor, past) => {
        const [asked, left] = [new Bench(rulesFor), new Bench(rulesFor)];
        for (const [each, seconds] of past) {
          const stateOf = ({ health: all, trunk, now }: Bench): unknown => all.state(trunk, now).targets[0]?.state;
          const before = stateOf(asked) ?? 'unknown';
          asked.hear(each);
          left.hear(each);
          const after = stateOf(asked);
          expect(asked.last && [asked.last.from, asked.last.to]).toEqual(
            before === after ? undefined : [before, after],
          );
          for (let i = 0; i < 3; i++) expect(asked.skip).toBe(asked.skip);
          asked.wait(seconds);
          left.wait(seconds);
        }
        expect(asked.health.state(asked.trunk, asked.now)).toEqual(left.health.state(left.trunk, left.now));
      }),
    );
  });
});
