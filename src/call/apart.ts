import type { Trunk } from '#policy/configuration';
import { obstacle } from '#policy/location';
import type { Flow } from '#sip/flow';
import type { CallServices } from './services.ts';

/** One end of a call: who, and where he speaks from. */
interface Talking {
  readonly trunk: Trunk;
  readonly flow: Pick<Flow, 'remote'>;
}

/** True when two who talk to others may not be joined, by rules of location. `tell` is told why. */
export function apart(services: CallServices, one: Talking, other: Talking, tell: (why: string) => void): boolean {
  const why = obstacle(
    services.placeOf(one.trunk, one.flow.remote.host),
    services.placeOf(other.trunk, other.flow.remote.host),
  );
  if (why !== undefined) tell(`trunks ${one.trunk.name} and ${other.trunk.name} are not joined: ${why}`);
  return why !== undefined;
}
