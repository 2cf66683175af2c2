import { Button, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { answer, api } from '../api/client.ts';
import { useBecome, useMe } from '../api/me.ts';
import { Icon } from '../parts/icon.tsx';

/** Who sits here, and out. */
export function Person() {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const become = useBecome();
  const signOut = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/session')),
    onSettled: () => become(undefined),
  });
  if (!me) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          c="inherit"
          leftSection={<Icon name="people" />}
          maw={180}
          aria-label={me.name}
        >
          <span className="wide-only">{me.name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {t(`roles.${me.role}`)}
          {me.sites ? `: ${me.sites.join(', ')}` : ''}
        </Menu.Label>
        <Menu.Item component={Link} href="/me">
          {t('pages.me')}
        </Menu.Item>
        <Menu.Item onClick={() => signOut.mutate()}>{t('layout.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
