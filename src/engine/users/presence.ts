import type { Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Router } from '#policy/routing';

/** A call, as far as it tells who is in it. */
interface TalkedCall {
  readonly caller: Octets;
  readonly called: Octets;
  readonly talking: readonly { readonly trunk: Trunk; readonly side: 'a' | 'b' }[];
}

/**
 * Who is in a call: users whose devices talk, and those whose number talks by way of a mobile carrier's trunk. Counted from the
 * live calls, so that nobody stays in one that has ended.
 */
export function usersInCalls(calls: Iterable<TalkedCall>, directory: Router['directory']): ReadonlySet<string> {
  const inCalls = new Set<string>();
  for (const { caller, called, talking } of calls) {
    for (const { trunk, side } of talking) {
      const user = trunk.user ?? (trunk.mobile ? directory.find(side === 'a' ? caller : called) : undefined);
      if (user) inCalls.add(user.name);
    }
  }
  return inCalls;
}
