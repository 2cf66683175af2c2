import { Button, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Asked, Listing } from '../../parts/listing.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { failed, told } from '../../parts/toasts.ts';
import '../configuration/configuration.css';

/** Who is kept out, and letting him in again. */
export default function Bans() {
  const { t } = useTranslation();
  const { ban, tell } = useSaid();
  const { dateAndTime } = useFormats();
  const mayLift = useMay('operator');
  const queries = useQueryClient();
  const query = useQuery({
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
  return (
    <Asked query={query}>
      {(data) => (
        <>
          <PageTitle title={t('pages.bans')} note={t('bans.note')} />
          <Listing
            empty={
              <Empty icon="shield" title={t('bans.none')}>
                {t('bans.noneNote')}
              </Empty>
            }
            label={t('pages.bans')}
            heads={[
              t('bans.source'),
              t('bans.reason'),
              t('bans.since'),
              t('bans.until'),
              { text: t('bans.lift'), forReaders: true },
            ]}
            rows={data.items.map(({ source, reason, detail, since, until }) => (
              <Table.Tr key={source}>
                <Table.Td className="mono">{source}</Table.Td>
                <Table.Td>
                  {ban(reason)}
                  <Text size="xs" c="dimmed">
                    {tell(detail)}
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
          />
        </>
      )}
    </Asked>
  );
}
