import type { Authorised, Tried } from '#codec/digest';
import { type Header, parseUri, type SipRequest, type SipResponse } from '#codec/sip-message';
import { type Deadline, detach, type HostPort, type Instant, type Octets, type Open } from '#kernel';
import type { Listener, Trunk } from '#policy/configuration';
import { confirmBy, type Dialog, inOrder, routingOf } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { Acknowledged } from '#sip/reliability';
import { SessionTimer, type SessionTimerState, usualSessionTimer } from '#sip/session-timer';
import type { ClientTransaction, OutgoingRequest, ServerTransaction, Sleeper, Target } from '#sip/transaction';
import type { Replaces } from '#sip/transfer';
import { Answer, type AnswerTaker } from './answer.ts';
import { dialogRequest, dialogTarget } from './dialog-target.ts';
import { contactOf } from './headers.ts';
import { connectedIdentity } from './identity/index.ts';
import { LegPeer, type LegPeerState } from './leg-peer.ts';
import type { MediaBridge } from './media-bridge.ts';
import type { SideSession } from './media-state.ts';
import { MessageRules, type RuledCall } from './message-rules.ts';
import { type Beyond, beyondOf, isSameBeyond, nothingBeyond } from './passing/beyond.ts';
import { permitsOf } from './passing/permits.ts';
import type { CallHandle, CallServices, DialogUser, Party } from './services.ts';
import { supporting } from './supported.ts';

