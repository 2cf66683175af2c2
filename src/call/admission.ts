import type { SessionDescription } from '#codec/sdp';
import type { SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { SessionTimer, usualSessionTimer } from '#sip/session-timer';
import { needOf, wayOf } from './bandwidth.ts';
import type { Refusal } from './call-setup.ts';
import { type CallerWants, wantsOf } from './caller-wants.ts';
import { byTandem } from './causes.ts';
import { type Identity, identityRefusal } from './identity/index.ts';
import type { SetupCall } from './setup-call.ts';

/** What a caller can and wants, or why its INVITE is refused before anybody is asked where it goes. */
export function admission(
  call: SetupCall,
  invite: SipRequest,
  identity: Identity,
  isForHelp: boolean,
  now: Instant,
): CallerWants | Refusal {
  const { services, source } = call;
  const wants = wantsOf(invite, source);
  // Nothing of what follows is worth a refusal then.
  if (isForHelp) return 'status' in wants ? { reliable: 'none', earlyEnds: false, earlyMedia: false } : wants;
  if ('status' in wants) return { ...wants, cause: byTandem('bad-request', wants.status) };
  const tooShort = new SessionTimer(source.sessionTimer ?? usualSessionTimer).refusal(invite);
  if (tooShort) return { ...tooShort, cause: byTandem('bad-request', tooShort.status) };
  for (const note of identity.notes) call.decide('identity', note);
  const unfit = identityRefusal(identity, services.configuration.media.mode === 'anchor');
  if (unfit) {
    call.decide('identity', unfit.text);
    return { status: unfit.status, cause: byTandem(unfit.reason, unfit.status) };
  }
  const full = services.occupancy.refusal(source, now.mono);
  if (!full) return wants;
  call.decide(`trunk ${source.name}`, `refused: its capacity (${full}) is used up`);
  return { status: 503, cause: byTandem('no-capacity', 503) };
}

/** Why a trunk can't carry the call now: it has as many as it may, or a link on the way has no room. */
export function crowded(
  call: SetupCall,
  trunk: Trunk,
  offer: SessionDescription | undefined,
  now: Instant,
): Refusal | undefined {
  const { services, source } = call;
  const full = services.occupancy.refusal(trunk, now.mono);
  if (full) {
    call.decide(`trunk ${trunk.name}`, `skipped: its capacity (${full}) is used up`);
    return { status: 503, cause: byTandem('no-capacity', 503) };
  }
  const { room } = services;
  const why = room.isLimited ? room.refusal(wayOf(services, source, trunk), needOf(offer)) : undefined;
  if (why === undefined) return undefined;
  call.decide(`trunk ${trunk.name}`, `skipped: ${why}`);
  // RFC 3261 20.43: 370 is for want of bandwidth.
  return {
    status: 606,
    headers: [['Warning', '370 tandem "Insufficient bandwidth"']],
    cause: byTandem('no-bandwidth', 606),
  };
}

/** The call takes its part of the links to the trunk that it tries. */
export function takeRoom(call: SetupCall, trunk: Trunk, offer: SessionDescription | undefined): void {
  const { services, source } = call;
  if (services.room.isLimited) services.room.take(call, wayOf(services, source, trunk), needOf(offer));
}
