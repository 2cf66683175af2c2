import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Asked, Listing } from '../../parts/listing.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge, type Tone } from '../../parts/state-badge.tsx';
import '../configuration/configuration.css';

/** Days: sooner than this somebody should see to it. */
const soon = 30;

function toneOf({ problem, daysLeft, warnings }: Schemas['Certificate']): Tone {
  if (problem !== undefined || (daysLeft ?? 1) < 0) return 'bad';
  return (daysLeft ?? soon) < soon || warnings.length > 0 ? 'warn' : 'good';
}

/** Certificates in use, what ends first at the top. */
export default function Certificates() {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const query = useQuery({
    queryKey: ['certificates'],
    queryFn: () => answer(api.GET('/api/v1/certificates')),
    refetchInterval: 30_000,
  });
  return (
    <Asked query={query}>
      {(data) => (
        <>
          <PageTitle title={t('pages.certificates')} note={t('certificates.note')} />
          <Listing
            empty={
              <Empty icon="shield" title={t('certificates.none')}>
                {t('certificates.noneNote')}
              </Empty>
            }
            least={640}
            label={t('pages.certificates')}
            heads={[t('certificates.names'), t('certificates.ends'), t('certificates.usedBy'), t('certificates.files')]}
            rows={data.items.map((one) => (
              <Table.Tr key={`${one.kind} ${one.files.join()} ${one.users.join()}`}>
                <Table.Td>
                  <Text fw={600} className="break">
                    {one.names.join(', ') || t(`certificates.kinds.${one.kind}`)}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {t(`certificates.kinds.${one.kind}`)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <StateBadge tone={toneOf(one)}>
                    {one.problem ??
                      (one.daysLeft === undefined
                        ? t('common.unknown')
                        : one.daysLeft < 0
                          ? t('certificates.expired')
                          : t('certificates.days', { count: one.daysLeft }))}
                  </StateBadge>
                  {one.notAfter && <Text size="sm">{dateAndTime(one.notAfter)}</Text>}
                  {one.warnings.map((warning) => (
                    <Text key={warning} size="sm" c="var(--tandem-warn)">
                      {warning}
                    </Text>
                  ))}
                </Table.Td>
                <Table.Td>{one.users.join(', ')}</Table.Td>
                <Table.Td className="mono break">{one.files.join(', ')}</Table.Td>
              </Table.Tr>
            ))}
          />
        </>
      )}
    </Asked>
  );
}
