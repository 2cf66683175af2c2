import type { CallRecord } from '#engine/ports';
import type { Organisation } from '../organisation/organisation.ts';
import { relayNumber } from '../organisation/organisation.ts';
import type { Topology } from '../organisation/topology.ts';
import { Violation } from './safety.ts';

/** No trunk for one site is used from another, and calls of a site that keeps them in its country end there (docs/location.md). */
export function checkLocation(record: CallRecord, organisation: Organisation, topology: Topology): void {
  const { leg, attempts, emergency, decisions } = record;
  // Who is transferred is somewhere else than who called.
  if (emergency !== undefined || decisions.some(({ rule }) => rule === 'transfer' || rule === 'emergency call back'))
    return;
  if (attempts.some(({ called }) => called === relayNumber)) return;
  const from = topology.siteOf(leg.trunk, leg.remote);
  const isPeople = leg.trunk === 'pbx' || topology.person(leg.trunk) !== undefined;
  for (const { leg: to, end } of attempts) {
    const there = topology.siteOf(to.trunk, to.remote);
    const trunk = topology.trunk(to.trunk);
    const wrong = (why: string) =>
      new Violation(
        `${why}: ${leg.trunk} (${from}) calls ${to.trunk} (${there}), ${end.reason}: ${JSON.stringify(decisions)}`,
      );
    if (trunk?.localOnly && (from === undefined || there !== from)) throw wrong(`${to.trunk} is for ${there} only`);
    // Voice mail boxes are reached from everywhere.
    const isBox =
      trunk?.kind === 'ip-pbx' && decisions.some(({ outcome }) => outcome.startsWith('his devices can not be reached'));
    if (topology.trunk(leg.trunk)?.localOnly && (from === undefined || there !== from) && !isBox)
      throw wrong(`${leg.trunk} reaches ${from} only`);
    const site = organisation.sites.find(({ name }) => name === from);
    const country = organisation.sites.find(({ name }) => name === there)?.country;
    if (isPeople && site?.localTermination && trunk && trunk.kind !== 'ip-pbx' && country !== site.country)
      throw wrong(`calls from ${from} stay in ${site.country}`);
  }
}
