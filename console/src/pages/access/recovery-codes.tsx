import { Alert, Button, CopyButton, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { save } from '../../parts/save.ts';

/** So many left are few: others should be made. */
export const fewCodes = 3;

/** They are shown once: who goes on without having kept them has to have others made. */
export function RecoveryCodes({ name, codes, onKept }: { name: string; codes: readonly string[]; onKept: () => void }) {
  const { t } = useTranslation();
  const text = `${codes.join('\n')}\n`;
  return (
    <section className="surface padded">
      <Stack>
        <Title order={2} size="h4">
          {t('me.codes')}
        </Title>
        <Text size="sm">{t('me.keep')}</Text>
        <Alert color="blue">
          <ol className="codes" translate="no">
            {codes.map((code) => (
              <li key={code}>
                <code>{code}</code>
              </li>
            ))}
          </ol>
        </Alert>
        <Group justify="flex-end">
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t('access.copied') : t('access.copy')}
              </Button>
            )}
          </CopyButton>
          <Button
            variant="default"
            onClick={() => save(new Blob([text], { type: 'text/plain' }), `tandem-${name}-codes.txt`)}
          >
            {t('me.saveCodes')}
          </Button>
          <Button onClick={onKept}>{t('me.kept')}</Button>
        </Group>
      </Stack>
    </section>
  );
}
