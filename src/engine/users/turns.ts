import type { TrunkTarget } from '#call';
import type { Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';

/** A device of a user, and how he likes to be reached there: 0 to 1 (RFC 3261 20.10). */
export interface Device {
  readonly target: TrunkTarget;
  readonly q: number;
}

/** Ms that devices ring before those that are liked less have their turn. */
const patience = 20_000;

/**
 * Devices of the same q ring at once, those of a lower one after them (RFC 3261 16.6): one target a turn. All turns together take
 * no longer than one would; one that fails at once leaves its time to the next. Where another number rings together with the devices, all do: it would ring with the first only.
 */
export function inTurns(
  devices: readonly Device[],
  { user, ringTimeout }: Trunk,
  now: Instant,
): readonly TrunkTarget[] {
  const turns = new Map<number, TrunkTarget[]>();
  const isOne = user?.forward?.together !== undefined;
  for (const { target, q } of devices) {
    const key = isOne ? 1 : q;
    const turn = turns.get(key);
    if (turn) turn.push(target);
    else turns.set(key, [target]);
  }
  const ordered = [...turns].sort(([one], [other]) => other - one).map(([, targets]) => targets);
  if (ordered.length === 1) return [atOnce(ordered[0]!)];
  const ring = Math.min(patience, Math.floor(ringTimeout / ordered.length));
  return ordered.map((targets, index) => {
    const last = index === ordered.length - 1;
    const turn = { until: now.mono + (last ? ringTimeout : ring * (index + 1)), last };
    return atOnce(targets.map((target) => ({ ...target, turn })));
  });
}

function atOnce([first, ...together]: readonly TrunkTarget[]): TrunkTarget {
  return together.length > 0 ? { ...first!, together } : first!;
}
