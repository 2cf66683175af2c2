import type { components } from '#client';
import type { Trunk as Configured } from '#engine/ports';
import { type CertificateView, type ConnectionView, type NameView, stateOf, type TrunkView } from './trunk-view.ts';

type Trunk = components['schemas']['Trunk'];

/** What is told of one trunk. */
export interface TrunkReport {
  readonly running: boolean;
  readonly at: number;
  readonly configuration: readonly (readonly [what: string, how: string])[];
  /** What it runs by, and which place of the file says it; empty where trunks have no defaults in common. */
  readonly settings: NonNullable<Configured['settings']>;
  readonly view?: TrunkView;
  readonly names: readonly NameView[];
  readonly connections: readonly ConnectionView[];
  readonly certificates: readonly CertificateView[];
}

/**
 * `trunk show NAME FILE` for programs: the trunk as the API and `trunk list` tell it, and in `details` what the file and the signalling
 * process alone know. `told`: by the API; undefined: it did not answer.
 */
export function trunkJson(trunk: Configured, report: TrunkReport, told: Trunk | undefined) {
  const { configuration, settings, view, names, connections, certificates } = report;
  const details = {
    configuration: Object.fromEntries(configuration),
    settings,
    ...(view && { targets: view.health.targets, options: view.options }),
    ...(view?.registration && { registration: view.registration }),
    names,
    connections,
    certificates,
  };
  return { ...(told ?? withoutApi(trunk, report)), details: asApi(details) };
}

/** What is known of it without the API, under its names; by the file alone where no program runs. */
export function withoutApi(trunk: Configured, report?: TrunkReport) {
  const { name, kind, side, transport, capacity } = trunk;
  const { view, running = false } = report ?? {};
  const { state, since, because } = view
    ? stateOf(view)
    : {
        state: 'unknown',
        since: undefined,
        because: running ? 'the running program does not have it' : 'no program runs by this file',
      };
  return {
    ...{ name, kind, side, transport, state: state === 'partly' ? 'partly-down' : state },
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    because,
    ...(view && { active: view.calls }),
    ...(capacity.calls !== undefined && { limit: capacity.calls }),
  };
}

const times = new Set(['at', 'since', 'until', 'answeredAt', 'failedAt', 'expiresAt', 'nextAt']);
const durations: Readonly<Record<string, string>> = { roundTrip: 'roundTripMs', granted: 'grantedMs' };

/** What the signalling process tells, with times and durations as the API writes them. */
function asApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asApi);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      if (typeof one !== 'number') return [key, asApi(one)];
      if (times.has(key)) return [key, new Date(one).toISOString()];
      return Object.hasOwn(durations, key) ? [durations[key], Math.round(one * 10) / 10] : [key, one];
    }),
  );
}
