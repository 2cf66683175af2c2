import { Button, Code, Group, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Listing } from '../../parts/listing.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';

/** Who changed what, the newest first; and whether the log is as it was written. */
export default function Audit() {
  const { t } = useTranslation();
  const [who, setWho] = useState('');
  const [contains, setContains] = useState('');
  const [asked] = useDebouncedValue(`${who}\0${contains}`, 300);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam }) => {
      const [name = '', part = ''] = asked.split('\0');
      return answer(
        api.GET('/api/v1/audit', {
          params: {
            query: {
              limit: 50,
              ...(pageParam !== '' && { cursor: pageParam }),
              ...(name !== '' && { who: name }),
              ...(part !== '' && { contains: part }),
            },
          },
        }),
      );
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const verify = useMutation({ mutationFn: () => answer(api.GET('/api/v1/audit/verification')) });
  if (error && !data) return <Trouble error={error} onRetry={() => void refetch()} />;
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageTitle title={t('pages.audit')} note={t('audit.note')}>
        <Button variant="default" onClick={() => verify.mutate()} loading={verify.isPending}>
          {t('audit.verify')}
        </Button>
      </PageTitle>
      {verify.data && (
        <Text component="div" mb="sm" role="status">
          <StateBadge tone={verify.data.verified ? 'good' : 'bad'}>
            {verify.data.verified
              ? t('audit.verified', { count: verify.data.rows })
              : t('audit.broken', { row: verify.data.brokenAt })}
          </StateBadge>
        </Text>
      )}
      {verify.error && <Trouble error={verify.error} />}
      <Group mb="sm" align="flex-end">
        <TextInput
          label={t('audit.who')}
          value={who}
          onChange={({ currentTarget }) => setWho(currentTarget.value)}
          type="search"
        />
        <TextInput
          label={t('audit.contains')}
          value={contains}
          onChange={({ currentTarget }) => setContains(currentTarget.value)}
          type="search"
        />
      </Group>
      {!data ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Empty icon="records" title={t('audit.none')} />
      ) : (
        <Listing
          least={640}
          label={t('pages.audit')}
          heads={[t('audit.when'), t('audit.who'), t('audit.what'), t('audit.status')]}
          rows={rows.map((row) => <Row key={row.id} row={row} />)}
        />
      )}
      {hasNextPage && (
        <Button mt="sm" variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
          {t('audit.older')}
        </Button>
      )}
    </>
  );
}

function Row({ row }: { row: Schemas['AuditEntry'] }) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const { time, who, via, source, object, what, status, detail, verified } = row;
  const done = status < 300;
  return (
    <Table.Tr>
      <Table.Td className="nowrap">
        {dateAndTime(time)}
        {!verified && <StateBadge tone="bad">{t('audit.changed')}</StateBadge>}
      </Table.Td>
      <Table.Td>
        <Text fw={600}>{who === '' ? t('audit.nobody') : who}</Text>
        <Text size="sm" c="dimmed">
          {via} {source}
        </Text>
      </Table.Td>
      <Table.Td>
        <span className="mono break">
          {what.split(' ')[0]} {object}
        </span>
        {Object.keys(detail).length > 0 && (
          <details>
            <summary>{t('audit.detail')}</summary>
            <Code block>{JSON.stringify(detail, null, 2)}</Code>
          </details>
        )}
      </Table.Td>
      <Table.Td>
        <StateBadge tone={done ? 'good' : 'warn'}>{status}</StateBadge>
      </Table.Td>
    </Table.Tr>
  );
}