/** What a leg tells its call, and asks of it. */
export interface LegOwner extends CallHandle, RuledCall {
  /** The other side of the answered call. */
  otherLeg(leg: CallLeg): CallLeg | undefined;
  hungUp(leg: CallLeg, bye: SipRequest, now: Instant): void;
  /** A PRACK: of a provisional response of ours, so of a call that is being set up (RFC 3262). */
  pracked(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void;
  /** A re-INVITE or an UPDATE. */
  asked(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void;
  /** The ACK for our 200 on this leg. */
  acknowledged(leg: CallLeg, answer: Answer, ack: SipRequest, now: Instant): void;
  notAcknowledged(now: Instant): void;
  /** The leg's peer took an INVITE of ours that nobody waits for any more. */
  tookAnother(leg: CallLeg, now: Instant): void;
  /** Our refresh of its session is due (RFC 4028 10). */
  refreshDue(leg: CallLeg, now: Instant): void;
  /** The session of the leg is over: nobody has refreshed it. */
  sessionExpired(leg: CallLeg, now: Instant): void;
  byeSent(): void;
  byeDone(): void;
  readonly phase: 'setup' | 'answered' | 'ended';
  readonly media: MediaBridge | undefined;
  /** A request that is about the call, or passes through it: REFER, NOTIFY, INFO and what else there is. */
  requested(leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant): void;
  dialogLost(leg: CallLeg, response: SipResponse, now: Instant): void;
  unanswered(leg: CallLeg, reason: string, now: Instant): void;
}

/** The part of a leg that a checkpoint keeps. */
export interface LegState {
  readonly trunk: string;
  readonly flow: Flow;
  readonly dialog: Dialog;
  /** CSeq and body of the last ACK to a 2xx that we sent: a 2xx that comes again gets it again (RFC 3261 13.2.2.4). */
  readonly acked: { readonly cseq: number; readonly body: Octets } | undefined;
  /** Our 2xx whose ACK had not come. */
  readonly answer?: { readonly cseq: number; readonly octets: Octets };
  /** What the peer takes. What follows is absent in what older versions kept. */
  readonly peer?: LegPeerState;
  /** The peer's last SDP that holds. */
  readonly heard?: Octets;
  /** Ours that holds, where it is not what was sent last. */
  readonly said?: Octets;
  readonly timer?: SessionTimerState;
  /** On which side of a call it began, where it is on another now. */
  readonly began?: 'a' | 'b';
  readonly refers?: true;
  /** What the other end is, where its peer was told of that. */
  readonly beyond?: Beyond;
}

/** One side of an answered call: its dialog and what goes on in it. It does not know its peer, only its call. */
export class CallLeg implements DialogUser, Sleeper {
  call: LegOwner;
  side: 'a' | 'b';
  /** 'b': we called it. What it is in its call may change by a transfer. */
  readonly began: 'a' | 'b';
  readonly trunk: Trunk;
  readonly dialog: Dialog;
  /** The listener whose address our Contact names. */
  readonly listener: Listener;
  flow: Flow;
  acked: LegState['acked'];
  /** Of the INVITE that made the dialog, where it was ours: its ACK has the same, whatever was sent in between (13.2.2.4). */
  inviteCSeq: number;
  /** Our 2xx that waits for its ACK. */
  answer: Answer | undefined;
  /** Of the INVITE that made the dialog: its ACK carries them too (RFC 3261 22.1). */
  credentials: readonly Header[] = [];
  /** The same of the last INVITE in the dialog. */
  #reInvited: { readonly cseq: number; readonly credentials: readonly Header[] } | undefined;
  /** Provisional responses that made the dialog: a PRACK may still be under way when it is confirmed (RFC 3262 3). */
  provisionals: { acknowledge(acknowledged: Acknowledged): unknown } | undefined;
  peer = new LegPeer();
  /** The peer has sent a REFER: notices of the next say which they are of (RFC 3515 2.4.6). */
  refers = false;
  /** What holds between both: the peer's last SDP, and ours. '' when there was none, or it is not known. */
  heard: Octets = '';
  said: Octets = '';
  /** While its media goes past us: what it was told last, in another call too; `since`: what its peer had said until then. */
  elsewhere: (SideSession & { readonly since: Octets }) | undefined;
  /** What is at the other end, as far as its peer is to know. */
  beyond: Beyond = nothingBeyond;
  /** Who is at the other end, as its peer was told last; what comes after says it again (RFC 5876). */
  #told: readonly Header[] = [];
  /** That of the INVITE which made the dialog, where it was ours. */
  timer: SessionTimer;
  readonly rewriter: MessageRules | undefined;
  /** What rules made of the body of its last request where that is another: digests are reckoned over what was sent. */
  #sent: { readonly method: string; readonly body: Octets } | undefined;
  #timerDeadline: Deadline<Sleeper> | undefined;
  #hangUp: 'no' | 'wanted' | 'sent' | 'done' = 'no';
  #byeReason: string | undefined;
  #alias: Replaces | undefined;
  #isMoved = false;

  constructor(
    call: LegOwner,
    side: 'a' | 'b',
    trunk: Trunk,
    dialog: Dialog,
    flow: Flow,
    listener: Listener,
    inviteCSeq = dialog.localCSeq,
  ) {
    this.call = call;
    this.side = side;
    this.began = side;
    this.trunk = trunk;
    this.dialog = dialog;
    this.inviteCSeq = inviteCSeq;
    this.flow = flow;
    this.listener = listener;
    this.timer = new SessionTimer(trunk.sessionTimer ?? usualSessionTimer);
    const from = side === 'a' ? 'from-trunk' : 'to-trunk';
    const ruled = { trunk, our: listener.advertise, peer: flow.remote, within: true, side: from } as const;
    this.rewriter = MessageRules.of(call.services, ruled, () => this.call);
    call.services.dialogs.add(dialog.callId, dialog.localTag, dialog.remoteTag, this);
  }

  /** The leg of a process that died. Its requests may have used higher CSeqs than it kept: gaps are allowed (12.2.1.1). */
  static restored(
    call: LegOwner,
    side: 'a' | 'b',
    trunk: Trunk,
    state: LegState,
    listener: Listener,
    answer: LegState['answer'],
    now: Instant,
  ): CallLeg {
    const dialog = { ...state.dialog, localCSeq: state.dialog.localCSeq + 1000 };
    const leg = new CallLeg(call, state.began ?? side, trunk, dialog, state.flow, listener, state.dialog.localCSeq);
    leg.side = side;
    leg.acked = state.acked;
    leg.peer = new LegPeer(state.peer);
    leg.heard = state.heard ?? '';
    leg.beyond = state.beyond ?? nothingBeyond;
    leg.refers = state.refers === true;
    if (state.timer) {
      leg.timer = SessionTimer.restored(trunk.sessionTimer ?? usualSessionTimer, state.timer, now);
      leg.#watchSession(now);
    }
    if (answer) {
      leg.answer = new Answer(leg, undefined, answer.cseq, answer.octets, undefined, now);
      call.services.transactions.resumeAnswered(answer.octets, state.flow, false, now.mono);
    }
    return leg;
  }

  /** A 2xx to the INVITE that made the early dialog of this leg. */
  confirm(response: SipResponse): void {
    confirmBy(this.dialog, response);
    this.inviteCSeq = response.cseq.number;
  }

  get contact(): string {
    const { contactUser } = this.call.services.trunks.way(this.trunk);
    const { conference, features } = this.beyond;
    return contactOf(this.flow.transport, this.listener.advertise, contactUser ?? conference) + features;
  }

  /** The host of identities that speak for us to the peer. */
  get #home(): HostPort {
    const { home } = this.call.services.trunks.way(this.trunk);
    return home === undefined ? this.listener.advertise : { host: home, port: 5060 };
  }

  /** Who is at the other end, and what INFO it takes (RFC 6086 5.2.1). */
  get told(): readonly Header[] {
    const { packages } = this.beyond;
    return packages.length === 0 ? this.#told : [...this.#told, ['Recv-Info', packages.join(', ')]];
  }

  /**
   * The other side says who and what is there: what is sent to the peer from now on tells it, in its trunk's own fields. `known`: the
   * From of its dialog, for a request in it (RFC 4916). True when that is news.
   */
  tell(message: SipRequest | SipResponse, from: Trunk, known?: Octets): boolean {
    const beyond = beyondOf(message, from, this.trunk, this.beyond);
    const isNews = !isSameBeyond(beyond, this.beyond);
    this.beyond = beyond;
    const told = connectedIdentity(message, from, this.trunk, this.#home, known);
    if (told.length === 0 || String(told) === String(this.#told)) return isNews;
    this.#told = told.map(([name, value]) => [name, detach(value)]);
    return true;
  }

  /** Its peer is to talk to somebody else, who is introduced by `message`: it is told who that is. Gives what takes that back. */
  meets(message: SipRequest, from: Trunk): () => void {
    const [told, beyond] = [this.#told, this.beyond];
    this.beyond = beyondOf(message, from, this.trunk);
    this.#told = connectedIdentity(message, from, this.trunk, this.#home, '').map(([name, value]) => [
      name,
      detach(value),
    ]);
    return () => {
      this.#told = told;
      this.beyond = beyond;
    };
  }

  /** A request inside the dialog. */
  onRequest(transaction: ServerTransaction<Party>, request: SipRequest, flow: Flow, now: Instant): void {
    const { transactions } = this.call.services;
    const refuse = (status: number, headers: readonly Header[] = []) =>
      void transactions.respond(transaction, { status, headers }, now.mono);
    // A PRACK says by its RAck what it is for: one that a later request has overtaken on its way is not to cost the call.
    const isOvertaken = !inOrder(this.dialog, request);
    if (isOvertaken && request.method !== 'PRACK') return refuse(500);
    if (!isOvertaken) this.dialog.remoteCSeq = request.cseq.number;
    // The newest connection is the one that works (RFC 5923 in spirit); datagrams keep the signalled address.
    if (flow.connection !== undefined) this.flow = flow;
    switch (request.method) {
      case 'BYE':
        transactions.respond(transaction, { status: 200 }, now.mono);
        this.call.hungUp(this, request, now);
        return;
      case 'INVITE':
      case 'UPDATE':
        this.call.asked(this, transaction, request, now);
        return;
      case 'PRACK':
        this.call.pracked(this, transaction, request, now);
        return;
      default:
        if (this.#hangUp !== 'no') return refuse(481);
        this.call.requested(this, transaction, request, now);
    }
  }

  onAck(request: SipRequest, now: Instant): void {
    const { answer } = this;
    if (!answer || request.cseq.number !== answer.cseq) return; // An ACK that came again.
    this.answer = undefined;
    answer.acknowledged();
    this.call.acknowledged(this, answer, request, now);
    if (this.#hangUp === 'wanted') this.#sendBye(now);
  }

  /** A 2xx to an INVITE of this dialog whose transaction has ended: the ACK was lost. */
  onStrayAnswer(response: SipResponse, now: Instant): void {
    const { number } = response.cseq;
    if (this.acked?.cseq === number) this.#sendAck(number, this.acked.body);
    // The answer to a re-INVITE of a process that died: the peer is let out of it, and goes on in the call.
    else if (this.acked && number > this.acked.cseq) {
      this.acknowledge(number, '');
      this.call.tookAnother(this, now);
    }
  }

  /** Acknowledges a 2xx; the same 2xx again gets the same ACK again. */
  acknowledge(cseq: number, body: Octets): void {
    this.acked = { cseq, body };
    this.#sendAck(cseq, body);
  }

  /** Answers an INVITE or UPDATE on this leg with 200, and sees to its ACK. `delayed`: the answer SDP comes in the ACK. */
  accept(
    transaction: ServerTransaction<Party>,
    cseq: number,
    body: Octets,
    delayed: AnswerTaker | 'setup' | undefined,
    now: Instant,
  ): void {
    const { request } = transaction;
    const { configuration, transactions } = this.call.services;
    let headers: readonly Header[] = [...this.#sdpHeaders(body), ...this.told];
    if (request) {
      this.refreshTarget(request);
      this.peer.learn(request);
      headers = [...headers, ...this.timer.answer(request, now)];
      this.#watchSession(now);
    }
    if (transaction.method === 'INVITE') headers = supporting(headers, this.trunk, configuration);
    const octets = transactions.respond(
      transaction,
      { status: 200, toTag: this.dialog.localTag, headers, body },
      now.mono,
    );
    if (transaction.method !== 'INVITE') return;
    this.answer = new Answer(this, transaction, cseq, octets, delayed, now);
  }

  request(
    method: string,
    headers: readonly Header[],
    body: Octets,
    party: Party,
    now: Instant,
  ): ClientTransaction<Party> {
    this.dialog.localCSeq++;
    const { transactions, trunks } = this.call.services;
    const request = this.#ruled(dialogRequest(this.dialog, method, this.dialog.localCSeq, headers, body));
    if (this.rewriter) this.#sent = request.body === body ? undefined : { method, body: request.body };
    const known = headers.filter(([name]) => name === 'Authorization' || name === 'Proxy-Authorization');
    const added = known.length > 0 ? [] : trunks.beforehand(this.trunk, request).headers;
    if (method === 'INVITE') this.#reInvited = { cseq: request.cseq, credentials: [...known, ...added] };
    return transactions.request(
      added.length === 0 ? request : { ...request, headers: [...request.headers, ...added] },
      this.target(),
      party,
      now.mono,
    );
  }

  /** INVITE or UPDATE in the dialog. */
  ask(
    method: 'INVITE' | 'UPDATE',
    body: Octets,
    credentials: readonly Header[],
    party: Party,
    now: Instant,
  ): ClientTransaction<Party> {
    const headers = [...this.#sdpHeaders(body), ...this.timer.headers(), ...this.told, ...credentials];
    return this.request(method, headers, body, party, now);
  }

  /** A 2xx to an INVITE or UPDATE of ours: what it says of the peer, and the session is refreshed. */
  agreed(response: SipResponse, now: Instant): void {
    this.refreshTarget(response);
    this.peer.learn(response);
    this.timer.accepted(response, now);
    this.#watchSession(now);
  }

  /** The credentials that a challenge to a request of this dialog asks for; undefined when there are none. */
  credentialsFor(response: SipResponse, method: string, body: Octets, tried: Tried): Authorised | undefined {
    if (response.status !== 401 && response.status !== 407) return undefined;
    const { uri } = routingOf(this.dialog);
    const sent = this.#sent?.method === method ? this.#sent.body : body;
    const answer = this.call.services.trunks.authorized(this.trunk, response, { method, uri, body: sent }, tried);
    return answer.kind === 'refused' ? undefined : answer;
  }

  /** Ms after which a request of ours may come again that crossed one of the peer's (RFC 3261 14.1). */
  glarePause(): number {
    const { random } = this.call.services;
    // The Call-ID of the leg that we called is ours.
    return this.began === 'b' ? 2_100 + 10 * random.integer(191) : 10 + 10 * random.integer(200);
  }

  /** How a refresh of ours goes. RFC 4028 7.4: by UPDATE where the peer takes it, since that disturbs nothing. */
  get refreshMethod(): 'INVITE' | 'UPDATE' {
    return this.timer.settings.method !== 'invite' && this.peer.allows('UPDATE') ? 'UPDATE' : 'INVITE';
  }

  /** Our refresh failed, or could not be sent now. */
  postponeRefresh(now: Instant): void {
    this.timer.postponed(now);
    this.#watchSession(now);
  }

  wake(name: string, now: Instant): void {
    this.#timerDeadline = undefined;
    if (name === 'session expiry') return this.call.sessionExpired(this, now);
    this.timer.refreshing();
    this.#watchSession(now);
    this.call.refreshDue(this, now);
  }

  #watchSession(now: Instant): void {
    const { deadlines } = this.call.services;
    deadlines.clear(this.#timerDeadline);
    this.#timerDeadline = undefined;
    const due = this.#hangUp === 'no' ? this.timer.next() : undefined;
    // What was due under a process that died is due at once.
    if (due) this.#timerDeadline = deadlines.set(due.name, this, Math.max(due.at, now.mono));
  }

  #stopWatching(): void {
    this.call.services.deadlines.clear(this.#timerDeadline);
    this.#timerDeadline = undefined;
  }

  /** Sends BYE; while our 2xx waits for its ACK, after that (RFC 3261 15). */
  hangUp(now: Instant, reason: string | undefined): void {
    if (this.#hangUp !== 'no') return;
    this.#byeReason = reason;
    this.#stopWatching();
    if (this.answer) this.#hangUp = 'wanted';
    else this.#sendBye(now);
  }

  /** It will be hung up, once it has been told something. */
  hangUpLater(): void {
    if (this.#hangUp !== 'no') return;
    this.#hangUp = 'wanted';
    this.#stopWatching();
  }

  hangUpNow(now: Instant): void {
    if (this.#hangUp === 'wanted' && !this.answer) this.#sendBye(now);
  }

  /** It goes on in another call, as that one's caller or callee. */
  joins(call: LegOwner, side: 'a' | 'b'): void {
    this.call = call;
    this.side = side;
    this.#isMoved = true;
  }

  /** Its dialog is confirmed, though the call that it is in may be one that is set up: a transfer is under way. */
  get isConfirmed(): boolean {
    return this.#isMoved || this.acked !== undefined;
  }

  /** One of both sides has hung up, or is to. */
  get isEnding(): boolean {
    return this.#hangUp !== 'no';
  }

  /** It hangs up, and the peer has not said that it knows. */
  get leaving(): boolean {
    return this.#hangUp === 'wanted' || this.#hangUp === 'sent';
  }

  /** Our BYE is through, or given up. */
  left(): void {
    this.#hangUp = 'done';
    this.call.byeDone();
  }

  /** The peer hung up: nothing more is sent. */
  hungUp(): void {
    this.#hangUp = 'done';
    this.#stopWatching();
    this.answer?.acknowledged();
    this.answer = undefined;
  }

  /** The ACK will not come any more. */
  notAcknowledged(uncertain: boolean, now: Instant): void {
    this.answer = undefined;
    if (this.#hangUp === 'wanted') this.#sendBye(now);
    else if (!uncertain) this.call.notAcknowledged(now);
  }

  /**
   * What its dialog is called where it is not to be seen: nothing of its peer is in it. Who knows it was told it by us, and may
   * take its place (RFC 3891 5).
   */
  alias(): Replaces {
    if (!this.#alias) {
      const { dialogs, random } = this.call.services;
      this.#alias = { callId: this.call.id, toTag: this.dialog.localTag, fromTag: random.token(128), earlyOnly: false };
      dialogs.add(this.#alias.callId, this.#alias.toTag, this.#alias.fromTag, this);
    }
    return this.#alias;
  }

  isAlias({ fromTag }: Replaces): boolean {
    return this.#alias?.fromTag === fromTag;
  }

  forget(): void {
    this.#stopWatching();
    this.answer?.acknowledged();
    const alias = this.#alias;
    if (alias) this.call.services.dialogs.remove(alias.callId, alias.toTag, alias.fromTag);
    this.call.services.dialogs.remove(this.dialog.callId, this.dialog.localTag, this.dialog.remoteTag);
  }

  /** Where requests in this dialog go. */
  target(): Target {
    return dialogTarget(this.call.services, this.trunk, this.dialog, this.flow);
  }

  /** `standing`: what is known anyway to have been said last. */
  /** What is kept of a leg that hangs up: enough for its BYE, nothing of the session that is over. */
  leavingState(): Open<LegState> {
    const { answer } = this;
    const state: Open<LegState> = {
      trunk: this.trunk.name,
      flow: this.flow,
      dialog: this.dialog,
      acked: this.acked,
    };
    if (answer) state.answer = { cseq: answer.cseq, octets: answer.octets };
    return state;
  }

  state(standing?: Octets): LegState {
    const peer = this.peer.state();
    const timer = this.timer.state();
    const state = this.leavingState();
    if (peer) state.peer = peer;
    if (this.heard !== '') state.heard = this.heard;
    if (this.said !== '' && this.said !== standing) state.said = this.said;
    if (timer) state.timer = timer;
    if (this.began !== this.side) state.began = this.began;
    if (this.refers) state.refers = true;
    if (this.beyond !== nothingBeyond) state.beyond = this.beyond;
    return state;
  }

  #sendBye(now: Instant): void {
    this.#hangUp = 'sent';
    this.call.byeSent();
    this.bye([], new Bye(this), now);
  }

  bye(credentials: readonly Header[], party: Party, now: Instant): void {
    const headers: Header[] = [['Max-Forwards', '70'], ...credentials];
    if (this.#byeReason !== undefined) headers.push(['Reason', this.#byeReason]);
    this.request('BYE', headers, '', party, now);
  }

  #sendAck(cseq: number, body: Octets): void {
    const headers: Header[] = [['Max-Forwards', '70']];
    if (cseq === this.inviteCSeq) headers.push(...this.credentials);
    else if (cseq === this.#reInvited?.cseq) headers.push(...this.#reInvited.credentials);
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    const ack = this.#ruled(dialogRequest(this.dialog, 'ACK', cseq, headers, body));
    this.call.services.transactions.sendAck(ack, this.target());
  }

  #ruled(request: OutgoingRequest): OutgoingRequest {
    return this.rewriter?.request(request) ?? request;
  }

  #sdpHeaders(body: Octets): Header[] {
    const { userAgent } = this.call.services.configuration;
    const headers: Header[] = [
      ['Contact', this.contact],
      ['Allow', permitsOf(this.trunk).allow],
    ];
    if (userAgent !== undefined) headers.push(['User-Agent', userAgent]);
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    return headers;
  }

  /** RFC 3261 12.2: a 2xx, an INVITE or an UPDATE in the dialog may move the peer's Contact. */
  refreshTarget(message: SipRequest | SipResponse): void {
    const contact = message.contact?.uri;
    if (contact !== undefined && contact !== this.dialog.remoteTarget && parseUri(contact))
      this.dialog.remoteTarget = contact;
  }
}

/** A BYE of ours: whatever comes back, but for a challenge that we can answer, the leg is over (RFC 3261 15.1.1). */
class Bye implements Party {
  readonly call: LegOwner;
  /** Until it is over: the transaction lingers. */
  #leg: CallLeg | undefined;
  #tried: Tried = [];
  constructor(leg: CallLeg) {
    this.call = leg.call;
    this.#leg = leg;
  }
  onResponse(response: SipResponse, _transaction: ClientTransaction<Party>, now: Instant): void {
    if (response.status < 200) return;
    const answer = this.#leg?.credentialsFor(response, 'BYE', '', this.#tried);
    if (!answer) return this.onFailure();
    this.#tried = answer.tried;
    this.#leg?.bye(answer.headers, this, now);
  }
  onFailure(): void {
    const leg = this.#leg;
    this.#leg = undefined;
    leg?.left();
  }
  onCancel(): void {}
}

/** The socket of ours that a leg's Contact names. */
export function listenerOf(services: CallServices, trunk: Trunk, flow: Flow): Listener | undefined {
  return (
    services.configuration.listeners.find(({ id }) => id === flow.listener) ??
    services.listenersFor(trunk, flow.remote.host)[flow.transport]
  );
}
