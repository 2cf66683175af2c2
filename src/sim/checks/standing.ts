import type { Engine } from '#engine';
import type { Effect } from '#engine/ports';
import type { Instant } from '#kernel';

interface State {
  readonly calls: readonly {
    readonly call: string;
    readonly phase: string;
    readonly a: unknown;
    readonly b?: unknown;
  }[];
  readonly trunks: readonly {
    readonly trunk: string;
    readonly registration?: { readonly stage: string; readonly target?: string; readonly expiresAt?: number };
    readonly health: { readonly targets: readonly { readonly target: string; readonly state: string }[] };
  }[];
}

/** What stands whatever is configured anew: calls, registrations, telephones, what is known of who lives. By what it is called, as text. `isOnTime`: no clock has jumped. */
export function standingIn(engine: Engine, now: Instant, isOnTime: boolean): ReadonlyMap<string, string> {
  const { calls, trunks } = engine.inspect() as unknown as State;
  const stands = new Map<string, string>();
  for (const { call, phase, a, b } of calls) stands.set(`call ${call}`, JSON.stringify([phase, a, b]));
  for (const { trunk, registration, health } of trunks) {
    const { stage, target, expiresAt } = registration ?? {};
    if (stage === 'registered') stands.set(`stage of ${trunk}`, stage);
    if (expiresAt !== undefined && stage !== 'unregistering')
      stands.set(`registration of ${trunk}`, JSON.stringify([target, ...(isOnTime ? [Math.round(expiresAt)] : [])]));
    // Who cools off does so until a time, which may come.
    for (const one of health.targets)
      if (one.state !== 'cooling') stands.set(`health of ${trunk} at ${one.target}`, one.state);
  }
  const users = engine.users.inspect(now, () => 0, new Set()) as readonly { user: string; devices: unknown }[];
  for (const { user, devices } of users) stands.set(`telephones of ${user}`, JSON.stringify(devices));
  return stands;
}

/** Somebody outside hears of it: a REGISTER that was under way, and whether somebody lives, may be asked again. */
export function isFelt(effect: Effect): boolean {
  switch (effect.kind) {
    case 'send':
      return !/^(REGISTER|OPTIONS) /.test(effect.octets);
    case 'media':
    case 'record':
    case 'close':
    case 'drop':
    case 'decide':
    case 'notify':
    case 'report':
      return true;
    default:
      return false;
  }
}
