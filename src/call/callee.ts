import { type Instant, toOctets } from '#kernel';
import { mayUse } from '#policy/routing';
import { admitted } from './admission.ts';
import { Attempt, type AttemptUser } from './attempt.ts';
import type { CalleeSide } from './callee-side.ts';
import { Devices, type DevicesUser } from './devices.ts';
import { type Destination, destinationOf } from './hunt.ts';
import type { TrunkTarget } from './services.ts';
import type { AskedMedia } from './setup-media.ts';

/** The attempt at a target: of several at once where a user's devices ring together, or another number with them. */
export function attemptAt(
  setup: DevicesUser,
  destination: Destination,
  at: TrunkTarget,
  offered: AskedMedia['offered'],
  now: Instant,
): CalleeSide {
  const { call } = setup;
  const { trunk, called } = destination;
  // Where several ring together, one offer goes to all: no media of theirs goes past us.
  const others = withUser(setup, destination, { offered, way: () => 'anchored' }, now);
  if (!at.together && others.length === 0) return new Attempt(call, setup, trunk, at, called, now);
  const { together = [], ...first } = at;
  const make = (user: AttemptUser) => [
    ...[first, ...together].map((target) => new Attempt(call, user, trunk, target, called, now)),
    ...others.map((other) => new Attempt(call, user, other.trunk, other.target, other.called, now)),
  ];
  return new Devices(setup, trunk, at, called, make);
}

/** Whatever else rings with a user's devices (simultaneous ring): where its number leads first. */
function withUser(
  setup: DevicesUser,
  { trunk, called }: Destination,
  media: AskedMedia,
  now: Instant,
): readonly (Destination & { readonly target: TrunkTarget })[] {
  const { call, flow } = setup;
  const { user } = trunk;
  const number = user?.forward?.together;
  if (!user || number === undefined) return [];
  const { services } = call;
  const tell = (outcome: string) =>
    call.decide(`user ${user.name}`, `${number} is to ring with its devices: ${outcome}`);
  if (!mayUse(services.configuration, user, 'simultaneous-ring')) {
    tell('its policy does not let it');
    return [];
  }
  const talker = { trunk: call.source, address: flow.remote.host };
  const plan = services.plan(trunk, toOctets(number), call.caller, { talker });
  for (const planned of plan.trunks) {
    // One offer goes to all: what its media have to be like can't be another thing than what the devices' are.
    const { srtp, codecs, offer, name } = planned.trunk;
    const why =
      trunk.srtp?.mode === 'required'
        ? 'his devices want SRTP'
        : unlike(srtp?.mode === 'required', codecs?.allow !== undefined, offer === 'delayed');
    const found = why === undefined ? services.trunks.targets(planned.trunk, now) : undefined;
    const hops = called.hops + 1;
    const reached = destinationOf(planned, { ...called, user: toOctets(number), hops, redirectedBy: called.user });
    const { trunks } = services;
    const target =
      found?.kind === 'targets'
        ? found.targets.find((one) => trunks.skip(planned.trunk, one, now) === undefined)
        : undefined;
    const at = target && admitted(setup, reached, target, media, false, now);
    if (!at || 'status' in at) {
      tell(`not by trunk ${name}${why === undefined ? '' : `, since ${why}`}`);
      continue;
    }
    tell(`by trunk ${name}`);
    const { together: _, ...one } = at;
    return [{ ...reached, target: one }];
  }
  tell('there is no way to it');
  return [];
}

function unlike(needsSrtp: boolean, hasCodecs: boolean, isDelayed: boolean): string | undefined {
  if (needsSrtp) return 'it wants SRTP';
  if (hasCodecs) return 'it takes some codecs only';
  return isDelayed ? 'it wants to make the offer' : undefined;
}
