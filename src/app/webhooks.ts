import { type Services, type WebhookParts, webhookParts } from '#api';
import type { Log } from '#shell/log';
import type { ManagementStore } from '#shell/management-store';
import { Poster, WebhookQueue } from '#shell/webhook';

export interface WebhooksOptions
  extends Pick<Services, 'live' | 'configuration' | 'records' | 'history' | 'wall' | 'version'> {
  /** Of the records. */
  readonly directory: string;
  readonly store: ManagementStore;
  readonly node: string | undefined;
  readonly log: Log;
}

/** Who is told elsewhere of what happens: the queue on the disk, the way out, and what notices and sends. */
export class Webhooks {
  readonly #queue: WebhookQueue;
  readonly #poster = new Poster();
  readonly #parts: WebhookParts;

  constructor({ directory, store, log, ...rest }: WebhooksOptions) {
    this.#queue = opened(directory, log);
    this.#parts = webhookParts({
      ...rest,
      store: store.webhooks,
      queue: this.#queue,
      post: (posting) => this.#poster.post(posting),
      log: (level, event, fields) => log.write(level, event, fields),
    });
  }

  get sender(): WebhookParts['sender'] {
    return this.#parts.sender;
  }

  start(): void {
    this.#parts.start();
  }

  /** Another configuration holds. */
  configured(): void {
    this.#parts.configured();
  }

  close(): void {
    this.#parts.close();
    this.#poster.close();
    this.#queue.close();
  }
}

/** Where the file cannot be used, what waits is in memory, and lost with the process. */
function opened(directory: string, log: Log): WebhookQueue {
  try {
    return WebhookQueue.open(directory);
  } catch (error) {
    log.write('error', 'webhook-queue-unusable', { error });
    return WebhookQueue.open();
  }
}
