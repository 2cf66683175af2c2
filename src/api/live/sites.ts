import { type CallRecord, type Configuration, siteOf } from '#engine/ports';
import type { Principal } from '../access/principal.ts';
import { mayAt } from '../access/sites.ts';
import type { LiveCall } from './told.ts';

/** Whether somebody may see a call: it is of a site of his, or passes a trunk of one. */
export function mayCall(
  principal: Principal | undefined,
  configuration: Pick<Configuration, 'trunks'>,
  { site, a, b }: Pick<LiveCall, 'site' | 'a' | 'b'>,
): boolean {
  if (principal?.sites === undefined) return true;
  return [site, siteOf(configuration, a.trunk), siteOf(configuration, b?.trunk)].some(
    (one) => one !== undefined && mayAt(principal, one),
  );
}

/** The same of one that has ended: it is also of whoever it was offered to, as lists of records have it (RecordFilter.of). */
export function mayRecord(
  principal: Principal | undefined,
  configuration: Pick<Configuration, 'trunks'>,
  { basis, leg, attempts }: Pick<CallRecord, 'basis' | 'leg' | 'attempts'>,
): boolean {
  if (principal?.sites === undefined) return true;
  const trunks = [leg.trunk, ...attempts.map((one) => one.leg.trunk)];
  return [basis?.site, ...trunks.map((trunk) => siteOf(configuration, trunk))].some(
    (one) => one !== undefined && mayAt(principal, one),
  );
}
