import { Alert, Button, Group, List, Loader, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useEvents } from '../../api/events.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { StateBadge, type Tone } from '../../parts/state-badge.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Words } from '../../parts/words.tsx';

const tones = { passed: 'good', warning: 'warn', failed: 'bad', skipped: 'quiet' } as const satisfies Record<
  string,
  Tone
>;

/** Walks a trunk from its configuration to a call, step by step before one's eyes. */
export function TrunkTest({ trunk, onClose }: { trunk: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const begin = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/trunks/{trunk}/test', {
          params: { path: { trunk } },
          body: number.trim() === '' ? {} : { number: number.trim() },
        }),
      ),
  });
  const id = begin.data?.test;
  const path = { trunk, test: id ?? '' };
  const { data: test, refetch } = useQuery({
    queryKey: ['trunk-test', trunk, id],
    queryFn: () => answer(api.GET('/api/v1/trunks/{trunk}/test/{test}', { params: { path } })),
    enabled: id !== undefined,
    refetchInterval: ({ state: { data } }) => (data?.running === false ? false : 1_000),
  });
  useEvents({ test: (step) => step.test === id && void refetch() });
  const stop = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/trunks/{trunk}/test/{test}', { params: { path } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate();
  };
  const isRunning = test?.running === true || begin.isPending;
  return (
    <Dialog onClose={onClose} size="lg" title={t('test.title', { name: trunk })}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('test.note')}
        </Text>
        <form onSubmit={submit}>
          <Group align="flex-end">
            <TextInput
              label={t('test.number')}
              description={t('test.numberNote')}
              placeholder="+493012345"
              inputMode="tel"
              flex={1}
              value={number}
              onChange={({ currentTarget: { value } }) => setNumber(value)}
            />
            {isRunning ? (
              <Button variant="default" onClick={() => stop.mutate()} disabled={!test}>
                {t('test.stop')}
              </Button>
            ) : (
              <Button type="submit">{test ? t('test.again') : t('test.begin')}</Button>
            )}
          </Group>
        </form>
        {begin.error && <Trouble error={begin.error} />}
        <div aria-live="polite">{test && <Steps test={test} />}</div>
      </Stack>
    </Dialog>
  );
}

function Steps({ test: { steps, running, ok, verdict } }: { test: Schemas['TrunkTest'] }) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  return (
    <Stack gap={0} className="rows">
      {/* Seen without a way down: there are many steps. */}
      {running && (
        <Text size="sm" c="dimmed" py={8}>
          {t('test.running')}
        </Text>
      )}
      {!running && verdict !== undefined && (
        <Alert color={ok ? 'green' : 'red'} variant="light" mb="xs">
          {tell(verdict)}
        </Alert>
      )}
      {steps.map(({ name, verdict: one, summary, todo = [] }) => (
        <div key={name} style={{ padding: '8px 0' }}>
          <Group justify="space-between">
            <Text fw={600} size="sm">
              {tell(name)}
            </Text>
            {one ? <StateBadge tone={tones[one]}>{t(`test.verdicts.${one}`)}</StateBadge> : <Loader size="xs" />}
          </Group>
          {summary !== undefined && <Text size="sm">{tell(summary)}</Text>}
          {todo.length > 0 && (
            <List size="sm" mt={4} aria-label={t('test.todo')}>
              {todo.map((what) => (
                <List.Item key={what}>
                  <Words>{tell(what)}</Words>
                </List.Item>
              ))}
            </List>
          )}
        </div>
      ))}
    </Stack>
  );
}
