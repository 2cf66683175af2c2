import type { Authorised, Tried } from '#codec/digest';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Listener, Trunk } from '#policy/configuration';
import { type Dialog, inOrder, refreshTarget, routingOf } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ClientTransaction, ServerTransaction } from '#sip/transaction';
import { listenerOf } from '../call-leg.ts';
import { dialogRequest, dialogTarget } from '../dialog-target.ts';
import { contactOf } from '../headers.ts';
import { MessageRules } from '../message-rules.ts';
import type { CallHandle, CallServices, DialogUser, Party } from '../services.ts';

/** Whose leg it is. */
export interface SubscriptionLegOwner extends CallHandle {
  asked(leg: SubscriptionLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void;
}

/** The part of a leg that a checkpoint keeps. */
export interface SubscriptionLegState {
  readonly trunk: string;
  readonly flow: Flow;
  readonly dialog: Dialog;
}

/** One side of a subscription: its dialog. We are the notifier to one side, and the subscriber to the other. */
export class SubscriptionLeg implements DialogUser {
  readonly call: SubscriptionLegOwner;
  readonly trunk: Trunk;
  readonly dialog: Dialog;
  readonly rewriter: MessageRules | undefined;
  readonly #listener: Listener;
  flow: Flow;

  constructor(call: SubscriptionLegOwner, trunk: Trunk, dialog: Dialog, flow: Flow, listener: Listener) {
    this.call = call;
    this.trunk = trunk;
    this.dialog = dialog;
    this.flow = flow;
    this.#listener = listener;
    const ruled = { trunk, our: listener.advertise, peer: flow.remote, within: true, side: undefined } as const;
    this.rewriter = MessageRules.of(call.services, ruled);
    call.services.dialogs.add(dialog.callId, dialog.localTag, dialog.remoteTag, this);
  }

  /** Our Contact on this side. */
  get contact(): string {
    return legContact(this.call.services, this.trunk, this.flow, this.#listener);
  }

  onRequest(server: ServerTransaction<Party>, request: SipRequest, flow: Flow, now: Instant): void {
    if (!inOrder(this.dialog, request))
      return void this.call.services.transactions.respond(server, { status: 500 }, now.mono);
    this.dialog.remoteCSeq = request.cseq.number;
    // A device is where it was heard last: its NAT may have given it another port.
    if (flow.connection !== undefined || this.trunk.user) this.flow = flow;
    this.call.asked(this, server, request, now);
  }

  onAck(): void {}
  onStrayAnswer(): void {}

  request(
    method: string,
    headers: readonly Header[],
    body: Octets,
    party: Party,
    now: Instant,
  ): ClientTransaction<Party> {
    this.dialog.localCSeq++;
    const { transactions, trunks } = this.call.services;
    const plain = dialogRequest(this.dialog, method, this.dialog.localCSeq, headers, body);
    const request = this.rewriter?.request(plain) ?? plain;
    const known = headers.some(([name]) => name === 'Authorization' || name === 'Proxy-Authorization');
    const added = known ? [] : trunks.beforehand(this.trunk, request).headers;
    return transactions.request(
      added.length === 0 ? request : { ...request, headers: [...request.headers, ...added] },
      dialogTarget(this.call.services, this.trunk, this.dialog, this.flow),
      party,
      now.mono,
    );
  }

  credentialsFor(response: SipResponse, method: string, body: Octets, tried: Tried): Authorised | undefined {
    if (response.status !== 401 && response.status !== 407) return undefined;
    const { uri } = routingOf(this.dialog);
    const answer = this.call.services.trunks.authorized(this.trunk, response, { method, uri, body }, tried);
    return answer.kind === 'refused' ? undefined : answer;
  }

  /** True when the peer has moved (RFC 6665 4.4.1: SUBSCRIBE and NOTIFY refresh targets). */
  moved(message: SipRequest | SipResponse): boolean {
    return refreshTarget(this.dialog, message);
  }

  forget(): void {
    const { callId, localTag, remoteTag } = this.dialog;
    this.call.services.dialogs.remove(callId, localTag, remoteTag);
  }

  state(): SubscriptionLegState {
    return { trunk: this.trunk.name, flow: this.flow, dialog: this.dialog };
  }
}

/** The leg of a process that died, or undefined when its trunk or socket is not there any more. */
export function restoredLeg(call: SubscriptionLegOwner, state: SubscriptionLegState): SubscriptionLeg | undefined {
  const { services } = call;
  const trunk = services.trunks.named(state.trunk, state.flow);
  const listener = trunk && listenerOf(services, trunk, state.flow);
  if (!trunk || !listener) return undefined;
  // Its requests may have used higher CSeqs than it kept: gaps are allowed (RFC 3261 12.2.1.1).
  const dialog = { ...state.dialog, localCSeq: state.dialog.localCSeq + 1000 };
  return new SubscriptionLeg(call, trunk, dialog, state.flow, listener);
}

export function legContact(services: CallServices, trunk: Trunk, flow: Flow, listener: Listener): string {
  return contactOf(flow.transport, listener.advertise, services.trunks.way(trunk).contactUser);
}
