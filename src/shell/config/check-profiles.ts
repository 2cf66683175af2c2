import { violations } from '#engine/ports';
import type { Context, PlacedListener, PlacedTrunk } from './check-context.ts';
import { findProfile } from './profile.ts';

/** Trunks and the profiles of their peers. */
export function checkProfiles(
  { files, report }: Context,
  listeners: readonly PlacedListener[],
  trunks: readonly PlacedTrunk[],
): void {
  const known = new Map<string, ReturnType<typeof findProfile>>();
  const all = listeners.map(({ it }) => it);
  for (const { path, it } of trunks) {
    const name = it.profile;
    if (name === undefined) continue;
    const found = known.get(name) ?? findProfile(name, files);
    known.set(name, found);
    if ('fault' in found) {
      report(found.fault.code, [...path, 'profile'], found.fault.message, found.fault.cure);
      continue;
    }
    for (const { feature, path: key, message, cure } of violations(it, all, found.profile))
      report('TDM-1226', [...path, ...key], `against ${name}, ${feature}: ${message}`, cure);
  }
}
