import { List, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Difference, Examination } from '../../configuration/queries.ts';
import { StateBadge, type Tone } from '../../parts/state-badge.tsx';

const tones: Readonly<Record<Difference['effect'], Tone>> = { live: 'good', 'new-calls': 'accent', restart: 'warn' };

/** In what two configurations differ, each with when it holds. */
export function Differences({ differences }: { differences: readonly Difference[] }) {
  const { t } = useTranslation();
  if (differences.length === 0) return <Text c="dimmed">{t('configuration.noDifferences')}</Text>;
  return (
    <Table.ScrollContainer
      minWidth={420}
      type="native"
      tabIndex={0}
      role="region"
      aria-label={t('configuration.differences')}
    >
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('configuration.what')}</Table.Th>
            <Table.Th>{t('configuration.change')}</Table.Th>
            <Table.Th>{t('configuration.holds')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences.map(({ path, was, is, effect }) => (
            <Table.Tr key={path.join('\0')}>
              <Table.Td className="mono">{path.join(' › ')}</Table.Td>
              <Table.Td>
                {was !== undefined && (
                  <Text span c="var(--tandem-bad)" td="line-through" className="mono break">
                    <span className="sr">{t('configuration.was')} </span>
                    {shown(was)}
                  </Text>
                )}
                {was !== undefined && is !== undefined && ' → '}
                {is !== undefined && (
                  <Text span c="var(--tandem-good)" className="mono break">
                    <span className="sr">{t('configuration.is')} </span>
                    {shown(is)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <StateBadge tone={tones[effect]}>{t(`configuration.effects.${effect}`)}</StateBadge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const longest = 300;

function shown(value: unknown): string {
  const text = flow(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** As somebody would write it in one line of the file: "kind: itsp, addresses: [192.0.2.1]". */
function flow(value: unknown, isWithin = false): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    const items = value.map((one) => flow(one, true)).join(', ');
    return isWithin || value.length !== 1 ? `[${items}]` : items;
  }
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner, true)}`);
  return isWithin ? `{ ${entries.join(', ')} }` : entries.join(', ');
}

/** Sample calls of which something else would become. */
export function SampleChanges({ samples }: { samples: Examination['samples'] }) {
  const { t } = useTranslation();
  if (samples.length === 0) return <Text c="dimmed">{t('configuration.noSamples')}</Text>;
  return (
    <List spacing="xs" listStyleType="none">
      {samples.map(({ name, was, is, differences }) => (
        <List.Item key={name}>
          <Text fw={600}>{name}</Text>
          <Text size="sm">
            {was ?? t('configuration.cannot')} → {is ?? t('configuration.cannot')}
          </Text>
          {differences.map((one) => (
            <Text key={one} size="sm" c="var(--tandem-bad)">
              {one}
            </Text>
          ))}
        </List.Item>
      ))}
    </List>
  );
}
