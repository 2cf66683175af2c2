import { Alert, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Facts } from '../../parts/facts.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Words } from '../../parts/words.tsx';

/** What would become of a call, and every rule that was asked. */
export function Outcome({ title, outcome }: { title: string; outcome: Schemas['RoutingOutcome'] }) {
  const { t } = useTranslation();
  const { say, cure: cureOf } = useSaid();
  const { number, route, user, refused, trunks, decisions } = outcome;
  return (
    <Stack component="section" className="surface" p="md" gap="sm" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {refused !== undefined ? (
        <StateBadge tone="bad">{t('routing.refused', { status: refused })}</StateBadge>
      ) : user !== undefined ? (
        <StateBadge tone="good">{t('routing.rings', { user })}</StateBadge>
      ) : (
        <StateBadge tone="good">
          {t('routing.goes', { trunks: trunks.map(({ trunk }) => trunk).join(', ') })}
        </StateBadge>
      )}
      {decisions
        .filter(({ said }) => said?.outcome?.code.startsWith('nearly-'))
        .map(({ rule, outcome: came, said }) => (
          <Alert key={`${rule} ${came}`} color="yellow" title={say(rule, said?.rule)}>
            {say(came, said?.outcome)}
          </Alert>
        ))}
      <Facts
        facts={[
          [
            t('routing.number'),
            <span key="number" className="mono">
              {number}
            </span>,
          ],
          [t('routing.route'), route],
          ...trunks.map(
            ({ trunk, called, caller }, at) =>
              [
                t('routing.try', { number: at + 1 }),
                <span key={trunk}>
                  <strong>{trunk}</strong> <span className="mono">{called}</span>
                  {caller !== undefined && ` ${t('routing.as', { caller })}`}
                </span>,
              ] as const,
          ),
        ]}
      />
      <Title order={3} size="h5">
        {t('routing.why')}
      </Title>
      <ol className="decisions">
        {decisions
          .filter(({ said }) => !said?.outcome?.code.startsWith('nearly-'))
          .map(({ rule, outcome: came, said, cure }, at) => (
            <li key={`${rule} ${came}`}>
              <Text size="sm" fw={600}>
                {say(rule, said?.rule)}
              </Text>
              <Text size="sm" c="dimmed" className="break">
                {say(came, said?.outcome)}
              </Text>
              {cure !== undefined && decisions.findIndex((one) => one.cure === cure) === at && (
                <Text size="sm" className="break">
                  <Words>{cureOf(cure, said?.outcome)}</Words>
                </Text>
              )}
            </li>
          ))}
      </ol>
    </Stack>
  );
}
