import { Button, Checkbox, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommitWords, Examination } from '../../configuration/queries.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Differences } from './differences.tsx';

interface CommitDialogProps {
  title: string;
  action: string;
  examination: Examination;
  onClose: () => void;
  onCommit: (words: CommitWords) => void;
  isBusy: boolean;
  error: Error | null;
}

/** What would change, when each holds, and which sample calls; then why, and go. */
export function CommitDialog({ title, action, examination, onClose, onCommit, isBusy, error }: CommitDialogProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [acknowledged, setAcknowledged] = useState<string[]>([]);
  const [restart, setRestart] = useState(false);
  const { differences, samples } = examination;
  const restarts = differences.some(({ effect }) => effect === 'restart');
  const mayGo = samples.every(({ name }) => acknowledged.includes(name)) && (!restarts || restart);
  return (
    <Dialog onClose={onClose} title={title} size="xl">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (mayGo) onCommit({ reason, acknowledged, restart });
        }}
      >
        <Stack>
          <Differences differences={differences} />
          {samples.length > 0 && (
            <Stack gap="xs">
              <Title order={3} size="h5">
                {t('configuration.samplesChange')}
              </Title>
              <Text size="sm" c="dimmed">
                {t('configuration.acknowledge')}
              </Text>
              {samples.map(({ name, was, is }) => (
                <Checkbox
                  key={name}
                  checked={acknowledged.includes(name)}
                  onChange={({ currentTarget: { checked } }) =>
                    setAcknowledged((all) => (checked ? [...all, name] : all.filter((one) => one !== name)))
                  }
                  label={`${name}: ${was ?? t('configuration.cannot')} → ${is ?? t('configuration.cannot')}`}
                />
              ))}
            </Stack>
          )}
          {restarts && (
            <Checkbox
              checked={restart}
              onChange={({ currentTarget }) => setRestart(currentTarget.checked)}
              label={t('configuration.restart')}
              description={t('configuration.restartNote')}
            />
          )}
          <Textarea
            label={t('configuration.reason')}
            description={t('configuration.reasonNote')}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            maxLength={1000}
            autosize
            data-autofocus
          />
          {error && <Trouble error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={!mayGo} loading={isBusy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
