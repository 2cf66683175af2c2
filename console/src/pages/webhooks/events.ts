import type { paths } from '../../../../src/client/schema.ts';

type Wanted = paths['/api/v1/webhooks']['post']['requestBody']['content']['application/json']['events'][number];

/** What somebody may be told of, in groups as it is asked for. */
export const eventGroups = {
  trunk: ['trunk.down', 'trunk.partly-down', 'trunk.up', 'trunk.unregistered', 'trunk.registered'],
  call: ['call.ended', 'call.emergency'],
  problem: ['problem.began', 'problem.ended'],
  configuration: ['configuration.changed'],
  certificate: ['certificate.expiring', 'certificate.replaced', 'certificate.refused'],
  source: ['source.banned'],
} as const satisfies Readonly<Record<string, readonly Wanted[]>>;

export type EventGroup = keyof typeof eventGroups;
export type EventName = (typeof eventGroups)[EventGroup][number];

/** The compiler looks whether one is missing. */
const all: readonly Wanted[] = Object.values(eventGroups).flat() satisfies readonly EventName[];
export const isKnown = (name: string): name is EventName => (all as readonly string[]).includes(name);
