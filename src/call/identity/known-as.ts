import type { Octets } from '#kernel';
import type { Identity } from './identity.ts';
import { isAnonymous, isSameUser, type Person } from './person.ts';

/** The caller as a trunk is to know him: by another number; `masks`: and by nothing else. What was signed does not hold any more. */
export function knownAs(identity: Identity, number: Octets, masks: boolean): Identity {
  const { presented, asserted } = identity;
  const renumbered = (person: Person): Person => ({ ...person, user: number, ...(masks ? { display: '' } : {}) });
  const bare = { ...identity, signed: undefined };
  if (masks) return { ...bare, presented: renumbered(presented), asserted: asserted.slice(0, 1).map(renumbered) };
  // RFC 3323: a number in place of "anonymous" would tell on him.
  const isHidden = presented.user === '' || isAnonymous(presented);
  const isCaller = (person: Person) => asserted.length === 1 || isSameUser(person.user, presented.user);
  return {
    ...bare,
    presented: isHidden ? presented : renumbered(presented),
    asserted: asserted.map((person) => (isCaller(person) ? renumbered(person) : person)),
  };
}
