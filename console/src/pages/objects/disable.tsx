import { Alert, Button, Group, Menu, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { untilText } from '../../configuration/findings.ts';
import { useEdit } from '../../configuration/queries.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useFormats } from '../../parts/format.ts';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';

const hour = 3_600_000;

/** Takes something out of use without deleting it, for good or for a time; and brings it back. */
export function Disable({ path, value }: { path: readonly string[]; value: string | undefined }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const edit = useEdit();
  const [isAsking, setAsking] = useState(false);
  const [until, setUntil] = useState('');
  const put = (next: string | boolean | undefined) =>
    edit.mutate([{ path: [...path, 'disabled'], ...(next !== undefined && { value: next }), was: value ?? null }], {
      onSuccess: () => {
        setAsking(false);
        told(t('objects.inDraft'));
      },
    });
  const tomorrow = () => {
    const at = new Date(Date.now() + 24 * hour);
    at.setHours(6, 0, 0, 0);
    return at;
  };
  if (value !== undefined && value !== 'false')
    return (
      <Alert
        color="yellow"
        title={
          value === 'true' ? t('objects.disabled') : t('objects.disabledUntil', { until: value.replace('until ', '') })
        }
        mb="md"
      >
        <Button size="xs" variant="default" onClick={() => put(undefined)} loading={edit.isPending}>
          {t('objects.enable')}
        </Button>
        {edit.error && <Trouble error={edit.error} />}
      </Alert>
    );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" loading={edit.isPending}>
            {t('objects.disable')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => put(true)}>{t('objects.forGood')}</Menu.Item>
          <Menu.Item onClick={() => put(untilText(new Date(Date.now() + hour)))}>{t('objects.forAnHour')}</Menu.Item>
          <Menu.Item onClick={() => put(untilText(tomorrow()))}>{t('objects.untilMorning')}</Menu.Item>
          <Menu.Item onClick={() => setAsking(true)}>{t('objects.untilWhen')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {edit.error && <Trouble error={edit.error} />}
      <Dialog opened={isAsking} onClose={() => setAsking(false)} title={t('objects.disable')}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (until !== '') put(untilText(new Date(until)));
          }}
        >
          <TextInput
            type="datetime-local"
            label={t('objects.until')}
            description={zone()}
            value={until}
            onChange={({ currentTarget }) => setUntil(currentTarget.value)}
            required
          />
          <Group justify="flex-end" mt="md">
            <Button type="submit">{t('objects.disable')}</Button>
          </Group>
        </form>
      </Dialog>
    </>
  );
}
