import { Button, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useFormats } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { failed } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';

/** Who has signed in, and from where. */
export function Sessions() {
  const { t } = useTranslation();
  const { dateAndTime, ago } = useFormats();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['sessions'],
    queryFn: () => answer(api.GET('/api/v1/sessions')),
  });
  const end = useMutation({
    mutationFn: (session: string) =>
      answer(api.DELETE('/api/v1/sessions/{session}', { params: { path: { session } } })),
    onError: (problem) => failed(t('access.end'), problem),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  if (error) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <Table.ScrollContainer
      minWidth={560}
      type="native"
      className="surface"
      tabIndex={0}
      role="region"
      aria-label={t('access.sessions')}
    >
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('access.name')}</Table.Th>
            <Table.Th>{t('access.source')}</Table.Th>
            <Table.Th>{t('access.began')}</Table.Th>
            <Table.Th>{t('access.seen')}</Table.Th>
            <Table.Th>
              <span className="sr">{t('access.end')}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.items.map(({ id, account, method, created, seen, source, agent, current }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Text fw={600}>{account}</Text>
                {method === 'oidc' && <Text size="sm">{t('access.oidc')}</Text>}
              </Table.Td>
              <Table.Td>
                <span className="mono">{source}</span>
                <Text size="sm" c="dimmed" className="break">
                  {agent}
                </Text>
              </Table.Td>
              <Table.Td>{dateAndTime(created)}</Table.Td>
              <Table.Td>{ago(seen)}</Table.Td>
              <Table.Td ta="right">
                {current ? (
                  <StateBadge tone="good">{t('access.this')}</StateBadge>
                ) : (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => end.mutate(id)}
                    aria-label={t('access.endOf', { name: account, source })}
                  >
                    {t('access.end')}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
