import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tree } from '../../configuration/edits.ts';
import { nameOf, objectsOf } from '../../configuration/objects.ts';
import { useEdit } from '../../configuration/queries.ts';
import { referencesTo, renaming, unnaming } from '../../configuration/references.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { told } from '../../parts/toasts.ts';
import { isFree } from './add.tsx';
import { References } from './chosen.tsx';
import { EditForm } from './link-form.tsx';

interface ChangeProps {
  tree: Tree;
  section: 'sites' | 'trunks';
  name: string;
  onClose: () => void;
}

/** Another name, wherever the old one stands. */
export function Rename({
  tree,
  section,
  name,
  onClose,
  onRenamed,
}: ChangeProps & { onRenamed: (name: string) => void }) {
  const { t } = useTranslation();
  const edit = useEdit();
  const [next, setNext] = useState(name);
  const isTaken = next !== name && !isFree(tree, section, next);
  const references = referencesTo(tree, section, name);
  return (
    <Dialog title={t('map.renameOf', { name })} onClose={onClose}>
      <EditForm
        action={t('map.renameNow')}
        isPending={edit.isPending}
        isDisabled={isTaken || next === name}
        error={edit.error}
        onSubmit={() =>
          edit.mutate(renaming(tree, [section], section, name, next), {
            onSuccess: () => {
              told(t('objects.inDraft'));
              onRenamed(next);
            },
          })
        }
      >
        <TextInput
          label={t('map.newName')}
          value={next}
          onChange={({ currentTarget }) => setNext(currentTarget.value.trim())}
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
          error={isTaken && t('map.taken')}
          required
          data-autofocus
        />
        {references.length > 0 && (
          <Text size="sm" c="dimmed">
            {t('map.renamesToo', { count: references.length })}
          </Text>
        )}
        {section === 'trunks' && (
          <Text size="sm" c="dimmed">
            {t('map.renamesTrunk')}
          </Text>
        )}
      </EditForm>
    </Dialog>
  );
}

/** Takes something away; first is shown what names it. */
export function Remove({ tree, section, name, onClose, onRemoved }: ChangeProps & { onRemoved: () => void }) {
  const { t } = useTranslation();
  const edit = useEdit();
  const [isEverywhere, setEverywhere] = useState(true);
  const references = referencesTo(tree, section, name);
  const object = objectsOf(tree, section).find((one) => nameOf(one) === name);
  return (
    <Dialog title={t('map.removeOf', { name })} onClose={onClose}>
      <EditForm
        action={t('map.removeNow')}
        isPending={edit.isPending}
        error={edit.error}
        onSubmit={() =>
          edit.mutate(
            [...(isEverywhere ? unnaming(tree, section, name) : []), { path: [section, name], was: object }],
            {
              onSuccess: () => {
                told(t('objects.inDraft'));
                onRemoved();
              },
            },
          )
        }
      >
        {references.length === 0 ? (
          <Text size="sm">{t('map.namedByNone')}</Text>
        ) : (
          <Stack gap="xs">
            <Text size="sm">{t('map.namedHere')}</Text>
            <References references={references} />
            <Checkbox
              label={t('map.unname')}
              description={t('map.unnameNote')}
              checked={isEverywhere}
              onChange={({ currentTarget }) => setEverywhere(currentTarget.checked)}
            />
          </Stack>
        )}
      </EditForm>
    </Dialog>
  );
}
