import { Anchor, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { QrCode } from '../../parts/qr-code.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { fewCodes, RecoveryCodes } from './recovery-codes.tsx';

/** One-time passwords: the app is given the secret, shows that it has it, and is asked from then on. */
export function Totp({ name, isOn, codesLeft = 0 }: { name: string; isOn: boolean; codesLeft: number | undefined }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<readonly string[]>();
  const onSettled = () => queries.invalidateQueries({ queryKey: ['me'] });
  const begin = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/me/totp', { body: { password } })),
    onSuccess: () => setPassword(''),
  });
  const finish = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/me/totp', { body: { code } })),
    onSuccess: ({ recoveryCodes }) => {
      begin.reset();
      setCode('');
      setCodes(recoveryCodes);
      told(t('me.totpOn'));
    },
    onSettled,
  });
  const renew = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/me/recovery-codes', { body: { password } })),
    onSuccess: ({ recoveryCodes }) => {
      setPassword('');
      setCodes(recoveryCodes);
    },
    onSettled,
  });
  const stop = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/totp', { body: { password } })),
    onSuccess: () => {
      setPassword('');
      told(t('me.totpOff'));
    },
    onSettled,
  });
  const offer = begin.data;
  const failed = begin.error ?? finish.error ?? renew.error ?? stop.error;
  if (codes) return <RecoveryCodes name={name} codes={codes} onKept={() => setCodes(undefined)} />;
  return (
    <form
      className="surface padded"
      onSubmit={(event) => {
        event.preventDefault();
        for (const one of [begin, finish, renew, stop]) if (one !== begin || !offer) one.reset();
        if (offer) finish.mutate();
        else if (isOn) renew.mutate();
        else begin.mutate();
      }}
    >
      <Stack>
        <Title order={2} size="h4">
          {t('me.totp')}
        </Title>
        <Group gap="lg">
          <StateBadge tone={isOn ? 'good' : 'quiet'}>{isOn ? t('me.isOn') : t('me.isOff')}</StateBadge>
          {isOn && (
            <StateBadge tone={codesLeft <= fewCodes ? 'warn' : 'quiet'}>
              {t('me.codesLeft', { count: codesLeft })}
            </StateBadge>
          )}
        </Group>
        {offer ? (
          <>
            <Text size="sm">{t('me.scan')}</Text>
            <Group justify="center">
              <QrCode text={offer.uri} label={t('me.qr')} />
            </Group>
            <Text size="sm" c="dimmed">
              {t('me.byHand')}{' '}
              <code className="break" translate="no">
                {offer.secret.match(/.{1,4}/g)?.join(' ')}
              </code>
            </Text>
            <Anchor href={offer.uri} underline="always" size="sm">
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
              {isOn ? t('me.codesNote') : t('me.totpNote')}
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
          {isOn && (
            <Button
              type="button"
              variant="default"
              loading={stop.isPending}
              disabled={password === ''}
              onClick={() => {
                renew.reset();
                stop.mutate();
              }}
            >
              {t('me.stop')}
            </Button>
          )}
          <Button type="submit" loading={begin.isPending || finish.isPending || renew.isPending}>
            {offer ? t('me.confirm') : isOn ? t('me.renewCodes') : t('me.begin')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
