import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOf } from './source.ts';
import { defaultProtection, type Misdeed, Unwanted, unwantedLimits } from './unwanted.ts';

const trunk = '192.0.2.1';
const stranger = '203.0.113.5';
const decent = 'OPTIONS sip:tandem.test SIP/2.0\r\nUser-Agent: Phone\r\n\r\n';
const scan = 'OPTIONS sip:tandem.test SIP/2.0\r\nUser-Agent: friendly-scanner\r\n\r\n';
const minute = 60_000;
const day = 86_400_000;

const protection = {
  requestsPerSecond: 10,
  ban: minute,
  signatures: ['evil'],
  never: [
    { host: '198.51.100.0', bits: 24 },
    { host: '2001:db8:7::', bits: 48 },
  ],
};
const gate = (isTrunk: (host: string) => boolean = (host) => host === trunk) => new Unwanted({ protection, isTrunk });

describe('floods', () => {
  test('what comes no faster than it may goes on', () => {
    const unwanted = gate();
    for (let i = 0; i < 1000; i++) expect(unwanted.before(stranger, decent, i * 100)).toBe('pass');
    expect(unwanted.bans(100_000)).toEqual([]);
  });

  test('one too many in a second is a ban, told once', () => {
    const unwanted = gate();
    for (let i = 0; i < 10; i++) expect(unwanted.before(stranger, decent, 5)).toBe('pass');
    const ban = {
      source: stranger,
      reason: 'flood',
      detail: 'more than 10 messages a second',
      since: 5,
      until: minute + 5,
      times: 1,
    };
    expect(unwanted.before(stranger, decent, 5)).toEqual({ drop: 'flood', newlyBanned: ban });
    expect(unwanted.before(stranger, decent, 6)).toEqual({ drop: 'banned' });
    expect(unwanted.bans(6)).toEqual([ban]);
    // The source, not its neighbour.
    expect(unwanted.before('203.0.113.6', decent, 6)).toBe('pass');
    expect(unwanted.before(stranger, decent, minute + 4)).toEqual({ drop: 'banned' });
    expect(unwanted.before(stranger, decent, minute + 5)).toBe('pass');
    expect(unwanted.bans(minute + 5)).toEqual([]);
  });

  test('by default they are more than 20 in a second, and cost five minutes', () => {
    const unwanted = new Unwanted({ protection: undefined, isTrunk: () => false });
    for (let i = 0; i < 20; i++) expect(unwanted.before(stranger, decent, 0)).toBe('pass');
    expect(unwanted.before(stranger, decent, 0)).toMatchObject({ newlyBanned: { until: 5 * minute } });
    expect(defaultProtection).toMatchObject({ signatures: [], never: [] });
  });
});

