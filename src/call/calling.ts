import type { Trunk } from '#policy/configuration';

/** Who is called by a call that is being set up. */
export interface Calling {
  readonly trunk: Trunk;
  readonly rings: boolean;
}
