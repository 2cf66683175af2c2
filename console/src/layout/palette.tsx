import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { answer, api } from '../api/client.ts';
import { useSaid } from '../i18n/said/index.ts';
import { Icon } from '../parts/icon.tsx';
import { usePages } from './navigation.tsx';

/** Anywhere in a few letters: pages, trunks, calls by number. */
export function Palette() {
  const { t } = useTranslation();
  const { say } = useSaid();
  const [, go] = useLocation();
  const [query, setQuery] = useState('');
  const mine = usePages();
  const wanted = query.trim();
  const { data: trunks } = useQuery({
    queryKey: ['trunks'],
    queryFn: () => answer(api.GET('/api/v1/trunks')),
    enabled: wanted !== '',
  });
  const { data: calls } = useQuery({
    queryKey: ['calls', 'palette', wanted],
    queryFn: () => answer(api.GET('/api/v1/calls', { params: { query: { text: wanted, limit: 5 } } })),
    enabled: wanted.length >= 3,
  });
  const has = (text: string) => text.toLowerCase().includes(wanted.toLowerCase());
  const actions: SpotlightActionData[] = [
    ...mine.map(({ path, name, icon, letter }) => ({
      id: path,
      label: t(`pages.${name}`),
      description: `g ${letter}`,
      leftSection: <Icon name={icon} />,
      onClick: () => go(path),
    })),
    ...(wanted === '' ? [] : (trunks?.items ?? [])).map(({ name, because, said }) => ({
      id: `trunk ${name}`,
      label: name,
      description: say(because, said),
      leftSection: <Icon name="trunk" />,
      onClick: () => go(`/trunks/${encodeURIComponent(name)}`),
    })),
  ].filter(({ label }) => has(label));
  const found: SpotlightActionData[] = (wanted.length < 3 ? [] : (calls?.items ?? [])).map((one) => ({
    id: `call ${one.call}`,
    label: `${one.caller} → ${one.called}`,
    description: one.call,
    leftSection: <Icon name="phone" />,
    onClick: () => go(`/calls/${encodeURIComponent(one.call)}`),
  }));
  const search: SpotlightActionData[] =
    wanted.length < 3
      ? []
      : [
          {
            id: 'records',
            label: t('palette.records', { text: wanted }),
            leftSection: <Icon name="records" />,
            onClick: () => go(`/records?number=${encodeURIComponent(wanted)}`),
          },
        ];
  return (
    <Spotlight
      actions={[...actions, ...found, ...search]}
      filter={(_query, all) => all}
      query={query}
      onQueryChange={setQuery}
      nothingFound={t('palette.nothing')}
      searchProps={{
        placeholder: t('palette.search'),
        'aria-label': t('palette.search'),
        leftSection: <Icon name="search" />,
      }}
      shortcut={['mod + K', '/']}
      attributes={{ content: { 'aria-label': t('palette.open') } }}
      highlightQuery
      scrollable
      maxHeight={420}
    />
  );
}
