import { Alert, Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { CallRows } from './call-rows.tsx';
import { arranged, type Call, type CallOrder, type Which, whiches } from './call-table.ts';
import { mostCalls, useLiveCalls } from './use-live-calls.ts';

/** Every call that stands, as it comes, changes and goes. */
export default function Calls() {
  const { t } = useTranslation();
  const { count } = useFormats();
  const [isPaused, setPaused] = useState(false);
  const { calls, isRead, standing, isOld, error, again } = useLiveCalls(isPaused);
  const [order, setOrder] = useState<CallOrder>({ column: 'length', descending: false });
  const [query, setQuery] = useSearchParams();
  const asked = (name: string) => query.get(name) ?? '';
  const set = (name: string, value: string) =>
    setQuery(
      (old) => {
        if (value === '') old.delete(name);
        else old.set(name, value);
        return old;
      },
      { replace: true },
    );
  const [text] = useDebouncedValue(asked('text'), 150);
  const trunk = asked('trunk');
  const site = asked('site');
  const which = (whiches.find((one) => one === asked('which')) ?? 'every') satisfies Which;
  const shown = useMemo(
    () => arranged(calls, { text, trunk, site, which }, order),
    [calls, text, trunk, site, which, order],
  );
  const trunks = useMemo(() => namesOf(calls, trunk, ({ from, to }) => [from.trunk, to?.trunk]), [calls, trunk]);
  const sites = useMemo(() => namesOf(calls, site, (one) => [one.site]), [calls, site]);
  if (error && !isRead) return <Trouble error={error} onRetry={again} />;
  if (!isRead) return <Loading />;
  return (
    <>
      <PageTitle
        title={t('calls.title')}
        note={t('calls.note', { shown: count(shown.length), all: count(Math.max(standing, calls.length)) })}
      >
        <Button
          variant={isPaused ? 'filled' : 'default'}
          size="sm"
          aria-pressed={isPaused}
          leftSection={<Icon name={isPaused ? 'right' : 'pause'} size={16} />}
          onClick={() => setPaused(!isPaused)}
        >
          {isPaused ? t('calls.resume') : t('calls.pause')}
        </Button>
      </PageTitle>
      {isOld && <Alert color="red" mb="sm" title={t('calls.old')} />}
      {calls.length >= mostCalls && <Alert mb="sm">{t('calls.tooMany', { count: mostCalls })}</Alert>}
      <Group gap="xs" mb="sm">
        <TextInput
          aria-label={t('calls.filter')}
          placeholder={t('calls.filter')}
          leftSection={<Icon name="search" size={16} />}
          value={asked('text')}
          onChange={({ currentTarget: { value } }) => set('text', value)}
          flex="1 1 220px"
        />
        <NativeSelect
          aria-label={t('calls.which')}
          value={which}
          onChange={({ currentTarget: { value } }) => set('which', value === 'every' ? '' : value)}
          data={whiches.map((value) => ({ value, label: t(`calls.${value}`) }))}
        />
        <NativeSelect
          aria-label={t('calls.trunk')}
          value={trunk}
          onChange={({ currentTarget: { value } }) => set('trunk', value)}
          data={[{ value: '', label: t('calls.anyTrunk') }, ...trunks]}
        />
        {sites.length > 0 && (
          <NativeSelect
            aria-label={t('calls.site')}
            value={site}
            onChange={({ currentTarget: { value } }) => set('site', value)}
            data={[{ value: '', label: t('calls.anySite') }, ...sites]}
          />
        )}
      </Group>
      {shown.length > 0 ? (
        <CallRows calls={shown} order={order} onOrder={setOrder} />
      ) : calls.length > 0 ? (
        <Empty icon="search" title={t('calls.noMatch')}>
          {t('calls.noMatchNote', { count: calls.length })}
        </Empty>
      ) : (
        <Empty icon="phone" title={t('calls.empty')}>
          {t('calls.emptyNote')}
        </Empty>
      )}
    </>
  );
}

/** Each once, in order; the one that is chosen stays even where no call has it any more. */
function namesOf(
  calls: readonly Call[],
  chosen: string,
  of: (call: Call) => readonly (string | undefined)[],
): readonly string[] {
  const names = new Set<string>();
  if (chosen !== '') names.add(chosen);
  for (const call of calls) for (const name of of(call)) if (name) names.add(name);
  return [...names].sort();
}
