import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallRecord, ReceivedReport } from '#engine/ports';
import { type Followed, Followers, followLimits } from './followers.ts';

/** What is told, and a reader that may be slow. */
class Reader extends EventEmitter {
  writable = true;
  writableLength = 0;
  lines: Record<string, unknown>[] = [];

  write(text: string): boolean {
    for (const line of text.trimEnd().split('\n')) this.lines.push(JSON.parse(line));
    return true;
  }

  destroy(): void {
    this.writable = false;
    this.emit('close');
  }

  get kinds(): unknown[] {
    return this.lines.map(({ kind }) => kind);
  }

  of(kind: string): Record<string, unknown>[] {
    return this.lines.filter((line) => line.kind === kind);
  }
}

const calls = new Map<string, { call: string; phase: string }>();
const trunks = new Map<string, { trunk: string; state: string }>();
let house: Record<string, unknown>;
let touched: Set<string>;
let isFollowed: boolean;
let most: number;
const followed: Followed = {
  follow: () => {
    isFollowed = true;
    return [...calls.keys()];
  },
  unfollow: () => {
    isFollowed = false;
  },
  changed: () => {
    const some = touched;
    touched = new Set();
    return some;
  },
  call: (id) => {
    most++;
    return calls.get(id);
  },
  trunkNames: () => [...trunks.keys()],
  trunk: (name) => trunks.get(name),
  house: () => house,
};
let followers: Followers;

function follow(): Reader {
  const reader = new Reader();
  if (!followers.add(reader as unknown as Socket)) throw new Error('too many');
  return reader;
}
const record = (call: string) => ({ call }) as CallRecord;
const pass = (pauses: number) => vi.advanceTimersByTimeAsync(pauses * followLimits.pause);

beforeEach(() => {
  vi.useFakeTimers();
  calls.clear();
  trunks.clear();
  house = { bans: [] };
  touched = new Set();
  isFollowed = false;
  most = 0;
  followers = new Followers(followed, () => 1000);
});
afterEach(() => vi.useRealTimers());

describe('who follows', () => {
  test('is told all that stands, no more than a page in a turn, and then that this is all', async () => {
    for (let n = 0; n < 450; n++) calls.set(`c${n}`, { call: `c${n}`, phase: 'answered' });
    trunks.set('itsp', { trunk: 'itsp', state: 'up' });
    const reader = follow();
    expect(most).toBeLessThanOrEqual(followLimits.page);
    await pass(1);
    expect(reader.kinds.slice(0, 7)).toEqual(['begin', 'house', 'trunks', 'calls', 'calls', 'calls', 'current']);
    expect(reader.lines[0]).toEqual({ kind: 'begin', calls: 450, at: 1000 });
    expect(reader.of('calls').map((line) => (line.calls as unknown[]).length)).toEqual([200, 200, 50]);
    expect(reader.of('trunks')[0]!.trunks).toEqual([{ trunk: 'itsp', state: 'up' }]);
  });

  test('hears of each change once, as it is when he hears of it', async () => {
    calls.set('a', { call: 'a', phase: 'setup' });
    const reader = follow();
    await pass(1);
    reader.lines = [];
    touched = new Set(['a', 'b']);
    calls.set('a', { call: 'a', phase: 'answered' });
    await pass(1);
    expect(reader.of('calls')).toEqual([
      { kind: 'calls', at: 1000, calls: [{ call: 'a', phase: 'answered' }], gone: ['b'] },
    ]);
    await pass(1);
    expect(reader.of('calls')).toHaveLength(1);
    calls.delete('a');
    touched = new Set(['a']);
    followers.ended(record('a'));
    await pass(1);
    const told = reader.lines.filter(({ kind }) => kind !== 'at').slice(-2);
    expect(told.map(({ kind, gone }) => [kind, gone])).toEqual([
      ['calls', ['a']],
      ['ended', undefined],
    ]);
    expect(reader.of('ended')[0]!.records).toEqual([{ call: 'a' }]);
  });

  test('hears of trunks and of the house when they are otherwise than before, and of trunks that are gone', async () => {
    trunks.set('itsp', { trunk: 'itsp', state: 'up' });
    const reader = follow();
    await pass(2);
    reader.lines = [];
    trunks.set('itsp', { trunk: 'itsp', state: 'down' });
    house = { bans: [{ source: '203.0.113.9' }] };
    await pass(2);
    expect(reader.of('trunks')).toEqual([{ kind: 'trunks', at: 1000, trunks: [{ trunk: 'itsp', state: 'down' }] }]);
    expect(reader.of('house')).toEqual([{ kind: 'house', at: 1000, house }]);
    trunks.delete('itsp');
    await pass(4);
    expect(reader.of('trunks').at(-1)).toEqual({ kind: 'trunks', at: 1000, trunks: [], gone: ['itsp'] });
  });

  test('who does not read is told nothing more, and is cut off; who reads again in time is told all', async () => {
    const lazy = follow();
    const slow = follow();
    await pass(1);
    for (const reader of [lazy, slow]) {
      reader.writableLength = followLimits.backlog + 1;
      reader.lines = [];
    }
    touched = new Set(['gone']);
    followers.ended(record('gone'));
    await pass(20);
    expect(lazy.lines).toEqual([]);
    slow.writableLength = 0;
    slow.emit('drain');
    await pass(1);
    expect(slow.of('ended')).toHaveLength(1);
    await pass(25);
    expect(lazy.writable).toBe(false);
    expect(slow.writable).toBe(true);
    expect(isFollowed).toBe(true);
  });

  test('records do not pile up without end for one who does not read', async () => {
    const lazy = follow();
    await pass(1);
    lazy.writableLength = followLimits.backlog + 1;
    for (let n = 0; n <= followLimits.records; n++) followers.ended(record(`c${n}`));
    expect(lazy.writable).toBe(false);
  });

  test('there are few of them; when the last has gone nothing is looked at', async () => {
    const readers = Array.from({ length: followLimits.followers }, follow);
    expect(follow).toThrow('too many');
    await pass(1);
    for (const reader of readers) reader.destroy();
    expect(isFollowed).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('reports of peers are told as they come; who does not read does without those beyond some', async () => {
    const reader = follow();
    await pass(1);
    const report = (callId: string) => ({ source: 'itsp', report: { callId } }) as unknown as ReceivedReport;
    followers.reported(report('a'));
    await pass(2);
    expect(reader.of('reported')).toMatchObject([{ reports: [{ source: 'itsp', report: { callId: 'a' } }] }]);
    reader.lines = [];
    reader.writableLength = followLimits.backlog + 1;
    for (let i = 0; i < followLimits.reports + 10; i++) followers.reported(report(String(i)));
    reader.writableLength = 0;
    await pass(4);
    const told = reader.of('reported').map(({ reports }) => (reports as unknown[]).length);
    expect(told.reduce((sum, one) => sum + one, 0)).toBe(followLimits.reports);
    expect(Math.max(...told)).toBe(followLimits.page);
  });
});
