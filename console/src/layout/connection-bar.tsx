import { Button, Group, Loader, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { useConnection } from '../api/connection.ts';
import { useEvents } from '../api/events.ts';
import { useFormats } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';

/** Ms for which nothing is said: what is back at once was not away; a stream that breaks is opened again every few seconds. */
const patience = { away: 1_000, lost: 500, slow: 20_000 } as const;
/** Ms between looks whether anybody is there, and for which an answer may take. */
const every = { there: 15_000, away: 3_000 } as const;
const longest = 8_000;

/** That what is looked at is old, since when, and what of it; where nobody is there, all is read again when he is back. */
export function ConnectionBar() {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const queries = useQueryClient();
  const { server, signalling, stream, since } = useConnection();
  // Hears of signalling on every page.
  useEvents({ mirror: () => {} });
  const { data, refetch } = useQuery({
    queryKey: ['version'],
    queryFn: () => answer(api.GET('/api/v1/version', { signal: AbortSignal.timeout(longest) })),
    refetchInterval: every[server],
    retry: false,
  });
  const first = useRef<string>(undefined);
  first.current ??= data?.version;
  // Whether anybody is there is asked at once.
  useEffect(() => {
    if (stream === 'broken') void refetch();
  }, [stream, refetch]);

  const fault = server === 'away' ? 'away' : signalling === 'lost' ? 'lost' : stream === 'broken' ? 'slow' : undefined;
  const before = useRef(fault);
  useEffect(() => {
    if (fault === undefined && before.current !== undefined) void queries.invalidateQueries();
    before.current = fault;
  }, [fault, queries]);

  const [isOld, setOld] = useState(false);
  useEffect(() => {
    setOld(false);
    if (fault === undefined) return;
    const timer = setTimeout(() => setOld(true), patience[fault] - (Date.now() - since));
    return () => clearTimeout(timer);
  }, [fault, since]);

  const isNewer = fault === undefined && data !== undefined && data.version !== first.current;
  const isShown = isNewer || (fault !== undefined && isOld);
  return (
    <div role="status">
      {isShown && (
        <Group className={fault === 'away' || fault === 'lost' ? 'away' : 'pending'} px="md" py={8} gap="xs" mb="md">
          {fault === undefined ? <Icon name="info" /> : <Loader size={18} color="currentColor" aria-hidden="true" />}
          <Text size="sm" fw={600}>
            {fault === undefined
              ? t('connection.newer', { version: data?.version })
              : t(`connection.${fault}`, { at: dateAndTime(since) })}
          </Text>
          {fault === undefined ? (
            <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
              {t('connection.reload')}
            </Button>
          ) : (
            <Text size="sm">{t(`connection.${fault}Note`)}</Text>
          )}
        </Group>
      )}
    </div>
  );
}
