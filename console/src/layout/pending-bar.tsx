import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { answer, api } from '../api/client.ts';
import { useMay } from '../api/me.ts';
import { errorsOf } from '../configuration/findings.ts';
import { useDraft } from '../configuration/queries.ts';
import { Icon } from '../parts/icon.tsx';

/** What was changed and does not hold yet, on every page: nobody forgets it, nobody is surprised by it. */
export function PendingBar() {
  const { t } = useTranslation();
  const isMine = useMay('administrator');
  const { data: draft } = useDraft({ enabled: isMine, refetchInterval: 15_000 });
  const { data: file } = useQuery({
    queryKey: ['configuration'],
    queryFn: () => answer(api.GET('/api/v1/configuration')),
    enabled: isMine,
    refetchInterval: 15_000,
  });
  const errors = errorsOf(draft?.examination);
  const changes = draft?.examination.differences.length ?? 0;
  const written = file?.pending.length ?? 0;
  const said = [
    ...(draft ? [errors > 0 ? t('pending.errors', { count: errors }) : t('pending.draft', { count: changes })] : []),
    ...(draft?.outdated ? [t('pending.outdated')] : []),
    ...(file && !file.sound ? [t('pending.unsound')] : written > 0 ? [t('pending.file', { count: written })] : []),
  ];
  if (said.length === 0) return null;
  return (
    <Group role="region" aria-label={t('pending.title')} className="pending" px="md" py={8} gap="xs" mb="md">
      <Icon name="settings" />
      <Text size="sm" fw={600}>
        {said.join(' ')}
      </Text>
      <Anchor component={Link} href="/configuration" size="sm" fw={600} underline="always" c="inherit">
        {t('pending.look')}
      </Anchor>
    </Group>
  );
}
