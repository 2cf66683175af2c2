import { Alert, Anchor, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { Facts } from '../../parts/facts.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';
import { Sessions } from './sessions.tsx';
import { Tokens } from './tokens.tsx';

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
            <Totp isOn={me.totp === true} />
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

/** One-time passwords: the app is given the secret, shows that it has it, and is asked from then on. */
function Totp({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const settled = () => queries.invalidateQueries({ queryKey: ['me'] });
  const begin = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/me/totp', { body: { password } })),
    onSuccess: () => setPassword(''),
  });
  const finish = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/me/totp', { body: { code } })),
    onSuccess: () => {
      begin.reset();
      setCode('');
      told(t('me.totpOn'));
    },
    onSettled: settled,
  });
  const stop = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/totp', { body: { password } })),
    onSuccess: () => {
      setPassword('');
      told(t('me.totpOff'));
    },
    onSettled: settled,
  });
  const offer = begin.data;
  const failed = begin.error ?? finish.error ?? stop.error;
  return (
    <form
      className="surface padded"
      onSubmit={(event) => {
        event.preventDefault();
        if (offer) finish.mutate();
        else if (isOn) stop.mutate();
        else begin.mutate();
      }}
    >
      <Stack>
        <Title order={2} size="h4">
          {t('me.totp')}
        </Title>
        <StateBadge tone={isOn ? 'good' : 'quiet'}>{isOn ? t('me.isOn') : t('me.isOff')}</StateBadge>
        {offer ? (
          <>
            <Text size="sm">{t('me.scan')}</Text>
            <Alert color="blue">
              <code className="break">{offer.secret.match(/.{1,4}/g)?.join(' ')}</code>
            </Alert>
            <Anchor href={offer.uri} underline="always">
              {t('me.openApp')}
            </Anchor>
            <TextInput
              label={t('signIn.code')}
              description={t('signIn.codeNote')}
              value={code}
              onChange={({ currentTarget }) => setCode(currentTarget.value.trim())}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
            />
          </>
        ) : (
          <>
            <Text size="sm" c="dimmed">
              {t('me.totpNote')}
            </Text>
            <PasswordInput
              label={t('signIn.password')}
              value={password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
              autoComplete="current-password"
              required
              visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
            />
          </>
        )}
        {failed && <Trouble error={failed} />}
        <Group justify="flex-end">
          <Button
            type="submit"
            variant={isOn ? 'default' : 'filled'}
            loading={begin.isPending || finish.isPending || stop.isPending}
          >
            {offer ? t('me.confirm') : isOn ? t('me.stop') : t('me.begin')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
