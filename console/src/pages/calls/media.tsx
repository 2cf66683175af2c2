import { SegmentedControl, Table, Text, Title } from '@mantine/core';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import { Chart } from '../../parts/chart.tsx';
import { useFormats } from '../../parts/format.ts';
import { lossOf, type Measure, measures, seriesOf, units } from './quality.ts';

type Stream = Schemas['StreamCounters'];

/** What was received from each side. `endedAt`: Unix ms; undefined while the call stands. */
export function Media({ streams, endedAt }: { streams: readonly Stream[] | undefined; endedAt: number | undefined }) {
  const { t } = useTranslation();
  return (
    <section className="surface tile" aria-labelledby="media">
      <Title order={2} size="h5" id="media">
        {t('call.media')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {streams?.length ? t('call.mediaNote') : t('call.mediaNone')}
      </Text>
      {streams?.map((stream, part) => (
        // One m-line may have been measured more than once.
        // biome-ignore lint/suspicious/noArrayIndexKey: parts keep their order
        <Fragment key={part}>
          <StreamTable stream={stream} />
          {stream.media !== 'image' && <OverTime stream={stream} endedAt={endedAt} />}
        </Fragment>
      ))}
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
      <Table mb="sm" miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{media}</Table.Th>
            <Table.Th ta="right">{t('call.packets')}</Table.Th>
            <Table.Th ta="right">{t('call.lost')}</Table.Th>
            <Table.Th ta="right">{t('call.jitter')}</Table.Th>
            <Table.Th ta="right">{t('call.roundTrip')}</Table.Th>
            <Table.Th ta="right">{t('call.lostThere')}</Table.Th>
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
                <Table.Td ta="right">
                  {side.report?.roundTripMs === undefined ? none : `${measure(side.report.roundTripMs)} ms`}
                </Table.Td>
                <Table.Td ta="right">{side.report ? count(side.report.lost) : none}</Table.Td>
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

/** `endedAt`: of the call, Unix ms. */
function OverTime({ stream, endedAt }: { stream: Stream; endedAt: number | undefined }) {
  const { t } = useTranslation();
  const { measure: number } = useFormats();
  const [measure, setMeasure] = useState<Measure>('rate');
  const { course, media } = stream;
  const name = `${media}: ${t('call.overTime')}`;
  const heading = (
    <Text size="sm" fw={600} mb={4}>
      {name}
    </Text>
  );
  if (!course)
    return (
      <>
        {heading}
        <Text size="sm" c="dimmed">
          {endedAt === undefined ? t('call.gathering') : t('call.noCourse')}
        </Text>
      </>
    );
  const [at, a, b] = seriesOf(course, measure, endedAt);
  const isUnknown = (values: readonly (number | null)[]) => values.every((value) => value === null);
  const isKnown = !isUnknown(a) || !isUnknown(b);
  const missing = isUnknown(a) ? t('call.fromCaller') : isUnknown(b) ? t('call.fromCallee') : undefined;
  return (
    <>
      {heading}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where it is narrow */}
      <div className="scrolls" tabIndex={0}>
        <SegmentedControl
          size="xs"
          mb="xs"
          aria-label={name}
          value={measure}
          onChange={(value) => setMeasure(value as Measure)}
          data={measures.map((value) => ({ value, label: t(`call.${value}`) }))}
        />
      </div>
      {isKnown ? (
        <Chart
          label={`${t(`call.${measure}`)}: ${t('call.overTime')}`}
          at={at}
          lines={[
            { name: t('call.fromCaller'), tone: 'accent' },
            { name: t('call.fromCallee'), tone: 'warn' },
          ]}
          values={[a, b]}
          said={(value) => (value === null ? t('common.notMeasured') : `${number(value)} ${units[measure]}`)}
        />
      ) : null}
      <Text size="sm" c="dimmed">
        {isKnown ? t('call.courseNote', { seconds: course.stepMs / 1000 }) : t(`call.unknown.${measure}`)}
        {isKnown && missing !== undefined && ` ${t('call.unknownOf', { side: missing })}`}
      </Text>
    </>
  );
}
