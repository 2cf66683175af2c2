import { forwardings, mostForwardings } from './history.ts';
import type { Identity } from './identity.ts';

/** Why a call can't be carried as its INVITE asks. */
export interface IdentityRefusal {
  readonly status: number;
  readonly reason: 'loop' | 'bad-request';
  /** For the decision trace. */
  readonly text: string;
}

/** `anchored`: its media is relayed. */
export function identityRefusal({ history, privacy }: Identity, anchored: boolean): IdentityRefusal | undefined {
  const times = forwardings(history);
  if (times > mostForwardings)
    return { status: 482, reason: 'loop', text: `refused: forwarded ${times} times, more than ${mostForwardings}` };
  // RFC 3323 5: who can't give what is critical refuses.
  if (privacy.session && privacy.critical && !anchored)
    return { status: 500, reason: 'bad-request', text: 'refused: media that is not relayed shows where it comes from' };
  return undefined;
}
