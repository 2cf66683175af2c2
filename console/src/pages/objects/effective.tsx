import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { Loading } from '../../parts/loading.tsx';
import { Trouble } from '../../parts/trouble.tsx';

/** What holds of an object, each value with who says so. */
export function Effective({ section, name }: { section: string; name?: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['effective', section, name],
    queryFn: () =>
      answer(
        api.GET('/api/v1/configuration/effective', {
          params: { query: { section, of: 'draft', ...(name !== undefined && { name }) } },
        }),
      ),
  });
  if (error && !data) return <Trouble error={error} />;
  if (!data) return <Loading />;
  return (
    <Table.ScrollContainer
      minWidth={480}
      type="native"
      className="surface"
      tabIndex={0}
      role="region"
      aria-label={t('objects.effective')}
    >
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('objects.key')}</Table.Th>
            <Table.Th>{t('objects.value')}</Table.Th>
            <Table.Th>{t('objects.from')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.items.map(({ path, value, from, line, written }) => (
            <Table.Tr key={path.join('\0')}>
              <Table.Td className="mono">{path.join(' › ')}</Table.Td>
              <Table.Td className="mono break">
                {value}
                {written !== undefined && (
                  <Text size="xs" c="dimmed">
                    {written}
                  </Text>
                )}
              </Table.Td>
              <Table.Td c={from === 'default' ? 'dimmed' : 'inherit'}>
                {from === 'file' ? t('objects.here') : from === 'default' ? t('objects.default') : from}
                {line !== undefined && `, ${t('configuration.line', { line })}`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
