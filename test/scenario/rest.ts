/** What may be left when a ladder is over: nothing of any call, and of the trunks what always stands. */
import type { Configuration } from '#policy/configuration';
import type { World } from './world.ts';

/** Deadlines that stand while a trunk registers, is asked whether it lives, or is known by name. */
const standing: ReadonlySet<string> = new Set(['start', 'refresh', 'retry', 'expiry', 'options', 'dns-refresh']);

/** Something of a registration, of OPTIONS or of names stands for ever. */
export function neverEnds({ trunks }: Configuration): boolean {
  return trunks.some(
    ({ registration, health, addresses, nextHops = [] }) =>
      registration ||
      (health && health.interval > 0) ||
      [...addresses, ...nextHops].some(({ host }) => /[a-z]/i.test(host) && !host.includes(':')),
  );
}

/** What is left that should not be; undefined when all is at rest. */
export function unrest(world: World): string | undefined {
  const { calls, transactions, dialogs, mediaRequests, trunks, users, names, links, limits, decisions } =
    world.inspect() as Record<string, object>;
  const views = trunks as unknown as { calls: number; targets: string[]; registration?: object }[];
  const armed = Map.groupBy(world.deadlines, (name) => name);
  const counted = (...of: string[]) => of.reduce((sum, name) => sum + (armed.get(name)?.length ?? 0), 0);
  const registrations = views.filter(({ registration }) => registration).length;
  const targets = views.reduce((sum, view) => sum + view.targets.length, 0);
  const left = {
    calls,
    transactions,
    dialogs,
    deadlines: world.deadlines.filter((name) => !standing.has(name)),
    mediaRequests,
    trunks: views.filter((trunk) => trunk.calls > 0),
    users,
    // Links and sites that some call still has a part of.
    places: ([links, limits] as unknown as { calls: number }[][]).flat().filter((place) => place.calls > 0),
    questions: (decisions as { waiting?: number } | undefined)?.waiting ?? 0,
    mediaSessions: [...world.sessions.keys()],
    checkpoints: [...world.checkpoints].filter(
      ([key]) => !key.startsWith('registration:') && key !== 'emergency:elins',
    ),
    tooMany: [
      ...(counted('start', 'refresh', 'retry') > registrations ? ['registrations'] : []),
      ...(counted('expiry') > registrations ? ['expiries'] : []),
      ...(counted('options') > targets ? ['OPTIONS'] : []),
      ...(counted('dns-refresh') > (names as unknown as object[]).length ? ['names'] : []),
    ],
  };
  const clean = {
    calls: [],
    transactions: {},
    dialogs: 0,
    deadlines: [],
    mediaRequests: 0,
    trunks: [],
    users: [],
    places: [],
    questions: 0,
    mediaSessions: [],
    checkpoints: [],
    tooMany: [],
  };
  return JSON.stringify(left) === JSON.stringify(clean) ? undefined : JSON.stringify(left, null, 1);
}
