import type { Tried } from '#codec/digest';
import type { MediaResponse } from '#codec/media-control';
import { type Header, parseDeltaSeconds, type SipRequest, type SipResponse } from '#codec/sip-message';
import { type Deadline, detach, type Instant, type Octets } from '#kernel';
import type { ClientFailure, ClientTransaction, Sleeper } from '#sip/transaction';
import { anchoring } from './anchoring.ts';
import type { AnswerTaker } from './answer.ts';
import { OwnAsker, PeerAsker } from './asker.ts';
import { claimRoom, withoutPicture } from './bandwidth.ts';
import type { CallLeg } from './call-leg.ts';
import { passedStatus } from './causes.ts';
import { readSdp } from './media-bridge.ts';
import { isSameSession } from './same-session.ts';
import { type MediaWaiter, mediaPatience, type Party } from './services.ts';
import { missed, refusedOffer } from './told-session.ts';
import type { AnsweredCall, Asker, Turn, TurnKeeper } from './turn.ts';

type State = 'ports' | 'asking' | 'pausing' | 'answer-ports' | 'accepted' | 'over';

/** Times that a request is sent to a peer which has something to say itself just then. */
const maxTries = 4;

/**
 * An offer of one leg carried to the other, or the question for one: hold, codec or address change, refresh. It goes by
 * INVITE or UPDATE as each side can. Offer and answer pass through; the media plan changes only when the other side has
 * accepted, so a refusal leaves the call as it was (RFC 3261 14.1).
 */
export class Exchange implements Party, MediaWaiter, Sleeper, AnswerTaker, Turn {
  readonly call: AnsweredCall;
  readonly asker: Asker;
  readonly to: CallLeg;
  readonly #turns: TurnKeeper;
  #state: State = 'ports';
  #client: ClientTransaction<Party> | undefined;
  /** As which our request goes: UPDATE where it came so and the peer takes it. */
  #method: 'INVITE' | 'UPDATE';
  /** The body of our request, and what it has tried to satisfy challenges. */
  #sent: Octets = '';
  #tried: Tried = [];
  #tries = 0;
  /** Media went past us until its offer came. */
  #anchors = false;
  /** The asker has given up. */
  #unwanted = false;
  /** The offer in the other side's 2xx, and its CSeq: its ACK is to carry the answer. */
  #offered: Octets = '';
  #answerCSeq = 0;
  #deadline: Deadline<Sleeper> | undefined;

  constructor(call: AnsweredCall, turns: TurnKeeper, asker: Asker, to: CallLeg) {
    this.call = call;
    this.#turns = turns;
    this.asker = asker;
    this.to = to;
    this.#method = asker.method === 'UPDATE' && to.peer.allows('UPDATE') ? 'UPDATE' : 'INVITE';
  }

  get from(): CallLeg {
    return this.asker.leg;
  }

