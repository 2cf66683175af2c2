import type { ManagementStore } from '#shell/management-store';
import { type Posted, type Posting, WebhookQueue } from '#shell/webhook';
import { WebhookSender } from './sender.ts';

/** A sender whose messages go to `post`, or to nobody who takes none. */
export function senderOf(
  store: ManagementStore,
  {
    post = async () => ({ error: 'nobody is there' }),
    queue = WebhookQueue.open(),
    wall = () => 1_700_000_000_000,
    log = () => {},
    node,
  }: {
    readonly post?: (posting: Posting) => Promise<Posted>;
    readonly queue?: WebhookQueue;
    readonly wall?: () => number;
    readonly log?: ConstructorParameters<typeof WebhookSender>[0]['log'];
    readonly node?: string;
  } = {},
): WebhookSender {
  return new WebhookSender({
    store: store.webhooks,
    queue,
    post,
    version: '1.2.3',
    node,
    wall,
    random: () => 0.5,
    log,
  });
}
