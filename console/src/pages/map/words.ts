import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import type { Box } from './layout.ts';
import { capacityNameOf, type MapLink, type MapSite, type MapTrunk } from './topology.ts';
import type { MapData } from './use-map.ts';

/** What stands on the parts of the map, and what who hears them hears: the same, and what is shown by signs. */
export function useWords({ live, capacity, findings, changed }: MapData) {
  const { t } = useTranslation();
  const more = (key: string, changedKey = key) =>
    [
      ...(changed.has(changedKey) ? [t('map.changed')] : []),
      ...(findings.get(key) ?? []).map(({ message }) => message),
    ].map((one) => `, ${one}`);
  const usedOf = (what: MapSite | MapLink) => {
    const used = capacityNameOf(what)
      .map((name) => capacity.get(name))
      .find(Boolean);
    return used
      ? t('home.ofAudio', { used: used.audioKbits ?? 0, limit: used.audioLimitKbits ?? '∞' })
      : (what.bandwidth ?? '');
  };
  /** How bad it is what was found of it; '': nothing was. */
  const flawOf = (key: string) => {
    const found = findings.get(key);
    return !found ? '' : found.some(({ severity }) => severity === 'error') ? 'faulty' : 'doubtful';
  };
  const nameOfBox = ({ site, isInside }: Box) => site?.name ?? t(isInside ? 'map.inside' : 'map.outside');
  return {
    usedOf,
    flawOf,
    nameOfBox,
    trunk: (trunk: MapTrunk) =>
      [
        t('map.aTrunk', { name: trunk.name }),
        ' ',
        noteOfTrunk(t, trunk, live.get(trunk.name)),
        ...more(`trunk ${trunk.name}`),
      ].join(''),
    box: (box: Box) =>
      [
        box.site ? t('map.aSite', { name: box.site.name }) : nameOfBox(box),
        box.site ? ` ${usedOf(box.site)} ` : ' ',
        box.trunks.length === 0 ? t('map.noTrunks') : t('map.trunksOf', { count: box.trunks.length }),
        ...more(box.key),
      ].join(''),
    link: (link: MapLink) =>
      [
        t('map.aLink', { one: link.between[0], other: link.between[1] }),
        ...(usedOf(link) === '' ? [] : [`, ${usedOf(link)}`]),
        ...more(`link ${link.at}`, `link ${JSON.stringify(link.between)}`),
      ].join(''),
  };
}

export function noteOfTrunk(t: TFunction, { isDisabled }: MapTrunk, known: Schemas['Trunk'] | undefined): string {
  // What the draft says of it does not hold yet, and is what is looked at.
  const state = isDisabled ? 'disabled' : known?.state;
  const said = state === undefined ? t('map.new') : t(`trunks.states.${state}`);
  if (!known) return said;
  const { active, limit } = known;
  return `${said} · ${t('trunks.calls')}: ${limit === undefined ? active : t('trunks.ofLimit', { active, limit })}`;
}

export type Words = ReturnType<typeof useWords>;
