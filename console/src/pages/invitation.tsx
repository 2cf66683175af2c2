import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { answer, api } from '../api/client.ts';
import { useBecome } from '../api/me.ts';
import { FrontDoor } from '../layout/front-door.tsx';
import { CodeField, useCode } from '../parts/code-field.tsx';
import { Loading } from '../parts/loading.tsx';
import { told } from '../parts/toasts.ts';
import { Trouble } from '../parts/trouble.tsx';

/** Who was invited chooses his password, once; the first administrator his name as well. */
export function Invitation() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const become = useBecome();
  // Behind the #, so that it is in no log of a server.
  const [token] = useState(() => window.location.hash.slice(1));
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const { data: whom, error: gone } = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => answer(api.POST('/api/v1/invitation/look', { body: { token } })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const take = useMutation({
    mutationFn: (code: string) =>
      answer(
        api.POST('/api/v1/invitation', {
          body: { token, password, ...(whom?.name === undefined && { name }), ...(code !== '' && { code }) },
        }),
      ),
    onSuccess: (me) => {
      become(me);
      if (second.isRecovery) told(t('signIn.recovered', { count: me.recoveryCodes ?? 0 }));
      go('/', { replace: true });
    },
  });
  const { error } = take;
  const second = useCode(error);
  const { code } = second;
  if (gone)
    return (
      <FrontDoor title={t('invitation.title')}>
        <Trouble error={gone} />
        <Button variant="default" onClick={() => go('/')}>
          {t('signIn.title')}
        </Button>
      </FrontDoor>
    );
  if (!whom) return <Loading />;
  const differs = again !== '' && again !== password;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!differs) take.mutate(code);
  };
  return (
    <FrontDoor
      title={whom.name === undefined ? t('invitation.first') : t('invitation.welcome', { name: whom.name })}
      note={t(`roles.${whom.role}`)}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          {whom.name === undefined && (
            <TextInput
              label={t('signIn.name')}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              withAsterisk={false}
              value={name}
              onChange={({ currentTarget: { value } }) => setName(value)}
            />
          )}
          <PasswordInput
            label={t('signIn.password')}
            description={t('invitation.rule')}
            autoComplete="new-password"
            minLength={12}
            required
            withAsterisk={false}
            value={password}
            onChange={({ currentTarget: { value } }) => setPassword(value)}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          />
          <PasswordInput
            label={t('invitation.again')}
            autoComplete="new-password"
            required
            withAsterisk={false}
            error={differs ? t('invitation.differs') : undefined}
            value={again}
            onChange={({ currentTarget: { value } }) => setAgain(value)}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          />
          <CodeField {...second} />
          {error && !(second.isAsked && code === '') && <Trouble error={error} />}
          <Button type="submit" loading={take.isPending} fullWidth>
            {t('invitation.take')}
          </Button>
        </Stack>
      </form>
    </FrontDoor>
  );
}
