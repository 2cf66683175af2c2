import { Alert, Button, Group, SimpleGrid, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import { answer, api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { namesFor, placeOf } from '../../configuration/objects.ts';
import { useDraft, useEdit } from '../../configuration/queries.ts';
import { differ, type Question, sampleOf } from '../../configuration/sample.ts';
import { useFormats } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';
import { Dialog } from '../../parts/dialog.tsx';
import { treeOf } from '../objects/object-form.tsx';
import { Outcome } from './outcome.tsx';
import { Samples } from './samples.tsx';

const keys = ['from', 'to', 'caller', 'at', 'site'] as const;
type Asked = Readonly<Partial<Record<(typeof keys)[number], string>>>;

/** What would this call do: by what runs, and by what is being changed. The address of the page names the call, so that it can be sent. */
export default function Routing() {
  const { t } = useTranslation();
  const [location, go] = useLocation();
  const search = new URLSearchParams(useSearch());
  const asked: Asked = Object.fromEntries(
    [...search].filter(([key, value]) => (keys as readonly string[]).includes(key) && value !== ''),
  );
  const ask = (next: Asked) => go(`${location}?${new URLSearchParams(next as Record<string, string>)}`);
  const question = questionOf(asked);
  return (
    <>
      <PageTitle title={t('pages.routing')} note={t('routing.note')} />
      <Form key={search.toString()} asked={asked} onAsk={ask} />
      {question && <Answers question={question} />}
      <Samples onTry={({ from, to }) => ask({ from, to })} />
    </>
  );
}

function questionOf({ from, to, at, ...more }: Asked): Question | undefined {
  if (from === undefined || to === undefined) return undefined;
  const time = at === undefined ? Number.NaN : Date.parse(at);
  return { from, to, ...more, ...(Number.isFinite(time) && { at: new Date(time).toISOString() }) };
}

/** The draft's text, and the names that may be asked for; what one may not know is not there. */
function useKnown() {
  const isMine = useMay('administrator');
  const draft = useDraft({ enabled: isMine });
  const contents = useQuery({
    queryKey: ['configuration', 'contents'],
    queryFn: () => answer(api.GET('/api/v1/configuration/contents', { params: { query: { of: 'draft' } } })),
    enabled: isMine,
  });
  const trunks = useQuery({
    queryKey: ['trunks'],
    queryFn: () => answer(api.GET('/api/v1/trunks')),
    enabled: !isMine,
  });
  const tree = treeOf(contents.data?.tree);
  return {
    isMine,
    draft: draft.data ?? undefined,
    tree,
    sources: isMine
      ? [...namesFor(tree, 'trunks'), ...namesFor(tree, 'from').filter((name) => !namesFor(tree, 'to').includes(name))]
      : (trunks.data?.items ?? []).map(({ name }) => name),
    sites: namesFor(tree, 'site'),
  };
}

function Form({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const { sources, sites } = useKnown();
  return (
    <form
      className="surface routing-form"
      onSubmit={(event) => {
        event.preventDefault();
        const said = [...new FormData(event.currentTarget)].flatMap(([key, value]) =>
          typeof value === 'string' && value.trim() !== '' ? [[key, value.trim()] as const] : [],
        );
        onAsk(Object.fromEntries(said));
      }}
    >
      <TextInput
        name="from"
        label={t('routing.from')}
        description={t('routing.fromNote')}
        defaultValue={asked.from ?? ''}
        list="routing-sources"
        required
      />
      <TextInput
        name="to"
        label={t('routing.to')}
        description={t('routing.toNote')}
        defaultValue={asked.to ?? ''}
        required
      />
      <TextInput
        name="caller"
        label={t('routing.caller')}
        description={t('routing.callerNote')}
        defaultValue={asked.caller ?? ''}
      />
      <TextInput
        name="at"
        type="datetime-local"
        label={t('routing.at')}
        description={t('routing.atNote', { zone: zone() })}
        defaultValue={asked.at ?? ''}
      />
      <TextInput
        name="site"
        label={t('routing.site')}
        description={t('routing.siteNote')}
        defaultValue={asked.site ?? ''}
        list="routing-sites"
      />
      <Button type="submit">{t('routing.ask')}</Button>
      <Names id="routing-sources" names={sources} />
      <Names id="routing-sites" names={sites} />
    </form>
  );
}

function Names({ id, names }: { id: string; names: readonly string[] }) {
  return (
    <datalist id={id}>
      {names.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}

function useOutcome(question: Question, text: string | undefined, enabled: boolean) {
  return useQuery({
    queryKey: ['configuration', 'routing', question, text ?? 'running'],
    queryFn: () =>
      answer(api.POST('/api/v1/routing/test', { body: { ...question, ...(text !== undefined && { text }) } })),
    enabled,
    retry: false,
  });
}

function Answers({ question }: { question: Question }) {
  const { t } = useTranslation();
  const { isMine, draft } = useKnown();
  const runs = useOutcome(question, undefined, true);
  const would = useOutcome(question, draft?.text, draft !== undefined);
  const [isSaving, setSaving] = useState(false);
  const both = draft && runs.data && would.data;
  return (
    <>
      {both && (
        <Alert color={differ(runs.data, would.data) ? 'yellow' : 'green'} mt="md" role="status">
          {differ(runs.data, would.data) ? t('routing.differs') : t('routing.same')}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, md: draft ? 2 : 1 }} mt="md">
        {runs.error ? (
          <Trouble error={runs.error} />
        ) : runs.data ? (
          <Outcome title={t('routing.running')} outcome={runs.data} />
        ) : (
          <Loading />
        )}
        {draft &&
          (would.error ? (
            <Trouble error={would.error} title={t('routing.draft')} />
          ) : would.data ? (
            <Outcome title={t('routing.draft')} outcome={would.data} />
          ) : (
            <Loading />
          ))}
      </SimpleGrid>
      {isMine && runs.data && (
        <Group mt="md">
          <Button variant="default" onClick={() => setSaving(true)}>
            {t('routing.save')}
          </Button>
        </Group>
      )}
      {isSaving && (
        <SaveSample
          question={question}
          outcome={(draft && would.data) ?? runs.data!}
          onClose={() => setSaving(false)}
        />
      )}
    </>
  );
}

function SaveSample({
  question,
  outcome,
  onClose,
}: {
  question: Question;
  outcome: Parameters<typeof sampleOf>[2];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { tree } = useKnown();
  const [name, setName] = useState('');
  const edit = useEdit();
  return (
    <Dialog onClose={onClose} title={t('routing.save')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const value = sampleOf(name.trim(), question, outcome);
          edit.mutate([{ path: [...placeOf(tree, 'tests'), name.trim()], value, was: null }], {
            onSuccess: () => {
              onClose();
              told(t('objects.inDraft'));
            },
          });
        }}
      >
        <TextInput
          label={t('routing.name')}
          description={t('routing.saveNote')}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          required
          data-autofocus
        />
        {edit.error && <Trouble error={edit.error} />}
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={edit.isPending}>
            {t('objects.addIt')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
