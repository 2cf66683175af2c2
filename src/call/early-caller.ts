import type { Header } from '#codec/sip-message';
import type { Deadlines, Instant, Octets } from '#kernel';
import { type Acknowledged, optionTag, ReliableResponses, type ReliableUser } from '#sip/reliability';
import type { OutgoingResponse, ServerTransaction, Sleeper, TimerValues } from '#sip/transaction';
import type { CallLeg } from './call-leg.ts';
import { permitsOf } from './passing/permits.ts';
import type { CallHandle, Party } from './services.ts';

/** A provisional response for the caller. */
export interface Provisional {
  readonly status: number;
  readonly phrase?: Octets | undefined;
  readonly headers?: readonly Header[];
  /** SDP, or ''. */
  readonly body: Octets;
}

/** A dialog with the caller that is not confirmed yet, or one that stands already. */
export interface CallerDialog {
  readonly leg: CallLeg;
  /** SDP of ours has arrived for certain: it is not to be said again, and in-dialog offers may follow (RFC 6337 3.1). */
  readonly agreed: boolean;
  /** The SDP that was sent reliably last; '' when none was. */
  readonly reliableSdp: Octets;
  /** RFC 3262 3: no 2xx before the PRACK of a response with SDP. */
  readonly holdsAnswer: boolean;
  acknowledge(acknowledged: Acknowledged): Provisional | undefined;
  /** The PRACK has been answered: what waited for it goes out. */
  next(now: Instant): void;
}

/** Whose early dialog it is. */
export interface EarlyCallerOwner {
  readonly call: CallHandle;
  readonly server: ServerTransaction<Party>;
  readonly inviteCSeq: number;
  /** A reliable response was never acknowledged. */
  notPracked(now: Instant): void;
}

/** One early dialog with the caller: what we have told it in there, and what of that it has acknowledged. */
export class EarlyCaller implements CallerDialog, ReliableUser<Provisional>, Sleeper {
  readonly call: CallHandle;
  readonly leg: CallLeg;
  readonly sleeper: this = this;
  readonly #owner: EarlyCallerOwner;
  #reliable: ReliableResponses<Provisional> | undefined;
  /** Something was sent in it. */
  #shown = false;
  #ended = false;
  #agreed = false;
  #reliableSdp: Octets = '';

  constructor(owner: EarlyCallerOwner, leg: CallLeg) {
    this.call = owner.call;
    this.#owner = owner;
    this.leg = leg;
  }

  get deadlines(): Deadlines<Sleeper> {
    return this.call.services.deadlines;
  }

  get timers(): TimerValues {
    return this.call.services.transactions.timers;
  }

  get agreed(): boolean {
    return this.#agreed;
  }

  get reliableSdp(): Octets {
    return this.#reliableSdp;
  }

  get holdsAnswer(): boolean {
    return this.#reliable?.unacknowledged.some(({ body }) => body !== '') === true;
  }

  get shown(): boolean {
    return this.#shown && !this.#ended;
  }

  progress(response: Provisional, reliably: boolean, now: Instant): void {
    if (this.#ended) return;
    this.#shown = true;
    if (!reliably) return void this.#respond(response, [], now);
    const { services } = this.call;
    // RFC 3262 7.1: from 1 to 2^31 - 1; well below, so that none of a call reaches the end.
    this.#reliable ??= new ReliableResponses(this, 1 + services.random.integer(2 ** 30), this.#owner.inviteCSeq);
    this.leg.provisionals = this.#reliable;
    if (response.body !== '') this.#reliableSdp = response.body;
    this.#reliable.send(response, now);
  }

  /** RFC 6228: the callee's side of it has ended, others go on. `reason`: a Reason value that says why. */
  end(reason: Octets, reliably: boolean, now: Instant): void {
    if (!this.shown) return;
    this.progress({ status: 199, headers: [['Reason', reason]], body: '' }, reliably, now);
    this.#ended = true;
  }

  acknowledge(acknowledged: Acknowledged): Provisional | undefined {
    const response = this.#reliable?.acknowledge(acknowledged);
    if (response && response.body !== '') this.#agreed = true;
    return response;
  }

  next(now: Instant): void {
    this.#reliable?.next(now);
  }

  /** A final response is on its way. */
  stop(): void {
    this.#reliable?.stop();
  }

  send(response: Provisional, rseq: number, now: Instant): Octets {
    return this.#respond(
      response,
      [
        ['Require', optionTag],
        ['RSeq', String(rseq)],
      ],
      now,
    );
  }

  sendAgain(octets: Octets, now: Instant): void {
    this.call.services.transactions.respondAgain(this.#owner.server, 183, octets, now.mono);
  }

  gaveUp(now: Instant): void {
    this.#owner.notPracked(now);
  }

  wake(_name: string, now: Instant): void {
    this.#reliable?.wake(now);
  }

  #respond({ status, phrase, headers = [], body }: Provisional, more: readonly Header[], now: Instant): Octets {
    const response: OutgoingResponse = {
      status,
      phrase,
      toTag: this.leg.dialog.localTag,
      headers: [
        ['Contact', this.leg.contact],
        ['Allow', permitsOf(this.leg.trunk).allow],
        ...more,
        ...this.leg.told,
        ...headers,
        ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
      ],
      body,
    };
    return this.call.services.transactions.respond(this.#owner.server, response, now.mono);
  }
}
