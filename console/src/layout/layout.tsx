import { ActionIcon, Anchor, AppShell, Burger, Button, Group, Kbd, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useFormats } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { LanguageChoice, SchemeChoice } from './choices.tsx';
import { ConnectionBar } from './connection-bar.tsx';
import { LeavingQuestion } from './leaving.tsx';
import { Navigation } from './navigation.tsx';
import { Palette } from './palette.tsx';
import { PendingBar } from './pending-bar.tsx';
import { Person } from './person.tsx';
import { Shortcuts } from './shortcuts.tsx';

/** What is around every page. */
export function Layout({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { zoneNow } = useFormats();
  const [isOpen, { toggle, close }] = useDisclosure();
  const [location] = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef(location);
  // Who goes to another page by keyboard or reader stands at its beginning.
  useEffect(() => {
    if (before.current !== location) main.current?.focus({ preventScroll: true });
    before.current = location;
  }, [location]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header className="bar">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Anchor href="#content" className="skip" onClick={() => main.current?.focus()}>
              {t('layout.skip')}
            </Anchor>
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('layout.menu')}
              aria-expanded={isOpen}
            />
            <Link href="/" className="brand" aria-label={`Tandem: ${t('pages.home')}`}>
              <img src="/icon.svg" alt="" width={24} height={24} />
              <Text span fw={700} size="lg">
                Tandem
              </Text>
            </Link>
          </Group>
          <Group gap={4} wrap="nowrap">
            <Button
              visibleFrom="sm"
              variant="default"
              size="compact-md"
              fw={400}
              leftSection={<Icon name="search" size={16} />}
              rightSection={<Kbd size="xs">Ctrl K</Kbd>}
              onClick={spotlight.open}
            >
              {t('palette.open')}
            </Button>
            <ActionIcon
              hiddenFrom="sm"
              variant="subtle"
              color="gray"
              c="inherit"
              size="lg"
              aria-label={t('palette.open')}
              onClick={spotlight.open}
            >
              <Icon name="search" />
            </ActionIcon>
            <SchemeChoice />
            <LanguageChoice />
            <Person />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className="bar" aria-label={t('layout.menu')}>
        <AppShell.Section grow className="bar-scroll">
          <Navigation onLeave={close} />
        </AppShell.Section>
        <AppShell.Section px={6} pt={6}>
          <Text size="xs" c="dimmed">
            {t('layout.zone', { zone: zoneNow() })}
          </Text>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} ref={main}>
        <ConnectionBar />
        <PendingBar />
        {children}
      </AppShell.Main>
      <Palette />
      <LeavingQuestion />
      <Shortcuts />
    </AppShell>
  );
}
