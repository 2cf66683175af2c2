import type { Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { End } from '#policy/location';
import { mayUse } from '#policy/routing';
import type { Flow } from '#sip/flow';
import { describeFull, noRoom } from './admission.ts';
import { chargedTo, needOf, wayOf, withoutPicture } from './bandwidth.ts';
import type { CallLeg } from './call-leg.ts';
import type { Refusal } from './call-setup.ts';
import { byTandem } from './causes.ts';
import { callOf, type JoinableCall } from './joinable-call.ts';
import { readSdp } from './media-bridge.ts';
import { ruleOf } from './services.ts';
import type { SetupCall } from './setup-call.ts';

/** Who is to talk to a leg of another call, and the call that it talks in till then, where there is one. */
interface Joined {
  readonly trunk: Trunk;
  readonly flow: Flow;
  readonly call?: CallLeg['call'];
}

/**
 * Two that have come to each other from other calls have their place in sites and links in this one from now on, beside what they have
 * there until those are over. `offer`: what the first one says, '' when the other is to make the offer. It goes on without its picture
 * where that has no room. Or why they stay apart.
 */
export function placeToJoin(call: SetupCall, from: Joined, to: CallLeg, offer: Octets): Octets | Refusal {
  const { services } = call;
  const { room, occupancy, configuration } = services;
  if (!room.isLimited && !occupancy.limitsSites) return offer;
  const [here, there] = [from, to].map(({ trunk, flow }) => services.placeOf(trunk, flow.remote.host)) as [End, End];
  const instead = from.call ? [from.call, to.call] : [to.call];
  if (occupancy.limitsSites) {
    const sites = occupancy.beyond(chargedTo(here, there), instead);
    const full = isForHelp(from, to) ? undefined : occupancy.refusalAt(sites, call);
    if (full) {
      call.decide(ruleOf(to.trunk), `not brought together: ${describeFull(full)}`);
      return { status: 503, cause: byTandem('no-capacity', 503) };
    }
    occupancy.charge(sites, call);
  }
  if (!room.isLimited) return offer;
  const read = offer === '' ? undefined : readSdp(offer);
  const need = needOf(read && 'sdp' in read ? read.sdp : undefined);
  const way = wayOf(configuration, here, there, true);
  const voice = { audio: need.audio, video: 0 };
  const lacksVoice = room.refusal(way, voice, instead);
  const why = lacksVoice ?? (need.video > 0 ? room.refusal(way, need, instead) : undefined);
  if (why === undefined || isLetIn(call, from, to, why)) {
    room.take(call, [way], need, instead);
    return offer;
  }
  if (lacksVoice !== undefined) {
    call.decide(ruleOf(to.trunk), `not brought together: ${why}`);
    services.log('info', 'no-bandwidth', { call: call.id, from: from.trunk.name, to: to.trunk.name, why });
    return noRoom();
  }
  call.decide('media', `without picture: ${why}`);
  room.take(call, [way], voice, instead);
  return withoutPicture(offer);
}

function isForHelp(from: Joined, to: CallLeg): boolean {
  return callOf(to).isForHelp || (from.call !== undefined && (from.call as JoinableCall).isForHelp);
}

function isLetIn(call: SetupCall, from: Joined, to: CallLeg, why: string): boolean {
  const { user } = to.trunk;
  const by = isForHelp(from, to)
    ? 'since it is for help'
    : user && mayUse(call.services.configuration, user, 'bandwidth-override')
      ? 'as its policy says'
      : undefined;
  if (by !== undefined) call.decide(ruleOf(to.trunk), `let in, ${by}, though ${why}`);
  return by !== undefined;
}
