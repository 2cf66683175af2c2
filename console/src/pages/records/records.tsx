import { Alert, Anchor, Button, Group, Table, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'wouter';
import { ApiProblem, answer, api } from '../../api/client.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import type { Line } from './csv.ts';
import { Export } from './export.tsx';
import { periodOf, queryOf } from './filter.ts';
import { Filters } from './filters.tsx';
import { Statistics } from './statistics.tsx';

/** Filters of the list that sums are not kept by. */
const narrower = ['number', 'outcome', 'status', 'site', 'user', 'route', 'emergency'] as const;

/** Calls that have ended: searched, added up, taken away. A page at a time, so that ten million are as quick as ten. */
export default function Records() {
  const { t } = useTranslation();
  const { count } = useFormats();
  const [asked, setAsked] = useSearchParams();
  const [text] = useDebouncedValue(asked.toString(), 300);
  // The cursor of each page up to this one: back is where one came from.
  const [cursors, setCursors] = useState<{ readonly of: string; readonly at: readonly string[] }>({ of: '', at: [] });
  const at = cursors.of === text ? cursors.at : [];
  // Now is when the filter was chosen: pages of one search are of one time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter, another now
  const now = useMemo(() => Math.ceil(Date.now() / 60_000) * 60_000, [text]);
  const query = useMemo(() => queryOf(new URLSearchParams(text), now), [text, now]);
  const cursor = at.at(-1);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['records', query, cursor],
    queryFn: () =>
      answer(
        api.GET('/api/v1/records', {
          params: { query: { ...query, limit: 100, ...(cursor !== undefined && { cursor }) } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: cursor === undefined ? 10_000 : false,
  });
  const none = error instanceof ApiProblem && error.status === 503;
  const total =
    data?.total === undefined || data.total === 0
      ? t('records.unknown')
      : data.estimated
        ? t('records.about', { count: data.total, formatted: count(data.total) })
        : t('records.exactly', { count: data.total, formatted: count(data.total) });
  return (
    <>
      <PageTitle title={t('records.title')} note={total}>
        {data && data.items.length > 0 && <Export query={query} />}
      </PageTitle>
      <Filters asked={asked} setAsked={setAsked} />
      {none ? (
        <Empty icon="records" title={t('records.none')}>
          {t('records.noneNote')}
        </Empty>
      ) : error && !data ? (
        <Trouble error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Loading />
      ) : (
        <>
          <Statistics
            asked={asked}
            setAsked={setAsked}
            now={now}
            isNarrower={narrower.some((name) => asked.has(name))}
          />
          {data.items.length === 0 && data.complete ? (
            <Empty
              icon="search"
              title={t('records.empty')}
              action={
                periodOf(asked) !== 'ever' && (
                  <Button
                    variant="default"
                    onClick={() =>
                      setAsked((old) => {
                        old.set('period', 'ever');
                        return old;
                      })
                    }
                  >
                    {t('records.everything')}
                  </Button>
                )
              }
            >
              {t('records.emptyNote')}
            </Empty>
          ) : (
            <Lines lines={data.items} />
          )}
          {!data.complete && <Alert mt="sm">{t('records.early')}</Alert>}
          <Group
            justify="center"
            mt="sm"
            aria-busy={isFetching}
            display={at.length === 0 && data.next === undefined ? 'none' : undefined}
          >
            <Button variant="default" disabled={at.length === 0} onClick={() => setCursors({ of: text, at: [] })}>
              {t('records.newest')}
            </Button>
            <Button
              variant="default"
              disabled={at.length === 0}
              onClick={() => setCursors({ of: text, at: at.slice(0, -1) })}
            >
              {t('records.newer')}
            </Button>
            <Button
              variant="default"
              disabled={data.next === undefined}
              onClick={() => data.next !== undefined && setCursors({ of: text, at: [...at, data.next] })}
            >
              {t('records.older')}
            </Button>
          </Group>
        </>
      )}
    </>
  );
}

function Lines({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation();
  const { dateAndTime, span } = useFormats();
  const say = useSaid();
  const { cause } = say;
  return (
    <Table.ScrollContainer minWidth={860} className="surface" type="native">
      <Table highlightOnHover aria-label={t('records.table')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('records.began')}</Table.Th>
            <Table.Th>{t('records.caller')}</Table.Th>
            <Table.Th>{t('records.called')}</Table.Th>
            <Table.Th>{t('records.from')}</Table.Th>
            <Table.Th>{t('records.to')}</Table.Th>
            <Table.Th ta="right">{t('records.talk')}</Table.Th>
            <Table.Th>{t('records.end')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ call, startedAt, caller, called, from, to, talkMs, answeredAt, end, attempts }) => (
            <Table.Tr key={call}>
              <Table.Td className="nowrap">
                <Anchor component={Link} href={`/calls/${encodeURIComponent(call)}`} size="sm" underline="always">
                  {dateAndTime(startedAt)}
                </Anchor>
              </Table.Td>
              <Table.Td>{caller}</Table.Td>
              <Table.Td>{called}</Table.Td>
              <Table.Td>{from}</Table.Td>
              <Table.Td>
                {to}
                {attempts > 1 && (
                  <Text span size="xs" c="dimmed">
                    {' '}
                    ({t('records.tries')}: {attempts})
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right">{answeredAt === undefined ? '–' : span(talkMs)}</Table.Td>
              <Table.Td>
                <Text span size="sm" title={say.end(end)} {...(end.failure && { c: 'var(--tandem-bad)' })}>
                  {cause(end.reason)}
                </Text>
                {end.sip && end.sip.status >= 300 && (
                  <Text span size="xs" c="dimmed">
                    {' '}
                    {end.sip.status}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
