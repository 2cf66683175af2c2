import { Anchor, AppShell, Burger, Group, NativeSelect, NavLink, Text, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { type Language, languages, speak } from '../i18n/index.ts';

/** Every page, in the order of the menu. */
const pages = [['/trunks', 'trunks']] as const;

export function Layout({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure();
  const [location] = useLocation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Anchor href="#content" className="skip">
              {t('layout.skip')}
            </Anchor>
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('layout.menu')} />
            <Text fw={700}>Tandem</Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <NativeSelect
              aria-label={t('layout.scheme')}
              size="xs"
              value={colorScheme}
              onChange={({ currentTarget: { value } }) => setColorScheme(value as 'light' | 'dark' | 'auto')}
              data={[
                { value: 'auto', label: 'Auto' },
                { value: 'light', label: t('layout.light') },
                { value: 'dark', label: t('layout.dark') },
              ]}
            />
            <NativeSelect
              aria-label={t('layout.language')}
              size="xs"
              value={i18n.language}
              onChange={({ currentTarget: { value } }) => speak(value as Language)}
              data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
            />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav">
        {pages.map(([path, name]) => (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={t(`pages.${name}`)}
            active={location.startsWith(path)}
            {...(location.startsWith(path) && { 'aria-current': 'page' as const })}
            onClick={close}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
