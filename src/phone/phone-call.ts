import type { Tried } from '#codec/digest';
import type { Header, SipRequest, SipResponse } from '#codec/sip-message';
import { type Deadlines, detach, type HostPort, type Instant, type Octets } from '#kernel';
import {
  type ClientTransaction,
  type OutgoingRequest,
  type ServerTransaction,
  type Sleeper,
  StateTimers,
  type Target,
  type TransactionLayer,
} from '#sip/transaction';
import { type Credentials, isChallenge } from './account.ts';
import { Dialog } from './dialog.ts';
import type { PhoneEvent } from './messages.ts';

/** What a call may do to the phone it is on. */
export interface Line {
  readonly layer: TransactionLayer<Sleeper>;
  readonly deadlines: Deadlines<Sleeper>;
  readonly contact: string;
  readonly listener: string;
  /** Of a phone that registers. */
  readonly credentials: Credentials | undefined;
  tell(event: PhoneEvent): void;
  ended(call: PhoneCall): void;
}

type State =
  /** INVITE sent. */
  | 'calling'
  /** INVITE received: no final response yet. */
  | 'incoming'
  /** 2xx sent, ACK awaited. */
  | 'answering'
  | 'talking'
  /** BYE, or CANCEL, or a refusal sent. */
  | 'ending'
  | 'ended';

const sdp: Header = ['Content-Type', 'application/sdp'];

/** One call on a phone: RFC 3261 13 to 15 from either end. */
export class PhoneCall implements Sleeper {
  readonly id: string;
  readonly callId: Octets;
  readonly localTag: string;
  readonly #line: Line;
  readonly #peer: HostPort;
  /** The peer is all we speak to. */
  #outbound = false;
  readonly #timers: StateTimers;
  #state: State;
  #dialog: Dialog | undefined;
  /** The INVITE we sent last, and its transaction while it has no final response. */
  #invite: OutgoingRequest | undefined;
  #inviting: ClientTransaction<Sleeper> | undefined;
  /** What it has shown to who asked who we are. */
  #tried: Tried = [];
  #ack:
    | {
        readonly cseq: number;
        readonly flow: Parameters<TransactionLayer<Sleeper>['send']>[0];
        readonly octets: Octets;
      }
    | undefined;
  /** The INVITE we are to answer, then the 2xx that is sent until the ACK comes (13.3.1.4). */
  #invited: ServerTransaction<Sleeper> | undefined;
  #ok: { readonly cseq: number; readonly transaction: ServerTransaction<Sleeper>; readonly octets: Octets } | undefined;
  #interval = 0;
  /** A hang-up before its time: done as soon as the answer, or its ACK, is there. */
  #hangUpLater = false;

  private constructor(line: Line, id: string, callId: Octets, localTag: string, peer: HostPort, state: State) {
    this.#line = line;
    this.id = id;
    this.callId = callId;
    this.localTag = localTag;
    this.#peer = peer;
    this.#state = state;
    this.#timers = new StateTimers(line.deadlines, this);
  }

