import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Trunk, User } from '#policy/configuration';
import { udp } from '../desk.testing.ts';
import { Presence } from './presence.ts';

const ann: User = { name: 'ann', line: '+493010', numbers: [], devices: 1, hidden: false };
const bob: User = { ...ann, name: 'bob', line: '+493011' };
const directory = { find: (number: string) => [ann, bob].find(({ line }) => line === number) };
const trunk = (more: Partial<Trunk>): Trunk => ({
  name: 't',
  kind: 'itsp',
  side: 'external',
  transport: 'udp',
  addresses: [],
  capacity: {},
  setupTimeout: 1,
  ringTimeout: 1,
  ...more,
});
const flow = udp('lan', '10.0.0.9');
const carrier = trunk({ mobile: true });
const provider = trunk({});

const inCalls = (...calls: { from: Trunk; to: Trunk; talking?: boolean }[]) =>
  [
    ...new Presence(
      new Map(
        calls.map(({ from, to, talking = true }, id) => [
          String(id),
          {
            id: String(id),
            source: from,
            phase: 'answered' as const,
            calling: undefined,
            caller: '+493010',
            called: '+493011',
            talking: talking
              ? ([
                  { trunk: from, side: 'a', flow },
                  { trunk: to, side: 'b', flow },
                ] as const)
              : [],
          },
        ]),
      ),
      { directory, isNode: () => false } as never,
    ).inCalls,
  ].sort();

test('who talks by a mobile carrier is in a call, whichever side of it is his, until it has ended', () => {
  expect(inCalls({ from: carrier, to: provider })).toEqual(['ann']);
  expect(inCalls({ from: provider, to: carrier })).toEqual(['bob']);
  expect(inCalls({ from: carrier, to: carrier })).toEqual(['ann', 'bob']);
  expect(inCalls({ from: carrier, to: provider, talking: false })).toEqual([]);
  expect(inCalls()).toEqual([]);
});

test('another provider says nothing of who holds the phone', () => {
  expect(inCalls({ from: provider, to: provider })).toEqual([]);
});

describe('what those who watch see', () => {
  const users = [ann, bob];
  const known = {
    directory: { named: (name: string) => users.find((user) => user.name === name), find: directory.find },
    watchers: () => 'users',
    isRegistered: () => false,
    isNode: () => false,
  };
  const phones = users.map((user) => trunk({ name: user.name, user }));
  const party = fc.constantFrom(...phones, carrier, provider);
  const change = fc.record({
    id: fc.constantFrom('1', '2', '3'),
    call: fc.option(
      fc.record({ phase: fc.constantFrom('setup', 'answered', 'ended'), from: party, to: party, rings: fc.boolean() }),
    ),
  });

  test('is what the live calls are, whatever becomes of them', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const calls = new Map<string, unknown>();
        const kept = new Presence(calls as never, known as never);
        const now = { mono: 0, wall: 0 };
        kept.stateOf('ann', false, now);
        for (const { id, call } of changes) {
          const sides = [
            { trunk: call?.from, side: 'a', flow },
            { trunk: call?.to, side: 'b', flow },
          ];
          if (!call) calls.delete(id);
          else
            calls.set(id, {
              id,
              source: call.from,
              caller: '+493010',
              called: '+493011',
              phase: call.phase,
              calling: call.phase === 'setup' ? { trunk: call.to, at: flow, rings: call.rings } : undefined,
              talking: call.phase === 'answered' ? sides : [],
            });
          const before = users.map(({ name }) => kept.stateOf(name, false, now)!.dialogs).map((one) => new Map(one));
          kept.touched(id);
          const changed = kept.settle(true, now);
          for (const [index, { name }] of users.entries()) {
            const seen = kept.stateOf(name, false, now)!.dialogs;
            expect(seen).toEqual(new Presence(calls as never, known as never).stateOf(name, false, now)!.dialogs);
            // Who is not told of has not changed.
            if (!changed.has(name)) expect(seen).toEqual(before[index]);
          }
        }
      }),
    );
  });

  test('is forgotten a minute after the last who asked, when nobody watches', () => {
    let looked = 0;
    const calls = new Map();
    const keys = calls.keys.bind(calls);
    calls.keys = () => {
      looked++;
      return keys();
    };
    const presence = new Presence(calls, known as never);
    const at = (mono: number) => ({ mono, wall: mono });
    presence.stateOf('ann', false, at(0));
    presence.settle(false, at(50_000));
    presence.stateOf('ann', false, at(55_000));
    expect(looked).toBe(1);
    presence.settle(false, at(116_000));
    presence.stateOf('ann', false, at(117_000));
    expect(looked).toBe(2);
  });
});
