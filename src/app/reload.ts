import type { Configuration } from '#engine/ports';
import { type Difference, differences } from '#policy/changes';
import { type Problem, readConfiguration } from '#shell/config';
import { partOf } from './part-of.ts';

/** What became of a file that was read again. Nothing has changed where it was not taken. */
export type Reloaded =
  | { readonly outcome: 'taken'; readonly differences: readonly Difference[]; readonly problems: readonly Problem[] }
  /** A sample call has another outcome than the file itself says. */
  | { readonly outcome: 'samples'; readonly problems: readonly Problem[] }
  /** The file has faults, or is not for this node. */
  | { readonly outcome: 'unsound'; readonly problems: readonly Problem[]; readonly reason?: string }
  /** Some of it holds only when the program is started anew: all or nothing, so nothing. */
  | { readonly outcome: 'needs-restart'; readonly differences: readonly Difference[] };

export interface Running {
  readonly configuration: Configuration;
  /** Resolves when it holds. */
  configure(next: Configuration, restart: boolean): Promise<void>;
}

export interface ReloadOptions {
  /** Which node this is, where the file is for several. */
  readonly node?: string | undefined;
  /** The signalling process may be started again for it, which calls outlive. */
  readonly restart?: boolean;
  /** Names of sample calls that may have another outcome than the file says: somebody knows. */
  readonly acknowledged?: readonly string[];
}

/** What belongs to the whole program: calls do not outlive a change of it. */
const ofProgram = new Set(['media', 'records']);

/**
 * Reads the configuration again and has the running program take it, when all of it is sound and can be had without a restart.
 */
export async function reload(
  running: Running,
  file: string,
  { node, restart = false, acknowledged = [] }: ReloadOptions = {},
): Promise<Reloaded> {
  const loaded = readConfiguration(file);
  if (!loaded.ok) return { outcome: 'unsound', problems: loaded.problems };
  const next = partOf(loaded.configuration, node);
  if (typeof next === 'string') return { outcome: 'unsound', problems: [], reason: next };
  const samples = loaded.warnings.filter(
    ({ code, place }) => code === 'TDM-1320' && !acknowledged.some((name) => place === `test "${name}"`),
  );
  if (samples.length > 0) return { outcome: 'samples', problems: samples };
  const found = differences(running.configuration, next);
  const restarts = found.filter(({ effect }) => effect === 'restart');
  const inTheWay = restarts.filter(({ path }) => !restart || ofProgram.has(path[0]!));
  if (inTheWay.length > 0) return { outcome: 'needs-restart', differences: inTheWay };
  if (found.length > 0) await running.configure(next, restarts.length > 0);
  return { outcome: 'taken', differences: found, problems: loaded.warnings };
}