describe('bans', () => {
  test('double each time, up to a day', () => {
    const unwanted = gate();
    const lengths: number[] = [];
    let now = 0;
    for (let i = 0; i < 14; i++) {
      const outcome = unwanted.before(stranger, scan, now);
      if (outcome === 'pass' || !outcome.newlyBanned) throw new Error('not banned');
      expect(outcome).toMatchObject({ drop: 'scanner', newlyBanned: { detail: 'friendly-scanner', times: i + 1 } });
      lengths.push((outcome.newlyBanned.until - now) / minute);
      now = outcome.newlyBanned.until;
    }
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440, 1440]);
  });

  test('are forgotten a day after they are over', () => {
    for (const [later, times] of [
      [day - 1, 2],
      [day, 1],
    ] as const) {
      const unwanted = gate();
      unwanted.before(stranger, scan, 0);
      expect(unwanted.before(stranger, scan, minute + later)).toMatchObject({ newlyBanned: { times } });
    }
  });

  test('can be lifted, and then nothing is held against anybody', () => {
    const unwanted = gate();
    expect(unwanted.unban(stranger)).toBe(false);
    unwanted.before(stranger, scan, 0);
    expect(unwanted.unban(stranger)).toBe(true);
    expect(unwanted.before(stranger, decent, 1)).toBe('pass');
    expect(unwanted.before(stranger, scan, 2)).toMatchObject({ newlyBanned: { times: 1 } });
  });

  test('hit a whole /64, from which one machine has all addresses', () => {
    const unwanted = gate();
    for (let i = 0; i < 10; i++) expect(unwanted.before(`2001:db8:1:2::${i}`, decent, 0)).toBe('pass');
    expect(unwanted.before('2001:db8:1:2:3:4:5:6', decent, 0)).toMatchObject({ drop: 'flood' });
    expect(unwanted.before('2001:db8:1:3::1', decent, 0)).toBe('pass');
    const { source } = unwanted.bans(0)[0]!;
    expect(source).toBe('2001:db8:1:2::/64');
    expect(unwanted.unban(source)).toBe(true);
    expect(unwanted.before('2001:db8:1:2::1', decent, 0)).toBe('pass');
  });

  test('of the configuration: its words count', () => {
    expect(gate().before(stranger, decent.replace('Phone', 'EVIL 2'), 0)).toMatchObject({
      newlyBanned: { reason: 'scanner', detail: 'evil' },
    });
  });
});

describe('misdeeds', () => {
  const sins = (why: Misdeed, every: number, count: number) => {
    const unwanted = gate();
    for (let i = 0; i < count; i++) {
      const ban = unwanted.misbehaved(stranger, why, i * every);
      if (ban) return { after: i + 1, ban, unwanted };
    }
    return undefined;
  };

  test.each<[Misdeed, number, number | undefined]>([
    ['wrong-credentials', 0, 11],
    ['malformed', 0, 16],
    ['unknown-source', 0, 31],
    ['wrong-credentials', 1000, 11],
    // An old password every half minute, an OPTIONS every ten seconds of a PBX that nobody configured: no attack.
    ['wrong-credentials', 30_000, undefined],
    ['unknown-source', 10_000, undefined],
    ['malformed', 20_000, undefined],
  ])('%s every %d ms: banned after %s', (why, every, after) => {
    const outcome = sins(why, every, 500);
    expect(outcome?.after).toBe(after);
    if (outcome) expect(outcome.ban).toMatchObject({ source: stranger, reason: why, times: 1 });
  });

  test('a ban is told once, and holds at the gate', () => {
    const { unwanted, ban } = sins('malformed', 0, 100)!;
    expect(unwanted.misbehaved(stranger, 'malformed', 1)).toBeUndefined();
    expect(unwanted.before(stranger, decent, ban.until - 1)).toEqual({ drop: 'banned' });
    expect(unwanted.bans(1)).toEqual([ban]);
  });
});

describe('who proved to be a trunk', () => {
  test('is let pass for an hour, and out', () => {
    const unwanted = gate();
    unwanted.before(stranger, scan, 0);
    unwanted.proved(stranger, 1);
    expect(unwanted.bans(1)).toEqual([]);
    for (let i = 0; i < 100; i++) expect(unwanted.before(stranger, scan, 1)).toBe('pass');
    for (let i = 0; i < 100; i++) expect(unwanted.misbehaved(stranger, 'wrong-credentials', 1)).toBeUndefined();
    expect(unwanted.before(stranger, scan, 3_600_000)).toBe('pass');
    expect(unwanted.before(stranger, scan, 3_600_001)).toMatchObject({ drop: 'scanner' });
  });
});

