import { NavLink, Stack, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useCopyRights } from '../api/copy-rights.ts';
import { useMay, useMe } from '../api/me.ts';
import { pages } from '../pages/index.ts';
import type { Page } from '../pages/page.ts';
import { Icon } from '../parts/icon.tsx';

/** The pages that who sits here may look at. */
export function usePages(): readonly Page[] {
  const may = { viewer: true, operator: useMay('operator'), administrator: useMay('administrator') };
  const { data: me } = useMe();
  const hasAll = me !== undefined && me.sites === undefined;
  const mayCopy = useCopyRights()?.allowed === true;
  return pages.filter(
    ({ role = 'viewer', whole = false, copies = false }) => may[role] && (hasAll || !whole) && (mayCopy || !copies),
  );
}

export function Navigation({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const mine = usePages();
  const list = useRef<HTMLDivElement>(null);
  // Where one is stands in sight, however low the window.
  // biome-ignore lint/correctness/useExhaustiveDependencies: of each page anew
  useEffect(() => {
    const scroller = list.current?.parentElement;
    const here = list.current?.querySelector('[aria-current]');
    if (!scroller || !here) return;
    const [all, one] = [scroller.getBoundingClientRect(), here.getBoundingClientRect()];
    if (one.bottom > all.bottom) scroller.scrollTop += one.bottom - all.bottom;
    if (one.top < all.top) scroller.scrollTop += one.top - all.top;
  }, [location, mine.length]);
  return (
    <Stack gap="sm" ref={list}>
      {[...new Set(mine.map(({ group }) => group))].map((group) => (
        <div key={group}>
          <Text size="xs" fw={600} c="dimmed" px="sm" pb={4} id={`group-${group}`}>
            {t(`groups.${group}`)}
          </Text>
          <Stack gap={2} component="ul" m={0} p={0} className="plain" aria-labelledby={`group-${group}`}>
            {mine
              .filter((page) => page.group === group)
              .map(({ path, name, icon }) => {
                const isHere = path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
                return (
                  <li key={path}>
                    <NavLink
                      component={Link}
                      href={path}
                      label={t(`pages.${name}`)}
                      leftSection={<Icon name={icon} />}
                      active={isHere}
                      {...(isHere && { 'aria-current': 'page' as const })}
                      onClick={onLeave}
                      bdrs="md"
                    />
                  </li>
                );
              })}
          </Stack>
        </div>
      ))}
    </Stack>
  );
}
