import type { SipRequest, SipResponse } from '#codec/sip-message';
import { type Deadline, detach, type Instant, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { type Dialog, dialogOfClient, dialogOfNotify, dialogOfServer } from '#sip/dialog';
import type { Flow } from '#sip/flow';
import type { OutgoingRequest, ServerTransaction, Sleeper } from '#sip/transaction';
import type { CallHandle, DialogUser, Party } from '../services.ts';
import type { PassingDesk } from './desk.ts';
import { eventOf, Subscription, secondsOf } from './subscription.ts';

/** Subscriptions that one SUBSCRIBE may make by forking (docs/limits.md). */
const mostForks = 20;

/** Seconds that a SUBSCRIBE asks for which does not say, and a REFER. */
const usual = { SUBSCRIBE: 3600, REFER: 180 } as const;

/** Who subscribes: his request, and how it came. */
export interface Subscriber {
  readonly trunk: Trunk;
  readonly flow: Flow;
  readonly request: SipRequest;
  /** Our To tag in the answer to it. */
  readonly tag: string;
}

/**
 * A SUBSCRIBE of ours (or a REFER) for 64*T1: its NOTIFYs may come before its 2xx, and from several notifiers that it was
 * forked to (RFC 6665 4.1.2.4, 4.4.1). Each makes a subscription of its own, at the subscriber too.
 */
export class Subscribing implements DialogUser, Sleeper {
  readonly call: CallHandle;
  readonly trunk: Trunk;
  readonly #desk: PassingDesk;
  readonly #subscriber: Pick<Subscriber, 'trunk' | 'flow' | 'tag'>;
  /** The subscriber's dialog, but for our tag. */
  readonly #dialog: Dialog;
  readonly #event: Octets;
  readonly #asked: number;
  readonly #request: OutgoingRequest;
  readonly #localTag: string;
  readonly #flow: () => Flow;
  /** By the notifier's tag. */
  readonly #forks = new Map<string, Subscription>();
  #timerN: Deadline<Sleeper> | undefined;
  #over = false;

  /** `request` goes to `trunk`, with our `localTag`, by the flow that `flow` tells. */
  constructor(
    call: CallHandle,
    desk: PassingDesk,
    subscriber: Subscriber,
    trunk: Trunk,
    request: OutgoingRequest,
    localTag: string,
    flow: () => Flow,
    now: Instant,
  ) {
    this.call = call;
    this.trunk = trunk;
    this.#desk = desk;
    this.#subscriber = { trunk: subscriber.trunk, flow: subscriber.flow, tag: subscriber.tag };
    this.#dialog = dialogOfServer(subscriber.request, '');
    this.#event = eventOf(subscriber.request);
    this.#asked = secondsOf(subscriber.request, 'expires') ?? usual[request.method === 'REFER' ? 'REFER' : 'SUBSCRIBE'];
    this.#request = { ...request, headers: [], body: '' };
    this.#localTag = localTag;
    this.#flow = flow;
    const { dialogs, deadlines, transactions } = desk.services;
    dialogs.add(request.callId, localTag, '', this);
    this.#timerN = deadlines.set('Timer N', this, now.mono + 64 * transactions.timers.t1);
  }

  get flow(): Flow {
    return this.#flow();
  }

  /** A NOTIFY of a notifier that was not heard of yet. */
  onRequest(server: ServerTransaction<Party>, request: SipRequest, flow: Flow, now: Instant): void {
    const refuse = (status: number) => void this.#desk.services.transactions.respond(server, { status }, now.mono);
    const { tag } = request.from;
    // One that is known is in no dialog any more.
    const isNew = tag !== undefined && !this.#forks.has(tag);
    if (!isNew || eventOf(request) !== this.#event || !this.#mayFork()) return refuse(481);
    const dialog = dialogOfNotify(request, this.#localTag, this.#request.cseq);
    const subscription = this.#begin(dialog, flow, now);
    subscription.notify(server, request, now);
  }

  onAck(): void {}
  onStrayAnswer(): void {}

  /** The 2xx: whose subscription that confirms. */
  answered(response: SipResponse, now: Instant): Subscription {
    const tag = response.to.tag ?? '';
    const known = this.#forks.get(tag);
    if (known) {
      known.notifier.moved(response);
      return known;
    }
    return this.#begin(dialogOfClient(response, this.#request.uri), this.flow, now, secondsOf(response, 'expires'));
  }

  /** Our To tag in the subscriber's 2xx. */
  static tagOf({ subscriber }: Subscription): string {
    return subscriber.dialog.localTag;
  }

  #mayFork(): boolean {
    if (this.#over || this.#forks.size >= mostForks) return false;
    const { seats } = this.#desk;
    return this.#forks.size === 0 || (!seats.isFull(this.trunk) && !seats.isFull(this.#subscriber.trunk));
  }

  #begin(notifier: Dialog, flow: Flow, now: Instant, seconds = this.#asked): Subscription {
    const { trunk, flow: way, tag } = this.#subscriber;
    // The first is of the tag that the 2xx would have; the others have their own.
    const localTag = this.#forks.size === 0 ? tag : this.#desk.services.random.token(64);
    const dialog = { ...this.#dialog, localTag, local: this.#dialog.local + localTag };
    const subscription = Subscription.begin(
      this.#desk,
      this.#event,
      { trunk, dialog, flow: way },
      { trunk: this.trunk, dialog: notifier, flow },
      seconds,
      now,
    );
    this.#forks.set(detach(notifier.remoteTag), subscription);
    return subscription;
  }

  wake(_name: string, now: Instant): void {
    this.#timerN = undefined;
    this.over(now);
  }

  /** It was refused, is not waited for any more, or has made what it can. `refused`: what it made meanwhile is void. */
  over(now: Instant, refused = false): void {
    if (this.#over) return;
    this.#over = true;
    const { dialogs, deadlines } = this.#desk.services;
    deadlines.clear(this.#timerN);
    dialogs.remove(this.#request.callId, this.#localTag, '');
    if (refused) for (const subscription of this.#forks.values()) subscription.terminate('refused', now);
  }
}
