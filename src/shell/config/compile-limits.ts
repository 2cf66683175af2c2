import type { CallLimits } from '#engine/ports';
import type { SiteEntry } from './schema-places.ts';

/** The `capacity` of a site, a user or a group, where it has one. */
export function limitsOf({ capacity }: Pick<SiteEntry, 'capacity'>): { readonly capacity?: CallLimits } {
  if (!capacity) return {};
  const { calls, 'calls-per-second': callsPerSecond } = capacity;
  return {
    capacity: { ...(calls !== undefined && { calls }), ...(callsPerSecond !== undefined && { callsPerSecond }) },
  };
}
