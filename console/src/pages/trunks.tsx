import { Badge, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { Loading } from '../parts/loading.tsx';
import { Trouble } from '../parts/trouble.tsx';

const colors: Readonly<Record<string, string>> = { up: 'green', down: 'red', unknown: 'gray' };

interface Health {
  readonly state?: string;
  readonly because?: string;
}

export default function Trunks() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ['trunks'],
    queryFn: () => answer(api.GET('/api/v1/trunks')),
    refetchInterval: 2_000,
  });
  if (error) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      <Title order={1} size="h2" mb="md">
        {t('trunks.title')}
      </Title>
      {data.trunks.length === 0 ? (
        <Text>{t('trunks.empty')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={480}>
          <Table striped highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('trunks.name')}</Table.Th>
                <Table.Th>{t('trunks.state')}</Table.Th>
                <Table.Th>{t('trunks.because')}</Table.Th>
                <Table.Th ta="right">{t('trunks.calls')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.trunks.map((trunk) => {
                const { state = 'unknown', because } = (trunk.health ?? {}) as Health;
                return (
                  <Table.Tr key={trunk.trunk}>
                    <Table.Td>{trunk.trunk}</Table.Td>
                    <Table.Td>
                      <Badge color={colors[state] ?? 'yellow'}>{state}</Badge>
                    </Table.Td>
                    <Table.Td>{because}</Table.Td>
                    <Table.Td ta="right">{String(trunk.calls ?? 0)}</Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}
