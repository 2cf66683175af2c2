import type { SipRequest } from '#codec/sip-message';
import { detach } from '#kernel';
import type { Flow } from '#sip/flow';
import type { CallLeg } from './call-leg.ts';
import type { CallSetup } from './call-setup.ts';
import type { CalleeSide } from './callee-side.ts';
import type { CallerSide } from './caller-side.ts';

interface KeptSetup {
  readonly flow: Flow;
  readonly invite: SipRequest;
  readonly callerSide: CallerSide;
  readonly attempt: CalleeSide | undefined;
}

/** What a restarted process needs to end a set-up. `joining`: who has answered, and is brought together with one that talks. */
export function keptOf(
  { flow, invite, callerSide, attempt }: KeptSetup,
  joining: { readonly attempt: CalleeSide; readonly leg: CallLeg } | undefined,
): ReturnType<CallSetup['kept']> {
  const record = joining?.attempt.winner?.record({ by: 'nobody', reason: 'hangup' }, 0);
  const [pending, ...alsoPending] = attempt?.pending() ?? [];
  const { octets, body } = invite.asCame ?? invite;
  return {
    flow,
    // Of the INVITE what it takes to answer it.
    ...callerSide.joins?.kept(),
    ...(callerSide.joins ? {} : { head: detach(octets.slice(0, octets.length - body.length)) }),
    ...(pending ? { pending } : {}),
    ...(alsoPending.length > 0 ? { alsoPending } : {}),
    ...(joining && record ? { answered: { leg: joining.leg.leavingState(), record } } : {}),
  };
}
