import { Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

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
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
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
    </Modal>
  );
}
