import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'wouter';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/format.ts';
import { One } from '../../parts/one.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { failed, told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';
import { Dialog } from '../../parts/dialog.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookForm } from './form.tsx';
import { Rotate, SecretDialog } from './secret.tsx';
import { tones } from './tones.ts';

/** One who is told what happens: how he takes it, and what may be done about it. */
export default function WebhookPage() {
  const { webhook: id = '' } = useParams<{ webhook: string }>();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'change' | 'rotate' | 'remove'>();
  const [made, setMade] = useState<Schemas['WebhookSecret']>();
  const path = { webhook: id };
  const query = useQuery({
    queryKey: ['webhooks', id],
    queryFn: () => answer(api.GET('/api/v1/webhooks/{webhook}', { params: { path } })),
    refetchInterval: 5_000,
  });
  const again = () => queries.invalidateQueries({ queryKey: ['webhooks'] });
  const test = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/webhooks/{webhook}/test', { params: { path } })),
    onSuccess: ({ state, last }) => {
      if (state === 'taken') told(t('webhooks.testTaken', { status: last?.status, ms: last?.ms }));
      else failed(t('webhooks.test'), new Error(t('webhooks.testFailed', { error: last?.error ?? state })));
    },
    onError: (problem) => failed(t('webhooks.test'), problem),
    onSettled: again,
  });
  const enable = useMutation({
    mutationFn: ({ version, enabled }: Schemas['Webhook']) =>
      answer(
        api.PATCH('/api/v1/webhooks/{webhook}', {
          params: { path, header: { 'if-match': `"${version}"` } },
          body: { enabled: !enabled },
        }),
      ),
    onError: (problem) => failed(query.data?.name ?? id, problem),
    onSettled: again,
  });
  return (
    <One query={query} href="/webhooks" back={t('pages.webhooks')}>
      {(data, back) => (
        <Stack gap="lg">
          <div>
            {back}
            <PageTitle title={data.name}>
              <Button onClick={() => test.mutate()} loading={test.isPending}>
                {t('webhooks.test')}
              </Button>
              <Button variant="default" onClick={() => setDialog('change')}>
                {t('webhooks.change')}
              </Button>
              <Button variant="default" onClick={() => setDialog('rotate')}>
                {t('webhooks.rotate')}
              </Button>
              <Button variant="default" onClick={() => enable.mutate(data)} loading={enable.isPending}>
                {data.enabled ? t('webhooks.disable') : t('webhooks.enable')}
              </Button>
              <Button variant="default" c="var(--tandem-bad)" onClick={() => setDialog('remove')}>
                {t('webhooks.remove')}
              </Button>
            </PageTitle>
            {data.endedBy && <Alert color="orange">{t(`webhooks.endedBy.${data.endedBy}`)}</Alert>}
          </div>
          <AllOf webhook={data} />
          <Deliveries webhook={data} />
          {dialog === 'change' && <WebhookForm webhook={data} onClose={() => setDialog(undefined)} />}
          {dialog === 'rotate' && <Rotate webhook={data} onClose={() => setDialog(undefined)} onMade={setMade} />}
          {dialog === 'remove' && <Remove webhook={data} onClose={() => setDialog(undefined)} />}
          {made && <SecretDialog made={made} onClose={() => setMade(undefined)} />}
        </Stack>
      )}
    </One>
  );
}

function AllOf({ webhook }: { webhook: Schemas['Webhook'] }) {
  const { t } = useTranslation();
  const { ago, count, dateAndTime } = useFormats();
  const { url, state, error, next, events, trunks = [], sites = [], ca, waiting, oldest, taken, dropped } = webhook;
  return (
    <section className="surface tile">
      <Facts
        facts={[
          [
            t('webhooks.state'),
            <StateBadge key="state" tone={tones[state]}>
              {t(`webhooks.states.${state}`)}
            </StateBadge>,
          ],
          [t('webhooks.error'), error],
          [t('webhooks.next'), next === undefined ? undefined : ago(next)],
          [
            t('webhooks.url'),
            <span key="url" className="break">
              {url}
            </span>,
          ],
          [t('webhooks.events'), events.join(', ')],
          [t('webhooks.of'), [...trunks, ...sites].join(', ') || t('webhooks.everything')],
          [t('webhooks.ca'), ca === undefined ? undefined : t('webhooks.caOwn')],
          [
            t('webhooks.waiting'),
            oldest === undefined ? count(waiting) : `${count(waiting)}, ${t('webhooks.oldest', { ago: ago(oldest) })}`,
          ],
          [t('webhooks.taken'), taken === undefined ? t('webhooks.never') : dateAndTime(taken)],
          [t('webhooks.dropped'), dropped > 0 && t('webhooks.droppedNote', { count: dropped })],
          [t('webhooks.oldSecret'), webhook.oldSecretUntil && dateAndTime(webhook.oldSecretUntil)],
          [t('webhooks.changed'), dateAndTime(webhook.changed)],
        ]}
      />
    </section>
  );
}

function Remove({ webhook, onClose }: { webhook: Schemas['Webhook']; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const { id, version, name } = webhook;
  const remove = useMutation({
    mutationFn: () =>
      answer(
        api.DELETE('/api/v1/webhooks/{webhook}', {
          params: { path: { webhook: id }, header: { 'if-match': `"${version}"` } },
        }),
      ),
    onSuccess: () => {
      go('/webhooks');
      queries.removeQueries({ queryKey: ['webhooks', id] });
      void queries.invalidateQueries({ queryKey: ['webhooks'], exact: true });
    },
  });
  return (
    <Dialog onClose={onClose} title={`${t('webhooks.remove')}: ${name}`}>
      <Stack>
        <Text size="sm">{t('webhooks.removeNote')}</Text>
        {remove.error && <Trouble error={remove.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" onClick={() => remove.mutate()} loading={remove.isPending}>
            {t('webhooks.remove')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
