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

  /** Takes out whoever waits for an answer to a request older than `id`: answers come in order, these are lost. */
  unansweredBefore(id: number): MediaWaiter[] {
    const lost: MediaWaiter[] = [];
    for (const [older, waiter] of this.#waiting) {
      if (older >= id) break; // A Map keeps the order of its ids.
      lost.push(waiter);
      this.#waiting.delete(older);
    }
    return lost;
  }

  settle(id: number): MediaWaiter | undefined {
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiter;
  }
}
