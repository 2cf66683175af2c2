import type { SipRequest } from '#codec/sip-message';
import { detach, type Instant } from '#kernel';
import { dialogOfServer } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ServerTransaction } from '#sip/transaction';
import { parseReplaces, type Replaces } from '#sip/transfer';
import { CallLeg, listenerOf } from './call-leg.ts';
import type { CallSetup, Refusal } from './call-setup.ts';
import { byTandem } from './causes.ts';
import { JoinAsker } from './join-asker.ts';
import { callOf } from './joinable-call.ts';
import { MediaBridge } from './media-bridge.ts';
import type { CallServices, Party } from './services.ts';
import type { SetupCall } from './setup-call.ts';

/** The leg that a dialog identifier of a peer's names, when it is one of ours. */
export function legNamed(services: CallServices, { callId, toTag, fromTag }: Replaces): CallLeg | undefined {
  const found = services.dialogs.find(callId, toTag, fromTag);
  return found instanceof CallLeg ? found : undefined;
}

/** Who speaks for one trunk may take the place of its own legs only; phones and exchanges inside of each other's too (RFC 3891 5). */
export function mayReplace(leg: CallLeg, by: CallLeg['trunk']): boolean {
  return leg.trunk === by || (leg.trunk.side === 'internal' && by.side === 'internal');
}

/** An INVITE that is to take the place of a leg (RFC 3891): who that leg talks to is offered what the INVITE brings. */
export class Replacement implements CallSetup, Party {
  readonly call: SetupCall;
  readonly tag: string;
  readonly awaitsPorts = false;
  readonly trying = undefined;
  readonly #server: ServerTransaction<Party>;
  readonly #flow: Flow;
  #invite: SipRequest | undefined;
  #caller: CallLeg | undefined;
  /** Who is asked to talk to it. */
  #partner: CallLeg | undefined;
  #asker: JoinAsker | undefined;
  #over = false;

  constructor(call: SetupCall, server: ServerTransaction<Party>, invite: SipRequest, flow: Flow, tag: string) {
    this.call = call;
    this.tag = tag;
    this.#server = server;
    this.#invite = invite;
    this.#flow = flow;
    server.owner = this;
  }

  begin(now: Instant): void {
    const { call } = this;
    const { services, source } = call;
    const invite = this.#invite!;
    services.transactions.respond(this.#server, { status: 100 }, now.mono);
    const partner = this.#found(invite, now);
    if (!partner) return;
    const full = services.occupancy.refusal(source, now.mono);
    if (full) {
      call.decide(`trunk ${source.name}`, `refused: its capacity (${full}) is used up`);
      return this.#refuse({ status: 503, cause: byTandem('no-capacity', 503) }, now);
    }
    services.occupancy.take(source, call, now.mono);
    const listener = listenerOf(services, source, this.#flow)!;
    const caller = new CallLeg(call, 'a', source, dialogOfServer(invite, this.tag), this.#flow, listener);
    caller.peer.learn(invite);
    this.#caller = caller;
    this.#partner = partner;
    const sessionId = String(services.random.integer(2 ** 31));
    const media = MediaBridge.fresh(call.id, [sessionId, sessionId], services.random);
    media.attach('a', source, this.#flow.transport);
    media.attach('b', partner.trunk, partner.flow.transport);
    media.follow('b', partner.call.media?.state[partner.side]);
    call.media = media;
    call.decide('replaces', `takes the place of ${partner.call.id}`);
    this.#asker = new JoinAsker(
      caller,
      detach(invite.body),
      { call, to: partner },
      {
        accepted: (body, delayed, at) => {
          this.#over = true;
          this.#server.owner = undefined;
          caller.accept(this.#server, invite.cseq.number, body, delayed, at);
          callOf(partner).dissolve(partner, call, undefined, at);
          partner.joins(call, 'b');
          call.answered(caller, partner, undefined, undefined, at);
        },
        refused: (status, at) => this.#refuse({ status, cause: byTandem('rejected', status) }, at),
      },
      now,
    );
    callOf(partner).enqueue(this.#asker, now);
  }

  /** Who talks to the leg that is named (RFC 3891 3); else the INVITE has been refused. */
  #found(invite: SipRequest, now: Instant): CallLeg | undefined {
    const { call } = this;
    const { services, source } = call;
    const refuse = (status: number, why: string): undefined => {
      call.decide('replaces', `refused: ${why}`);
      this.#refuse({ status, cause: byTandem('bad-request', status) }, now);
    };
    const replaces = parseReplaces(invite.get('replaces') ?? '');
    if (!replaces || invite.get('join') !== undefined) return refuse(400, 'no dialog is named that can be read');
    if (services.configuration.media.mode !== 'anchor') return refuse(488, 'media is not anchored');
    const leg = legNamed(services, replaces);
    if (!leg) return refuse(481, 'there is no such dialog');
    if (!leg.isAlias(replaces) && !mayReplace(leg, source))
      return refuse(403, `the dialog is one of trunk ${leg.trunk.name}`);
    const partner = leg.call.otherLeg(leg);
    if (leg.call.phase === 'ended') return refuse(603, 'its call has ended');
    if (!partner || leg.call.phase !== 'answered' || partner.call !== leg.call)
      return refuse(481, 'its call is not answered');
    if (replaces.earlyOnly) return refuse(486, 'its call is answered already');
    return partner;
  }

  onCancel(now: Instant): void {
    this.#withdraw(now);
    this.#refuse({ status: 487, cause: { by: 'caller', reason: 'cancelled' } }, now);
  }

  end(refusal: Refusal, now: Instant): void {
    this.#withdraw(now);
    this.#refuse(refusal, now);
  }

  otherLeg(): undefined {}
  hungUp(): void {}
  enqueue(): void {}
  onResponse(): void {}
  onFailure(): void {}

  pracked(_leg: CallLeg, server: ServerTransaction<Party>, _prack: unknown, now: Instant): void {
    this.call.services.transactions.respond(server, { status: 481 }, now.mono);
  }

  updated(leg: CallLeg, server: ServerTransaction<Party>, _update: unknown, now: Instant): void {
    this.pracked(leg, server, undefined, now);
  }

  kept(): ReturnType<CallSetup['kept']> {
    const { octets, body } = this.#invite!.asCame ?? this.#invite!;
    return { flow: this.#flow, head: octets.slice(0, octets.length - body.length) };
  }

  #withdraw(now: Instant): void {
    if (this.#asker && this.#partner) callOf(this.#partner).withdraw(this.#asker, now);
    this.#asker?.close();
  }

  #refuse({ status, phrase, headers = [], cause }: Refusal, now: Instant): void {
    if (this.#over) return;
    this.#over = true;
    this.#asker?.close();
    const { call } = this;
    const response = { status, toTag: this.tag, headers, ...(phrase === undefined ? {} : { phrase }) };
    const octets = call.services.transactions.respond(this.#server, response, now.mono);
    this.#server.owner = undefined;
    const { media } = call;
    if (media && this.#partner) this.#partner.call.media?.follow(this.#partner.side, media.state.b);
    this.#caller?.forget();
    this.#invite = undefined;
    call.refused(cause, { flow: this.#flow, octets }, now);
  }
}
