import type { Webhook } from '#shell/management-store';
import type { Health } from '#shell/webhook';
import type { Trouble } from './problems.ts';

type SeenWebhook = Pick<Webhook, 'id' | 'name' | 'enabled' | 'endedBy'> & {
  readonly health: Pick<Health, 'failures' | 'failingSince' | 'error' | 'droppedAt' | 'dropped'>;
};

/** Ms for which a receiver may be away before it is told, and for which it is told that something was dropped. */
const patience = 10 * 60_000;
const remembered = 24 * 3_600_000;
/** Failures in a row that are no accident. */
const fewFailures = 3;

/** Of those who are to be told what happens. */
export function* ofWebhooks(webhooks: Iterable<SeenWebhook>, now: number): Generator<Trouble> {
  for (const { id, name, enabled, endedBy, health } of webhooks) {
    if (endedBy)
      yield {
        id: `webhook-ended ${name}`,
        severity: 'warning',
        what:
          endedBy === 'gone'
            ? `The webhook ${name} was disabled: its receiver says that it is gone (410).`
            : `The webhook ${name} was disabled: its receiver has taken nothing for three days (${health.error ?? 'no answer'}).`,
        said: { code: `webhook-ended-${endedBy}`, parameters: { name, why: health.error ?? 'no answer' } },
        todo: 'Correct its URL and enable it, or remove it.',
        webhook: id,
      };
    else if (enabled && health.failures >= fewFailures && now - health.failingSince >= patience)
      yield {
        id: `webhook-failing ${name}`,
        severity: 'warning',
        what: `The webhook ${name} is not taken: ${health.error ?? 'no answer'}.`,
        said: { code: 'webhook-failing', parameters: { name, why: health.error ?? 'no answer' } },
        since: health.failingSince,
        todo: 'What is to be told waits for a day. See what its receiver says; after three days it is disabled.',
        webhook: id,
      };
    if (health.droppedAt !== undefined && now - health.droppedAt < remembered)
      yield {
        id: `webhook-dropped ${name}`,
        severity: 'warning',
        what: `The webhook ${name} does not keep up: messages that waited for longest were dropped (${health.dropped} ever).`,
        said: { code: 'webhook-dropped', parameters: { name, count: health.dropped } },
        since: health.droppedAt,
        todo: 'Have it told of fewer events, or its receiver answer faster.',
        webhook: id,
      };
  }
}
