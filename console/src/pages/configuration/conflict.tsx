import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useDiscard, useFile, useRenew, useVersions, useWrite } from '../../configuration/queries.ts';
import { useFormats } from '../../parts/format.ts';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { Differences } from './differences.tsx';
import { Merge } from './merge.tsx';

/** Somebody else changed the file since the draft began: who, what, and what can be done. */
export function Conflict({ draft }: { draft: Schemas['Draft'] }) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const { data: file } = useFile();
  const { data: versions } = useVersions();
  const renew = useRenew();
  const write = useWrite();
  const discard = useDiscard();
  const items = versions?.items ?? [];
  const base = items.find(({ hash }) => hash === draft.base);
  const others = base ? items.filter(({ id }) => id > base.id) : [];
  const newest = others[0];
  const { data: theirs } = useQuery({
    queryKey: ['configuration', 'differences', base?.id, newest?.id],
    queryFn: () =>
      answer(
        api.GET('/api/v1/configuration/versions/{id}/differences', {
          params: { path: { id: newest!.id }, query: { from: base!.id } },
        }),
      ),
    enabled: base !== undefined && newest !== undefined,
  });
  // What both began with; not known where it never ran.
  const began = useQuery({
    queryKey: ['configuration', 'versions', base?.id],
    queryFn: () => answer(api.GET('/api/v1/configuration/versions/{id}', { params: { path: { id: base!.id } } })),
    enabled: base !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const error = renew.error ?? write.error ?? discard.error;
  return (
    <Alert color="yellow" title={t('configuration.outdated')} mb="md" role="alert">
      <Stack gap="sm">
        {others.map(({ id, who, at, reason }) => (
          <Text key={id} size="sm">
            {t('configuration.theirs', { who, at: dateAndTime(at) })} {reason}
          </Text>
        ))}
        {theirs && <Differences differences={theirs.differences} />}
        {error && <Trouble error={error} />}
        <Group gap="xs">
          {draft.edits && !renew.error && (
            <Button size="xs" onClick={() => renew.mutate(undefined)} loading={renew.isPending}>
              {t('configuration.renew')}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={() => discard.mutate(undefined)} loading={discard.isPending}>
            {t('configuration.discard')}
          </Button>
        </Group>
        {file && versions && (base === undefined || began.data) && (!draft.edits || renew.error) && (
          <Merge
            key={file.hash}
            base={began.data?.text}
            mine={draft.text}
            theirs={file.text}
            isBusy={write.isPending}
            // When it is done there is no conflict, and nothing of this is left to hear of it.
            onMerged={(text) =>
              void write.mutateAsync({ text, base: file.hash }).then(
                () => told(t('merge.done')),
                () => {},
              )
            }
          />
        )}
      </Stack>
    </Alert>
  );
}
