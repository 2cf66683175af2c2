import { Button, Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasons, useSaid } from '../../i18n/said/index.ts';
import { useFormats } from '../../parts/format.ts';
import { useTrunks } from '../trunks/trunks-data.ts';
import { localTime, outcomes, periodOf, periods } from './filter.ts';

const rare = ['reason', 'status', 'site', 'user', 'route', 'emergency'] as const;

/** What is looked for stands in the address of the page: it can be kept, and sent to somebody. */
export function Filters({
  asked,
  setAsked,
}: {
  asked: URLSearchParams;
  setAsked: (change: (old: URLSearchParams) => URLSearchParams, options: { replace: boolean }) => void;
}) {
  const { t } = useTranslation();
  const { cause } = useSaid();
  const { zone } = useFormats();
  const { data: trunks = [] } = useTrunks();
  const [isWide, setWide] = useState(() => rare.some((name) => asked.has(name)));
  const value = (name: string) => asked.get(name) ?? '';
  const set = (name: string, to: string) =>
    setAsked(
      (old) => {
        if (to === '') old.delete(name);
        else old.set(name, to);
        return old;
      },
      { replace: true },
    );
  const period = periodOf(asked);
  const moment = (name: 'since' | 'until') => (
    <TextInput
      type="datetime-local"
      label={`${t(`records.${name}`)} (${zone()})`}
      value={value(name) === '' ? '' : localTime(Date.parse(value(name)))}
      onChange={({ currentTarget: { value: to } }) => set(name, to === '' ? '' : new Date(to).toISOString())}
    />
  );
  const text = (name: 'status' | 'site' | 'user' | 'route') => (
    <TextInput
      label={t(`records.${name}`)}
      w={150}
      value={value(name)}
      onChange={({ currentTarget: { value: to } }) => set(name, to)}
    />
  );
  const names = [...new Set([...trunks.map(({ name }) => name), value('trunk')])].filter((name) => name !== '').sort();
  return (
    <Group gap="xs" mb="md" align="flex-end" role="search">
      <TextInput
        label={t('records.number')}
        placeholder={t('records.numberNote')}
        flex="1 1 200px"
        value={value('number')}
        onChange={({ currentTarget: { value: to } }) => set('number', to)}
      />
      <NativeSelect
        label={t('records.period')}
        value={period}
        onChange={({ currentTarget: { value: to } }) => set('period', to)}
        data={periods.map((one) => ({ value: one, label: t(`records.periods.${one}`) }))}
      />
      {period === 'own' && moment('since')}
      {period === 'own' && moment('until')}
      <NativeSelect
        label={t('records.trunk')}
        value={value('trunk')}
        onChange={({ currentTarget: { value: to } }) => set('trunk', to)}
        data={[{ value: '', label: t('records.anyTrunk') }, ...names]}
      />
      <NativeSelect
        label={t('records.outcome')}
        value={value('outcome') || 'any'}
        onChange={({ currentTarget: { value: to } }) => set('outcome', to === 'any' ? '' : to)}
        data={outcomes.map((one) => ({ value: one, label: t(`records.outcomes.${one}`) }))}
      />
      {isWide && (
        <>
          <NativeSelect
            label={t('records.reason')}
            value={value('reason')}
            onChange={({ currentTarget: { value: to } }) => set('reason', to)}
            data={[
              { value: '', label: t('records.anyReason') },
              ...reasons.map((one) => ({ value: one, label: cause(one) })),
            ]}
          />
          {text('status')}
          {text('site')}
          {text('user')}
          {text('route')}
          <Checkbox
            label={t('records.emergency')}
            py={8}
            checked={value('emergency') === 'true'}
            onChange={({ currentTarget: { checked } }) => set('emergency', checked ? 'true' : '')}
          />
        </>
      )}
      <Button variant="subtle" onClick={() => setWide(!isWide)} aria-expanded={isWide}>
        {isWide ? t('records.fewerFilters') : t('records.moreFilters')}
      </Button>
      {[...asked.keys()].length > 0 && (
        <Button variant="subtle" onClick={() => setAsked(() => new URLSearchParams(), { replace: true })}>
          {t('records.clear')}
        </Button>
      )}
    </Group>
  );
}
