import { Button, Menu, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { cleaned } from '../../configuration/cleaned.ts';
import { adding, type Tree } from '../../configuration/edits.ts';
import { nameOf, objectsOf } from '../../configuration/objects.ts';
import { useEdit } from '../../configuration/queries.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { told } from '../../parts/toasts.ts';
import { bandwidthOf, EditForm, LimitInputs, noLimits } from './link-form.tsx';
import type { Topology } from './topology.ts';

const names = '[A-Za-z0-9][A-Za-z0-9._\\-]*';

/** The two ways to a new trunk; both come back here. */
export function AddTrunkMenu({ site }: { site: string }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="sm" variant="default">
          {t('map.trunkHere')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <AddTrunkItems site={site} />
      </Menu.Dropdown>
    </Menu>
  );
}

export function AddTrunkItems({ site }: { site?: string }) {
  const { t } = useTranslation();
  const at = site === undefined ? '' : `&site=${encodeURIComponent(site)}`;
  return (
    <>
      <Menu.Item component={Link} href={`/new-trunk?from=map${at}`}>
        {t('map.trunkByWizard')}
      </Menu.Item>
      <Menu.Item component={Link} href={`/objects/trunks/-?new&from=map${at}`}>
        {t('map.trunkByForm')}
      </Menu.Item>
    </>
  );
}

interface AddSiteProps {
  tree: Tree;
  topology: Topology;
  onClose: () => void;
  onMade: (key: string) => void;
}

/** A site with what is asked for first; all else is on its page. */
export function AddSite({ tree, topology, onClose, onMade }: AddSiteProps) {
  const { t } = useTranslation();
  const edit = useEdit();
  const [said, setSaid] = useState({ name: '', centre: '', region: '', country: '', subnets: '' });
  const put = (key: keyof typeof said, value: string) => setSaid((now) => ({ ...now, [key]: value }));
  const isTaken = topology.sites.some(({ name }) => name === said.name);
  const text = (key: keyof typeof said, more: object = {}) => (
    <TextInput
      label={t(`map.ofSite.${key}`)}
      value={said[key]}
      onChange={({ currentTarget }) => put(key, currentTarget.value.trim())}
      spellCheck={false}
      {...more}
    />
  );
  return (
    <Dialog title={t('map.addSite')} onClose={onClose}>
      <EditForm
        action={t('objects.addIt')}
        isPending={edit.isPending}
        isDisabled={isTaken}
        error={edit.error}
        onSubmit={() => {
          const { subnets, ...rest } = said;
          const site = cleaned({ ...rest, subnets: subnets.split(/[\s,]+/) }) as Tree;
          edit.mutate([adding(tree, ['sites'], said.name, site)], {
            onSuccess: () => {
              told(t('objects.inDraft'));
              onMade(`site ${said.name}`);
            },
          });
        }}
      >
        {text('name', {
          required: true,
          pattern: names,
          error: isTaken && t('map.taken'),
          'data-autofocus': true,
        })}
        <NativeSelect
          label={t('map.ofSite.centre')}
          value={said.centre}
          onChange={({ currentTarget }) => put('centre', currentTarget.value)}
          data={[
            { value: '', label: t('map.noCentre') },
            ...topology.sites
              .filter(({ kind }) => kind === 'central')
              .map(({ name }) => ({ value: name, label: name })),
          ]}
        />
        {said.centre === '' && text('region')}
        {text('country', { maxLength: 2, placeholder: 'DE' })}
        <TextInput
          label={t('map.ofSite.subnets')}
          placeholder="192.0.2.0/24, 2001:db8::/48"
          value={said.subnets}
          onChange={({ currentTarget }) => put('subnets', currentTarget.value)}
          spellCheck={false}
        />
      </EditForm>
    </Dialog>
  );
}

interface AddLinkProps {
  tree: Tree;
  topology: Topology;
  /** Where it begins, where that is known. */
  from: string | undefined;
  onClose: () => void;
}

/** From site to site, or from region to region. */
export function AddLink({ tree, topology, from, onClose }: AddLinkProps) {
  const { t } = useTranslation();
  const edit = useEdit();
  const sites = topology.sites.map(({ name }) => name);
  const regions = [...new Set(topology.sites.flatMap(({ region }) => region ?? []))].filter(
    (one) => !sites.includes(one),
  );
  const [one, setOne] = useState(from ?? sites[0] ?? '');
  const [other, setOther] = useState('');
  const [limits, setLimits] = useState(noLimits);
  // A link joins like with like.
  const others = (sites.includes(one) ? sites : regions).filter((name) => name !== one);
  const end = others.includes(other) ? other : (others[0] ?? '');
  const isThere = topology.links.some(({ between }) => between.includes(one) && between.includes(end));
  const group = (label: string, items: readonly string[]) =>
    items.length === 0 ? [] : [{ group: label, items: [...items] }];
  return (
    <Dialog title={t('map.addLink')} onClose={onClose}>
      <EditForm
        action={t('objects.addIt')}
        isPending={edit.isPending}
        isDisabled={end === '' || isThere}
        error={edit.error}
        onSubmit={() => {
          const bandwidth = bandwidthOf(limits);
          const link = { between: [one, end], ...(bandwidth !== undefined && { bandwidth }) };
          const links = objectsOf(tree, 'links');
          const made =
            links.length > 0
              ? { path: ['links', links.length], value: link, was: null }
              : { path: ['links'], value: [link], was: tree.links ?? null };
          edit.mutate([made], {
            onSuccess: () => {
              told(t('objects.inDraft'));
              onClose();
            },
          });
        }}
      >
        <NativeSelect
          label={t('map.linkFrom')}
          value={one}
          onChange={({ currentTarget }) => setOne(currentTarget.value)}
          data={[...group(t('map.sites'), sites), ...group(t('map.regions'), regions)]}
          data-autofocus
        />
        <NativeSelect
          label={t('map.linkEnd')}
          value={end}
          onChange={({ currentTarget }) => setOther(currentTarget.value)}
          data={others}
          error={isThere && t('map.linkThere')}
        />
        <LimitInputs limits={limits} onChange={setLimits} />
      </EditForm>
    </Dialog>
  );
}

/** Whether a name is free among objects of its kind. */
export function isFree(tree: Tree, section: 'sites' | 'trunks', name: string): boolean {
  return !objectsOf(tree, section).some((one) => nameOf(one) === name);
}
