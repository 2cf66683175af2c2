import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import { span } from '../../parts/format.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useNow } from '../../parts/use-now.ts';

const stages = ['unregistered', 'registering', 'registered', 'refreshing', 'failed', 'unregistering'] as const;

/** What is not known is not registered. */
export function stageOf(stage: string): (typeof stages)[number] {
  return stages.find((one) => one === stage) ?? 'unregistered';
}

/** Its stage, and the time until the next REGISTER, counted down. */
export function Registration({ of }: { of: NonNullable<Schemas['Trunk']['registration']> }) {
  const { t } = useTranslation();
  const now = useNow();
  const { stage, nextAt, expiresAt, lastError } = of;
  const isGood = stage === 'registered' || stage === 'refreshing';
  const next = nextAt === undefined ? undefined : new Date(nextAt).getTime() - now;
  return (
    <>
      <StateBadge tone={isGood ? 'good' : lastError ? 'bad' : 'warn'}>
        {t(`trunks.stages.${stageOf(stage)}`)}
      </StateBadge>
      <Text size="xs" c="dimmed" className="nowrap">
        {next !== undefined && next > 0
          ? t('trunks.nextIn', { time: span(next) })
          : expiresAt !== undefined && t('trunks.expiresIn', { time: span(new Date(expiresAt).getTime() - now) })}
      </Text>
    </>
  );
}
