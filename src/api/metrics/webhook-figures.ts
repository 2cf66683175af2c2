import { failingFrom, type WebhookCounts, type WebhookSender } from '../webhooks/sender.ts';

/** How it is told to one receiver. */
export interface WebhookFigures {
  readonly name: string;
  readonly counts: WebhookCounts;
  readonly waiting: number;
  /** Ms for which the oldest waits; undefined: none does. */
  readonly oldest: number | undefined;
  readonly isUp: boolean;
}

export function figuresOf(sender: WebhookSender, now: number): WebhookFigures[] {
  return sender.webhooks.map(({ id, name, enabled }) => {
    const { count, oldest } = sender.waitingOf(id);
    return {
      name,
      counts: sender.countsOf(id),
      waiting: count,
      oldest: oldest === undefined ? undefined : Math.max(0, now - oldest),
      isUp: enabled && sender.healthOf(id).failures < failingFrom,
    };
  });
}
