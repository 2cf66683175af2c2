import { Alert, Button, List, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client.ts';
import { useSaid } from '../i18n/said/index.ts';
import { Words } from './words.tsx';

/** What went wrong, in the API's words, each part of it with its place. */
export function Trouble({ error, title, onRetry }: { error: Error; title?: string; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  const errors = error instanceof ApiProblem ? (error.body.errors ?? []) : [];
  // Trying again makes nobody another one.
  const isForbidden = error instanceof ApiProblem && error.status === 403;
  return (
    <Alert
      color={isForbidden ? 'gray' : 'red'}
      title={isForbidden ? t('common.forbidden') : (title ?? t('common.wrong'))}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <span>
          <Words>{tell(error.message)}</Words>
        </span>
        {errors.length > 0 && (
          <List size="sm">
            {errors.map(({ place, detail, code }) => (
              <List.Item key={`${place} ${detail}`}>
                <strong>{tell(place) + t('common.colon')}</strong>
                <Words>{tell(detail)}</Words> {code}
              </List.Item>
            ))}
          </List>
        )}
        {onRetry && !isForbidden && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
