import { Box, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useFormats } from '../../parts/format.ts';
import { Listing } from '../../parts/listing.tsx';
import { Loading } from '../../parts/loading.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { failed } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { deliveryTones } from './tones.ts';
import './webhooks.css';
import { Dialog } from '../../parts/dialog.tsx';

type Delivery = Schemas['WebhookDelivery'];

/** What was sent, what waits, and sending it again. */
export function Deliveries({ webhook }: { webhook: Schemas['Webhook'] }) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const queries = useQueryClient();
  const [looked, setLooked] = useState<Delivery>();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['webhooks', webhook.id, 'deliveries'],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/webhooks/{webhook}/deliveries', {
          params: { path: { webhook: webhook.id }, query: { limit: 50, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: 5_000,
  });
  const resend = useMutation({
    mutationFn: ({ id }: Delivery) =>
      answer(
        api.POST('/api/v1/webhooks/{webhook}/deliveries/{delivery}/resend', {
          params: { path: { webhook: webhook.id, delivery: Number(id) } },
        }),
      ),
    onError: (problem, { event }) => failed(event, problem),
    onSettled: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  const items = (data?.pages ?? []).flatMap((page) => page.items);
  return (
    <div>
      <Title order={2} size="h4" mb="sm">
        {t('webhooks.deliveries')}
      </Title>
      {error && !data && <Trouble error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && items.length === 0 && <Text c="dimmed">{t('webhooks.noDeliveries')}</Text>}
      {items.length > 0 && (
        <Listing
          least={760}
          label={t('webhooks.deliveries')}
          heads={[
            t('webhooks.happened'),
            t('webhooks.event'),
            t('webhooks.state'),
            { text: t('webhooks.tries'), isRight: true },
            { text: t('webhooks.answer'), isRight: true },
            { text: t('webhooks.ms'), isRight: true },
            { text: t('common.more'), forReaders: true },
          ]}
          rows={items.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td className="nowrap">{dateAndTime(one.at)}</Table.Td>
              <Table.Td className="nowrap">{one.event}</Table.Td>
              <Table.Td>
                <StateBadge tone={deliveryTones[one.state]}>{t(`webhooks.deliveryStates.${one.state}`)}</StateBadge>
                {one.last?.error !== undefined && (
                  <Text size="sm" c="dimmed">
                    {one.last.error}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right">{one.tries}</Table.Td>
              <Table.Td ta="right">{one.last?.status ?? '–'}</Table.Td>
              <Table.Td ta="right">{one.last?.ms ?? '–'}</Table.Td>
              <Table.Td ta="right">
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => setLooked(one)}
                    aria-label={t('webhooks.lookAt', { event: one.event, time: dateAndTime(one.at) })}
                  >
                    {t('webhooks.look')}
                  </Button>
                  {webhook.enabled && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => resend.mutate(one)}
                      loading={resend.isPending && resend.variables.id === one.id}
                      aria-label={t('webhooks.resendOf', { event: one.event, time: dateAndTime(one.at) })}
                    >
                      {t('webhooks.resend')}
                    </Button>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        />
      )}
      {hasNextPage && (
        <Group justify="center" mt="sm">
          <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            {t('webhooks.older')}
          </Button>
        </Group>
      )}
      {looked && <Look webhook={webhook.id} delivery={looked} onClose={() => setLooked(undefined)} />}
    </div>
  );
}

/** What was posted, and each try. */
function Look({ webhook, delivery, onClose }: { webhook: string; delivery: Delivery; onClose: () => void }) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const { data, error } = useQuery({
    queryKey: ['webhooks', webhook, 'deliveries', delivery.id],
    queryFn: () =>
      answer(
        api.GET('/api/v1/webhooks/{webhook}/deliveries/{delivery}', {
          params: { path: { webhook, delivery: Number(delivery.id) } },
        }),
      ),
  });
  return (
    <Dialog onClose={onClose} size="xl" title={delivery.event}>
      {error && <Trouble error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <Stack>
          <Text size="sm" className="break">
            {data.message}
          </Text>
          <Title order={3} size="h5">
            {t('webhooks.attempts')}
          </Title>
          {data.attempts.length === 0 && <Text c="dimmed">–</Text>}
          <Stack gap={4} component="ul" m={0} p={0} className="plain">
            {data.attempts.map(({ number, at, ms, status, error: why, answer: said }) => (
              <li key={number}>
                <Text size="sm">
                  {dateAndTime(at)}, {ms} ms: {why ?? `${t('webhooks.deliveryStates.taken')} (${status})`}
                </Text>
                {said !== undefined && (
                  <Text size="sm" c="dimmed" className="break">
                    {said}
                  </Text>
                )}
              </li>
            ))}
          </Stack>
          <Title order={3} size="h5">
            {t('webhooks.message')}
          </Title>
          <Box className="hook-body" tabIndex={0} role="region" aria-label={t('webhooks.message')}>
            <pre>{indented(data.body)}</pre>
          </Box>
        </Stack>
      )}
    </Dialog>
  );
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
