import { Button, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useFormats } from '../../parts/format.ts';
import { Asked, Listing } from '../../parts/listing.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { failed } from '../../parts/toasts.ts';

/** Who has signed in, and from where. */
export function Sessions() {
  const { t } = useTranslation();
  const { dateAndTime, ago } = useFormats();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['sessions'],
    queryFn: () => answer(api.GET('/api/v1/sessions')),
  });
  const end = useMutation({
    mutationFn: (session: string) =>
      answer(api.DELETE('/api/v1/sessions/{session}', { params: { path: { session } } })),
    onError: (problem) => failed(t('access.end'), problem),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <Asked query={query}>
      {(data) => (
        <Listing
          label={t('access.sessions')}
          heads={[
            t('access.name'),
            t('access.source'),
            t('access.began'),
            t('access.seen'),
            { text: t('access.end'), forReaders: true },
          ]}
          rows={data.items.map(({ id, account, method, created, seen, source, agent, current }) => (
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
        />
      )}
    </Asked>
  );
}
