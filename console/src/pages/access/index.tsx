import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../../parts/page-title.tsx';
import '../configuration/configuration.css';
import { Accounts } from './accounts.tsx';
import { Sessions } from './sessions.tsx';
import { Tokens } from './tokens.tsx';

/** Who may come in: people, programs, and who is there now. */
export default function Access() {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle title={t('pages.access')} note={t('access.note')} />
      <Tabs defaultValue="accounts" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="accounts">{t('access.accounts')}</Tabs.Tab>
          <Tabs.Tab value="tokens">{t('access.tokens')}</Tabs.Tab>
          <Tabs.Tab value="sessions">{t('access.sessions')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="accounts">
          <Accounts />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <Tokens />
        </Tabs.Panel>
        <Tabs.Panel value="sessions">
          <Sessions />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
