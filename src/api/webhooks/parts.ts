import { currentTroubles } from '../problems/routes.ts';
import type { Services } from '../services.ts';
import { type SenderOptions, WebhookSender } from './sender.ts';
import { Watch } from './watch.ts';

export interface WebhookParts {
  readonly sender: WebhookSender;
  /** Another configuration may hold. */
  configured(): void;
  /** Begins to notice, and to send what was left. */
  start(): void;
  /** Before the queue is closed. */
  close(): void;
}

/** What notices and what sends, together. */
export function webhookParts(
  options: SenderOptions & Pick<Services, 'live' | 'configuration' | 'records' | 'history'>,
): WebhookParts {
  const sender = new WebhookSender(options);
  const watch = new Watch({
    ...options,
    sender,
    troubles: () => currentTroubles({ ...options, webhooks: sender }),
  });
  return {
    sender,
    configured: () => watch.configured(),
    start: () => {
      sender.start();
      watch.start();
    },
    close: () => {
      watch.close();
      sender.close();
    },
  };
}
