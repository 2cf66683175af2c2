import type { Listener, Trunk } from '#policy/configuration';
import type { Profile } from './profile.ts';
import { reachRules } from './reach.ts';
import type { Subject, Violation } from './rule.ts';
import { secrecyRules } from './secrecy.ts';
import { serviceRules } from './service.ts';

const rules = [...reachRules, ...secrecyRules, ...serviceRules];

/** The fields that a trunk is held to; the others tell people. */
export const checkedFeatures: readonly string[] = rules.map(({ feature }) => feature);

/** What of a trunk goes against the profile of its peer; one for each field at most. */
export function violations(trunk: Trunk, listeners: readonly Listener[], profile: Profile): Violation[] {
  const subject: Subject = {
    trunk,
    ways: listeners.filter(
      ({ side, transport }) => (side === 'both' || side === trunk.side) && transport === trunk.transport,
    ),
    targets: trunk.nextHops ?? trunk.addresses,
    profile,
    own: profile.tandem ?? {},
  };
  return rules.flatMap(({ feature, find }) => {
    const found = find(subject);
    return found ? [{ feature, ...found }] : [];
  });
}
