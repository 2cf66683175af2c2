import { Button, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Empty } from '../../parts/empty.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Trouble } from '../../parts/trouble.tsx';

type Sample = Schemas['SampleResult'];

/** The sample calls of what runs: what becomes of each, and whether that is as expected. */
export function Samples({ onTry }: { onTry: (sample: Sample) => void }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['configuration', 'samples'],
    queryFn: () => answer(api.GET('/api/v1/routing/samples')),
  });
  if (error) return <Trouble error={error} />;
  if (!data) return null;
  return (
    <section>
      <Title order={2} size="h3" mt="xl" mb="sm">
        {t('routing.samples')}
      </Title>
      {data.samples.length === 0 ? (
        <Empty icon="check" title={t('routing.noSamples')}>
          {t('routing.noSamplesNote')}
        </Empty>
      ) : (
        <Table.ScrollContainer
          minWidth={560}
          type="native"
          className="surface"
          tabIndex={0}
          role="region"
          aria-label={t('routing.samples')}
        >
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('routing.name')}</Table.Th>
                <Table.Th>{t('routing.call')}</Table.Th>
                <Table.Th>{t('routing.becomes')}</Table.Th>
                <Table.Th>{t('routing.state')}</Table.Th>
                <Table.Th>
                  <span className="sr">{t('routing.look')}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.samples.map((sample) => (
                <Row key={sample.name} sample={sample} onTry={onTry} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}

function Row({ sample, onTry }: { sample: Sample; onTry: (sample: Sample) => void }) {
  const { t } = useTranslation();
  const { name, from, to, differences, outcome } = sample;
  return (
    <Table.Tr>
      <Table.Td fw={600}>{name}</Table.Td>
      <Table.Td>
        {from} → <span className="mono">{to}</span>
      </Table.Td>
      <Table.Td>
        {outcome.refused ??
          outcome.user ??
          `${outcome.route ?? ''} → ${outcome.trunks.map(({ trunk }) => trunk).join(', ')}`}
      </Table.Td>
      <Table.Td>
        {differences.length === 0 ? (
          <StateBadge tone="good">{t('routing.asExpected')}</StateBadge>
        ) : (
          differences.map((one) => (
            <Text key={one} size="sm" c="var(--tandem-bad)">
              {one}
            </Text>
          ))
        )}
      </Table.Td>
      <Table.Td ta="right">
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onTry(sample)}
          aria-label={t('routing.lookAt', { name })}
        >
          {t('routing.look')}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
