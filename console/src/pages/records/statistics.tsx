import { Group, NativeSelect, SimpleGrid, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Bars } from '../../parts/bars.tsx';
import { Chart } from '../../parts/chart.tsx';
import { useFormats } from '../../parts/format.ts';
import { Tile } from '../../parts/tile.tsx';
import { useTrunks } from '../trunks/trunks-data.ts';
import { type StatisticsQuery, statisticsOf, stepsOf, ways } from './filter.ts';

/** Keys of the address that are of the charts alone. */
const own = ['way', 'over', 'step'] as const;

/** What became of the calls of a time: it follows the filter as far as sums are kept, and has filters of its own beside. */
export function Statistics({
  asked,
  setAsked,
  now,
  isNarrower,
}: {
  asked: URLSearchParams;
  setAsked: (change: (old: URLSearchParams) => URLSearchParams, options: { replace: boolean }) => void;
  now: number;
  /** The list below has fewer calls than these. */
  isNarrower: boolean;
}) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const query = statisticsOf(asked, now, me?.sites);
  const { data } = useQuery({
    queryKey: ['statistics', query],
    queryFn: () =>
      answer(
        api.GET('/api/v1/statistics', {
          params: { query: { ...query!, offsetMinutes: -new Date().getTimezoneOffset() } },
        }),
      ),
    enabled: me !== undefined && query !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (!data || !query || (data.total.calls === 0 && !own.some((name) => asked.has(name)))) return null;
  return (
    <section aria-label={t('records.charts')} style={{ marginBottom: 16 }}>
      <Controls query={query} asked={asked} setAsked={setAsked} sites={me?.sites} />
      {isNarrower && (
        <Text size="sm" c="dimmed" mb="xs">
          {t('records.chartsNote')}
        </Text>
      )}
      {data.total.calls === 0 ? (
        <Text c="dimmed">{t('records.empty')}</Text>
      ) : (
        <Charts data={data} until={query.until} />
      )}
    </section>
  );
}

/** What the charts are of, beside what the list has as well. */
function Controls({
  query,
  asked,
  setAsked,
  sites: mine,
}: Pick<Parameters<typeof Statistics>[0], 'asked' | 'setAsked'> & {
  query: StatisticsQuery;
  sites: readonly string[] | undefined;
}) {
  const { t } = useTranslation();
  const { data: trunks = [] } = useTrunks();
  const set = (name: (typeof own)[number], to: string) =>
    setAsked(
      (old) => {
        if (to === '') old.delete(name);
        else old.set(name, to);
        return old;
      },
      { replace: true },
    );
  const sites = [
    ...new Set([...(mine ?? trunks.flatMap(({ site }) => site ?? [])), ...(query.site ? [query.site] : [])]),
  ];
  const isTrunk = query.trunk !== undefined;
  const length = Date.parse(query.until) - Date.parse(query.since);
  const way = isTrunk ? (query.part === 'from' ? 'in' : 'out') : (ways.find((one) => one === asked.get('way')) ?? '');
  return (
    <Group gap="xs" mb="sm" align="flex-end">
      <NativeSelect
        size="xs"
        label={t('records.way')}
        value={way}
        onChange={({ currentTarget }) => set('way', currentTarget.value)}
        data={[
          ...(isTrunk ? [] : [{ value: '', label: t('records.ways.all') }]),
          ...ways.map((one) => ({
            value: one,
            label: t(isTrunk ? `records.ways.${one}Trunk` : `records.ways.${one}`),
          })),
        ]}
      />
      {!isTrunk && sites.length > 0 && (
        <NativeSelect
          size="xs"
          label={t('records.over')}
          value={query.site ?? ''}
          onChange={({ currentTarget }) => set('over', currentTarget.value)}
          data={[...(mine ? [] : [{ value: '', label: t('records.overAll') }]), ...sites.toSorted()]}
        />
      )}
      <NativeSelect
        size="xs"
        label={t('records.step')}
        value={asked.get('step') === String(query.intervalSeconds) ? String(query.intervalSeconds) : ''}
        onChange={({ currentTarget }) => set('step', currentTarget.value)}
        data={[
          { value: '', label: t('records.steps.auto') },
          ...stepsOf(length).map((step) => ({ value: String(step), label: t(`records.steps.${step as 60}`) })),
        ]}
      />
    </Group>
  );
}

function Charts({ data, until: end }: { data: Schemas['Statistics']; until: string }) {
  const { t } = useTranslation();
  const { cause } = useSaid();
  const { count, percent, span, measure } = useFormats();
  const until = Date.parse(end);
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
    <>
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
    </>
  );
}
