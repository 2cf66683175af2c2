import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallRecord, Configuration } from '#engine/ports';
import { ConfigurationHistory } from '#shell/config-history';
import type { RecordReader } from '#shell/store';
import { ended, liveCall, liveTrunk, start } from '../live/live.testing.ts';
import { Mirror } from '../live/mirror.ts';
import type { LiveCertificate, LiveTrunk } from '../live/told.ts';
import type { Trouble } from '../problems/problems.ts';
import { type EventName, eventNames, eventTypes, messageSchemas } from './catalogue.ts';
import type { AnyHappening } from './happening.ts';
import { Watch, type WatchOptions } from './watch.ts';

/** What is noticed of what happens, and what was known outlives who noticed it. */
let now: number;
let live: Mirror;
let told: AnyHappening[];
let known: Map<string, string>;
let wanted: ReadonlySet<EventName>;
let onChange: (() => void)[];
let isBroken: boolean;
let troubles: Trouble[];
let records: CallRecord[];
let directory: string;
let history: ConfigurationHistory;
let watch: Watch;

const configuration = {
  trunks: [{ name: 'itsp', site: 'berlin' }, { name: 'pbx' }],
} as unknown as Configuration;

/** A process: what it knew is what the one before noted. */
function begin(): void {
  watch?.close();
  live = new Mirror(
    () => now,
    () => true,
  );
  onChange = [];
  const sender = {
    known: () => new Map(known),
    wants: (...names: EventName[]) => names.some((name) => wanted.has(name)),
    onChange: (listener: () => void) => void onChange.push(listener),
    tell: (happenings: readonly AnyHappening[], notes: Iterable<readonly [string, string | undefined]> = []) => {
      if (isBroken) return false;
      told.push(...happenings);
      for (const [name, value] of notes) {
        if (value === undefined) known.delete(name);
        else known.set(name, value);
      }
      return true;
    },
  };
  const reader = {
    lastWritten: () => records.length,
    writtenAfter: (number: number, limit: number) => {
      const some = records.slice(number, number + limit);
      return { records: some, last: number + some.length };
    },
  };
  watch = new Watch({
    live,
    configuration: () => configuration,
    records: () => reader as unknown as RecordReader,
    history,
    wall: () => now,
    sender: sender as unknown as WatchOptions['sender'],
    troubles: () => troubles,
  });
  watch.start();
  live.apply({ kind: 'begin', at: now });
  live.apply({ kind: 'current', at: now });
}

beforeEach(() => {
  now = start;
  told = [];
  known = new Map();
  wanted = new Set(eventNames);
  isBroken = false;
  troubles = [];
  records = [];
  directory = mkdtempSync(join(tmpdir(), 'tandem-watch-'));
  history = ConfigurationHistory.open(directory);
  begin();
});
afterEach(() => {
  watch.close();
  history.close();
  rmSync(directory, { recursive: true });
});

/** What was told since, each as its schema has it. */
function news(): string[] {
  const some = told;
  told = [];
  for (const { type, at, text, data } of some) {
    const message = { type, timestamp: new Date(at).toISOString(), text, data };
    expect(messageSchemas[type].safeParse(JSON.parse(JSON.stringify(message))).error).toBe(undefined);
  }
  return some.map(({ text }) => text);
}
const tellTrunk = (health: Partial<LiveTrunk['health']>, more: Partial<LiveTrunk> = {}, name = 'itsp') => {
  const because = health.because ?? 'so';
  live.apply({
    kind: 'trunks',
    trunks: [liveTrunk(name, { health: { state: 'up', since: now, targets: [], ...health, because }, ...more })],
    at: now,
  });
};

