import { Alert, Button, Drawer, Group, List, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { nameOf, objectsOf } from '../../configuration/objects.ts';
import { useEdit } from '../../configuration/queries.ts';
import { referencesTo } from '../../configuration/references.ts';
import { together, useSaid } from '../../i18n/said/index.ts';
import { Icon } from '../../parts/icon.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { Words } from '../../parts/words.tsx';
import { Disable } from '../objects/disable.tsx';
import { AddTrunkMenu } from './add.tsx';
import { layoutOf, ourKey, type Place, type Places } from './layout.ts';
import { LinkFields } from './link-form.tsx';
import type { MapData } from './use-map.ts';

export type Asked = 'rename' | 'remove' | 'link';

interface ChosenProps {
  data: MapData;
  chosen: string;
  places: Places;
  onClose: () => void;
  onAsk: (asked: Asked) => void;
  onMoveTrunk: (trunk: string, site: string | undefined) => void;
  onPlace: (key: string, place: Place) => void;
  onForget: (key: string) => void;
}

const step = 40;
const ways = [
  ['left', -1, 0],
  ['up', 0, -1],
  ['down', 0, 1],
  ['right', 1, 0],
] as const;

/** One thing of the map, and all that can be done with it: what is on the picture by pointer is here by button. */
export function Chosen({ data, chosen, places, onClose, onAsk, onMoveTrunk, onPlace, onForget }: ChosenProps) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  const { topology, tree, findings } = data;
  const edit = useEdit();
  const [kind, name] = [chosen.split(' ')[0]!, chosen.slice(chosen.indexOf(' ') + 1)];
  const link = kind === 'link' ? topology.links.find(({ at }) => at === Number(name)) : undefined;
  const section = kind === 'trunk' ? 'trunks' : kind === 'site' ? 'sites' : undefined;
  const object = section && tree && objectsOf(tree, section).find((one) => nameOf(one) === name);
  const layout = layoutOf(topology, places);
  const box = chosen === ourKey ? layout.us : layout.boxes.find(({ key }) => key === chosen);
  const title = link
    ? t('map.aLink', { one: link.between[0], other: link.between[1] })
    : section === 'trunks'
      ? t('map.aTrunk', { name })
      : section === 'sites'
        ? t('map.aSite', { name })
        : chosen === ourKey
          ? t('map.us')
          : t(chosen === 'trunks inside' ? 'map.inside' : 'map.outside');
  const references = section && tree ? referencesTo(tree, section, name) : [];
  const disabled = typeof object?.disabled === 'string' ? object.disabled : undefined;
  return (
    <Drawer
      opened
      onClose={onClose}
      title={title}
      position="right"
      size={360}
      padding="md"
      withOverlay={false}
      lockScroll={false}
      shadow="md"
      returnFocus={false}
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        {(findings.get(chosen) ?? []).map(({ code, severity, message, cure }) => (
          <Alert key={`${code} ${message}`} color={severity === 'error' ? 'red' : 'yellow'} title={code}>
            <Words>{together(tell(message), tell(cure))}</Words>
          </Alert>
        ))}
        {section && object && (
          <>
            {kind === 'trunk' && (
              <NativeSelect
                label={t('map.site')}
                value={typeof object.site === 'string' ? object.site : ''}
                onChange={({ currentTarget }) => onMoveTrunk(name, currentTarget.value || undefined)}
                data={[
                  { value: '', label: t('map.noSite') },
                  ...topology.sites.map((one) => ({ value: one.name, label: one.name })),
                ]}
              />
            )}
            {kind === 'trunk' && disabled !== undefined && <Disable path={['trunks', name]} value={disabled} />}
            <Group gap="xs">
              <Button
                component={Link}
                href={`/objects/${section}/${encodeURIComponent(name)}`}
                size="sm"
                variant="default"
              >
                {t('map.settings')}
              </Button>
              <Button size="sm" variant="default" onClick={() => onAsk('rename')}>
                {t('map.rename')}
              </Button>
              {kind === 'trunk' && disabled === undefined && <Disable path={['trunks', name]} value={undefined} />}
              {kind === 'site' && (
                <>
                  <AddTrunkMenu site={name} />
                  <Button size="sm" variant="default" onClick={() => onAsk('link')}>
                    {t('map.linkTo')}
                  </Button>
                </>
              )}
              <Button size="sm" variant="default" color="red" onClick={() => onAsk('remove')}>
                {t('map.remove')}
              </Button>
            </Group>
            <section>
              <Title order={3} size="h5">
                {t('map.namedBy')}
              </Title>
              {references.length === 0 ? (
                <Text size="sm" c="dimmed">
                  {t('map.namedByNone')}
                </Text>
              ) : (
                <References references={references} />
              )}
            </section>
          </>
        )}
        {link && tree && (
          <>
            <LinkFields key={JSON.stringify(objectsOf(tree, 'links')[link.at])} tree={tree} at={link.at} />
            <Button
              component={Link}
              href={`/objects/links/${encodeURIComponent(link.between.join('--'))}`}
              variant="default"
            >
              {t('map.settings')}
            </Button>
            <Button
              variant="default"
              color="red"
              loading={edit.isPending}
              onClick={() =>
                edit.mutate([{ path: ['links', link.at], was: objectsOf(tree, 'links')[link.at] }], {
                  onSuccess: () => {
                    told(t('objects.inDraft'));
                    onClose();
                  },
                })
              }
            >
              {t('map.removeNow')}
            </Button>
            {edit.error && <Trouble error={edit.error} />}
          </>
        )}
        {box && (
          <section>
            <Title order={3} size="h5" mb={4}>
              {t('map.place')}
            </Title>
            <Group gap="xs">
              {ways.map(([way, dx, dy]) => (
                <Button
                  key={way}
                  size="compact-sm"
                  variant="default"
                  aria-label={t(`map.ways.${way}`)}
                  onClick={() => onPlace(chosen, { x: box.x + dx * step, y: box.y + dy * step })}
                >
                  <Icon name={way} />
                </Button>
              ))}
              {places[chosen] && (
                <Button size="compact-sm" variant="default" onClick={() => onForget(chosen)}>
                  {t('map.byItself')}
                </Button>
              )}
            </Group>
          </section>
        )}
      </Stack>
    </Drawer>
  );
}

/** Where something is named, each with the way there. */
export function References({ references }: { references: ReturnType<typeof referencesTo> }) {
  return (
    <List size="sm">
      {references.map(({ path }) => {
        const [section, ...rest] = path[0] === 'users' && path[1] === 'list' ? ['users', ...path.slice(2)] : path;
        const [whose, ...below] = rest;
        const text = `${section} ${typeof whose === 'string' ? whose : ''}`;
        return (
          <List.Item key={path.join('\0')}>
            {typeof whose === 'string' ? (
              <Link href={`/objects/${section}/${encodeURIComponent(whose)}`}>{text}</Link>
            ) : (
              text
            )}{' '}
            {below.filter((one) => typeof one === 'string').join(' › ')}
          </List.Item>
        );
      })}
    </List>
  );
}
