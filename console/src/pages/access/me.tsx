import { Button, Group, PasswordInput, Stack, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { Facts } from '../../parts/facts.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';
import { Sessions } from './sessions.tsx';
import { Tokens } from './tokens.tsx';
import { Totp } from './totp.tsx';

/** What everybody sees and changes of himself. */
export default function Me() {
  const { t } = useTranslation();
  const { data: me } = useMe();
  if (!me) return <Loading />;
  const isOwn = me.via === 'session' && me.method === 'password';
  return (
    <>
      <PageTitle title={t('pages.me')} note={me.name} />
      <Stack gap="lg">
        <section className="surface padded">
          <Facts
            facts={[
              [t('access.role'), t(`roles.${me.role}`)],
              [t('access.sites'), me.sites?.join(', ') ?? t('access.allSites')],
              [t('me.method'), me.method === 'oidc' ? t('access.oidc') : t('signIn.password')],
            ]}
          />
        </section>
        {isOwn && (
          <div className="settings">
            <Password />
            <Totp name={me.name} isOn={me.totp === true} codesLeft={me.recoveryCodes} />
          </div>
        )}
        {me.role !== 'administrator' && (
          <>
            <Title order={2} size="h3">
              {t('access.tokens')}
            </Title>
            <Tokens />
            <Title order={2} size="h3">
              {t('access.sessions')}
            </Title>
            <Sessions />
          </>
        )}
      </Stack>
    </>
  );
}

function Password() {
  const { t } = useTranslation();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/me/password', { body: { old, new: next } })),
    onSuccess: () => {
      setOld('');
      setNext('');
      setAgain('');
      told(t('me.passwordChanged'));
    },
  });
  const show = { 'aria-label': t('signIn.show') };
  return (
    <form
      className="surface padded"
      onSubmit={(event) => {
        event.preventDefault();
        if (next === again) change.mutate();
      }}
    >
      <Stack>
        <Title order={2} size="h4">
          {t('me.password')}
        </Title>
        <PasswordInput
          label={t('me.old')}
          value={old}
          onChange={({ currentTarget }) => setOld(currentTarget.value)}
          autoComplete="current-password"
          required
          visibilityToggleButtonProps={show}
        />
        <PasswordInput
          label={t('me.new')}
          description={t('invitation.rule')}
          value={next}
          onChange={({ currentTarget }) => setNext(currentTarget.value)}
          autoComplete="new-password"
          required
          visibilityToggleButtonProps={show}
        />
        <PasswordInput
          label={t('invitation.again')}
          value={again}
          onChange={({ currentTarget }) => setAgain(currentTarget.value)}
          autoComplete="new-password"
          required
          error={again !== '' && again !== next && t('invitation.differs')}
          visibilityToggleButtonProps={show}
        />
        {change.error && <Trouble error={change.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={change.isPending}>
            {t('me.change')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
