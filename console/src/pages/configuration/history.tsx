import { Button, Group, Radio, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { lineDiff } from '../../configuration/line-diff.ts';
import { useExamination, useFile, useRollback, useVersions } from '../../configuration/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { CommitDialog } from './commit-dialog.tsx';
import './configuration.css';
import { Dialog } from '../../parts/dialog.tsx';
import { Differences } from './differences.tsx';
import { TextDifference } from './text-difference.tsx';

type Version = Schemas['ConfigurationVersion'];

/** What ran: who made it and what for, in what two differ, and back. */
export default function History() {
  const { t } = useTranslation();
  const { data, error, refetch } = useVersions();
  const [older, setOlder] = useState<number>();
  const [newer, setNewer] = useState<number>();
  const [isComparing, setComparing] = useState(false);
  const [back, setBack] = useState<Version>();
  if (error && !data) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const { items } = data;
  // The two newest, unless somebody picks.
  const from = older ?? items[1]?.id;
  const to = newer ?? items[0]?.id;
  return (
    <>
      <PageTitle title={t('pages.history')} note={t('configuration.historyNote')}>
        <Button
          variant="default"
          disabled={from === undefined || to === undefined || from === to}
          onClick={() => setComparing(true)}
        >
          {t('configuration.compare')}
        </Button>
      </PageTitle>
      {items.length === 0 ? (
        <Empty icon="history" title={t('configuration.noVersions')} />
      ) : (
        <Table.ScrollContainer
          minWidth={640}
          type="native"
          className="surface"
          tabIndex={0}
          role="region"
          aria-label={t('pages.history')}
        >
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('configuration.older')}</Table.Th>
                <Table.Th>{t('configuration.newer')}</Table.Th>
                <Table.Th ta="right">{t('configuration.version')}</Table.Th>
                <Table.Th>{t('configuration.at')}</Table.Th>
                <Table.Th>{t('configuration.who')}</Table.Th>
                <Table.Th>{t('configuration.reason')}</Table.Th>
                <Table.Th ta="right">{t('configuration.changed')}</Table.Th>
                <Table.Th>
                  <span className="sr">{t('configuration.back')}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((version, at) => (
                <Row
                  key={version.id}
                  version={version}
                  runs={at === 0}
                  isFrom={version.id === from}
                  isTo={version.id === to}
                  onFrom={setOlder}
                  onTo={setNewer}
                  onBack={setBack}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {isComparing && from !== undefined && to !== undefined && (
        <Comparison from={from} to={to} onClose={() => setComparing(false)} />
      )}
      {back && <Back version={back} onClose={() => setBack(undefined)} />}
    </>
  );
}

interface RowProps {
  version: Version;
  runs: boolean;
  isFrom: boolean;
  isTo: boolean;
  onFrom: (id: number) => void;
  onTo: (id: number) => void;
  onBack: (version: Version) => void;
}

function Row({ version, runs, isFrom, isTo, onFrom, onTo, onBack }: RowProps) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const isMine = useMay('administrator');
  const { id, at, who, by, reason, differences } = version;
  return (
    <Table.Tr>
      <Table.Td>
        <Radio
          name="older"
          checked={isFrom}
          onChange={() => onFrom(id)}
          aria-label={t('configuration.olderIs', { id })}
        />
      </Table.Td>
      <Table.Td>
        <Radio name="newer" checked={isTo} onChange={() => onTo(id)} aria-label={t('configuration.newerIs', { id })} />
      </Table.Td>
      <Table.Td ta="right">{id}</Table.Td>
      <Table.Td className="nowrap">{dateAndTime(at)}</Table.Td>
      <Table.Td>{by === 'file' ? t('configuration.byFile') : who}</Table.Td>
      <Table.Td className="break">{reason}</Table.Td>
      <Table.Td ta="right">{differences}</Table.Td>
      <Table.Td ta="right">
        {runs ? (
          <StateBadge tone="good">{t('configuration.last')}</StateBadge>
        ) : (
          isMine && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => onBack(version)}
              aria-label={t('configuration.backTo', { id })}
            >
              {t('configuration.back')}
            </Button>
          )
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function useVersion(id: number) {
  return useQuery({
    queryKey: ['configuration', 'version', id],
    queryFn: () => answer(api.GET('/api/v1/configuration/versions/{id}', { params: { path: { id } } })),
  });
}

function Comparison({ from, to, onClose }: { from: number; to: number; onClose: () => void }) {
  const { t } = useTranslation();
  const before = useVersion(from);
  const after = useVersion(to);
  const { data, error } = useQuery({
    queryKey: ['configuration', 'differences', from, to],
    queryFn: () =>
      answer(
        api.GET('/api/v1/configuration/versions/{id}/differences', { params: { path: { id: to }, query: { from } } }),
      ),
  });
  const failed = before.error ?? after.error;
  return (
    <Dialog onClose={onClose} size="90%" title={t('configuration.between', { from, to })}>
      <Stack>
        {failed && <Trouble error={failed} />}
        {error ? (
          <Text size="sm">{error.message}</Text>
        ) : data ? (
          <Differences differences={data.differences} />
        ) : (
          <Loading />
        )}
        {before.data && after.data && <TextDifference lines={lineDiff(before.data.text, after.data.text)} />}
      </Stack>
    </Dialog>
  );
}

/** Going back is a commit of an older text: it is looked at as any other. */
function Back({ version, onClose }: { version: Version; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error } = useVersion(version.id);
  const examined = useExamination(data?.text);
  const file = useFile();
  // What is written from now on is not to be undone: nobody here has seen it.
  const [base, setBase] = useState<string>();
  if (base === undefined && file.data && !file.isFetching) setBase(file.data.hash);
  const rollback = useRollback();
  const failed = error ?? examined.error ?? file.error;
  const unsound = examined.data && !examined.data.sound;
  if (!examined.data || base === undefined || failed || unsound)
    return (
      <Dialog onClose={onClose} title={t('configuration.backTo', { id: version.id })}>
        {failed ? <Trouble error={failed} /> : unsound ? <Text>{t('configuration.notSoundNow')}</Text> : <Loading />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
        </Group>
      </Dialog>
    );
  return (
    <CommitDialog
      title={t('configuration.backTo', { id: version.id })}
      action={t('configuration.back')}
      examination={examined.data}
      onClose={onClose}
      isBusy={rollback.isPending}
      error={rollback.error}
      onCommit={(words) =>
        rollback.mutate(
          { id: version.id, base, ...words },
          {
            onSuccess: () => {
              onClose();
              told(t('configuration.wentBack', { id: version.id }));
            },
          },
        )
      }
    />
  );
}