describe('trunks', () => {
  test('are told of when they go down, and when they are back; what begins well is no news', () => {
    tellTrunk({ state: 'unknown' });
    tellTrunk({ state: 'up' });
    expect(news()).toEqual([]);
    tellTrunk({ state: 'partly-down', because: 'one is away' });
    tellTrunk({ state: 'down', because: 'both are' });
    tellTrunk({ state: 'down', because: 'both still are' });
    expect(told).toMatchObject([
      { type: 'trunk.partly-down', trunks: ['itsp'], sites: ['berlin'], data: { before: 'up', site: 'berlin' } },
      { type: 'trunk.down', data: { before: 'partly-down' }, subject: 'trunk itsp' },
    ]);
    expect(news()).toEqual(['Some targets of trunk itsp are down: one is away.', 'Trunk itsp is down: both are.']);
    // The signalling process begins anew, and has asked nobody yet.
    tellTrunk({ state: 'unknown' });
    tellTrunk({ state: 'up', because: 'it answers' });
    expect(news()).toEqual(['Trunk itsp is up again: it answers.']);
    tellTrunk({ state: 'down' }, {}, 'user:ann');
    expect(news()).toEqual([]);
  });

  test('that changed while nobody looked are told of by who looks next', () => {
    tellTrunk({ state: 'down' });
    tellTrunk({ state: 'up' }, {}, 'pbx');
    news();
    begin();
    tellTrunk({ state: 'down' });
    expect(news()).toEqual([]);
    tellTrunk({ state: 'down', because: 'gone meanwhile' }, {}, 'pbx');
    expect(news()).toEqual(['Trunk pbx is down: gone meanwhile.']);
  });

  test('are told of when their registration fails, and when it holds again', () => {
    const registration = { since: now, addressOfRecord: 'sip:a@b', registrar: 'sip:b', expiresAt: now + 1 };
    const lastError = { text: '403 Forbidden', at: now };
    tellTrunk({}, { registration: { ...registration, stage: 'registering' } });
    tellTrunk({}, { registration: { ...registration, stage: 'registered' } });
    expect(news()).toEqual([]);
    tellTrunk({}, { registration: { ...registration, stage: 'refreshing', lastError } });
    expect(news()).toEqual([]);
    tellTrunk({}, { registration: { ...registration, stage: 'failed', lastError } });
    tellTrunk({}, { registration: { ...registration, stage: 'waiting', lastError } });
    tellTrunk({}, { registration: { ...registration, stage: 'registered', lastError } });
    expect(news()).toEqual(['Trunk itsp is not registered: 403 Forbidden.', 'Trunk itsp is registered again.']);
  });
});

