import type { TrafficProfile } from '#policy/configuration';

/** Calls with the public network that one user has in the busy hour, and how many users share a port by the rule of thumb. */
export const trafficProfiles: Readonly<
  Record<TrafficProfile, { readonly callsPerHour: number; readonly usersPerPort: number }>
> = {
  light: { callsPerHour: 1, usersPerPort: 15 },
  moderate: { callsPerHour: 2, usersPerPort: 10 },
  heavy: { callsPerHour: 3, usersPerPort: 5 },
};

/** Ports of gateways, or calls at once on a trunk, by the rule of thumb. */
export function portsByRule(users: number, profile: TrafficProfile): number {
  return Math.ceil(users / trafficProfiles[profile].usersPerPort);
}

/** Gateways are made with up to so many ports. */
export const largestGateway = 960;

/** How many gateways have so many ports: two at least, so that one may fail. */
export function gatewaysFor(ports: number): number {
  return ports === 0 ? 0 : Math.max(2, Math.ceil(ports / largestGateway));
}
