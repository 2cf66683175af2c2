import { Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import { useFormats } from '../../parts/format.ts';

/** What the ends of a call told of its voice themselves (RFC 6035). */
export function Told({ reports }: { reports: readonly Schemas['QualityReport'][] | undefined }) {
  const { t } = useTranslation();
  const { preciseClock, measure } = useFormats();
  if (!reports?.length) return null;
  const figure = (value: number | undefined, unit: string) =>
    value === undefined ? (
      <Text span size="sm" c="dimmed">
        {t('common.notMeasured')}
      </Text>
    ) : (
      `${measure(value)}${unit}`
    );
  return (
    <section className="surface tile" aria-labelledby="told">
      <Title order={2} size="h5" id="told">
        {t('call.told')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('call.toldNote')}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where it is narrow */}
      <div className="scrolls" tabIndex={0}>
        <Table miw={720}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('call.toldBy')}</Table.Th>
              <Table.Th>{t('call.toldOf')}</Table.Th>
              <Table.Th ta="right">{t('call.lost')}</Table.Th>
              <Table.Th ta="right">{t('call.jitter')}</Table.Th>
              <Table.Th ta="right">{t('call.roundTrip')}</Table.Th>
              <Table.Th ta="right">{t('call.mosListening')}</Table.Th>
              <Table.Th ta="right">{t('call.mosConversational')}</Table.Th>
              <Table.Th>{t('call.toldAt')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {reports.map(({ receivedAt, party, source, kind, alert, local }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they are in the order in which they came, and none goes
              <Table.Tr key={at}>
                <Table.Th scope="row">
                  {t(`call.parties.${party}`)}{' '}
                  <Text span size="sm" c="dimmed">
                    {source}
                  </Text>
                </Table.Th>
                <Table.Td>
                  {t(`call.reports.${kind}`)}
                  {alert && `: ${alert.metric}, ${t(`call.severities.${alert.severity}`)}`}
                </Table.Td>
                <Table.Td ta="right">{figure(local.lossPercent, ' %')}</Table.Td>
                <Table.Td ta="right">{figure(local.jitterMs, ' ms')}</Table.Td>
                <Table.Td ta="right">{figure(local.roundTripMs, ' ms')}</Table.Td>
                <Table.Td ta="right">{figure(local.mosListening, '')}</Table.Td>
                <Table.Td ta="right">{figure(local.mosConversational, '')}</Table.Td>
                <Table.Td>{preciseClock(receivedAt)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}
