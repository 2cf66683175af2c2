import { type Configuration, trunkOf } from '#engine/ports';
import type { LiveTrunk } from '../live/told.ts';
import { iso } from '../time.ts';
import type { AnyHappening } from './happening.ts';
import type { Memory } from './memory.ts';

type State = 'up' | 'partly-down' | 'down';

/** What was known of a trunk: its state, and whether it is registered. Absent: it was never told. */
interface Known {
  readonly state?: State;
  readonly registered?: boolean;
}

/** What has become of a trunk, as it is told; what is known of it is noted. A trunk that nobody has asked yet is as it was. */
export function ofTrunk(
  trunk: LiveTrunk,
  at: number,
  memory: Memory,
  configuration: Pick<Configuration, 'trunks'>,
): AnyHappening[] {
  // Users have legs of their own, and are no trunks.
  const configured = trunkOf(configuration, trunk.trunk);
  if (!configured) return [];
  const { site } = configured;
  const name = `trunk ${trunk.trunk}`;
  const was = JSON.parse(memory.get(name) ?? '{}') as Known;
  const state = trunk.health.state === 'unknown' ? was.state : trunk.health.state;
  const registered = isRegistered(trunk) ?? was.registered;
  memory.set(name, JSON.stringify({ ...(state && { state }), ...(registered !== undefined && { registered }) }));
  const where = {
    subject: name,
    at,
    trunks: [trunk.trunk],
    ...(site !== undefined && { sites: [site] }),
  };
  const about = { trunk: trunk.trunk, ...(site !== undefined && { site }) };
  const found: AnyHappening[] = [];
  // What begins well is no news.
  if (state && state !== was.state && !(was.state === undefined && state === 'up')) {
    const { since, because } = trunk.health;
    found.push({
      ...where,
      type: `trunk.${state}`,
      text: sentences[state](trunk.trunk, because),
      data: {
        ...about,
        state,
        ...(was.state && { before: was.state }),
        ...(since !== undefined && { since: iso(since) }),
        because,
      },
    });
  }
  if (registered !== undefined && registered !== was.registered && !(was.registered === undefined && registered)) {
    const { addressOfRecord, registrar, since, expiresAt, lastError } = trunk.registration!;
    found.push({
      ...where,
      type: registered ? 'trunk.registered' : 'trunk.unregistered',
      text: registered
        ? `Trunk ${trunk.trunk} is registered again.`
        : `Trunk ${trunk.trunk} is not registered: ${lastError!.text}.`,
      data: {
        ...about,
        addressOfRecord,
        registrar,
        since: iso(since),
        ...(registered && expiresAt !== undefined && { expires: iso(expiresAt) }),
        ...(!registered && { error: lastError!.text }),
      },
    });
  }
  return found;
}

const sentences: Readonly<Record<State, (trunk: string, because: string) => string>> = {
  up: (trunk, because) => `Trunk ${trunk} is up again: ${because}.`,
  'partly-down': (trunk, because) => `Some targets of trunk ${trunk} are down: ${because}.`,
  down: (trunk, because) => `Trunk ${trunk} is down: ${because}.`,
};

/** Undefined: it does not register, or nobody knows yet. */
function isRegistered({ registration }: LiveTrunk): boolean | undefined {
  if (!registration) return undefined;
  if (registration.stage === 'registered' || registration.stage === 'refreshing') return true;
  return registration.lastError ? false : undefined;
}
