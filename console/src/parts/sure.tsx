import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.tsx';

/** Asks before what can't be undone is done. */
export function Sure({
  title,
  note,
  act,
  onAct,
  onClose,
}: {
  title: string;
  note: string;
  /** What the button says. */
  act: string;
  onAct: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog onClose={onClose} title={title}>
      <Text size="sm" mb="md">
        {note}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button
          color="red"
          onClick={() => {
            onAct();
            onClose();
          }}
        >
          {act}
        </Button>
      </Group>
    </Dialog>
  );
}
