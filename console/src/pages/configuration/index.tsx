import { Button, Group, Stack, Tabs, Text, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import { errorsOf } from '../../configuration/findings.ts';
import {
  useCommit,
  useDiscard,
  useDraft,
  useExamination,
  useFile,
  useReload,
  useWrite,
} from '../../configuration/queries.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useUnsaved } from '../../parts/unsaved.ts';
import { Words } from '../../parts/words.tsx';
import { CommitDialog } from './commit-dialog.tsx';
import './configuration.css';
import { Conflict } from './conflict.tsx';
import { Differences, SampleChanges } from './differences.tsx';
import { Editor, type EditorHandle } from './editor.tsx';

/** Ms without a key until a text is looked at. */
const patience = 400;

/** The file, what is being changed of it, and what that would mean. */
export default function Configuration() {
  const { t } = useTranslation();
  const { data: file, error, refetch } = useFile();
  const { data: draft, error: draftError } = useDraft();
  const failed = error ?? draftError;
  // What is there stays, with what somebody typed into it, while it cannot be had anew.
  if (!file || draft === undefined)
    return failed ? <Trouble error={failed} onRetry={() => void refetch()} /> : <Loading />;
  return (
    <>
      <PageTitle title={t('pages.configuration')} note={<span className="break">{file.file}</span>} />
      {draft?.outdated && <Conflict draft={draft} />}
      {!draft && file.pending.length > 0 && <FileAhead file={file} />}
      <Workspace file={file} draft={draft} />
    </>
  );
}

/** Somebody wrote the file by hand, and the program has not read it yet. */
function FileAhead({ file }: { file: Schemas['ConfigurationFile'] }) {
  const { t } = useTranslation();
  const reload = useReload();
  return (
    <Stack className="surface" p="md" mb="md" gap="xs">
      <Text fw={600}>{t('configuration.fileAhead')}</Text>
      <Differences differences={file.pending} />
      {reload.error && <Trouble error={reload.error} />}
      <Group>
        <Button
          size="xs"
          loading={reload.isPending}
          onClick={() => reload.mutate(false, { onSuccess: () => told(t('configuration.taken')) })}
        >
          {t('configuration.takeFile')}
        </Button>
      </Group>
    </Stack>
  );
}

function Workspace({ file, draft }: { file: Schemas['ConfigurationFile']; draft: Schemas['Draft'] | null }) {
  const { t } = useTranslation();
  const kept = draft?.text ?? file.text;
  const [text, setText] = useState(kept);
  const base = draft?.base ?? file.hash;
  /** What stood here before anybody typed, and the hash of the file that it was made from. */
  const before = useRef({ kept, base });
  // It was changed elsewhere, by a form or by somebody else: what is being typed here counts more, and stays made from what it was made from.
  useEffect(() => {
    const known = before.current;
    const isTyped = text !== known.kept && text !== kept;
    before.current = { kept, base: isTyped ? known.base : base };
    if (!isTyped) setText(kept);
  }, [kept, base, text]);
  const [isCommitting, setCommitting] = useState(false);
  const [settled] = useDebouncedValue(text, patience);
  const { data: examination, error } = useExamination(settled);
  const editor = useRef<EditorHandle>(null);
  const write = useWrite();
  const discard = useDiscard();
  const commit = useCommit();
  const isDirty = text !== kept;
  const save = () => write.mutateAsync({ text, base: before.current.base });
  // What went wrong is shown below the text.
  const keep = () => write.mutate({ text, base: before.current.base });
  useUnsaved(isDirty);

  const findings = examination?.findings ?? [];
  // Beyond what is listed.
  const more = examination?.more ?? 0;
  const errors = errorsOf(examination);
  const changes = examination?.differences.length ?? 0;
  const samples = examination?.samples.length ?? 0;
  return (
    <div className="workspace">
      <Stack gap="xs" className="workspace-text">
        <Editor
          value={text}
          onChange={setText}
          onSave={keep}
          findings={text === settled ? findings : []}
          handle={editor}
        />
        <Group gap="xs" justify="space-between">
          <Text component="div" size="sm" role="status">
            {examination === undefined ? (
              t('common.loading')
            ) : errors > 0 ? (
              <StateBadge tone="bad">{t('configuration.errors', { count: errors })}</StateBadge>
            ) : (
              <StateBadge tone="good">{t('configuration.sound', { count: changes })}</StateBadge>
            )}
          </Text>
          <Group gap="xs">
            {(draft || isDirty) && (
              <Button
                variant="default"
                onClick={() => {
                  setText(file.text);
                  if (draft) discard.mutate(undefined);
                }}
                loading={discard.isPending}
              >
                {t('configuration.discard')}
              </Button>
            )}
            <Button variant="default" disabled={!isDirty} onClick={keep} loading={write.isPending}>
              {t('configuration.save')}
            </Button>
            <Button
              disabled={!examination?.sound || (!draft && !isDirty) || text !== settled || draft?.outdated === true}
              onClick={() => setCommitting(true)}
            >
              {t('configuration.commit')}
            </Button>
          </Group>
        </Group>
        {(error ?? write.error ?? discard.error) && <Trouble error={(error ?? write.error ?? discard.error)!} />}
      </Stack>
      <Tabs defaultValue="problems" className="workspace-side surface" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="problems">{t('configuration.problems', { count: findings.length + more })}</Tabs.Tab>
          <Tabs.Tab value="differences">{t('configuration.differencesOf', { count: changes })}</Tabs.Tab>
          <Tabs.Tab value="samples">{t('configuration.samplesOf', { count: samples })}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="problems" p="sm" className="workspace-panel" tabIndex={0}>
          <div id="editor-problems">
            {more > 0 && (
              <Text size="sm" fw={600} mb="sm">
                {t('configuration.moreProblems', { count: more })}
              </Text>
            )}
            <Problems findings={findings} onPick={({ line, column }) => editor.current?.go(line, column)} />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="differences" p="sm" className="workspace-panel" tabIndex={0}>
          {errors > 0 ? (
            <Text c="dimmed">{t('configuration.unsound')}</Text>
          ) : (
            <Differences differences={examination?.differences ?? []} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="samples" p="sm" className="workspace-panel" tabIndex={0}>
          <SampleChanges samples={examination?.samples ?? []} />
        </Tabs.Panel>
      </Tabs>
      {isCommitting && examination && (
        <CommitDialog
          title={t('configuration.commitTitle')}
          action={t('configuration.commit')}
          examination={examination}
          onClose={() => setCommitting(false)}
          isBusy={commit.isPending || write.isPending}
          error={commit.error ?? write.error}
          onCommit={async (words) => {
            try {
              if (isDirty) await save();
              await commit.mutateAsync(words);
            } catch {
              // The dialog says what went wrong.
              return;
            }
            setCommitting(false);
            told(t('configuration.committed'));
          }}
        />
      )}
    </div>
  );
}

/** What was found, each a way to its line. */
function Problems({
  findings,
  onPick,
}: {
  findings: readonly Schemas['Finding'][];
  onPick: (finding: Schemas['Finding']) => void;
}) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  if (findings.length === 0) return <Text c="dimmed">{t('configuration.noProblems')}</Text>;
  return (
    <Stack gap="xs" component="ul" className="plain">
      {findings.map((finding) => {
        const { code, line, column, severity, place, message, cure } = finding;
        return (
          <li key={`${code} ${line} ${column} ${message}`}>
            <UnstyledButton className="problem" onClick={() => onPick(finding)}>
              <StateBadge tone={severity === 'error' ? 'bad' : 'warn'}>
                {t('configuration.line', { line })} · {code}
              </StateBadge>
              <Text size="sm">
                {place !== '' && <strong>{tell(place) + t('common.colon')}</strong>}
                <Words>{tell(message)}</Words>
              </Text>
              <Text size="sm" c="dimmed">
                <Words>{tell(cure)}</Words>
              </Text>
            </UnstyledButton>
          </li>
        );
      })}
    </Stack>
  );
}
