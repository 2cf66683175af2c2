import type { Trunk } from '#policy/configuration';

/** A provider's trunk of which nothing is said but its name; tests give what they are about. */
export const trunk = (name: string, more: Partial<Trunk> = {}): Trunk => ({
  name,
  kind: 'itsp',
  side: 'external',
  transport: 'udp',
  addresses: [],
  capacity: {},
  setupTimeout: 10_000,
  ringTimeout: 60_000,
  ...more,
});
