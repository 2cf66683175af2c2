import { Sensitive } from '#kernel';
import type { CallLimits, Configuration, Trunk, VoicePolicy } from '#policy/configuration';
import type { Dice } from './dice.ts';

type Change = (configuration: Configuration, dice: Dice) => Configuration;

/** A trunk that nobody is behind, and that no route leads to. */
const nobody: Trunk = {
  name: 'west',
  kind: 'ip-pbx',
  side: 'internal',
  transport: 'udp',
  addresses: [{ host: '10.0.7.99', port: 5060, matchPort: false }],
  capacity: {},
  setupTimeout: 8_000,
  ringTimeout: 20_000,
};

/** Whose policy it is, nobody knows. */
const unused: VoicePolicy = {
  name: 'nobody',
  usages: [],
  features: {
    forwarding: false,
    transfer: false,
    'simultaneous-ring': false,
    'pstn-reroute': false,
    'bandwidth-override': false,
    'toll-bypass': false,
  },
};

/** The same in other words: another object in every place. */
export function copied<T>(value: T): T {
  if (value instanceof Sensitive) return new Sensitive(value.reveal()) as T;
  if (Array.isArray(value)) return value.map(copied) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copied(each)])) as T;
}

/** What else the file may say, of which no call that stands, no registration and no telephone that is known is to feel anything. */
export function reworded(configuration: Configuration, dice: Dice): Configuration {
  let said = copied(configuration);
  for (const change of changes) if (dice.chance(0.4)) said = change(said, dice);
  return said;
}

const changes: readonly Change[] = [
  (one, dice) => ({ ...one, trunks: dice.chance(0.5) ? [nobody, ...one.trunks] : [...one.trunks, nobody] }),
  // Parts are other objects, and those who look after them are to go on as they were.
  (one, dice) => ({
    ...one,
    trunks: one.trunks.map((trunk) =>
      dice.chance(0.6) ? { ...trunk, setupTimeout: trunk.setupTimeout + 1 + dice.integer(5) } : trunk,
    ),
  }),
  ({ trunks: [first, ...others], ...one }) => ({ ...one, trunks: [...others, first!] }),
  ({ sites, ...one }, dice) => ({
    ...one,
    ...(sites && {
      sites: sites.map((site) =>
        dice.chance(0.6)
          ? { ...site, subnets: [...site.subnets, { network: { host: `10.9.${dice.integer(200)}.0`, bits: 24 } }] }
          : site,
      ),
    }),
  }),
  ({ users, ...one }, dice) => ({
    ...one,
    ...(users && {
      users: users.map((user) =>
        dice.chance(0.6)
          ? { ...user, numbers: [...user.numbers, `+4999${dice.integer(1_000_000)}${user.name.length}`] }
          : user,
      ),
    }),
  }),
  ({ users, ...one }) => ({ ...one, ...(users && { users: users.toReversed() }) }),
  ({ policies = [], ...one }) => ({ ...one, policies: [...policies, unused] }),
  // The first two are of different callers.
  ({ routes: [out, into, ...others], ...one }) => ({ ...one, routes: [into!, out!, ...others] }),
  (one, dice) => ({ ...one, trunks: one.trunks.map((trunk) => ({ ...trunk, capacity: limits(dice) })) }),
  ({ groups, sites, users, ...one }, dice) => ({
    ...one,
    ...(groups && { groups: groups.map(({ capacity: _, ...group }) => ({ ...group, capacity: limits(dice) })) }),
    ...(sites && { sites: sites.map(({ capacity: _, ...site }) => ({ ...site, capacity: limits(dice) })) }),
    ...(users && { users: users.map(({ capacity: _, ...user }) => ({ ...user, capacity: limits(dice) })) }),
  }),
  // Whose password is another one stays known for as long as he was told.
  ({ users, ...one }, dice) => ({
    ...one,
    ...(users && {
      users: users.map((user) =>
        dice.chance(0.3) ? { ...user, password: new Sensitive<string>(`another of ${user.name}`) } : user,
      ),
    }),
  }),
];

function limits(dice: Dice): CallLimits {
  return {
    ...(dice.chance(0.6) ? { calls: 1 + dice.integer(5) } : {}),
    ...(dice.chance(0.3) ? { callsPerSecond: 1 + dice.integer(3) } : {}),
  };
}