  asks(leg: CallLeg): boolean {
    return leg === this.to && (this.#state === 'ports' || this.#state === 'asking');
  }

  givesWay(leg: CallLeg, now: Instant): boolean {
    if (leg !== this.to || this.#state !== 'pausing') return false;
    // The two have crossed: theirs goes first. Who asked by himself is told so; what is ours comes again.
    if (this.asker instanceof PeerAsker) this.asker.refuse(491, undefined, now);
    this.#leave('over');
    this.#giveBack();
    return true;
  }

  begin(now: Instant): void {
    const { across, body } = this.asker;
    across?.begins();
    if (!across) this.#anchor(this.from, this.to, body);
    const { media } = this.call;
    if (media?.isLost && !this.asker.silent) media.leavePorts();
    const lacking = across || this.call.isForHelp ? undefined : claimRoom(this.call, body);
    if (lacking !== undefined) {
      this.call.decide(`trunk ${this.from.trunk.name}`, `its offer is refused: ${lacking}`);
      return this.#refuse(488, 'Insufficient Bandwidth', now);
    }
    if (!media || body === '') return this.#send(body, now);
    const read = readSdp(body);
    if ('fault' in read) return this.#refuse(400, `Bad SDP: ${read.fault}`, now);
    const fault = media.offer(across?.side ?? this.from.side, read.sdp);
    if (fault !== undefined) return this.#refuse(488, undefined, now);
    if (media.room()) this.#awaitPorts('ports', now);
    else this.#sendOffer(now);
  }

  /** Media that goes past us may not any more, by what this one offers the other. */
  #anchor(from: CallLeg, to: CallLeg, offer: Octets): void {
    const media = offer === '' || this.call.media ? undefined : anchoring(this.call, from, to, offer);
    if (!media) return;
    this.#anchors = true;
    this.call.anchor(media);
  }

  // --- the media process -------------------------------------------------------------------------------------------

  onMedia(response: MediaResponse, now: Instant): void {
    if (this.#state !== 'ports' && this.#state !== 'answer-ports') return;
    this.#clear();
    if (response.kind !== 'applied') return this.#noPorts(now);
    const { media } = this.call;
    // A new media process has begun the session anew: what was told to both sides is not there any more.
    if (!media) return;
    if (!media.isAt(response.streams) && !this.call.mediaMoved(now)) return this.call.terminate('media-lost', now);
    media.allocated(response.streams);
    if (this.#state === 'ports') this.#sendOffer(now);
    else this.#acceptWithOffer(now);
  }

  #awaitPorts(state: 'ports' | 'answer-ports', now: Instant): void {
    this.#leave(state);
    this.call.orderMedia(this);
    this.#deadline = this.call.services.deadlines.set('media', this, now.mono + mediaPatience);
  }

  #noPorts(now: Instant): void {
    if (this.#answerCSeq > 0) this.to.acknowledge(this.#answerCSeq, '');
    this.#refuse(500, 'No media ports', now);
  }

  onMediaUnanswered(): void {
    if (this.#state === 'ports' || this.#state === 'answer-ports') this.call.orderMedia(this);
  }

  // --- our request -------------------------------------------------------------------------------------------------

  #sendOffer(now: Instant): void {
    const offer = this.call.media!.translateOffer();
    if ('body' in offer) this.#send(offer.body, now);
    else this.#refuse(488, undefined, now);
  }

  #send(body: Octets, now: Instant): void {
    this.#sent = body;
    const { asker, to } = this;
    if (asker instanceof OwnAsker && !asker.insists && isSameSession(body, to.said)) {
      // News for us alone: what the other leg is told is what it knows.
      this.#sent = to.said;
      return this.#agree(to.heard, now);
    }
    this.#ask([], now);
  }

  #ask(credentials: readonly Header[], now: Instant): void {
    this.#leave('asking');
    // A process that dies under it must know the version of o= that this peer has seen (RFC 3264 8).
    if (this.#tries++ === 0 && this.#sent !== this.to.said) {
      this.asker.across?.asks();
      this.call.checkpoint();
    }
    this.#deadline = this.call.services.deadlines.set('exchange', this, Math.max(now.mono + 1, this.asker.until));
    this.#client = this.to.ask(this.#method, this.#sent, credentials, this, now);
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { status } = response;
    if (status < 200 || transaction.method === 'CANCEL') return;
    if (status < 300) return this.#accepted(response, transaction, now);
    if (this.#state !== 'asking' || transaction !== this.#client) return;
    if (!this.#unwanted && this.#again(response, now)) return;
    // RFC 3261 12.2.1.2: the peer has lost the dialog, or is not there any more.
    if (status === 481 || status === 408) {
      this.asker.refuse(status, response.phrase, now);
      this.#leave('over');
      return this.call.dialogLost(this.to, response, now);
    }
    this.#refuse(passedStatus(status), status === passedStatus(status) ? response.phrase : undefined, now);
  }

  /** True when the refusal is one that another try, at once or later, may get past. */
  #again(response: SipResponse, now: Instant): boolean {
    const { status } = response;
    const { to } = this;
    const credentials = to.credentialsFor(response, this.#method, this.#sent, this.#tried);
    if (credentials) {
      this.#tried = credentials.tried;
      this.#ask(credentials.headers, now);
      return true;
    }
    if (this.#tries >= maxTries) return false;
    // RFC 3311 5.2: 504 asks for an INVITE, since a person has to be asked.
    if (this.#method === 'UPDATE' && (status === 405 || status === 501 || status === 504)) {
      if (status !== 504) to.peer.refuses('UPDATE');
      this.#method = 'INVITE';
      this.#ask([], now);
      return true;
    }
    if (status === 422 && to.timer.refused(response)) {
      this.#ask([], now);
      return true;
    }
    let pause: number | undefined;
    if (status === 491) pause = to.glarePause();
    else if (status === 500) pause = pauseOf(response);
    if (pause === undefined || now.mono + pause >= this.asker.until) return false;
    this.#leave('pausing');
    this.#deadline = this.call.services.deadlines.set('exchange again', this, now.mono + pause);
    return true;
  }

  onFailure(failure: ClientFailure, reason: string, now: Instant): void {
    if (this.#state !== 'asking') return;
    if (failure === 'transport') return this.#refuse(503, undefined, now);
    // RFC 3261 12.2.1.2: silence ends the dialog; a way that is broken now may be mended before it matters.
    this.asker.refuse(408, undefined, now);
    this.#leave('over');
    this.call.unanswered(this.to, reason, now);
  }

  /** The CANCEL goes on; which of 487 and 200 comes back decides for both sides alike. */
  cancel(now: Instant): void {
    if (this.#state === 'ports' || this.#state === 'pausing') return this.#refuse(487, undefined, now);
    this.#unwanted = true;
    if (this.#client) this.call.services.transactions.cancelInvite(this.#client, now.mono);
  }

  wake(name: string, now: Instant): void {
    this.#deadline = undefined;
    if (name === 'media') return this.#noPorts(now);
    if (name === 'exchange again') return this.#ask([], now);
    if (this.#state !== 'asking') return;
    this.cancel(now);
    // Who sent an UPDATE can't wait: should it be accepted yet, the session is put right (`Turns.restore`).
    if (this.asker.method === 'UPDATE') this.asker.refuse(504, undefined, now);
  }

  /** The call ends under it. */
  abort(now: Instant): void {
    if (this.#state === 'over') return;
    if (this.#answerCSeq > 0) this.to.acknowledge(this.#answerCSeq, '');
    else if (this.#client) this.call.services.transactions.cancelInvite(this.#client, now.mono);
    this.asker.refuse(487, undefined, now);
    this.#leave('over');
  }

  // --- agreement ---------------------------------------------------------------------------------------------------

  #accepted(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { to, asker } = this;
    const { number, method } = response.cseq;
    if (this.#state !== 'asking' || transaction !== this.#client) {
      if (method !== 'INVITE') return;
      // It comes again and gets the ACK it had, or crosses our giving up.
      if (to.acked?.cseq === number) to.onStrayAnswer(response, now);
      else if (this.#state === 'over') to.acknowledge(number, '');
      return;
    }
    const early = this.#sent !== '';
    to.agreed(response, now);
    asker.leg.tell(response, to.trunk);
    if (method === 'INVITE' && (early || asker.answered)) to.acknowledge(number, '');
    if (asker.answered) {
      // Its asker has long been refused.
      this.#leave('over');
      this.#turns.restore(to, now);
      return this.#turns.over(this, now);
    }
    if (early) return this.#agree(detach(response.body), now);
    this.#answerCSeq = number;
    this.#offered = this.#withRoom(detach(response.body));
    this.#takeOffer(now);
  }

  /** Both have said what they want: that holds from now on. */
  #agree(answer: Octets, now: Instant): void {
    const { media } = this.call;
    const { from, to, asker } = this;
    const { across } = asker;
    let body = answer;
    if (media) {
      const read = readSdp(answer);
      if ('fault' in read) {
        const fault = 'Bad SDP in the answer';
        return across ? this.#takeBack(500, fault, now) : this.#refuse(500, fault, now);
      }
      const session = media.state[across?.side ?? from.side];
      const { version, last } = session;
      const translated = media.answer(read.sdp);
      if ('fault' in translated) {
        if (translated.staysVoice || across) return this.#takeBack(488, undefined, now);
        asker.refuse(488, undefined, now);
        return this.#hangUp(to, translated.fault, now);
      }
      // Not said, so no version of what is (RFC 3264 8).
      if (asker.silent) Object.assign(session, { version, last });
      this.call.orderMedia(undefined);
      ({ body } = translated);
    }
    if (!across || !asker.silent) from.heard = asker.body;
    to.said = this.#sent;
    to.heard = answer;
    this.#leave('accepted');
    asker.accept(body, undefined, now);
    if (!(asker instanceof OwnAsker) && !asker.silent) from.said = body;
    this.#done(now);
  }

  /** The other side has taken what comes to nothing: it is told what holds, before anything else. */
  #takeBack(status: number, phrase: string | undefined, now: Instant): void {
    this.#turns.restore(this.to, now);
    this.#refuse(status, phrase, now);
  }

  /** The other side makes the offer, in its 2xx. */
  #takeOffer(now: Instant): void {
    if (!this.asker.across) this.#anchor(this.to, this.from, this.#offered);
    const { media } = this.call;
    if (!media) {
      this.#leave('accepted');
      return this.asker.accept(this.#offered, this, now);
    }
    const read = readSdp(this.#offered);
    if ('fault' in read) {
      this.to.acknowledge(this.#answerCSeq, '');
      return this.#refuse(500, 'Bad SDP in the answer', now);
    }
    const { across } = this.asker;
    const by = across ? (across.side === 'a' ? 'b' : 'a') : this.to.side;
    if (media.offer(by, read.sdp) !== undefined) this.#refuseOffer(now);
    else if (media.room()) this.#awaitPorts('answer-ports', now);
    else this.#acceptWithOffer(now);
  }

  /** What has no room of an offer that can't be refused any more is not offered on. */
  #withRoom(offer: Octets): Octets {
    const lacking = this.call.isForHelp ? undefined : claimRoom(this.call, offer);
    if (lacking === undefined) return offer;
    this.call.decide('media', `without picture: ${lacking}`);
    return withoutPicture(offer);
  }

  #acceptWithOffer(now: Instant): void {
    const offer = this.call.media!.translateOffer();
    if ('fault' in offer) return this.#refuseOffer(now);
    this.#leave('accepted');
    this.#sent = offer.body;
    this.asker.accept(offer.body, this, now);
  }

  /** The other side's 2xx offers what one of both trunks does not take: it is let out of it, and all stays as it was. */
  #refuseOffer(now: Instant): void {
    this.to.acknowledge(this.#answerCSeq, '');
    this.#refuse(488, undefined, now);
  }

  /** ACK of the side that asked, with the answer to the offer that went in our 200. */
  acknowledged(ack: SipRequest, now: Instant): void {
    if (this.#state === 'over') return; // The call ended under it, and the other side has its ACK.
    const { media } = this.call;
    const { from, to } = this;
    let { body } = ack;
    if (media) {
      const read = readSdp(body);
      if ('fault' in read) {
        // No usable answer: the other side is let out of its 2xx, and stays with what it had.
        to.acknowledge(this.#answerCSeq, '');
        // Who came from another call has nothing there.
        if (this.asker.across) return this.#hangUp(from, read.fault, now);
        this.#giveBack();
        return this.#done(now);
      }
      const answer = media.answer(read.sdp);
      if ('fault' in answer) {
        to.acknowledge(this.#answerCSeq, '');
        return this.#hangUp(from, answer.fault, now);
      }
      this.call.orderMedia(undefined);
      ({ body } = answer);
    }
    from.heard = detach(ack.body);
    from.said = media ? this.#sent : this.#offered;
    to.heard = this.#offered;
    to.said = detach(body);
    to.acknowledge(this.#answerCSeq, body);
    this.#done(now);
  }

  // --- its end -----------------------------------------------------------------------------------------------------

  /** A side answered what its trunk does not allow: it believes in media now that there can't be. */
  #hangUp(leg: CallLeg, fault: string, now: Instant): void {
    this.#leave('over');
    this.call.decide(`trunk ${leg.trunk.name}`, `hung up on its answer to a re-INVITE: ${fault}`);
    this.call.terminate('bad-request', now);
  }

  #refuse(status: number, phrase: string | undefined, now: Instant): void {
    this.asker.refuse(status, phrase, now);
    this.#leave('over');
    this.#giveBack();
    this.#turns.over(this, now);
  }

  /** Nothing of the offer was agreed on: the ports of its new streams go back. */
  #giveBack(): void {
    this.call.services.room.dropClaim(this.call);
    if (this.#anchors) {
      this.call.anchor(undefined);
      if (this.#tries === 0) missed(this.to);
      return;
    }
    if (!this.call.media && this.#tries > 0 && this.#sent !== '') refusedOffer(this.to, this.#sent);
    if (this.call.media?.withdraw()) this.call.orderMedia(undefined);
  }

  #done(now: Instant): void {
    this.#leave('over');
    this.call.services.room.dropClaim(this.call);
    this.call.checkpoint();
    this.#turns.over(this, now);
  }

  #leave(state: State): void {
    this.#state = state;
    this.#clear();
  }

  #clear(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }
}

/** Ms after which a request may come again that met another one (RFC 3261 14.2); undefined when nothing is said of it. */
function pauseOf(response: SipResponse): number | undefined {
  const seconds = parseDeltaSeconds(response.get('retry-after'));
  return seconds === undefined ? undefined : Math.max(10, seconds * 1000);
}
