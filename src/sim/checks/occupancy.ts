import type { Engine } from '#engine';
import type { Organisation } from '../organisation/organisation.ts';
import type { LiveCall, Topology } from '../organisation/topology.ts';
import type { Limits } from './limits.ts';
import { Violation } from './safety.ts';

/** What trunks, users, groups and sites count is the calls that there are, and no more than may be of those that have to ask. */
export function checkOccupancy(
  engine: Engine,
  calls: readonly LiveCall[],
  organisation: Organisation,
  topology: Topology,
  limits: Limits,
): void {
  limits.turn(() => calls.some(({ phase }) => phase === 'setup'));
  const { trunks, groups = [] } = engine.configuration;
  const least = new Map<string, number>();
  const most = new Map<string, number>();
  const helped = new Map<string, number>();
  const add = (to: Map<string, number>, name: string) => void to.set(name, (to.get(name) ?? 0) + 1);
  for (const { phase, a, b, emergency } of calls) {
    if (phase === 'ended') continue;
    for (const name of [a.trunk, ...(b ? [b.trunk] : [])]) {
      if (phase === 'answered') add(least, name);
      add(most, name);
      if (emergency !== undefined) add(helped, name);
    }
    // What rings with somebody's telephones.
    if (phase === 'setup' && topology.person(b?.trunk ?? '')?.forward?.together !== undefined)
      for (const { name } of [...trunks, ...organisation.people]) add(most, name);
  }
  for (const { name } of [...trunks, ...organisation.people]) {
    const count = engine.occupancy.count(name);
    const told = () => `${JSON.stringify(calls.map(({ call, phase, a, b }) => [call, phase, a.trunk, b?.trunk]))}`;
    if (count < (least.get(name) ?? 0))
      throw new Violation(`${name} counts ${count}, and has ${least.get(name)}: ${told()}`);
    if (count > (most.get(name) ?? 0))
      throw new Violation(`${name} counts ${count}, and has ${most.get(name) ?? 0}: ${told()}`);
    const allowed = limits.exceeded(
      name,
      count - (helped.get(name) ?? 0),
      (one) => [...one.trunks, ...(one.users ?? [])].find((all) => all.name === name)?.capacity,
    );
    if (allowed !== undefined) throw new Violation(`${name} has ${count} calls of ${allowed}: ${told()}`);
  }
  for (const { name, members } of groups) {
    const free = members.reduce((sum, { trunk }) => sum + (helped.get(trunk) ?? 0), 0);
    const count = engine.occupancy.count(`group ${name}`);
    const allowed = limits.exceeded(
      `group ${name}`,
      count - free,
      (one) => one.groups?.find((all) => all.name === name)?.capacity,
    );
    if (allowed !== undefined) throw new Violation(`group ${name} has ${count} calls of ${allowed}`);
  }
  const free = calls.filter(({ emergency, phase }) => emergency !== undefined && phase !== 'ended').length;
  for (const { name } of organisation.sites) {
    const count = engine.occupancy.count(`site ${name}`);
    const allowed = limits.exceeded(
      `site ${name}`,
      count - free,
      (one) => one.sites?.find((all) => all.name === name)?.capacity,
    );
    if (allowed !== undefined) throw new Violation(`site ${name} has ${count} calls of ${allowed}`);
  }
}