describe('calls', () => {
  const look = () => watch.look();

  test('are told by their records: each once, in pages, and those of before not', async () => {
    wanted = new Set();
    begin();
    records = [ended('old', 1)];
    wanted = new Set(['call.ended']);
    for (const changed of onChange) changed();
    expect(news()).toEqual([]);
    records.push(...Array.from({ length: 250 }, (_, n) => ended(`c${n}`, n)));
    look();
    while (told.length < 250) await new Promise((done) => setTimeout(done, 0));
    expect(told.map((one) => one.key)).toEqual(records.slice(1).map(({ call }) => call));
    expect(told[0]).toMatchObject({ trunks: ['pbx', 'itsp'], sites: ['berlin'], at: start });
    expect(news()[0]).toMatch(/^A call from \+493012345 to \+4940777 has ended: /);
    look();
    expect(news()).toEqual([]);
  });

  test('whose records came while nobody looked are told; what could not be kept is read again', () => {
    look();
    records = [ended('1', 1)];
    begin();
    expect(told.map(({ key }) => key)).toEqual(['1']);
    isBroken = true;
    records.push(ended('2', 2));
    look();
    isBroken = false;
    look();
    expect(told.map(({ key }) => key)).toEqual(['1', '2']);
    // Another file of records begins anew.
    records = [];
    look();
    records = [ended('3', 3)];
    look();
    expect(told.map(({ key }) => key)).toEqual(['1', '2', '3']);
  });

  test('whose records are in another file are told, unless they were told before', () => {
    records = [ended('1', 1), ended('2', 2), ended('3', 3)];
    known.set('record', '0');
    begin();
    expect(news()).toHaveLength(3);
    // Moved away, and the next calls are written to a new one before anybody looks.
    records = [ended('4', 4), ended('5', 5)];
    look();
    expect(told.map(({ key }) => key)).toEqual(['4', '5']);
    news();
    // One from before was put back while nobody was there, and has got the next call.
    known.set('record', '9');
    now = start + 10_000;
    records = [ended('1', 1), ended('2', 2), ended('7', 17)];
    begin();
    expect(told.map(({ key }) => key)).toEqual(['7']);
  });

  test('for help are told when they begin, once; one that came and went unseen by its record', () => {
    const call = liveCall('h1', { emergency: '112', site: 'berlin', user: 'ann' });
    live.apply({ kind: 'calls', calls: [call, liveCall('n')], at: now });
    live.apply({ kind: 'calls', calls: [{ ...call, phase: 'answered' }], at: now });
    expect(told).toMatchObject([{ type: 'call.emergency', data: { emergency: '112', user: 'ann', from: 'pbx' } }]);
    expect(news()).toEqual(['+493012345 calls for help (112) at berlin.']);
    watch.look();
    records = [ended('h1', 5, { emergency: '112' }), ended('h2', 6, { emergency: '112' })];
    watch.look();
    expect(told.map(({ type, key }) => `${type} ${key}`)).toEqual([
      'call.ended h1',
      'call.emergency h2',
      'call.ended h2',
    ]);
    news();
  });

  test('of which much was measured are told without that', () => {
    watch.look();
    const media = Array.from({ length: 400 }, (_, stream) => ({ stream, media: 'audio', more: 'x'.repeat(300) }));
    records = [{ ...ended('big', 1), media: media as unknown as NonNullable<CallRecord['media']> }];
    watch.look();
    expect(told[0]!.data).not.toHaveProperty('media');
    expect(JSON.stringify(told[0]).length).toBeLessThan(3_000);
  });
});

describe('what is wrong', () => {
  const trouble = (id: string, more: Partial<Trouble> = {}): Trouble => ({
    id,
    severity: 'critical',
    what: `${id} is wrong.`,
    said: { code: 'x', parameters: {} },
    todo: 'Mend it.',
    ...more,
  });
  const pass = (seconds: number) => {
    for (let n = 0; n < seconds; n += 5) {
      now += 5_000;
      watch.look();
    }
  };

  test('is told when it stands, and when it has been over for a while', () => {
    pass(5);
    troubles = [trouble('a', { trunk: 'itsp' })];
    pass(5);
    troubles = [];
    pass(10);
    expect(news()).toEqual([]);
    troubles = [trouble('a', { trunk: 'itsp' })];
    pass(30);
    expect(told).toMatchObject([{ type: 'problem.began', trunks: ['itsp'], sites: ['berlin'] }]);
    expect(news()).toEqual(['a is wrong.']);
    // It comes and goes.
    troubles = [];
    pass(20);
    troubles = [trouble('a')];
    pass(5);
    troubles = [];
    pass(25);
    expect(news()).toEqual([]);
    pass(20);
    expect(news()).toEqual(['It is over: a is wrong.']);
  });

  test('outlives who noticed it; who wants to know from now on is told what begins from now on', () => {
    troubles = [trouble('a')];
    pass(20);
    news();
    begin();
    pass(20);
    expect(news()).toEqual([]);
    troubles = [];
    begin();
    pass(60);
    expect(news()).toEqual(['It is over: a is wrong.']);
    wanted = new Set();
    troubles = [trouble('b')];
    pass(20);
    wanted = new Set(['problem.began']);
    pass(20);
    expect(news()).toEqual([]);
    troubles = [trouble('b'), trouble('c')];
    pass(20);
    expect(news()).toEqual(['c is wrong.']);
  });
});

