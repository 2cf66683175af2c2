import type { Octets } from '#kernel';
import { causeOfReason, type DiversionReason, type Diverted } from './history.ts';
import type { Identity } from './identity.ts';

/** A redirection of ours (RFC 3261 8.1.3.4) that leads to another number. */
export interface Redirection {
  /** Who was called first. */
  readonly first: Octets;
  /** Who was called last, and redirected. */
  readonly by: Octets;
  /** How many of them, that one's included. */
  readonly times: number;
  /** Unconditionally unless given. */
  readonly why?: DiversionReason | undefined;
}

/** The identity of a call that was redirected on its way: who did it is part of its history (RFC 7044 9.1, RFC 5806 6). */
export function redirected(identity: Identity, { first, by, times, why = 'unconditional' }: Redirection): Identity {
  const cause = causeOfReason(why);
  const entry = (user: Octets, count: number): Diverted => ({
    who: { display: '', scheme: 'sip', user, phone: identity.phone },
    reason: why,
    cause,
    count,
    private: identity.privacy.history,
  });
  const passed = times > 1 ? [entry(first, 1), entry(by, times - 1)] : [entry(by, 1)];
  return { ...identity, cause, history: [...identity.history, ...passed] };
}
