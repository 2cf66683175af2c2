import { SegmentedControl, Table, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import { Chart } from '../../parts/chart.tsx';
import { useFormats } from '../../parts/format.ts';
import { lossOf, type Measure, measures, type Reading, seriesOf } from './quality.ts';

type Stream = Schemas['StreamCounters'];

/** What was received from each side. `isLive`: it goes on, and is drawn as it comes. */
export function Media({ streams, isLive }: { streams: readonly Stream[] | undefined; isLive: boolean }) {
  const { t } = useTranslation();
  return (
    <section className="surface tile" aria-labelledby="media">
      <Title order={2} size="h5" id="media">
        {t('call.media')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {streams?.length ? t('call.mediaNote') : t('call.mediaNone')}
      </Text>
      {streams?.map((stream) => (
        <StreamTable key={stream.stream} stream={stream} />
      ))}
      {isLive && streams?.[0] && <OverTime stream={streams[0]} />}
    </section>
  );
}

function StreamTable({ stream: { media, a, b } }: { stream: Stream }) {
  const { t } = useTranslation();
  const { count, percent, measure } = useFormats();
  const none = (
    <Text span size="sm" c="dimmed">
      {t('common.notMeasured')}
    </Text>
  );
  const sides = [
    [t('call.fromCaller'), a],
    [t('call.fromCallee'), b],
  ] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where it is narrow
    <div className="scrolls" tabIndex={0}>
      <Table mb="sm" miw={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{media}</Table.Th>
            <Table.Th ta="right">{t('call.packets')}</Table.Th>
            <Table.Th ta="right">{t('call.lost')}</Table.Th>
            <Table.Th ta="right">{t('call.jitter')}</Table.Th>
            <Table.Th>{t('call.source')}</Table.Th>
            <Table.Th ta="right">{t('call.dropped')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sides.map(([name, side]) => {
            const loss = lossOf(side);
            const { source, dropped } = side as { source?: { host: string; port: number }; dropped?: number };
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td ta="right">{count(side.packets)}</Table.Td>
                <Table.Td ta="right">{loss === undefined ? none : `${percent(loss)} (${count(side.lost)})`}</Table.Td>
                <Table.Td ta="right">
                  {side.jitterMs === undefined || side.packets === 0 ? none : `${measure(side.jitterMs)} ms`}
                </Table.Td>
                <Table.Td className="mono">{source ? `${source.host}:${source.port}` : '–'}</Table.Td>
                <Table.Td ta="right">{dropped === undefined ? '–' : count(dropped)}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Readings that are drawn: ten minutes at one each two seconds. */
const mostReadings = 300;

function OverTime({ stream }: { stream: Stream }) {
  const { t } = useTranslation();
  const [readings, setReadings] = useState<readonly Reading[]>([]);
  const [measure, setMeasure] = useState<Measure>('rate');
  useEffect(() => {
    setReadings((old) => [...old.slice(1 - mostReadings), { at: Date.now(), a: stream.a, b: stream.b }]);
  }, [stream]);
  const [at, a, b] = seriesOf(readings, measure);
  return (
    <>
      <Text size="sm" fw={600} mb={4}>
        {t('call.overTime')}
      </Text>
      <SegmentedControl
        size="xs"
        mb="xs"
        value={measure}
        onChange={(value) => setMeasure(value as Measure)}
        data={measures.map((value) => ({ value, label: t(`call.${value}`) }))}
      />
      {at.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('call.gathering')}
        </Text>
      ) : (
        <Chart
          label={`${t(`call.${measure}`)}: ${t('call.overTime')}`}
          at={at}
          lines={[
            { name: t('call.fromCaller'), tone: 'accent' },
            { name: t('call.fromCallee'), tone: 'warn' },
          ]}
          values={[a, b]}
        />
      )}
    </>
  );
}
