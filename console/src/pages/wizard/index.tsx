import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { type Answers, editsOf, nothingSaid, undoing } from '../../configuration/new-trunk.ts';
import { useContents, useDraft, useEdit } from '../../configuration/queries.ts';
import { together, useSaid } from '../../i18n/said/index.ts';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Words } from '../../parts/words.tsx';
import '../configuration/configuration.css';
import { Differences, SampleChanges } from '../configuration/differences.tsx';
import { treeOf } from '../objects/object-form.tsx';
import { CommitDraft } from '../objects/pending.tsx';
import { AccountStep, AddressStep, NumberStep, ProfileStep } from './questions.tsx';
import { TestStep, WatchStep } from './trial.tsx';

const steps = ['profile', 'address', 'account', 'numbers', 'check', 'watch', 'test'] as const;
type Step = (typeof steps)[number];

/** From a profile to a heard test call. */
export default function Wizard() {
  const { t } = useTranslation();
  const asked = new URLSearchParams(useSearch());
  const [at, setAt] = useState(0);
  const [answers, setAnswers] = useState<Answers>(() => ({ ...nothingSaid, site: asked.get('site') ?? '' }));
  const { data: contents, error } = useContents();
  const edit = useEdit();
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  // Who goes on by keyboard or reader stands at the beginning of the step.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the step changes.
  useEffect(() => {
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [at]);
  if (error && !contents) return <Trouble error={error} />;
  if (!contents) return <Loading />;
  const step: Step = steps[at]!;
  const tree = treeOf(contents.tree);
  const on = () => setAt((now) => now + 1);
  const more = (said: Partial<Answers>) => setAnswers((now) => ({ ...now, ...said }));
  const isCommitted = at > steps.indexOf('check');
  const next = () => {
    if (steps[at + 1] !== 'check') return on();
    edit.mutate(editsOf(answers), { onSuccess: on });
  };
  const back = () => {
    if (step !== 'check') return setAt((now) => now - 1);
    // What stands in the draft goes: it is said anew.
    edit.mutate(undoing(editsOf(answers)), { onSuccess: () => setAt((now) => now - 1) });
  };
  const questions = { answers, onSay: more, tree };
  return (
    <>
      <PageTitle title={t('pages.wizard')} note={t('wizard.note')} />
      <ol className="steps">
        {steps.map((one, index) => (
          <li key={one} {...(index === at && { 'aria-current': 'step' as const })} className={index < at ? 'done' : ''}>
            {t(`wizard.steps.${one}`)}
          </li>
        ))}
      </ol>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          next();
        }}
      >
        <Stack className="surface" p="md" gap="md">
          <Title order={2} size="h3" ref={heading} tabIndex={-1}>
            {t('wizard.step', { at: at + 1, of: steps.length, name: t(`wizard.steps.${step}`) })}
          </Title>
          {step === 'profile' && <ProfileStep {...questions} />}
          {step === 'address' && <AddressStep {...questions} />}
          {step === 'account' && <AccountStep {...questions} />}
          {step === 'numbers' && <NumberStep {...questions} />}
          {step === 'check' && <CheckStep onCommitted={on} />}
          {step === 'watch' && <WatchStep trunk={answers.name} />}
          {step === 'test' && <TestStep trunk={answers.name} />}
          {edit.error && <Trouble error={edit.error} />}
          <Group justify="space-between">
            {at > 0 && !isCommitted ? (
              <Button variant="default" onClick={back}>
                {t('wizard.back')}
              </Button>
            ) : (
              <span />
            )}
            {step === 'check' && asked.get('from') === 'map' && (
              <Button component={Link} href="/map?edit" variant="default">
                {t('map.backToMap')}
              </Button>
            )}
            {step !== 'check' && step !== 'test' && (
              <Button type="submit" loading={edit.isPending}>
                {t('wizard.next')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </>
  );
}

/** What the draft would do, and where it is wrong. */
function CheckStep({ onCommitted }: { onCommitted: () => void }) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  const { data: draft } = useDraft();
  if (!draft) return <Loading />;
  const { findings, more = 0, differences, samples, sound } = draft.examination;
  return (
    <Stack gap="sm">
      {more > 0 && <Text size="sm">{t('configuration.moreProblems', { count: more })}</Text>}
      {findings.map(({ code, line, place, message, cure, severity }) => (
        <div key={`${code} ${line} ${message}`}>
          <StateBadge tone={severity === 'error' ? 'bad' : 'warn'}>
            {tell(place)} · {code}
          </StateBadge>
          <Text size="sm">
            <Words>{together(tell(message), tell(cure))}</Words>
          </Text>
        </div>
      ))}
      {findings.length === 0 && <StateBadge tone="good">{t('configuration.noProblems')}</StateBadge>}
      {sound && <Differences differences={differences} />}
      {samples.length > 0 && <SampleChanges samples={samples} />}
      <Group justify="flex-end">
        <CommitDraft onCommitted={onCommitted} />
      </Group>
    </Stack>
  );
}
