import { Anchor, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client.ts';

/** What somebody signs in by beside his password, once he is asked for it: a one-time password, or a recovery code. `error`: what came of his last try. */
export function useCode(error: unknown) {
  const [code, setCode] = useState('');
  const [isRecovery, setRecovery] = useState(false);
  const isAsked =
    code !== '' ||
    isRecovery ||
    (error instanceof ApiProblem && error.body.errors?.some(({ place }) => place === 'code') === true);
  return { code, setCode, isRecovery, setRecovery, isAsked };
}

export function CodeField({ code, setCode, isRecovery, setRecovery, isAsked }: ReturnType<typeof useCode>) {
  const { t } = useTranslation();
  if (!isAsked) return null;
  return (
    <>
      <TextInput
        // Another field, so that it is where he types.
        key={isRecovery ? 'recovery' : 'code'}
        label={isRecovery ? t('signIn.recoveryCode') : t('signIn.code')}
        description={isRecovery ? t('signIn.recoveryNote') : t('signIn.codeNote')}
        autoComplete={isRecovery ? 'off' : 'one-time-code'}
        autoCapitalize="none"
        spellCheck={false}
        inputMode={isRecovery ? 'text' : 'numeric'}
        maxLength={isRecovery ? 40 : 6}
        autoFocus
        value={code}
        onChange={({ currentTarget: { value } }) => setCode(isRecovery ? value : value.replace(/\D/g, ''))}
      />
      <Anchor
        component="button"
        type="button"
        size="sm"
        underline="always"
        onClick={() => {
          setCode('');
          setRecovery(!isRecovery);
        }}
      >
        {isRecovery ? t('signIn.telephone') : t('signIn.noTelephone')}
      </Anchor>
    </>
  );
}
