import type { Instant } from '#kernel';
import type { HealthConfiguration, Trunk } from '#policy/configuration';
import type { Evidence } from './evidence.ts';
import { rulesOf } from './rules.ts';
import { type TargetHealth, type TargetState, TargetWatch } from './target.ts';

export const healthLimits = {
  /** Targets kept of one trunk; beyond it the one that was not heard of for longest is forgotten. */
  targets: 64,
} as const;

export type TrunkState = 'up' | 'down' | 'unknown' | 'partly-down';

export interface TrunkHealth {
  /** `down`: calls pass all its targets by. `partly-down`: some of them. */
  readonly state: TrunkState;
  /** Unix ms. */
  readonly since?: number;
  readonly because: string;
  readonly targets: readonly TargetHealth[];
}

/** For a log line: a target, and perhaps its trunk, is in another state than before. */
export interface HealthChange {
  readonly trunk: string;
  readonly target: string;
  readonly from: TargetState;
  readonly to: TargetState;
  readonly because: string;
  readonly trunkFrom: TrunkState;
  readonly trunkTo: TrunkState;
}

/** Joins what OPTIONS, calls and transports tell into the state of each target of each trunk, and says whom to skip. */
export class Health {
  readonly #trunks = new Map<string, Map<string, TargetWatch>>();

  /** Takes what was learned of a target. Returns what changed by it. */
  report(trunk: Trunk, target: string, evidence: Evidence, now: Instant): HealthChange | undefined {
    const watch = this.#watch(trunk.name, target);
    const rules = rulesOf(trunk);
    const from = watch.state(now);
    watch.hear(evidence, rules, trunk.setupTimeout, now);
    const to = watch.state(now);
    if (from === to) return undefined;
    return {
      trunk: trunk.name,
      target,
      from,
      to,
      because: watch.because(rules, now),
      trunkFrom: this.#stateOf(trunk.name, now, watch, from),
      trunkTo: this.#stateOf(trunk.name, now),
    };
  }

  /**
   * Why a target is not to be tried now, for the decision trace: "down since 12:04:31: 5 OPTIONS unanswered", "cooling
   * until 12:05:01: 503 with Retry-After 30" (UTC). Undefined when it may be. Asking changes nothing.
   */
  skip(trunk: Trunk, target: string, now: Instant): string | undefined {
    return this.#trunks.get(trunk.name)?.get(target)?.skip(now);
  }

  /** True when trying a target that is skipped costs next to nothing: it was refused or unreachable, not silent. */
  showsAtOnce(trunk: Trunk, target: string): boolean {
    return this.#trunks.get(trunk.name)?.get(target)?.showsAtOnce === true;
  }

  state(trunk: Trunk, now: Instant): TrunkHealth {
    const rules = rulesOf(trunk);
    const targets = [...(this.#trunks.get(trunk.name)?.values() ?? [])].map((watch) => watch.view(rules, now));
    const state = this.#stateOf(trunk.name, now);
    const decisive = targets.filter((target) => decides(target.state, state));
    const times = decisive.map(({ since }) => since).filter((since) => since !== undefined);
    // Wholly up or down since the last of them came to be so; partly, since the first.
    const since = state === 'partly-down' ? Math.min(...times) : Math.max(...times);
    return {
      state,
      ...(times.length === 0 ? {} : { since }),
      because: inWords(decisive, targets.length, rules),
      targets,
    };
  }

  /** The targets that a trunk has now: others are forgotten, new ones are there and unknown. */
  keepOnly(trunk: Trunk, targets: readonly string[]): void {
    const kept = new Set(targets);
    for (const target of this.#trunks.get(trunk.name)?.keys() ?? [])
      if (!kept.has(target)) this.#trunks.get(trunk.name)!.delete(target);
    for (const target of kept) this.#watch(trunk.name, target);
    if (kept.size === 0) this.#trunks.delete(trunk.name);
  }

  /** Counts: of trunks, and of their targets by state. */
  inspect(now: Instant): Record<string, number> {
    const counts: Record<string, number> = { trunks: this.#trunks.size };
    for (const watches of this.#trunks.values()) {
      for (const watch of watches.values()) {
        const name = `targets ${watch.state(now)}`;
        counts[name] = (counts[name] ?? 0) + 1;
      }
    }
    return counts;
  }

  #watch(trunk: string, target: string): TargetWatch {
    let watches = this.#trunks.get(trunk);
    if (!watches) {
      watches = new Map();
      this.#trunks.set(trunk, watches);
    }
    let watch = watches.get(target);
    if (!watch) {
      if (watches.size >= healthLimits.targets) forgetOldest(watches);
      watch = new TargetWatch(target);
      watches.set(target, watch);
    }
    return watch;
  }

  /** The trunk's state, with `one` of its targets taken to be in `state`. */
  #stateOf(trunk: string, now: Instant, one?: TargetWatch, state?: TargetState): TrunkState {
    let passable = 0;
    let troubled = 0;
    let up = false;
    for (const watch of this.#trunks.get(trunk)?.values() ?? []) {
      const each = watch === one ? state! : watch.state(now);
      if (each === 'down' || each === 'cooling') troubled++;
      else passable++;
      if (each === 'up') up = true;
    }
    if (troubled > 0) return passable > 0 ? 'partly-down' : 'down';
    return up ? 'up' : 'unknown';
  }
}

function decides(target: TargetState, trunk: TrunkState): boolean {
  const troubled = target === 'down' || target === 'cooling';
  return trunk === 'down' || trunk === 'partly-down' ? troubled : target === trunk;
}

function inWords(decisive: readonly TargetHealth[], targets: number, rules: HealthConfiguration): string {
  if (targets === 0) return rules.interval === 0 ? 'no call went there yet' : 'nothing was heard yet';
  if (targets === 1) return decisive[0]!.because;
  const told = decisive.slice(0, 4).map(({ target, because }) => `${target}: ${because}`);
  const more = decisive.length - told.length;
  return `${decisive.length} of ${targets} targets: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function forgetOldest(watches: Map<string, TargetWatch>): void {
  let oldest: TargetWatch | undefined;
  for (const watch of watches.values()) if (!oldest || watch.heardAt < oldest.heardAt) oldest = watch;
  if (oldest) watches.delete(oldest.target);
}
