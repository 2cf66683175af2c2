import { type Identity, isAnonymous } from '../identity/index.ts';

const shown = { id: false, user: false, header: false, session: false, history: false, critical: false, none: false };

/** Who calls for help is shown, whatever he asks for: help that is cut off must be able to call back. */
export function openly(identity: Identity): Identity {
  const { presented, asserted } = identity;
  const known = asserted.find((person) => !isAnonymous(person));
  return {
    ...identity,
    private: false,
    privacy: shown,
    presented: known && isAnonymous(presented) ? known : presented,
  };
}
