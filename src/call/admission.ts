import type { SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import { SessionTimer, usualSessionTimer } from '#sip/session-timer';
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
  now: Instant,
): CallerWants | Refusal {
  const { services, source } = call;
  const wants = wantsOf(invite, source);
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
