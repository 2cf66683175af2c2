import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cleaned } from '../../configuration/cleaned.ts';
import { editsBetween, isTree, type Tree, type Value } from '../../configuration/edits.ts';
import { objectsOf } from '../../configuration/objects.ts';
import { useEdit } from '../../configuration/queries.ts';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';

const limits = ['audio', 'audio-session', 'video', 'video-session'] as const;
type Limits = Readonly<Record<(typeof limits)[number], string>>;

export const noLimits: Limits = { audio: '', 'audio-session': '', video: '', 'video-session': '' };

/** As the file has it: a short form is of audio alone. Undefined: no limit. */
export function bandwidthOf(said: Limits): Value | undefined {
  const map = cleaned(said) as Tree;
  const keys = Object.keys(map);
  if (keys.length === 0) return undefined;
  return keys.length === 1 && map.audio !== undefined ? map.audio : map;
}

interface LimitInputsProps {
  limits: Limits;
  onChange: (limits: Limits) => void;
}

export function LimitInputs({ limits: said, onChange }: LimitInputsProps) {
  const { t } = useTranslation();
  return limits.map((key) => (
    <TextInput
      key={key}
      label={t(`map.limits.${key}`)}
      placeholder={key === 'audio' ? '2 Mbit/s' : key === 'audio-session' ? '175 kbit/s' : ''}
      value={said[key]}
      onChange={({ currentTarget }) => onChange({ ...said, [key]: currentTarget.value })}
      spellCheck={false}
    />
  ));
}

/** What a link carries, of one that is there. */
export function LinkFields({ tree, at }: { tree: Tree; at: number }) {
  const { t } = useTranslation();
  const edit = useEdit();
  const link = objectsOf(tree, 'links')[at] ?? {};
  const [said, setSaid] = useState<Limits>(() => {
    const { bandwidth } = link;
    const stands = isTree(bandwidth) ? bandwidth : { audio: bandwidth };
    const text = (key: string) =>
      typeof stands[key as 'audio'] === 'string' ? (stands[key as 'audio'] as string) : '';
    return {
      audio: text('audio'),
      'audio-session': text('audio-session'),
      video: text('video'),
      'video-session': text('video-session'),
    };
  });
  const after = bandwidthOf(said);
  const edits = editsBetween(['links', at, 'bandwidth'], link.bandwidth, after);
  return (
    <EditForm
      isPending={edit.isPending}
      error={edit.error}
      isDisabled={edits.length === 0}
      action={t('map.keep')}
      onSubmit={() => edit.mutate(edits, { onSuccess: () => told(t('objects.inDraft')) })}
    >
      <LimitInputs limits={said} onChange={setSaid} />
    </EditForm>
  );
}

interface EditFormProps {
  children: ReactNode;
  action: string;
  onSubmit: () => void;
  isPending: boolean;
  isDisabled?: boolean;
  error: Error | null;
}

/** Fields that become edits of the draft. */
export function EditForm({ children, action, onSubmit, isPending, isDisabled = false, error }: EditFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack gap="sm">
        {children}
        {error && <Trouble error={error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} disabled={isDisabled}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
