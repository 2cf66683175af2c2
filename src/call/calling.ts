import type { Trunk } from '#policy/configuration';
import type { TrunkTarget } from './services.ts';

/** Who is called by a call that is being set up, and where. */
export interface Calling {
  readonly trunk: Trunk;
  readonly at: TrunkTarget;
  readonly rings: boolean;
}