  static dial(
    line: Line,
    dialled: {
      id: string;
      callId: Octets;
      localTag: string;
      from: Octets;
      to: Octets;
      peer: HostPort;
      offer: Octets;
      outbound: boolean;
    },
    now: Instant,
  ): PhoneCall {
    const call = new PhoneCall(line, dialled.id, dialled.callId, dialled.localTag, dialled.peer, 'calling');
    call.#outbound = dialled.outbound;
    call.#invite = {
      method: 'INVITE',
      uri: dialled.to,
      from: `<${dialled.from}>;tag=${dialled.localTag}`,
      to: `<${dialled.to}>`,
      callId: dialled.callId,
      cseq: 1,
      routes: [],
      headers: [['Max-Forwards', '70'], ['Contact', line.contact], ['Allow', allow], sdp],
      body: dialled.offer,
    };
    call.#inviting = line.layer.request(call.#invite, call.#target(dialled.peer), call, now.mono);
    return call;
  }

  static incoming(
    line: Line,
    id: string,
    localTag: string,
    transaction: ServerTransaction<Sleeper>,
    request: SipRequest,
    peer: HostPort,
  ): PhoneCall {
    const call = new PhoneCall(line, id, detach(request.callId), localTag, peer, 'incoming');
    call.#dialog = Dialog.ofCallee(request, localTag, peer);
    call.#invited = transaction;
    transaction.owner = call;
    return call;
  }

  get state(): State {
    return this.#state;
  }

  ring(now: Instant): void {
    if (this.#state !== 'incoming') return;
    this.#respond(180, now);
  }

  answer(answer: Octets, now: Instant): void {
    const transaction = this.#invited;
    if (transaction === undefined || (this.#state !== 'incoming' && this.#state !== 'talking')) return;
    const cseq = transaction.request!.cseq.number;
    const octets = this.#line.layer.respond(
      transaction,
      {
        status: 200,
        toTag: this.localTag,
        headers: [['Contact', this.#line.contact], ['Allow', allow], sdp],
        body: answer,
      },
      now.mono,
    );
    this.#invited = undefined;
    this.#ok = { cseq, transaction, octets };
    if (this.#state === 'incoming') this.#state = 'answering';
    const { t1 } = this.#line.layer.timers;
    this.#interval = t1;
    this.#timers.set('2xx again', now.mono + t1);
    this.#timers.set('no ACK', now.mono + 64 * t1);
  }

  refuse(status: number, now: Instant): void {
    if (this.#invited === undefined) return;
    this.#respond(status, now);
    this.#invited = undefined;
    if (this.#state === 'incoming') this.#end('us', status, 'refused');
  }

  offer(offer: Octets, now: Instant): void {
    if (this.#state !== 'talking' || this.#dialog === undefined) return;
    // One offer at a time (RFC 3261 14.1).
    if (this.#inviting !== undefined || this.#invited !== undefined || this.#ok !== undefined) {
      this.#line.tell({ kind: 'offer-refused', call: this.id, status: 491 });
      return;
    }
    this.#invite = this.#dialog.request('INVITE', [['Contact', this.#line.contact], ['Allow', allow], sdp], offer);
    this.#inviting = this.#line.layer.request(this.#invite, this.#target(this.#dialog.nextHop()), this, now.mono);
  }

  hangUp(now: Instant): void {
    switch (this.#state) {
      case 'calling':
        if (this.#inviting === undefined) return;
        this.#hangUpLater = true;
        this.#line.layer.cancelInvite(this.#inviting, now.mono);
        return;
      case 'incoming':
        this.refuse(480, now);
        return;
      case 'answering': // 15.1.1: the callee may not send BYE before the ACK.
        this.#hangUpLater = true;
        return;
      case 'talking':
        this.#bye(now);
        return;
      case 'ending':
      case 'ended':
        return;
    }
  }

  /** A CANCEL for the INVITE we have not answered. */
  cancelled(now: Instant): void {
    if (this.#state !== 'incoming') return;
    this.#respond(487, now);
    this.#invited = undefined;
    this.#end('peer', 487, 'cancelled');
  }

  acknowledged(request: SipRequest, now: Instant): void {
    if (this.#ok === undefined || request.cseq.number !== this.#ok.cseq) return;
    this.#ok = undefined;
    this.#timers.clear();
    if (this.#state !== 'answering') return;
    this.#state = 'talking';
    this.#line.tell({ kind: 'answered', call: this.id, answer: '' });
    if (this.#hangUpLater) this.#bye(now);
  }

  /** A request inside the dialog. */
  requested(transaction: ServerTransaction<Sleeper>, request: SipRequest, now: Instant): void {
    const respond = (status: number, headers: readonly Header[] = []) =>
      this.#line.layer.respond(transaction, { status, headers }, now.mono);
    const fits = this.#dialog?.takes(request) ?? 'another-dialog';
    if (fits !== 'yes') {
      respond(fits === 'out-of-order' ? 500 : 481);
      return;
    }
    switch (request.method) {
      case 'BYE':
        respond(200);
        // 15.1.2: requests still unanswered get 487.
        if (this.#invited !== undefined) this.#respond(487, now);
        this.#invited = undefined;
        this.#end('peer', 200, 'BYE', request.get('reason'));
        return;
      case 'INVITE':
        if (this.#inviting !== undefined) {
          respond(491); // 14.2
        } else if (this.#state !== 'talking' || this.#invited !== undefined || this.#ok !== undefined) {
          respond(500, [['Retry-After', '1']]);
        } else if (request.body === '') {
          respond(488);
        } else {
          this.#dialog!.refresh(request.contact);
          this.#invited = transaction;
          transaction.owner = this;
          this.#line.tell({ kind: 'offered', call: this.id, offer: request.body });
        }
        return;
      case 'OPTIONS':
        respond(200, [['Allow', allow]]);
        return;
      default:
        respond(405, [['Allow', allow]]);
    }
  }

  responded(transaction: ClientTransaction<Sleeper>, response: SipResponse, now: Instant): void {
    if (transaction.method === 'CANCEL') return; // The INVITE's own response decides.
    if (transaction.method === 'BYE') {
      if (response.status >= 200) this.#end('us', response.status, 'BYE');
      return;
    }
    const { status } = response;
    if (status < 200) {
      if (status > 100 && this.#state === 'calling') this.#rang(response);
    } else if (status < 300) {
      this.#accepted(response, now);
    } else {
      this.#inviting = undefined;
      if (isChallenge(response) && this.#proved(response, now)) return;
      if (this.#state === 'calling') {
        const { phrase } = response;
        const by = this.#hangUpLater && status === 487 ? 'us' : 'peer';
        this.#end(by, status, phrase || 'refused', response.get('reason'));
      } else {
        this.#line.tell({ kind: 'offer-refused', call: this.id, status });
        // 12.2.1.2: the peer does not know the dialog any more.
        if (status === 481 || status === 408) this.#bye(now);
      }
    }
  }

  /** Asks again and says who we are; false when there is nothing more to say. */
  #proved(refusal: SipResponse, now: Instant): boolean {
    if (this.#state !== 'calling' || this.#hangUpLater) return false;
    const again = this.#line.credentials?.again(this.#invite!, refusal, this.#tried);
    if (!again) return false;
    this.#invite = again.request;
    this.#tried = again.tried;
    this.#inviting = this.#line.layer.request(again.request, this.#target(this.#peer), this, now.mono);
    return true;
  }

  #rang({ status, body }: SipResponse): void {
    this.#line.tell({ kind: 'ringing', call: this.id, status, answer: body });
  }

  failed(transaction: ClientTransaction<Sleeper>, reason: string, now: Instant): void {
    if (transaction.method === 'CANCEL') return;
    if (transaction.method === 'INVITE' && this.#state !== 'calling') {
      this.#inviting = undefined;
      this.#line.tell({ kind: 'offer-refused', call: this.id, status: 408 });
      this.#bye(now);
      return;
    }
    this.#end(transaction.method === 'BYE' ? 'us' : 'nobody', 0, reason);
  }

  wake(name: string, now: Instant): void {
    if (this.#ok === undefined) return;
    switch (name) {
      case '2xx again':
        this.#line.layer.respondAgain(this.#ok.transaction, 200, this.#ok.octets, now.mono);
        this.#interval = Math.min(2 * this.#interval, this.#line.layer.timers.t2);
        this.#timers.set('2xx again', now.mono + this.#interval);
        return;
      case 'no ACK': // 13.3.1.4
        this.#bye(now);
        return;
    }
  }

  #accepted(ok: SipResponse, now: Instant): void {
    const { layer } = this.#line;
    // RFC 6026 7.2: the 2xx came again, so its ACK was lost.
    if (this.#ack?.cseq === ok.cseq.number) {
      layer.send(this.#ack.flow, this.#ack.octets);
      return;
    }
    this.#inviting = undefined;
    this.#dialog?.refresh(ok.contact);
    this.#dialog ??= Dialog.ofCaller(this.#invite!, this.localTag, ok, this.#peer);
    const dialog = this.#dialog;
    const ack = dialog.request('ACK', [], '', ok.cseq.number);
    this.#ack = { cseq: ok.cseq.number, ...layer.sendAck(ack, this.#target(dialog.nextHop())) };
    if (this.#state === 'calling') {
      this.#state = 'talking';
      this.#line.tell({ kind: 'answered', call: this.id, answer: ok.body });
      // The CANCEL came too late (9.1): what stands is ended as such.
      if (this.#hangUpLater) this.#bye(now);
    } else if (this.#state === 'talking') {
      this.#line.tell({ kind: 'offer-answered', call: this.id, answer: ok.body });
    }
  }

  #bye(now: Instant): void {
    if (this.#dialog === undefined || this.#state === 'ending' || this.#state === 'ended') return;
    this.#state = 'ending';
    this.#ok = undefined;
    this.#timers.clear();
    const bye = this.#dialog.request('BYE', []);
    this.#line.layer.request(bye, this.#target(this.#dialog.nextHop()), this, now.mono);
  }

  #respond(status: number, now: Instant): void {
    const headers: Header[] = status < 300 ? [['Contact', this.#line.contact]] : [];
    this.#line.layer.respond(this.#invited!, { status, toTag: this.localTag, headers }, now.mono);
  }

  #end(by: 'us' | 'peer' | 'nobody', status: number, reason: string, cause?: Octets): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#ok = undefined;
    this.#timers.clear();
    this.#line.ended(this);
    this.#line.tell({ kind: 'ended', call: this.id, by, status, reason, ...(cause === undefined ? {} : { cause }) });
  }

  #target(remote: HostPort): Target {
    const to = this.#outbound ? this.#peer : remote;
    return { transport: 'udp', remote: to, listeners: { udp: this.#line.listener } };
  }
}

export const allow = 'INVITE, ACK, CANCEL, BYE, OPTIONS';
