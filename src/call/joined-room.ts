import type { Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { mayUse } from '#policy/routing';
import type { Flow } from '#sip/flow';
import { needOf, wayOf, withoutPicture } from './bandwidth.ts';
import type { CallLeg } from './call-leg.ts';
import { callOf } from './joinable-call.ts';
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
 * Two that have come to each other from other calls have their room in this one from now on; what they had there they have until those
 * are over. `offer`: what the first one says, '' when the other is to make the offer. It goes on without its picture where that has no
 * room. Undefined: there is none for the voice.
 */
export function roomToJoin(call: SetupCall, from: Joined, to: CallLeg, offer: Octets): Octets | undefined {
  const { services } = call;
  const { room, configuration } = services;
  if (!room.isLimited) return offer;
  const read = offer === '' ? undefined : readSdp(offer);
  const need = needOf(read && 'sdp' in read ? read.sdp : undefined);
  const way = wayOf(
    configuration,
    services.placeOf(from.trunk, from.flow.remote.host),
    services.placeOf(to.trunk, to.flow.remote.host),
    true,
  );
  const instead = from.call ? [from.call, to.call] : [to.call];
  const voice = { audio: need.audio, video: 0 };
  const lacksVoice = room.refusal(way, voice, instead);
  const why = lacksVoice ?? (need.video > 0 ? room.refusal(way, need, instead) : undefined);
  if (why === undefined || isLetIn(call, to, why)) {
    room.take(call, [way], need, instead);
    return offer;
  }
  if (lacksVoice !== undefined) {
    call.decide(ruleOf(to.trunk), `not brought together: ${why}`);
    services.log('info', 'no-bandwidth', { call: call.id, from: from.trunk.name, to: to.trunk.name, why });
    return undefined;
  }
  call.decide('media', `without picture: ${why}`);
  room.take(call, [way], voice, instead);
  return withoutPicture(offer);
}

function isLetIn(call: SetupCall, to: CallLeg, why: string): boolean {
  const { user } = to.trunk;
  const by = callOf(to).isForHelp
    ? 'since its call is one for help'
    : user && mayUse(call.services.configuration, user, 'bandwidth-override')
      ? 'as its policy says'
      : undefined;
  if (by !== undefined) call.decide(ruleOf(to.trunk), `let in, ${by}, though ${why}`);
  return by !== undefined;
}
