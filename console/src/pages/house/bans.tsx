import { Button, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { failed, told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';

/** Who is kept out, and letting him in again. */
export default function Bans() {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const mayLift = useMay('operator');
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['bans'],
    queryFn: () => answer(api.GET('/api/v1/bans')),
    refetchInterval: 5_000,
  });
  const lift = useMutation({
    mutationFn: (source: string) => answer(api.DELETE('/api/v1/bans/{source}', { params: { path: { source } } })),
    onSuccess: (_, source) => told(t('bans.lifted', { source })),
    onError: (problem, source) => failed(source, problem),
    onSettled: () => queries.invalidateQueries({ queryKey: ['bans'] }),
  });
  if (error) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      <PageTitle title={t('pages.bans')} note={t('bans.note')} />
      {data.items.length === 0 ? (
        <Empty icon="shield" title={t('bans.none')}>
          {t('bans.noneNote')}
        </Empty>
      ) : (
        <Table.ScrollContainer
          minWidth={560}
          type="native"
          className="surface"
          tabIndex={0}
          role="region"
          aria-label={t('pages.bans')}
        >
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('bans.source')}</Table.Th>
                <Table.Th>{t('bans.reason')}</Table.Th>
                <Table.Th>{t('bans.since')}</Table.Th>
                <Table.Th>{t('bans.until')}</Table.Th>
                <Table.Th>
                  <span className="sr">{t('bans.lift')}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map(({ source, reason, detail, since, until }) => (
                <Table.Tr key={source}>
                  <Table.Td className="mono">{source}</Table.Td>
                  <Table.Td>
                    {reason}
                    <Text size="xs" c="dimmed">
                      {detail}
                    </Text>
                  </Table.Td>
                  <Table.Td className="nowrap">{dateAndTime(since)}</Table.Td>
                  <Table.Td className="nowrap">{dateAndTime(until)}</Table.Td>
                  <Table.Td ta="right">
                    {mayLift && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        onClick={() => lift.mutate(source)}
                        aria-label={t('bans.liftOf', { source })}
                      >
                        {t('bans.lift')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}
