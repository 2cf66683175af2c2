import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { answer, api } from '../api/client.ts';
import { useBecome } from '../api/me.ts';
import { FrontDoor } from '../layout/front-door.tsx';
import { CodeField, useCode } from '../parts/code-field.tsx';
import { told } from '../parts/toasts.ts';
import { Trouble } from '../parts/trouble.tsx';

/** Name and password, and the one-time password when the account has it. `isOver`: he was here, and his page waits behind it. */
export function SignIn({ isOver = false }: { isOver?: boolean }) {
  const { t } = useTranslation();
  const [location, go] = useLocation();
  const become = useBecome();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  // The provider of OpenID Connect refused him: it comes back with what it said.
  const refused = location === '/sign-in' ? saidBehind(window.location.hash) : '';
  const { data: ways } = useQuery({ queryKey: ['sign-in'], queryFn: () => answer(api.GET('/api/v1/sign-in')) });
  const signIn = useMutation({
    mutationFn: (code: string) =>
      answer(api.POST('/api/v1/session', { body: { name, password, ...(code !== '' && { code }) } })),
    onSuccess: (me) => {
      become(me);
      if (second.isRecovery) told(t('signIn.recovered', { count: me.recoveryCodes ?? 0 }));
      if (location === '/sign-in') go('/');
    },
  });
  const { error } = signIn;
  const second = useCode(error);
  const { code } = second;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(code);
  };
  return (
    <FrontDoor title={t('signIn.title')}>
      {isOver && <Alert title={t('signIn.over')}>{t('signIn.overNote')}</Alert>}
      {refused !== '' && (
        <Alert color="red" title={t('signIn.provider')}>
          {refused}
        </Alert>
      )}
      {ways?.isNew && <Alert title={t('signIn.newTitle')}>{t('signIn.new')}</Alert>}
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t('signIn.name')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            data-autofocus
            value={name}
            onChange={({ currentTarget: { value } }) => setName(value)}
          />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={({ currentTarget: { value } }) => setPassword(value)}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          />
          <CodeField {...second} />
          {error && !(second.isAsked && code === '') && <Trouble error={error} title={t('signIn.failed')} />}
          <Button type="submit" loading={signIn.isPending} fullWidth>
            {t('signIn.title')}
          </Button>
        </Stack>
      </form>
      {ways?.methods.includes('oidc') && (
        <>
          <Text ta="center" size="sm" c="dimmed">
            {t('signIn.or')}
          </Text>
          <Button component="a" href="/api/v1/oidc/sign-in" variant="default" fullWidth>
            {t('signIn.oidc')}
          </Button>
        </>
      )}
    </FrontDoor>
  );
}

/** What the provider said. Anybody can make a link: it stands under whose words they are, and is short. */
function saidBehind(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1)).slice(0, 200);
  } catch {
    return '';
  }
}
