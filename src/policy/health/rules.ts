import type { HealthConfiguration, Trunk } from '#policy/configuration';

/** Where a trunk says nothing of its health, calls alone tell. */
const callsAlone: HealthConfiguration = { interval: 0, misses: 5, successes: 1, failedCalls: 3 };

export function rulesOf(trunk: Pick<Trunk, 'health'>): HealthConfiguration {
  return trunk.health ?? callsAlone;
}

/** By what a target was brought down, and so what brings it up again. */
export type Cause = 'options' | 'calls' | 'transport';

/**
 * Ms until one call may try a target that is down: `first`, then twice as long each time that it fails, up to `most`.
 * This is what keeps a target from flapping, and from being down for ever. One that is brought down by unanswered
 * OPTIONS is asked all the time, so a call is risked seldom: for the peer that has ceased to answer OPTIONS and
 * nothing else.
 */
export const pauses: Readonly<Record<Cause, { readonly first: number; readonly most: number }>> = {
  transport: { first: 5_000, most: 60_000 },
  calls: { first: 10_000, most: 120_000 },
  options: { first: 300_000, most: 300_000 },
};

/** Ms that a peer may keep calls away, however long its Retry-After says. */
export const longestCooling = 3_600_000;
