import { expect, test } from 'vitest';
import type { Trunk, User } from '#policy/configuration';
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
                  { trunk: from, side: 'a' },
                  { trunk: to, side: 'b' },
                ] as const)
              : [],
          },
        ]),
      ),
      { directory } as never,
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
