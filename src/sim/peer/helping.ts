import type { SipRequest } from '#codec/sip-message';
import { type Helper, helpNumber, relayNumber } from '../organisation/organisation.ts';
import type { CalleePlan } from './plan.ts';

/** Where calls for help end, or people who ask where that is to come to. */
export function isHelp(number: string): boolean {
  return number === helpNumber || number === relayNumber;
}

/** What becomes of such a call, in place of what would become of another. */
export function helpingPlan(plan: CalleePlan, helper: Helper, invite: SipRequest): CalleePlan {
  const calm = { ...plan, forks: 1, progress: [], second: undefined, bad: undefined, early: [] };
  // Sooner than any trunk has to say something.
  const after = Math.min(plan.final?.after ?? 1_000, 3_000);
  switch (helper) {
    case 'answers':
      return { ...calm, final: { after, status: 200 } };
    case 'silent':
      return { ...calm, final: undefined };
    case 'refuses':
      return { ...calm, final: { after, status: [486, 503, 403, 603, 404][invite.callId.length % 5]! } };
    case 'no place':
      return { ...calm, final: { after, status: invite.get('geolocation') === undefined ? 200 : 424 } };
  }
}
