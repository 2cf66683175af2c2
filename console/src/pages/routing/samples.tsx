import { Button, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Empty } from '../../parts/empty.tsx';
import { Asked, Listing } from '../../parts/listing.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';

type Sample = Schemas['SampleResult'];

/** The sample calls of what runs: what becomes of each, and whether that is as expected. */
export function Samples({ onTry }: { onTry: (sample: Sample) => void }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['configuration', 'samples'],
    queryFn: () => answer(api.GET('/api/v1/routing/samples')),
  });
  return (
    <Asked query={query}>
      {(data) => (
        <section>
          <Title order={2} size="h3" mt="xl" mb="sm">
            {t('routing.samples')}
          </Title>
          <Listing
            empty={
              <Empty icon="check" title={t('routing.noSamples')}>
                {t('routing.noSamplesNote')}
              </Empty>
            }
            label={t('routing.samples')}
            heads={[
              t('routing.name'),
              t('routing.call'),
              t('routing.becomes'),
              t('routing.state'),
              { text: t('routing.look'), forReaders: true },
            ]}
            rows={data.samples.map((sample) => <Row key={sample.name} sample={sample} onTry={onTry} />)}
          />
        </section>
      )}
    </Asked>
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
