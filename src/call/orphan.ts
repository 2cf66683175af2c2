import type { AttemptRecord, EndCause } from '#cdr';
import { parseUri, type SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { dialogOfClient } from '#sip/dialog';
import { describeFlow } from '#sip/flow';
import type { ClientTransaction } from '#sip/transaction';
import { CallLeg } from './call-leg.ts';
import type { PendingInvite } from './callee-side.ts';
import { type AnsweredCall, maxForks } from './invite-answers.ts';
import type { Party } from './services.ts';

interface OrphanOwner extends AnsweredCall {
  readonly caller: Octets;
}

/** An INVITE whose process died while it rang: cancelled, and hung up should it be answered all the same. */
export class Orphan implements Party {
  readonly call: OrphanOwner;
  readonly #trunk: Trunk;
  readonly #pending: PendingInvite;
  /** Dialogs that its answers made. */
  #late = 0;

  private constructor(call: OrphanOwner, trunk: Trunk, pending: PendingInvite) {
    this.call = call;
    this.#trunk = trunk;
    this.#pending = pending;
  }

  static cancel(call: OrphanOwner, trunk: Trunk, pending: PendingInvite, now: Instant): Orphan {
    const orphan = new Orphan(call, trunk, pending);
    const { transactions } = call.services;
    const { request, flow, branch } = pending;
    transactions.cancelInvite(transactions.resumeInvite(request, flow, branch, orphan, now.mono), now.mono);
    return orphan;
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    if (transaction.method !== 'INVITE' || response.status < 200 || response.status >= 300) return;
    const { services } = this.call;
    const dialog = dialogOfClient(response, this.#pending.request.uri);
    const known = services.dialogs.find(dialog.callId, dialog.localTag, dialog.remoteTag);
    if (known) return known.onStrayAnswer(response, now);
    const listener = services.configuration.listeners.find(({ id }) => id === this.#pending.flow.listener);
    if (!listener || ++this.#late > maxForks) return;
    const leg = new CallLeg(this.call, 'b', this.#trunk, dialog, this.#pending.flow, listener);
    leg.acknowledge(response.cseq.number, '');
    this.call.spare(leg);
    leg.hangUp(now, undefined);
  }

  onFailure(): void {}
  onCancel(): void {}

  record(end: EndCause, endedAt: number): AttemptRecord {
    const { request, flow } = this.#pending;
    const tag = /;tag=([^;]+)$/.exec(request.from)?.[1] ?? '';
    return {
      leg: {
        trunk: this.#trunk.name,
        remote: describeFlow(flow),
        callId: request.callId,
        localTag: tag,
        remoteTag: '',
      },
      caller: this.call.caller,
      called: parseUri(request.uri)?.user ?? '',
      startedAt: this.#pending.startedAt ?? endedAt,
      endedAt,
      end,
    };
  }
}
