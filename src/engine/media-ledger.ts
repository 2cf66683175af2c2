import type { MediaOrder, MediaWaiter } from '#call';
import type { MediaRequest } from '#codec/media-control';

/** Numbers the requests to the media process and keeps who waits for their answers. */
export class MediaLedger {
  readonly #waiting = new Map<number, MediaWaiter>();
  readonly #send: (request: MediaRequest) => void;
  #next = 1;

  constructor(send: (request: MediaRequest) => void) {
    this.#send = send;
  }

  get size(): number {
    return this.#waiting.size;
  }

  order(order: MediaOrder, waiter: MediaWaiter | undefined): number {
    const id = this.#next++;
    if (waiter) this.#waiting.set(id, waiter);
    this.#send({ id, ...order } as MediaRequest);
    return id;
  }

  /** After every `hello`: which sessions does it have? Answers to earlier requests will not come any more. */
  askList(): void {
    this.#waiting.clear();
    this.order({ kind: 'list' }, undefined);
  }

  settle(id: number): MediaWaiter | undefined {
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiter;
  }
}
