import { Alert, Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { answer, api } from '../../api/client.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { StateBadge, type Tone } from '../../parts/state-badge.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Words } from '../../parts/words.tsx';
import { stageOf } from '../trunks/registration.tsx';
import { resultOf, stateOf } from '../trunks/trunks-data.ts';

/** Ms between looks. */
const often = 1_000;
const states: Readonly<Record<string, Tone>> = {
  up: 'good',
  'partly-down': 'warn',
  down: 'bad',
  unknown: 'quiet',
  disabled: 'quiet',
};

/** What is seen of the trunk: its OPTIONS, its registration. */
export function WatchStep({ trunk }: { trunk: string }) {
  const { t } = useTranslation();
  const { say } = useSaid();
  const { clock, measure } = useFormats();
  const params = { path: { trunk } };
  const { data, error } = useQuery({
    queryKey: ['trunks', trunk, 'watched'],
    queryFn: () => answer(api.GET('/api/v1/trunks/{trunk}', { params })),
    refetchInterval: often,
  });
  const probe = useMutation({ mutationFn: () => answer(api.POST('/api/v1/trunks/{trunk}/probe', { params })) });
  const register = useMutation({ mutationFn: () => answer(api.POST('/api/v1/trunks/{trunk}/register', { params })) });
  if (error && !data) return <Trouble error={error} />;
  if (!data) return <Loading />;
  const { state, because, said, options, registration, targets } = data;
  const failed = probe.error ?? register.error;
  return (
    <Stack gap="sm">
      <div role="status">
        <StateBadge tone={states[state] ?? 'quiet'} wraps>
          {t(`trunks.states.${state}`) + t('common.colon') + say(because, said)}
        </StateBadge>
      </div>
      <Facts
        facts={[
          ...(targets ?? []).map(
            (one) =>
              [
                one.target,
                t(`trunks.states.${stateOf(one.state)}`) + t('common.colon') + say(one.because, one.said),
              ] as const,
          ),
          [
            'OPTIONS',
            options &&
              `${clock(options.at)} ${options.target}: ${options.status ?? t(`trunks.results.${resultOf(options.result)}`)} ${options.roundTripMs === undefined ? '' : `${measure(options.roundTripMs)} ms`}`,
          ],
          [
            t('wizard.registration'),
            registration && `${t(`trunks.stages.${stageOf(registration.stage)}`)} · ${registration.registrar}`,
          ],
          [
            t('wizard.lastError'),
            registration?.lastError && say(registration.lastError.text, registration.lastError.said),
          ],
        ]}
      />
      <Group gap="xs">
        <Button variant="default" onClick={() => probe.mutate()} loading={probe.isPending}>
          {t('wizard.probe')}
        </Button>
        {registration && (
          <Button variant="default" onClick={() => register.mutate()} loading={register.isPending}>
            {t('wizard.registerNow')}
          </Button>
        )}
      </Group>
      {failed && <Trouble error={failed} />}
    </Stack>
  );
}

const verdicts: Readonly<Record<string, Tone>> = { passed: 'good', warning: 'warn', failed: 'bad', skipped: 'quiet' };

/** A call to a number that is listened to, after everything that it stands on. */
export function TestStep({ trunk }: { trunk: string }) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  const [number, setNumber] = useState('');
  const [caller, setCaller] = useState('');
  const begin = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/trunks/{trunk}/test', {
          params: { path: { trunk } },
          body: { ...(number !== '' && { number }), ...(caller !== '' && { caller }) },
        }),
      ),
  });
  const test = begin.data?.test;
  const { data, error } = useQuery({
    queryKey: ['trunks', trunk, 'test', test],
    queryFn: () => answer(api.GET('/api/v1/trunks/{trunk}/test/{test}', { params: { path: { trunk, test: test! } } })),
    enabled: test !== undefined,
    refetchInterval: ({ state }) => (state.data?.running === false ? false : often),
  });
  const failed = begin.error ?? error;
  return (
    <Stack gap="sm">
      <Text size="sm">{t('wizard.testNote')}</Text>
      <div className="settings">
        <TextInput
          label={t('wizard.number')}
          description={t('wizard.numberNote')}
          value={number}
          onChange={({ currentTarget }) => setNumber(currentTarget.value.trim())}
          inputMode="tel"
        />
        <TextInput
          label={t('wizard.caller')}
          description={t('wizard.callerNote')}
          value={caller}
          onChange={({ currentTarget }) => setCaller(currentTarget.value.trim())}
          inputMode="tel"
        />
      </div>
      <Group>
        <Button onClick={() => begin.mutate()} loading={begin.isPending || data?.running === true}>
          {t('wizard.test')}
        </Button>
      </Group>
      {failed && <Trouble error={failed} />}
      <ol className="decisions" aria-live="polite">
        {(data?.steps ?? []).map(({ name, verdict, summary, todo }) => (
          <li key={name}>
            <StateBadge tone={verdict === undefined ? 'accent' : (verdicts[verdict] ?? 'quiet')}>
              {tell(name)}
            </StateBadge>
            <Text size="sm">{summary && tell(summary)}</Text>
            {(todo ?? []).map((one) => (
              <Text key={one} size="sm" c="dimmed">
                <Words>{tell(one)}</Words>
              </Text>
            ))}
          </li>
        ))}
      </ol>
      {data && !data.running && (
        <Alert color={data.ok ? 'green' : 'red'} role="status">
          {data.verdict && tell(data.verdict)}{' '}
          <Anchor component={Link} href={`/trunks/${encodeURIComponent(trunk)}`} c="inherit" underline="always">
            {t('wizard.toTrunk', { trunk })}
          </Anchor>
        </Alert>
      )}
    </Stack>
  );
}
