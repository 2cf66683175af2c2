import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommit, useDraft } from '../../configuration/queries.ts';
import { told } from '../../parts/toasts.ts';
import { CommitDialog } from '../configuration/commit-dialog.tsx';

/** Commits the draft from where one is. Nothing where there is none, or it has errors. */
export function CommitDraft({ onCommitted }: { onCommitted?: () => void }) {
  const { t } = useTranslation();
  const { data: draft } = useDraft();
  const [isOpen, setOpen] = useState(false);
  const commit = useCommit();
  if (!draft?.examination.sound || draft.outdated) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('configuration.commit')}</Button>
      {isOpen && (
        <CommitDialog
          title={t('configuration.commitTitle')}
          action={t('configuration.commit')}
          examination={draft.examination}
          onClose={() => setOpen(false)}
          isBusy={commit.isPending}
          error={commit.error}
          onCommit={(words) =>
            commit.mutate(words, {
              onSuccess: () => {
                setOpen(false);
                told(t('configuration.committed'));
                onCommitted?.();
              },
            })
          }
        />
      )}
    </>
  );
}
