import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { StateBadge } from '../../parts/state-badge.tsx';
import { toneOfState } from '../trunks/trunks-data.ts';
import { layoutOf } from './layout.ts';
import type { MapTrunk } from './topology.ts';
import type { MapData } from './use-map.ts';
import { useWords } from './words.ts';

interface MapListProps {
  data: MapData;
  isEditing: boolean;
  onOpen: (key: string) => void;
}

/** The same as the picture, read down: for a telephone, and for who cannot see one. */
export function MapList({ data, isEditing, onOpen }: MapListProps) {
  const { t } = useTranslation();
  const { topology, changed } = data;
  const { flawOf } = useWords(data);
  const { boxes } = layoutOf(topology);
  const marks = (key: string, changedKey = key) => (
    <>
      {changed.has(changedKey) && <StateBadge tone="accent">{t('map.changed')}</StateBadge>}
      {flawOf(key) !== '' && (
        <StateBadge tone={flawOf(key) === 'faulty' ? 'bad' : 'warn'}>
          {t(`map.flaws.${flawOf(key) === 'faulty' ? 'faulty' : 'doubtful'}`)}
        </StateBadge>
      )}
    </>
  );
  const trunk = (one: MapTrunk) => {
    const live = data.live.get(one.name);
    const state = one.isDisabled ? 'disabled' : live?.state;
    const key = `trunk ${one.name}`;
    return (
      <Group key={one.name} component="li" gap="sm" wrap="wrap">
        {isEditing ? (
          <Button variant="subtle" size="compact-md" data-key={key} onClick={() => onOpen(key)}>
            {one.name}
          </Button>
        ) : (
          <Button component={Link} href={`/trunks/${encodeURIComponent(one.name)}`} variant="subtle" size="compact-md">
            {one.name}
          </Button>
        )}
        <StateBadge tone={toneOfState(state ?? '')}>
          {state === undefined ? t('map.new') : t(`trunks.states.${state}`)}
        </StateBadge>
        {live && (
          <Text size="sm" c="dimmed">
            {t('trunks.calls')}:{' '}
            {live.limit === undefined ? live.active : t('trunks.ofLimit', { active: live.active, limit: live.limit })}
          </Text>
        )}
        {marks(key)}
      </Group>
    );
  };
  return (
    <Stack gap="sm">
      {boxes.map(({ key, site, isInside, trunks }) => (
        <section key={key} className="surface padded">
          <Group gap="sm" mb={4}>
            <Title order={2} size="h4">
              {isEditing && site ? (
                <Button variant="subtle" size="compact-md" fw={700} data-key={key} onClick={() => onOpen(key)}>
                  {site.name}
                </Button>
              ) : (
                (site?.name ?? (isInside ? t('map.inside') : t('map.outside')))
              )}
            </Title>
            {site && (
              <Text size="sm" c="dimmed">
                {[
                  t(`map.kinds.${site.kind === 'branch' ? 'branch' : 'central'}`),
                  site.region,
                  site.country,
                  site.bandwidth,
                ]
                  .filter((one) => one !== undefined)
                  .join(' · ')}
              </Text>
            )}
            {marks(key)}
          </Group>
          {trunks.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('map.noTrunks')}
            </Text>
          ) : (
            <ul className="plain map-list">{trunks.map((one) => trunk(one.trunk))}</ul>
          )}
        </section>
      ))}
      {topology.links.length > 0 && (
        <section className="surface padded">
          <Title order={2} size="h4" mb={4}>
            {t('map.links')}
          </Title>
          <ul className="plain map-list">
            {topology.links.map((link) => {
              const name = t('map.ends', { one: link.between[0], other: link.between[1] });
              return (
                <Group key={link.at} component="li" gap="sm">
                  {isEditing ? (
                    <Button
                      variant="subtle"
                      size="compact-md"
                      data-key={`link ${link.at}`}
                      onClick={() => onOpen(`link ${link.at}`)}
                    >
                      {name}
                    </Button>
                  ) : (
                    <Text>{name}</Text>
                  )}
                  <Text size="sm" c="dimmed">
                    {link.bandwidth}
                  </Text>
                  {marks(`link ${link.at}`, `link ${JSON.stringify(link.between)}`)}
                </Group>
              );
            })}
          </ul>
        </section>
      )}
    </Stack>
  );
}
