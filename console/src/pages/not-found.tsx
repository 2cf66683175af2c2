import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Empty } from '../parts/empty.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty
      order={1}
      icon="search"
      title={t('common.noPage')}
      action={
        <Anchor component={Link} href="/" underline="always">
          {t('pages.home')}
        </Anchor>
      }
    >
      {t('common.noPageNote')}
    </Empty>
  );
}
