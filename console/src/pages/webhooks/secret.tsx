import { Alert, Button, CopyButton, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useFormats } from '../../parts/format.ts';
import { Trouble } from '../../parts/trouble.tsx';

/** A secret, once. */
export function SecretDialog({ made, onClose }: { made: Schemas['WebhookSecret']; onClose: () => void }) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const { name, oldSecretUntil } = made.webhook;
  return (
    <Dialog onClose={onClose} title={`${t('webhooks.secret')}: ${name}`}>
      <Stack>
        <Text size="sm">{t('webhooks.secretNote')}</Text>
        <Alert color="blue">
          <code className="break">{made.secret}</code>
        </Alert>
        {oldSecretUntil !== undefined && (
          <Text size="sm">
            {t('webhooks.oldSecret')} {dateAndTime(oldSecretUntil)}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {t('webhooks.how')}
        </Text>
        <Group justify="flex-end">
          <CopyButton value={made.secret}>
            {({ copied, copy }) => <Button onClick={copy}>{copied ? t('webhooks.copied') : t('webhooks.copy')}</Button>}
          </CopyButton>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface RotateProps {
  webhook: Schemas['Webhook'];
  onClose: () => void;
  onMade: (made: Schemas['WebhookSecret']) => void;
}

export function Rotate({ webhook, onClose, onMade }: RotateProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [hours, setHours] = useState<number | string>(24);
  const rotate = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/webhooks/{webhook}/secret', {
          params: { path: { webhook: webhook.id } },
          body: { hours: Number(hours) },
        }),
      ),
    onSuccess: (made) => {
      onClose();
      onMade(made);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  return (
    <Dialog onClose={onClose} title={t('webhooks.rotate')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rotate.mutate();
        }}
      >
        <Stack>
          <Text size="sm">{t('webhooks.rotateNote')}</Text>
          <NumberInput
            label={t('webhooks.rotateHours')}
            value={hours}
            onChange={setHours}
            min={0}
            max={168}
            required
            hideControls
            data-autofocus
          />
          {rotate.error && <Trouble error={rotate.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={rotate.isPending}>
              {t('webhooks.rotate')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
