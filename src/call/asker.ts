import type { SipRequest } from '#codec/sip-message';
import { type Deadline, detach, type Instant, type Octets } from '#kernel';
import type { ServerTransaction, Sleeper } from '#sip/transaction';
import type { AnswerTaker } from './answer.ts';
import type { CallLeg } from './call-leg.ts';
import { isSameSession } from './same-session.ts';
import type { CallHandle, Party } from './services.ts';
import type { Asker } from './turn.ts';

/** Ms that an INVITE may stay without a final answer of the other side. */
const invitePatience = 32_000;
/** The same of an UPDATE, which is over for who sent it after 32 s, and the dialog with it (RFC 3261 12.2.1.2). */
const updatePatience = 16_000;

/** Where askers wait. */
interface AskerQueue {
  /** The peer does not want it any more, or it has waited too long for its turn. */
  cancelled(asker: PeerAsker, now: Instant): void;
}

/** A re-INVITE or UPDATE of a peer: it has its turn, or waits for it, until it has its final answer. */
export class PeerAsker implements Asker, Party, Sleeper {
  readonly #queue: AskerQueue;
  readonly leg: CallLeg;
  readonly method: 'INVITE' | 'UPDATE';
  readonly body: Octets;
  readonly until: number;
  readonly across = undefined;
  readonly silent = false;
  readonly #server: ServerTransaction<Party>;
  readonly #cseq: number;
  #answered = false;
  #deadline: Deadline<Sleeper> | undefined;

  constructor(queue: AskerQueue, leg: CallLeg, server: ServerTransaction<Party>, request: SipRequest, now: Instant) {
    this.#queue = queue;
    this.leg = leg;
    this.method = request.method === 'UPDATE' ? 'UPDATE' : 'INVITE';
    this.body = detach(request.body);
    this.until = now.mono + (this.method === 'UPDATE' ? updatePatience : invitePatience);
    this.#server = server;
    this.#cseq = request.cseq.number;
    server.owner = this;
  }

  get call(): CallHandle {
    return this.leg.call;
  }

  get tag(): string {
    return this.leg.dialog.localTag;
  }

  get answered(): boolean {
    return this.#answered;
  }

  /** A refresh: it offers what its peer said last (RFC 4028 7.4). */
  get changesNothing(): boolean {
    const { heard, said } = this.leg;
    return this.body !== '' && said !== '' && heard !== '' && isSameSession(this.body, heard);
  }

  trying(now: Instant): void {
    if (this.method === 'INVITE') this.call.services.transactions.respond(this.#server, { status: 100 }, now.mono);
  }

  /** It waits for its turn, not for ever. */
  waits(): void {
    this.#deadline = this.call.services.deadlines.set('turn', this, this.until);
  }

  /** Its turn has come. */
  begins(): void {
    this.call.services.deadlines.clear(this.#deadline);
    this.#deadline = undefined;
  }

  accept(body: Octets, delayed: AnswerTaker | undefined, now: Instant): void {
    if (this.#answered) return;
    // RFC 3261 15.1.2: its peer has hung up meanwhile, and whom it talked to goes on elsewhere.
    if (this.leg.isEnding && !delayed) return this.refuse(487, undefined, now);
    this.leg.accept(this.#server, this.#cseq, body, delayed, now);
    this.#close();
  }

  refuse(status: number, phrase: Octets | undefined, now: Instant): void {
    if (this.#answered) return;
    const response = phrase === undefined ? { status } : { status, phrase };
    this.call.services.transactions.respond(this.#server, response, now.mono);
    this.#close();
  }

  /** 500 with the time after which it may come again (RFC 3261 14.2). */
  refuseForNow(now: Instant): void {
    if (this.#answered) return;
    const { transactions, random } = this.call.services;
    transactions.respond(
      this.#server,
      { status: 500, headers: [['Retry-After', String(random.integer(11))]] },
      now.mono,
    );
    this.#close();
  }

  onCancel(now: Instant): void {
    if (!this.#answered) this.#queue.cancelled(this, now);
  }

  onResponse(): void {}
  onFailure(): void {}

  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    this.#queue.cancelled(this, now);
  }

  #close(): void {
    this.#answered = true;
    this.begins();
    // The transaction lingers: nothing of weight is to hang there.
    this.#server.owner = undefined;
  }
}

/** What comes of an exchange of ours. */
interface Then {
  /** What the leg itself was told does not fit any more. Undefined: it does not hear of the answer. */
  readonly again: ((now: Instant) => void) | undefined;
  /** The other leg would not hear it. */
  readonly refused: ((now: Instant) => void) | undefined;
  told(): void;
}

/**
 * An exchange that nobody asked for: a leg is told what holds on the other. So when one took an offer whose asker had been
 * let go already, or said something new in its answer to a refresh.
 */
export class OwnAsker implements Asker {
  readonly leg: CallLeg;
  readonly method = 'UPDATE';
  readonly until: number;
  readonly answered = false;
  readonly across = undefined;
  /** The other leg is told even what it was told before. */
  readonly insists: boolean;
  readonly #news: Octets | undefined;
  readonly #then: Then;

  get silent(): boolean {
    return this.#then.again === undefined;
  }

  /** `news`: what the leg has said; what holds of it, unless given. */
  constructor(leg: CallLeg, news: Octets | undefined, insists: boolean, then: Then, now: Instant) {
    this.leg = leg;
    this.#news = news;
    this.until = now.mono + invitePatience;
    this.insists = insists;
    this.#then = then;
  }

  get body(): Octets {
    return this.#news ?? this.leg.heard;
  }

  accept(body: Octets, _delayed: AnswerTaker | undefined, now: Instant): void {
    this.#then.told();
    // A 2xx without an answer says nothing that its leg could be told.
    if (body !== '' && !isSameSession(body, this.leg.said)) this.#then.again?.(now);
  }

  refuse(status: number, _phrase: Octets | undefined, now: Instant): void {
    // Its call is over, or the other leg is.
    if (status !== 487 && status !== 481 && status !== 408) this.#then.refused?.(now);
  }
}