describe('tables that are full', () => {
  const address = (i: number) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;

  test('let nobody out, and ban nobody for it', () => {
    const unwanted = gate();
    for (let i = 0; i < unwantedLimits.bans; i++) unwanted.before(address(i), scan, 0);
    expect(unwanted.bans(0)).toHaveLength(unwantedLimits.bans);
    // No room for one more ban: what it does is dropped all the same.
    expect(unwanted.before(stranger, scan, 1)).toEqual({ drop: 'scanner' });
    expect(unwanted.before(stranger, decent, 1)).toBe('pass');
    for (let i = 0; i < 30; i++) unwanted.before(stranger, decent, 1);
    expect(unwanted.before(stranger, decent, 1)).toEqual({ drop: 'flood' });
    expect(unwanted.before(address(0), decent, 1)).toEqual({ drop: 'banned' });
    // When bans are over, there is room.
    expect(unwanted.before(stranger, scan, minute)).toMatchObject({ newlyBanned: { source: stranger } });
    expect(unwanted.bans(minute)).toHaveLength(1);
  });

  test('of sources: the one unheard of for longest begins anew', () => {
    const unwanted = gate();
    for (let i = 0; i < 10; i++) unwanted.before(stranger, decent, 0);
    for (let i = 0; i < unwantedLimits.sources; i++) expect(unwanted.before(address(i), decent, 0)).toBe('pass');
    expect(unwanted.before(stranger, decent, 0)).toBe('pass');
    // Whoever goes on sending stays.
    const busy = address(unwantedLimits.sources - 1);
    for (let i = 0; i < 9; i++) expect(unwanted.before(busy, decent, 0)).toBe('pass');
    expect(unwanted.before(busy, decent, 0)).toMatchObject({ drop: 'flood' });
  });
});

test('a trunk is never banned, whatever is done', () => {
  const trunks = ['192.0.2.1', '192.0.2.77', '2001:db8:1:2::5'];
  const never = ['198.51.100.1', '198.51.100.255', '2001:db8:7:ffff::1'];
  // Neighbours too: of one /64, of the networks beside.
  const hosts = [...trunks, ...never, stranger, '2001:db8:1:2::6', '198.51.101.1', '2001:db8:8::1'];
  const step = fc.record({
    host: fc.constantFrom(...hosts),
    act: fc.constantFrom('scan', 'flood', 'malformed', 'unknown-source', 'wrong-credentials', 'proved', 'unban'),
    count: fc.integer({ min: 1, max: 50 }),
    pass: fc.oneof(fc.nat(10), fc.nat(2 * day)),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const unwanted = gate((host) => trunks.includes(host));
      let now = 0;
      for (const { host, act, count, pass } of steps) {
        now += pass;
        const exempt = trunks.includes(host) || never.includes(host);
        for (let i = 0; i < count; i++) {
          if (act === 'scan' || act === 'flood') {
            const outcome = unwanted.before(host, act === 'scan' ? scan : decent, now);
            if (exempt) expect(outcome).toBe('pass');
          } else if (act === 'proved') unwanted.proved(host, now);
          else if (act === 'unban') unwanted.unban(host);
          else {
            const ban = unwanted.misbehaved(host, act as Misdeed, now);
            if (exempt) expect(ban).toBeUndefined();
          }
        }
        for (const one of [...trunks, ...never]) expect(unwanted.before(one, decent, now)).toBe('pass');
        for (const { source, until } of unwanted.bans(now)) {
          expect([...trunks, ...never]).not.toContain(source);
          expect(until - now).toBeLessThanOrEqual(day);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a host that became a trunk is let pass, and is in no list', () => {
  const trunks = new Set<string>();
  const unwanted = gate((host) => trunks.has(host));
  unwanted.before(stranger, scan, 0);
  trunks.add(stranger);
  expect(unwanted.before(stranger, decent, 1)).toBe('pass');
  expect(unwanted.bans(1)).toEqual([]);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['2001:db8::3:4:5:6:7', '2001:db8:0:3::/64'],
  ['2001::3:4:5:6:7:8', '2001:0:3:4::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::', 'fe80:0:0:0::/64'],
  ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['1::5:6:7:192.0.2.1', '1:0:0:5::/64'],
])('%s is of the source %s', (host, source) => {
  expect(sourceOf(host)).toBe(source);
  expect(sourceOf(source)).toBe(source);
});
