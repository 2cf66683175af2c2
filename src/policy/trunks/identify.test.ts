import { describe, expect, test } from 'vitest';
import { trunk } from '../../../test/support/trunk.ts';
import { isJoined, TrunkIndex } from './identify.ts';

const hour = 3_600_000;

const from = (host: string) => ({ host, port: 5060 });

describe('what names lead to', () => {
  const acme = trunk('acme');
  const other = trunk('other');
  const all = new Set([acme, other]);
  const index = () => new TrunkIndex([acme, other]);
  const who = (it: TrunkIndex, host: string, now: number) => it.identify(from(host), false, undefined, now, all)?.name;

  test('is the trunk’s as long as they do, and an hour longer', () => {
    const it = index();
    it.learn(acme, new Set(['192.0.2.1', '192.0.2.2']), 0);
    it.learn(acme, new Set(['192.0.2.2', '192.0.2.3']), 10_000);
    expect([1, 2, 3].map((n) => who(it, `192.0.2.${n}`, 9 * hour))).toEqual([undefined, 'acme', 'acme']);
    expect(who(it, '192.0.2.1', 10_000 + hour - 1)).toBe('acme');
    expect(who(it, '192.0.2.1', 10_000 + hour)).toBeUndefined();
  });

  test('is let in for calls that stand there, however long ago that was', () => {
    const it = index();
    it.learn(acme, new Set(['192.0.2.1']), 0);
    it.learn(acme, new Set(['192.0.2.2']), 0);
    expect([it.names('192.0.2.1'), it.isHostOf(acme, '192.0.2.1'), it.isHostOf(other, '192.0.2.1')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('is the trunk’s for good when they lead there again', () => {
    const it = index();
    for (const [n, host] of ['192.0.2.1', '192.0.2.2', '192.0.2.1'].entries()) it.learn(acme, new Set([host]), n);
    expect(who(it, '192.0.2.1', 9 * hour)).toBe('acme');
  });

  test('may be another’s too, who has it when the first has left it', () => {
    const it = index();
    it.learn(acme, new Set(['192.0.2.1']), 0);
    it.learn(other, new Set(['192.0.2.1']), 0);
    expect(who(it, '192.0.2.1', 0)).toBe('acme');
    it.learn(acme, new Set(['192.0.2.9']), 0);
    expect(who(it, '192.0.2.1', hour)).toBe('other');
  });

  test('is forgotten, the oldest first, when they never rest', () => {
    const it = index();
    it.learn(other, new Set(['10.0.0.0']), 0);
    for (let n = 0; n <= 100; n++) it.learn(acme, new Set([`10.0.0.${n}`]), n);
    expect([0, 35, 36, 100].map((n) => it.names(`10.0.0.${n}`))).toEqual([true, false, true, true]);
    expect(it.isHostOf(acme, '10.0.0.0')).toBe(false);
    expect(it.isHostOf(other, '10.0.0.0')).toBe(true);
  });
});

describe('networks', () => {
  const wide = trunk('wide', { networks: [{ host: '192.0.0.0', bits: 16 }] });
  const narrow = trunk('narrow', { networks: [{ host: '192.0.2.0', bits: 24 }] });
  const all = new Set([wide, narrow]);
  const it = new TrunkIndex([wide, narrow]);

  test('the narrowest decides whose a call is', () => {
    expect(it.identify(from('192.0.2.7'), false, undefined, 0, all)).toBe(narrow);
    expect(it.identify(from('192.0.3.7'), false, undefined, 0, all)).toBe(wide);
    expect(it.identify(from('192.1.3.7'), false, undefined, 0, all)).toBeUndefined();
    expect(it.at('192.0.2.7', all)).toBe(narrow);
  });

  test('inside a call each of them counts', () => {
    expect(it.isHostOf(wide, '192.0.2.7')).toBe(true);
    expect(it.isHostOf(narrow, '192.0.2.7')).toBe(true);
    expect(it.isHostOf(narrow, '192.0.3.7')).toBe(false);
  });
});

describe('listening points', () => {
  const addresses = [{ host: '192.0.2.7', port: 5060, matchPort: false }];
  const lan = { name: 'lan', side: 'internal' } as const;
  const one = { name: 'one', side: 'external' } as const;
  const two = { name: 'two', side: 'external' } as const;
  const first = trunk('first', { addresses, listeners: ['one'] });
  const second = trunk('second', { addresses, listeners: ['two'] });
  const inside = trunk('inside', { addresses, side: 'internal' });
  const trunks = [first, second, inside];
  const it = new TrunkIndex(trunks);
  const by = (listener: typeof lan | typeof one | typeof two) =>
    it.identify(from('192.0.2.7'), false, undefined, 0, new Set(trunks.filter((each) => isJoined(each, listener))))
      ?.name;

  test('one peer is another trunk by each (TRK-2)', () => {
    expect([by(one), by(two), by(lan)]).toEqual(['first', 'second', 'inside']);
  });

  test('where it is none by one, that which it is elsewhere is told', () => {
    const other = new TrunkIndex([second, inside]);
    expect(other.identify(from('192.0.2.7'), false, undefined, 0, new Set())?.name).toBe('second');
  });

  test('what goes out bears the code point of the trunk that is there', () => {
    expect(it.at('192.0.2.7', new Set([second]))).toBe(second);
    expect(it.at('192.0.2.7', new Set())).toBe(first);
  });

  test('a trunk that names none is joined to all of its side', () => {
    const both = { name: 'all', side: 'both' } as const;
    expect([lan, one, two, both].map((each) => isJoined(inside, each))).toEqual([true, false, false, true]);
    expect([lan, one, two, both].map((each) => isJoined(first, each))).toEqual([false, true, false, false]);
  });
});
