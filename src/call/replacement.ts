import type { SipRequest } from '#codec/sip-message';
import { detach, type Instant } from '#kernel';
import { dialogOfServer } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { ServerTransaction } from '#sip/transaction';
import { parseReplaces, type Replaces } from '#sip/transfer';
import { faceAt } from './addressed.ts';
import { admission } from './admission.ts';
import { apart } from './apart.ts';
import { CallLeg, listenerOf } from './call-leg.ts';
import type { CallSetup, Refusal } from './call-setup.ts';
import { byTandem } from './causes.ts';
import { readIdentity } from './identity/index.ts';
import { introductionOf } from './introduction.ts';
import { JoinAsker } from './join-asker.ts';
import { callOf } from './joinable-call.ts';
import { placeToJoin } from './joining-place.ts';
import { MediaBridge, readSdp } from './media-bridge.ts';
import { seat } from './media-seats.ts';
import type { CallServices, Party } from './services.ts';
import type { SetupCall } from './setup-call.ts';
import { linesTold, sessionOf } from './told-session.ts';

/** The leg that a dialog identifier of a peer's names, when it is one of ours. */
export function legNamed(services: CallServices, { callId, toTag, fromTag }: Replaces): CallLeg | undefined {
  const found = services.dialogs.find(callId, toTag, fromTag);
  return found instanceof CallLeg ? found : undefined;
}

/** Who speaks for one trunk may take the place of its own legs only; phones and exchanges inside of each other's too (RFC 3891 5). */
export function mayReplace(leg: CallLeg, by: CallLeg['trunk']): boolean {
  // A user's devices have one each, on the side that they are on.
  const isSame = leg.trunk.name === by.name && leg.trunk.user?.name === by.user?.name;
  return isSame || (leg.trunk.side === 'internal' && by.side === 'internal');
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
    const replaced = this.#found(invite, now);
    const partner = replaced && callOf(replaced).otherLeg(replaced);
    if (!partner) return;
    const admitted = admission(
      call,
      invite,
      readIdentity(invite, source, { user: call.calledUser, phone: false }),
      false,
      now,
    );
    if ('status' in admitted) return this.#refuse(admitted, now);
    services.occupancy.take(source, call, now.mono);
    const body = placeToJoin(call, { trunk: source, flow: this.#flow }, partner, detach(invite.body));
    if (typeof body === 'object') return this.#refuse(body, now);
    const listener = listenerOf(services, source, this.#flow)!;
    const caller = new CallLeg(call, 'a', source, dialogOfServer(invite, this.tag), this.#flow, listener);
    caller.peer.learn(invite);
    caller.meets(introductionOf(partner, replaced.beyond), partner.trunk);
    this.#caller = caller;
    const sessionId = String(services.random.integer(2 ** 31));
    const media = MediaBridge.fresh(call.id, [sessionId, sessionId], services.random);
    media.attach('a', faceAt(services, source, this.#flow), this.#flow.transport);
    media.attach('b', faceAt(services, partner.trunk, partner.flow), partner.flow.transport);
    const offer = readSdp(body);
    if (!('fault' in offer)) seat(media, offer.sdp, linesTold(partner));
    call.media = media;
    call.decide('replaces', `takes the place of a leg of call ${partner.call.id}`);
    const joining = {
      leg: caller,
      body,
      side: 'a',
      call,
      to: partner,
      session: sessionOf(partner),
      introduction: invite,
      invites: true,
    } as const;
    this.#asker = new JoinAsker(
      joining,
      {
        accepted: (body, delayed, at) => {
          this.#over = true;
          this.#server.owner = undefined;
          caller.accept(this.#server, invite.cseq.number, body, delayed, at);
          callOf(partner).dissolve(partner, call, undefined, at);
          partner.joins(call, 'b');
          call.answered(caller, partner, undefined, undefined, at);
        },
        refused: (said, at) => {
          // RFC 3891 3: the dialog has ended meanwhile.
          const status = said === 487 ? 603 : said;
          this.#refuse({ status, cause: byTandem('rejected', status) }, at);
        },
      },
      now,
    );
    this.#asker.begin(now);
    // Who has heard 100 is told by the next process, should we die.
    if (!this.#over) call.checkpoint();
  }

  /** The leg that is named (RFC 3891 3); else the INVITE has been refused. */
  #found(invite: SipRequest, now: Instant): CallLeg | undefined {
    const { call } = this;
    const { services, source } = call;
    const refuse = (status: number, why: string): undefined => {
      call.decide('replaces', `refused: ${why}`);
      this.#refuse({ status, cause: byTandem('bad-request', status) }, now);
    };
    const named = invite.all('replaces');
    // RFC 3911 4: who can't mix says so.
    if (named.length === 0) return refuse(488, 'nobody is joined to a call here');
    const replaces = parseReplaces(named[0]!);
    if (!replaces || named.length > 1 || invite.get('join') !== undefined)
      return refuse(400, 'no dialog is named that can be read');
    if (services.configuration.media.mode !== 'anchor') return refuse(488, 'media is not anchored');
    const leg = legNamed(services, replaces);
    if (!leg) return refuse(481, 'there is no such dialog');
    if (!leg.isAlias(replaces) && !mayReplace(leg, source))
      return refuse(403, `the dialog is one of trunk ${leg.trunk.name}`);
    const of = callOf(leg);
    if (of.phase === 'ended' || leg.isEnding) return refuse(603, 'its call has ended');
    if (of.phase !== 'answered' && leg.isConfirmed) {
      call.decide('replaces', 'refused for now: who it is to talk to is still being asked');
      this.#refuse({ status: 500, headers: [['Retry-After', '1']], cause: byTandem('rejected', 500) }, now);
      return undefined;
    }
    if (of.phase !== 'answered' || !of.otherLeg(leg)) return refuse(481, 'its call is not answered');
    if (replaces.earlyOnly) return refuse(486, 'its call is answered already');
    const by = { trunk: source, flow: this.#flow };
    if (apart(services, by, of.otherLeg(leg)!, (why) => call.decide('replaces', why)))
      return refuse(403, 'rules of location');
    return leg;
  }

  onCancel(now: Instant): void {
    this.#refuse({ status: 487, cause: { by: 'caller', reason: 'cancelled' } }, now);
  }

  end(refusal: Refusal, now: Instant): void {
    this.#refuse(refusal, now);
  }

  otherLeg(): undefined {}
  hungUp(): void {}
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

  #refuse({ status, phrase, headers = [], cause }: Refusal, now: Instant): void {
    if (this.#over) return;
    this.#over = true;
    this.#asker?.withdraw(now);
    const { call } = this;
    const response = { status, toTag: this.tag, headers, ...(phrase === undefined ? {} : { phrase }) };
    const octets = call.services.transactions.respond(this.#server, response, now.mono);
    this.#server.owner = undefined;
    this.#caller?.forget();
    this.#invite = undefined;
    call.refused(cause, { flow: this.#flow, octets }, now);
  }
}
