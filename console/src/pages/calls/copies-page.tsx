import { Anchor, Button, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'wouter';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useCopyRights, useKeptCopies } from '../../api/copy-rights.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Asked, Listing } from '../../parts/listing.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { failed } from '../../parts/toasts.ts';
import { CopyActions } from './copies.tsx';
import { CopyForm } from './copy-form.tsx';

/** Copies of what is said: which call is waited for, and what is on the disk. `?next`: the form is open, `trunk` and `number` are what it has. */
export default function CopiesPage() {
  const { t } = useTranslation();
  const rights = useCopyRights();
  const query = useKeptCopies({ refetchInterval: 5_000 });
  const [asked, setAsked] = useSearchParams();
  if (rights && !rights.allowed)
    return (
      <Empty icon="lock" order={1} title={t('copies.notAllowed')}>
        {rights.why} {t('copies.notAllowedNote')}
      </Empty>
    );
  const ask = (
    <Button color="red" onClick={() => setAsked({ next: '' })}>
      {t('copies.next')}
    </Button>
  );
  return (
    <Asked query={query}>
      {({ items, armed }) => (
        <>
          <PageTitle title={t('pages.copies')} note={t('copies.note')}>
            {ask}
          </PageTitle>
          <Stack gap="lg">
            {armed.length > 0 && <Waiting armed={armed} />}
            <Kept items={items} />
          </Stack>
          {rights && asked.has('next') && (
            <CopyForm
              of={{ trunk: asked.get('trunk') ?? '', number: asked.get('number') ?? '' }}
              rights={rights}
              onClose={() => setAsked({}, { replace: true })}
            />
          )}
        </>
      )}
    </Asked>
  );
}

function Waiting({ armed }: { armed: readonly Schemas['ArmedCapture'][] }) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const queries = useQueryClient();
  const disarm = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/media-captures/armed/{id}', { params: { path: { id } } })),
    onError: (problem) => failed(t('copies.stopFailed'), problem),
    onSettled: () => queries.invalidateQueries({ queryKey: ['media-captures'] }),
  });
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('copies.waiting')}
      </Title>
      <Listing
        label={t('copies.waiting')}
        heads={[t('copies.which'), t('copies.who'), t('copies.until'), { text: t('copies.disarm'), forReaders: true }]}
        rows={armed.map(({ id, by, reason, trunk, number, until }) => {
          const which = [trunk, number].filter(Boolean).join(' · ');
          return (
            <Table.Tr key={id}>
              <Table.Td fw={600}>{which}</Table.Td>
              <Table.Td className="break">{t('copies.for', { by, reason })}</Table.Td>
              <Table.Td className="nowrap">{dateAndTime(until)}</Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => disarm.mutate(id)}
                  aria-label={`${t('copies.disarm')}: ${which}`}
                >
                  {t('copies.disarm')}
                </Button>
              </Table.Td>
            </Table.Tr>
          );
        })}
      />
    </section>
  );
}

function Kept({ items }: { items: Schemas['MediaCaptures']['items'] }) {
  const { t } = useTranslation();
  const { count, dateAndTime } = useFormats();
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('copies.kept')}
      </Title>
      <Listing
        label={t('copies.kept')}
        least={640}
        empty={
          <Empty icon="download" title={t('copies.keptNone')}>
            {t('copies.keptNoneNote')}
          </Empty>
        }
        heads={[
          t('copies.call'),
          t('copies.who'),
          { text: t('copies.octets'), isRight: true },
          { text: t('copies.remove'), forReaders: true },
        ]}
        rows={items.map(({ name, call, by, reason, octets, startedAt, writtenAt, why }) => (
          <Table.Tr key={name}>
            <Table.Td className="nowrap">
              <Anchor component={Link} href={`/calls/${encodeURIComponent(call)}`} size="sm" underline="always">
                {dateAndTime(startedAt ?? writtenAt)}
              </Anchor>
            </Table.Td>
            <Table.Td className="break">
              {by !== undefined && reason !== undefined && t('copies.for', { by, reason })}
              {why !== undefined && (
                <Text size="xs" c="dimmed">
                  {t(`copies.whys.${why}`)}
                </Text>
              )}
            </Table.Td>
            <Table.Td ta="right">{t('copies.kilobytes', { kilobytes: count(Math.ceil(octets / 1000)) })}</Table.Td>
            <Table.Td>
              <CopyActions name={name} />
            </Table.Td>
          </Table.Tr>
        ))}
      />
    </section>
  );
}