describe('the house', () => {
  const certificate = (more: Partial<LiveCertificate> = {}): LiveCertificate => ({
    kind: 'certificate',
    users: ['listener wan', 'trunk itsp'],
    files: ['/etc/a.pem'],
    names: ['a.example'],
    notAfter: '2027-01-01T00:00:00Z',
    daysLeft: 40,
    warnings: [],
    ...more,
  });
  const tell = (house: object) => live.apply({ kind: 'house', house, at: now });

  test('certificates are told of some days before they end, and when they are replaced or refused', () => {
    for (const daysLeft of [40, 30, 29, 15, 14, 7, 3, 2, 1, 0, -1, -2])
      tell({ certificates: [certificate({ daysLeft })] });
    expect(told.every(({ trunks, sites }) => trunks?.[0] === 'itsp' && sites?.[0] === 'berlin')).toBe(true);
    expect(news()).toEqual([
      ...[30, 14, 7, 3].map((days) => `The certificate of listener wan, trunk itsp expires in ${days} days.`),
      'The certificate of listener wan, trunk itsp expires in 1 day.',
      'The certificate of listener wan, trunk itsp has expired.',
    ]);
    begin();
    tell({ certificates: [certificate({ daysLeft: -2 })] });
    expect(news()).toEqual([]);
    tell({ certificates: [certificate({ daysLeft: -2, problem: 'the key does not fit' })] });
    tell({ certificates: [certificate({ notAfter: '2028-01-01T00:00:00Z', daysLeft: 12 })] });
    expect(news()).toEqual([
      'The certificate of listener wan, trunk itsp is not taken: the key does not fit.',
      'The certificate of listener wan, trunk itsp was replaced; it holds until 2028-01-01T00:00:00Z.',
      'The certificate of listener wan, trunk itsp expires in 12 days.',
    ]);
  });

  test('who is banned is told of, all in one and not too often; each of them once', () => {
    const ban = (source: string, second: number) => ({
      source,
      reason: 'scanner',
      since: new Date(start + second * 1000).toISOString().replace('.000', ''),
    });
    const all = [ban('1', 0)];
    const tellBans = () => tell({ bans: { count: all.length, newest: all.slice(-100) } });
    tellBans();
    expect(news()).toEqual([]);
    all.push(ban('2', 1));
    tellBans();
    expect(news()).toEqual(['2 is kept out: scanner.']);
    // In the same second, and in the next ones.
    all.push(ban('3', 1), ban('4', 2));
    tellBans();
    expect(news()).toEqual([]);
    now += 10_000;
    watch.look();
    expect(told).toMatchObject([{ data: { count: 4, sources: [{ source: '3' }, { source: '4' }] } }]);
    expect(news()).toEqual(['2 sources are kept out, 3 among them: scanner.']);
    now += 10_000;
    watch.look();
    begin();
    tellBans();
    expect(news()).toEqual([]);
  });

  test('another configuration is told of, also one that came while nobody looked', () => {
    const add = (who: string, by: 'commit' | 'rollback' | 'file', reason = '') =>
      history.add({ at: now, who, reason, by, differences: 2 }, `${who}${by}${reason}`);
    add('ann', 'commit');
    watch.configured();
    expect(news()).toEqual([]);
    add('bob', 'commit', 'more lines');
    watch.configured();
    watch.configured();
    expect(news()).toEqual(['bob changed the configuration: 2 differences (more lines).']);
    add('ann', 'rollback');
    add('file', 'file');
    begin();
    expect(news()).toEqual([
      'ann went back to another configuration: 2 differences.',
      'The configuration file was changed: 2 differences.',
    ]);
  });
});

test('each example of the manual is as its schema has it', () => {
  for (const { data, example } of Object.values(eventTypes))
    expect(data.safeParse(JSON.parse(JSON.stringify(example))).error).toBe(undefined);
});
