import type { Engine } from '#engine';
import type { Instant } from '#kernel';
import type { Agent } from '../peer/agent.ts';

/** Deadlines that stand while a trunk registers, is asked whether it lives, or is known by name. */
const standing: ReadonlySet<string> = new Set([
  'start',
  'refresh',
  'retry',
  'answer',
  'expiry',
  'options',
  'dns-refresh',
  'bindings',
]);
/** And those of a REGISTER or OPTIONS under way: a dead target is being asked all the time. */
const asking: readonly string[] = ['Timer E', 'Timer F', 'Timer K'];
const asked = /^non-INVITE client |^connections in use$/;

interface State {
  readonly calls: unknown[];
  readonly trunks: readonly TrunkState[];
  readonly transactions: Record<string, number>;
  readonly dialogs: number;
  readonly flows: number;
  readonly mediaRequests: number;
  readonly names: readonly unknown[];
  readonly users: readonly { readonly devices: readonly unknown[]; readonly calls: number }[];
  readonly links: readonly { readonly calls: number; readonly audio: number; readonly video: number }[];
  readonly limits: readonly { readonly calls: number }[];
}

interface TrunkState {
  readonly trunk: string;
  readonly calls: number;
  readonly targets: readonly string[];
  readonly registration?: { readonly stage: string; readonly expiresAt?: number };
  readonly health: { readonly targets: readonly { readonly target: string; readonly state: string }[] };
}

/** What is left in the engine though nothing goes on (`isOnTime`: no clock has jumped); undefined when nothing is but what stands. */
export function unrest(engine: Engine, streams: number, isOnTime: boolean): string | undefined {
  const state = engine.inspect() as unknown as State;
  const { calls, trunks, transactions, dialogs, mediaRequests, flows, names } = state;
  const armed = [...engine.deadlines].map(({ name }) => name);
  const count = (...of: string[]) => armed.filter((name) => of.includes(name)).length;
  const registrations = trunks.filter(({ registration }) => registration).length;
  const { configuration } = engine;
  const isAsked = ({ trunk }: TrunkState) =>
    (configuration.trunks.find(({ name }) => name === trunk)?.health?.interval ?? 0) > 0;
  const targets = trunks.reduce((sum, trunk) => sum + (isAsked(trunk) ? trunk.targets.length : 0), 0);
  const others = Object.keys(transactions).filter((name) => !asked.test(name));
  const requests = Object.entries(transactions).reduce((sum, [name, n]) => sum + (asked.test(name) ? n : 0), 0);
  const left =
    calls.length +
    trunks.reduce((sum, trunk) => sum + trunk.calls, 0) +
    others.length +
    dialogs +
    mediaRequests +
    armed.filter((name) => !standing.has(name) && !asking.includes(name)).length;
  const askers = targets + registrations;
  const tooMany =
    count('start', 'refresh', 'retry', 'answer') > registrations ||
    count('expiry') > registrations ||
    count('options') > targets ||
    count('dns-refresh') > names.length ||
    requests > 4 * askers ||
    count(...asking) > 2 * requests;
  // Registrations end by the wall clock.
  if (isOnTime && state.users.some(({ devices, calls: now }) => devices.length + now > 0))
    return `users are left: ${JSON.stringify(state.users)}`;
  if ([...state.links, ...state.limits].some(({ calls: now }) => now > 0))
    return `room is taken: ${JSON.stringify([...state.links, ...state.limits])}`;
  if (state.links.some(({ audio, video }) => audio !== 0 || video !== 0))
    return `room is left: ${JSON.stringify(state.links)}`;
  if (left > 0 || tooMany) return `not at rest: ${JSON.stringify(state)}, armed: ${armed.join(' ')}`;
  if (flows > streams) return `connections that are none: ${flows} of ${streams}`;
  return undefined;
}

/** A trunk whose peer lives and that is not up, or not registered; undefined when all are. */
export function unwell(engine: Engine, agents: readonly Agent[], now: Instant): string | undefined {
  const { trunks } = engine.inspect() as unknown as State;
  for (const agent of agents) {
    if (agent.phone) continue;
    const view = trunks.find(({ trunk }) => trunk === agent.name)!;
    const trunk = engine.configuration.trunks.find(({ name }) => name === agent.name)!;
    const wrong = (what: string) => `${agent.name} ${what} though its peer lives: ${JSON.stringify(view)}`;
    if (trunk.registration) {
      if (view.registration?.stage !== 'registered') return wrong('is not registered');
      if (!agent.registrar?.binding) return wrong('believes that it is registered');
    }
    if (!trunk.health) continue;
    const { transport } = trunk;
    const why = engine.trunks.skip(trunk, { transport, remote: agent.address }, now);
    if (why !== undefined) return wrong(`is skipped (${why})`);
    const target = view.health.targets.find((one) => one.target === agent.aim);
    if (trunk.health.interval > 0 && target?.state !== 'up') return wrong('is not up');
  }
  return undefined;
}
