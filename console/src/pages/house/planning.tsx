import { Alert, List, SegmentedControl, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import type { house as houseTexts } from '../../i18n/en/house.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { useFormats } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Tile } from '../../parts/tile.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Words } from '../../parts/words.tsx';
import '../configuration/configuration.css';

type Advised = keyof typeof houseTexts.planning.advised;

type By = 'users' | 'records';

/** How big everything has to be, each figure with how it came about. */
export default function Planning() {
  const { t } = useTranslation();
  const { dateAndTime, count } = useFormats();
  const { tell } = useSaid();
  const [by, setBy] = useState<By>('users');
  const { data, error, isFetching } = useQuery({
    queryKey: ['plan', by],
    queryFn: () => answer(api.GET('/api/v1/plan', { params: { query: { by } } })),
    staleTime: 60_000,
    retry: false,
  });
  return (
    <>
      <PageTitle title={t('pages.planning')} note={t('planning.note')}>
        <SegmentedControl
          value={by}
          onChange={(value) => setBy(value as By)}
          aria-label={t('planning.by')}
          data={[
            { value: 'users', label: t('planning.users') },
            { value: 'records', label: t('planning.records') },
          ]}
        />
      </PageTitle>
      {error ? (
        <Trouble error={error} />
      ) : !data || isFetching ? (
        <Loading />
      ) : (
        <Stack gap="lg">
          {data.records && (
            <Text>
              {t('planning.measured', {
                calls: count(data.records.calls),
                from: dateAndTime(data.records.from),
                to: dateAndTime(data.records.to),
              })}
            </Text>
          )}
          {data.doubts.length > 0 && (
            <Alert color="yellow" title={t('planning.doubts')}>
              <List size="sm">
                {data.doubts.map((one) => (
                  <List.Item key={one}>{tell(one)}</List.Item>
                ))}
              </List>
            </Alert>
          )}
          {data.sites.map((site) => (
            <SitePlan key={site.name} site={site} />
          ))}
          {data.trunks.map(({ name, figures }) => (
            <Part key={name} title={t('planning.trunk', { name })} figures={figures} />
          ))}
          {data.queues.map(({ name, figures }) => (
            <Part key={name} title={t('planning.queue', { name })} figures={figures} />
          ))}
          <Part title={t('planning.whole')} figures={data.whole} />
          <Part title={t('planning.bandwidth')} figures={data.bandwidth} />
        </Stack>
      )}
    </>
  );
}

function SitePlan({ site }: { site: Schemas['Plan']['sites'][number] }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const { tell } = useSaid();
  const { name, users, calls, bandwidthKbits, figures, advice } = site;
  return (
    <section>
      <Title order={2} size="h3" mb="sm">
        {name}
      </Title>
      {users === 0 && calls === 0 ? (
        <Text c="dimmed">
          <Words>{t('planning.nobody')}</Words>
        </Text>
      ) : (
        <>
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <Tile label={t('planning.people')} value={count(users)} />
            <Tile label={t('planning.calls')} value={count(calls)} />
            <Tile label={t('planning.link')} value={`${count(Math.round(bandwidthKbits))} kbit/s`} />
          </SimpleGrid>
          <Figures figures={figures} label={name} />
          <List size="sm" mt="xs">
            {advice.map(({ about, advised, why, doubt }) => (
              <List.Item key={about}>
                <strong>
                  {t(`planning.about.${about}`)}:{' '}
                  {advised === undefined ? t('common.unknown') : t(`planning.advised.${advised as Advised}`, advised)}
                </strong>{' '}
                {tell(why)} {doubt !== undefined && tell(doubt)}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </section>
  );
}

function Part({ title, figures }: { title: string; figures: readonly Schemas['PlanFigure'][] }) {
  return (
    <section>
      <Title order={2} size="h3" mb="sm">
        {title}
      </Title>
      <Figures figures={figures} label={title} />
    </section>
  );
}

function Figures({ figures, label }: { figures: readonly Schemas['PlanFigure'][]; label: string }) {
  const { t } = useTranslation();
  const { measure } = useFormats();
  const { tell } = useSaid();
  return (
    <Table.ScrollContainer
      minWidth={480}
      type="native"
      mt="sm"
      className="surface"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('planning.what')}</Table.Th>
            <Table.Th ta="right">{t('planning.figure')}</Table.Th>
            <Table.Th>{t('planning.how')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {figures.map(({ what, value, unit, how }) => (
            <Table.Tr key={`${what} ${how}`}>
              <Table.Td>{tell(what)}</Table.Td>
              <Table.Td ta="right" className="nowrap">
                {measure(value, value < 0.1 ? 4 : 2)} {unit === 'E' ? t('planning.erlang') : tell(unit)}
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {tell(how)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
