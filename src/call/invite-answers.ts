import type { SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Listener, Trunk } from '#policy/configuration';
import { dialogOfClient } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ClientFailure, ClientTransaction } from '#sip/transaction';
import { CallLeg, type LegOwner } from './call-leg.ts';
import type { Fork } from './fork.ts';
import type { Beyond } from './passing/beyond.ts';
import type { Party } from './services.ts';

/** Forks of one attempt whose progress is heeded, and late answers that are acknowledged and hung up (docs/limits.md). */
export const maxForks = 40;

/** A call that answers may come to too late. */
export interface AnsweredCall extends LegOwner {
  /** A leg that nobody talks on: to be forgotten with the call. */
  spare(leg: CallLeg): void;
}

/** What an attempt leaves behind: enough to hang up on who answers it too late. */
export interface Remains {
  readonly trunk: Trunk;
  readonly localTag: string;
  /** The Request-URI. */
  readonly uri: Octets;
  readonly listener: Listener;
  readonly beyond: Beyond;
  readonly forks: ReadonlyMap<string, Fork>;
}

/**
 * Hears what comes of an attempt's INVITEs: for the attempt, and once that is over by itself. Their transactions linger for 32 s and
 * hold on to it, so it is small.
 */
export class InviteAnswers implements Party {
  readonly call: AnsweredCall;
  #attempt: Party | undefined;
  #remains: Remains | undefined;
  /** Dialogs that nobody waited for. */
  #late = 0;

  constructor(call: AnsweredCall, attempt: Party) {
    this.call = call;
    this.#attempt = attempt;
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    if (transaction.method !== 'INVITE') return; // The answer to our CANCEL.
    if (this.#attempt) this.#attempt.onResponse(response, transaction, now);
    else if (response.status >= 200 && response.status < 300)
      this.late(response, this.#remains!, transaction.flow, now);
  }

  onFailure(failure: ClientFailure, reason: string, now: Instant): void {
    this.#attempt?.onFailure(failure, reason, now);
  }

  /** The attempt is over. */
  leave(remains: Remains): void {
    this.#attempt = undefined;
    this.#remains = remains;
  }

  /** A 2xx nobody waits for: another fork's, or one that crossed our CANCEL (RFC 3261 9.1, 13.2.2.4). */
  late(
    response: SipResponse,
    { trunk, localTag, uri, listener, beyond, forks }: Remains,
    flow: Flow,
    now: Instant,
  ): void {
    const tag = response.to.tag ?? '';
    const known = this.call.services.dialogs.find(response.callId, localTag, tag);
    if (known) {
      known.onStrayAnswer(response, now); // It came again: its ACK was lost.
      return;
    }
    if (++this.#late > maxForks) return; // The rest gives up by itself.
    const dialog = dialogOfClient(response, uri);
    // Its early dialog may have had requests of ours.
    dialog.localCSeq = Math.max(dialog.localCSeq, forks.get(tag)?.lastCSeq ?? 0);
    const leg = new CallLeg(this.call, 'b', trunk, dialog, flow, listener, response.cseq.number);
    leg.beyond = beyond;
    leg.acknowledge(response.cseq.number, '');
    this.call.spare(leg);
    leg.hangUp(now, undefined);
  }
}
