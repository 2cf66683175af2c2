import type { Configuration, User, VoiceFeature } from '#policy/configuration';
import { globalPolicy } from './route.ts';

/** A user may do so by the policy that holds for him. Where there is none all may, but for what takes room from others. */
export function mayUse(
  { policies = [], sites = [] }: Pick<Configuration, 'policies' | 'sites'>,
  user: User,
  feature: VoiceFeature,
): boolean {
  const name = user.policy ?? sites.find((site) => site.name === user.site)?.policy ?? globalPolicy;
  return policies.find((policy) => policy.name === name)?.features[feature] ?? feature !== 'bandwidth-override';
}
