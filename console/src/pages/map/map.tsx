import { Button, Group, Menu, SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import { useMay } from '../../api/me.ts';
import { useEdit } from '../../configuration/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { failed, told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';
import { CommitDraft } from '../objects/pending.tsx';
import { AddLink, AddSite, AddTrunkItems } from './add.tsx';
import { Remove, Rename } from './change.tsx';
import { type Asked, Chosen } from './chosen.tsx';
import { MapList } from './list.tsx';
import { Picture } from './picture.tsx';
import { useMap } from './use-map.ts';
import { usePlaces } from './use-places.ts';
import './map.css';

/** Who is joined with whom by us: sites, links and trunks, each with how it is; and, for administrators, changed here (`?edit`). */
export default function MapPage() {
  const { t } = useTranslation();
  const mayEdit = useMay('administrator');
  const [, go] = useLocation();
  const isEditing = new URLSearchParams(useSearch()).has('edit') && mayEdit;
  const { data, error, again } = useMap(isEditing);
  const { places, put, forget, rename } = usePlaces();
  const isNarrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const [look, setLook] = useState<'picture' | 'list'>();
  const [chosen, setChosen] = useState<string>();
  const [asked, setAsked] = useState<Asked | 'site'>();
  const edit = useEdit();
  if (error && !data) return <Trouble error={error} onRetry={again} />;
  if (!data) return <Loading />;
  const { topology, tree, gone } = data;
  const isEmpty = topology.trunks.length === 0 && topology.sites.length === 0;
  const shown = look ?? (isNarrow ? 'list' : 'picture');
  const [kind, name] = [chosen?.split(' ')[0], chosen?.slice(chosen.indexOf(' ') + 1) ?? ''];
  const section = kind === 'site' ? 'sites' : kind === 'trunk' ? 'trunks' : undefined;
  const close = () => setAsked(undefined);
  // Who closes it stands again where he was.
  const leave = () => {
    const key = chosen ?? '';
    setChosen(undefined);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement | SVGElement>(`[data-key="${CSS.escape(key)}"]`)?.focus(),
    );
  };

  const moveTrunk = (trunk: string, site: string | undefined) => {
    const was = topology.trunks.find((one) => one.name === trunk)?.site;
    if (was === site) return;
    edit.mutate([{ path: ['trunks', trunk, 'site'], ...(site !== undefined && { value: site }), was: was ?? null }], {
      onSuccess: () => told(t(site === undefined ? 'map.movedOut' : 'map.moved', { trunk, site })),
      onError: (problem) => failed(trunk, problem),
    });
  };
  return (
    <div className={chosen !== undefined && asked === undefined ? 'map-beside' : ''}>
      <PageTitle title={t('map.title')} note={isEditing ? t('map.editNote') : t('map.note')}>
        <SegmentedControl
          aria-label={t('map.look')}
          size="xs"
          value={shown}
          onChange={(value) => setLook(value as 'picture' | 'list')}
          data={[
            { value: 'picture', label: t('map.picture') },
            { value: 'list', label: t('map.list') },
          ]}
        />
        {isEditing && (
          <>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default">{t('map.add')}</Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => setAsked('site')}>{t('map.addSite')}</Menu.Item>
                <AddTrunkItems />
                <Menu.Item
                  disabled={topology.sites.length < 2}
                  onClick={() => {
                    setChosen(undefined);
                    setAsked('link');
                  }}
                >
                  {t('map.addLink')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            {shown === 'picture' && Object.keys(places ?? {}).length > 0 && (
              <Button variant="default" onClick={() => forget()}>
                {t('map.arrange')}
              </Button>
            )}
            <CommitDraft />
          </>
        )}
        {mayEdit && (
          <Button
            variant={isEditing ? 'default' : 'filled'}
            onClick={() => {
              setChosen(undefined);
              go(isEditing ? '/map' : '/map?edit');
            }}
          >
            {t(isEditing ? 'map.done' : 'map.edit')}
          </Button>
        )}
      </PageTitle>
      {isEditing && gone.length > 0 && (
        <Text size="sm" mb="sm">
          {t('map.gone', { names: gone.map(nameOfGone).join(', ') })}
        </Text>
      )}
      {isEmpty ? (
        <Empty icon="map" title={t('map.empty')}>
          {t('map.emptyNote')}
        </Empty>
      ) : shown === 'list' ? (
        <MapList data={data} isEditing={isEditing} onOpen={setChosen} />
      ) : (
        <>
          <Picture
            {...{ data, isEditing, chosen }}
            places={places ?? {}}
            onOpen={setChosen}
            onPlace={put}
            onMoveTrunk={moveTrunk}
          />
          {isEditing && (
            <Group mt="xs">
              <Text size="sm" c="dimmed">
                {t('map.keys')}
              </Text>
            </Group>
          )}
        </>
      )}
      {isEditing && tree && chosen !== undefined && asked === undefined && (
        <Chosen
          {...{ data, chosen }}
          places={places ?? {}}
          onClose={leave}
          onAsk={setAsked}
          onMoveTrunk={moveTrunk}
          onPlace={put}
          onForget={forget}
        />
      )}
      {tree && asked === 'site' && (
        <AddSite
          {...{ tree, topology }}
          onClose={close}
          onMade={(key) => {
            close();
            setChosen(key);
          }}
        />
      )}
      {tree && asked === 'link' && (
        <AddLink {...{ tree, topology }} from={kind === 'site' ? name : undefined} onClose={close} />
      )}
      {tree && section && asked === 'rename' && (
        <Rename
          {...{ tree, section, name }}
          onClose={close}
          onRenamed={(next) => {
            rename(`${kind} ${name}`, `${kind} ${next}`);
            setChosen(`${kind} ${next}`);
            close();
          }}
        />
      )}
      {tree && section && asked === 'remove' && (
        <Remove
          {...{ tree, section, name }}
          onClose={close}
          onRemoved={() => {
            setChosen(undefined);
            close();
          }}
        />
      )}
    </div>
  );
}

/** `link ["a","b"]` as people read it. */
function nameOfGone(key: string): string {
  if (!key.startsWith('link [')) return key.slice(key.indexOf(' ') + 1);
  return (JSON.parse(key.slice('link '.length)) as readonly string[]).join(' – ');
}
