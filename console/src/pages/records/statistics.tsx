import { SimpleGrid, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Bars } from '../../parts/bars.tsx';
import { Chart } from '../../parts/chart.tsx';
import { useFormats } from '../../parts/format.ts';
import { Tile } from '../../parts/tile.tsx';
import { type Range, stepOf } from './filter.ts';

/** Where nobody says how far back: what a statistic of ever shows. */
const longest = 365 * 86_400_000;

/** What became of the calls of a time: it follows the filter as far as sums are kept. */
export function Statistics({
  range,
  trunk,
  now,
  isNarrower,
}: {
  range: Range;
  trunk: string;
  now: number;
  /** The list below has fewer calls than these. */
  isNarrower: boolean;
}) {
  const { t } = useTranslation();
  const { cause } = useSaid();
  const { count, percent, span, measure } = useFormats();
  const until = range.until ?? now;
  const since = range.since ?? until - longest;
  const { data } = useQuery({
    queryKey: ['statistics', since, until, trunk],
    queryFn: () =>
      answer(
        api.GET('/api/v1/statistics', {
          params: {
            query: {
              since: new Date(since).toISOString(),
              until: new Date(until).toISOString(),
              intervalSeconds: stepOf(until - since),
              offsetMinutes: -new Date().getTimezoneOffset(),
              ...(trunk !== '' && { trunk }),
            },
          },
        }),
      ),
    enabled: until > since,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (!data || data.total.calls === 0) return null;
  const { total, series, reasons, trunks, intervalSeconds } = data;
  const seconds = (ms: number) => (ms < 1_000 ? `${Math.round(ms)} ms` : `${measure(ms / 1000)} s`);
  // Steps without calls are told as none, so that a line does not leap over a night.
  const byStep = new Map(series.map((step) => [Math.round(new Date(step.at).getTime() / 1000), step]));
  // A line has a length: from an hour back at least, however young the records are.
  const first = Math.min(...byStep.keys());
  const before = Math.max(0, Math.ceil((3_600 - (until / 1000 - first)) / intervalSeconds));
  const begin = first - before * intervalSeconds;
  // The step that goes on is not drawn: it has not had its time.
  const steps = Math.max(2, Math.min(2_000, Math.floor((until / 1000 - begin) / intervalSeconds)));
  const at = Array.from({ length: steps }, (_, i) => begin + i * intervalSeconds);
  return (
    <section aria-label={t('records.charts')} style={{ marginBottom: 16 }}>
      {isNarrower && (
        <Text size="sm" c="dimmed" mb="xs">
          {t('records.chartsNote')}
        </Text>
      )}
      <div className="tiles" style={{ marginBottom: 12 }}>
        <Tile label={t('records.calls')} value={count(total.calls)} />
        <Tile label={t('records.asr')} value={total.asr === undefined ? '–' : percent(total.asr)} />
        <Tile label={t('records.ner')} value={total.ner === undefined ? '–' : percent(total.ner)} />
        <Tile label={t('records.acd')} value={total.acdMs === undefined ? '–' : span(total.acdMs)} />
        <Tile
          label={t('records.pdd')}
          value={total.pddMs ? seconds(total.pddMs.p50) : t('common.notMeasured')}
          note={total.pddMs && t('records.pddNote', { p90: seconds(total.pddMs.p90) })}
        />
      </div>
      <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="md">
        <div className="surface tile">
          <Title order={2} size="h5" mb={4}>
            {t('records.series')}
          </Title>
          <Chart
            label={t('records.series')}
            at={at}
            lines={[
              { name: t('records.calls'), tone: 'accent' },
              { name: t('records.answered'), tone: 'good' },
            ]}
            values={[at.map((step) => byStep.get(step)?.calls ?? 0), at.map((step) => byStep.get(step)?.answered ?? 0)]}
            height={150}
          />
        </div>
        <div className="surface tile">
          <Title order={2} size="h5" mb={4}>
            {t('records.reasons')}
          </Title>
          <Bars
            counts={Object.fromEntries(reasons.map(({ reason, calls }) => [reason, calls]))}
            most={7}
            nameOf={cause}
          />
        </div>
        <div className="surface tile">
          <Title order={2} size="h5" mb={4}>
            {t('records.byTrunk')}
          </Title>
          <Bars
            counts={Object.fromEntries(trunks.filter(({ part }) => part === 'to').map((one) => [one.trunk, one.calls]))}
            most={7}
          />
        </div>
      </SimpleGrid>
    </section>
  );
}
