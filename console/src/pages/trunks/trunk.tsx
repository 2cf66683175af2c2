import { Anchor, Box, Button, Group, SimpleGrid, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'wouter';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useCopyRights } from '../../api/copy-rights.ts';
import { useEvents } from '../../api/events.ts';
import { useMay } from '../../api/me.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Bars } from '../../parts/bars.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/format.ts';
import { Meter } from '../../parts/meter.tsx';
import { One } from '../../parts/one.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { failed, told } from '../../parts/toasts.ts';
import { Registration } from './registration.tsx';
import { TrunkTest } from './trunk-test.tsx';
import { useKind } from './trunks.tsx';
import { resultOf, stateOf, toneOfDays, toneOfState } from './trunks-data.ts';

/** All about one trunk, and what may be done with it. */
export default function TrunkPage() {
  const { trunk: name = '' } = useParams<{ trunk: string }>();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isTested, setTested] = useState(false);
  const rights = useCopyRights();
  const mayAct = useMay('operator');
  const mayChange = useMay('administrator');
  const path = { trunk: name };
  const query = useQuery({
    queryKey: ['trunk', name],
    queryFn: () => answer(api.GET('/api/v1/trunks/{trunk}', { params: { path } })),
    refetchInterval: 5_000,
  });
  useEvents({ trunk: ({ trunk: one }) => one.name === name && queries.setQueryData(['trunk', name], one) });
  const probe = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/trunks/{trunk}/probe', { params: { path } })),
    onSuccess: () => told(t('trunk.probed', { name })),
    onError: (problem) => failed(t('trunk.probe'), problem),
  });
  const register = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/trunks/{trunk}/register', { params: { path } })),
    onSuccess: () => told(t('trunk.registered', { name })),
    onError: (problem) => failed(t('trunk.register'), problem),
  });
  return (
    <One query={query} href="/trunks" back={t('trunk.back')}>
      {(trunk, back) => (
        <>
          {back}
          <PageTitle title={name}>
            {mayAct && (
              <>
                <Button variant="default" size="sm" loading={probe.isPending} onClick={() => probe.mutate()}>
                  {t('trunk.probe')}
                </Button>
                {trunk.registration && (
                  <Button variant="default" size="sm" loading={register.isPending} onClick={() => register.mutate()}>
                    {t('trunk.register')}
                  </Button>
                )}
              </>
            )}
            {rights?.allowed && (
              <Button
                component={Link}
                href={`/copies?next&trunk=${encodeURIComponent(name)}`}
                variant="default"
                size="sm"
              >
                {t('copies.next')}
              </Button>
            )}
            {mayChange && (
              <Button component={Link} href={`/objects/trunks/${encodeURIComponent(name)}`} variant="default" size="sm">
                {t('trunk.settings')}
              </Button>
            )}
            {mayAct && (
              <Button size="sm" onClick={() => setTested(true)}>
                {t('trunks.test')}
              </Button>
            )}
          </PageTitle>
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <Standing trunk={trunk} />
            <Traffic trunk={trunk} />
            <Targets trunk={trunk} />
            {trunk.registration && <Registered of={trunk.registration} />}
            {trunk.certificate && <Certificate of={trunk.certificate} />}
          </SimpleGrid>
          {isTested && <TrunkTest trunk={name} onClose={() => setTested(false)} />}
        </>
      )}
    </One>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="surface tile">
      <Title order={2} size="h5" mb={8}>
        {title}
      </Title>
      {children}
    </section>
  );
}

function Standing({ trunk }: { trunk: Schemas['Trunk'] }) {
  const { t } = useTranslation();
  const kindOf = useKind();
  const { ago, dateAndTime } = useFormats();
  const { say, end } = useSaid();
  const { name, state, since, because, said, disabledUntil, active, limit, lastFailure } = trunk;
  return (
    <Section title={t('trunks.state')}>
      <Group gap="md" mb="xs">
        <StateBadge tone={toneOfState(state)}>{t(`trunks.states.${state}`)}</StateBadge>
        {since && (
          <Text size="sm" c="dimmed">
            {t('trunk.since', { ago: ago(since) })}
          </Text>
        )}
        {disabledUntil && (
          <Text size="sm" c="dimmed">
            {t('trunk.until', { at: dateAndTime(disabledUntil) })}
          </Text>
        )}
      </Group>
      <Text size="sm" mb="sm">
        {say(because, said)}
      </Text>
      <Facts
        facts={[
          [t('trunk.kind'), kindOf(trunk.kind)],
          [t('trunk.transport'), trunk.transport.toUpperCase()],
          [t('trunk.site'), trunk.site],
          [t('trunk.profile'), trunk.profile],
          [
            t('trunk.activeCalls'),
            <Group key="calls" gap="sm">
              {limit === undefined ? String(active) : t('trunks.ofLimit', { active, limit })}
              {limit !== undefined && limit > 0 && (
                <Box w={80}>
                  <Meter share={active / limit} label={t('trunk.activeCalls')} />
                </Box>
              )}
              <Anchor component={Link} href={`/calls?trunk=${encodeURIComponent(name)}`} size="sm" underline="always">
                {t('trunk.seeCalls')}
              </Anchor>
              <Anchor component={Link} href={`/records?trunk=${encodeURIComponent(name)}`} size="sm" underline="always">
                {t('trunk.seeRecords')}
              </Anchor>
            </Group>,
          ],
          [
            t('trunks.failure'),
            lastFailure && (
              <>
                <Anchor
                  component={Link}
                  href={`/calls/${encodeURIComponent(lastFailure.call)}`}
                  size="sm"
                  underline="always"
                >
                  {ago(lastFailure.at)}
                </Anchor>{' '}
                {end(lastFailure.end)}
              </>
            ),
          ],
        ]}
      />
    </Section>
  );
}

function Traffic({ trunk: { name, hour } }: { trunk: Schemas['Trunk'] }) {
  const { t } = useTranslation();
  const { cause } = useSaid();
  const { count, percent, span } = useFormats();
  const reasons = { ...hour.to.reasons };
  for (const [reason, times] of Object.entries(hour.from.reasons)) reasons[reason] = (reasons[reason] ?? 0) + times;
  return (
    <Section title={t('trunk.hour')}>
      <Table.ScrollContainer minWidth={290} type="native" mb="md" tabIndex={0}>
        <Table horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              <Table.Th ta="right">{t('trunks.calls')}</Table.Th>
              <Table.Th ta="right">{t('trunk.answered')}</Table.Th>
              <Table.Th ta="right">{t('trunk.carried')}</Table.Th>
              <Table.Th ta="right">{t('trunk.length')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(['to', 'from'] as const).map((side) => {
              const { calls, asr, ner, acdMs } = hour[side];
              return (
                <Table.Tr key={side}>
                  <Table.Th scope="row">{t(`trunk.${side}`)}</Table.Th>
                  <Table.Td ta="right">{count(calls)}</Table.Td>
                  <Table.Td ta="right">{asr === undefined ? '–' : percent(asr)}</Table.Td>
                  <Table.Td ta="right">{ner === undefined ? '–' : percent(ner)}</Table.Td>
                  <Table.Td ta="right">{acdMs === undefined ? '–' : span(acdMs)}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {Object.keys(reasons).length > 0 && (
        <>
          <Text size="sm" fw={600} mb={4}>
            {t('trunk.reasons')}
          </Text>
          <Bars
            counts={reasons}
            nameOf={cause}
            hrefOf={(reason) => `/records?period=hour&trunk=${encodeURIComponent(name)}&reason=${reason}`}
          />
        </>
      )}
    </Section>
  );
}

function Targets({ trunk: { targets, options } }: { trunk: Schemas['Trunk'] }) {
  const { t } = useTranslation();
  const { say } = useSaid();
  const { ago, measure } = useFormats();
  return (
    <Section title={t('trunk.targets')}>
      <div className="rows">
        {targets.map(({ target, state, because, said, roundTripMs }) => (
          <div key={target} style={{ padding: '6px 0' }}>
            <Group justify="space-between" gap={4}>
              <Text size="sm" className="mono">
                {target}
              </Text>
              <Group gap="sm">
                {roundTripMs !== undefined && <Text size="sm">{measure(roundTripMs)} ms</Text>}
                <StateBadge tone={toneOfState(state)}>{t(`trunks.states.${stateOf(state)}`)}</StateBadge>
              </Group>
            </Group>
            <Text size="xs" c="dimmed">
              {say(because, said)}
            </Text>
          </div>
        ))}
      </div>
      {options && (
        <Facts
          facts={[
            [
              t('trunk.lastOptions'),
              `${options.target}: ${options.status ?? (options.detail === undefined ? t(`trunks.results.${resultOf(options.result)}`) : say(options.detail, options.said))} (${ago(options.at)})`,
            ],
          ]}
        />
      )}
    </Section>
  );
}

function Registered({ of }: { of: NonNullable<Schemas['Trunk']['registration']> }) {
  const { t } = useTranslation();
  const { say } = useSaid();
  const { ago } = useFormats();
  return (
    <Section title={t('trunks.registration')}>
      <Registration of={of} />
      <Facts
        facts={[
          [t('trunk.addressOfRecord'), of.addressOfRecord],
          [t('trunk.registrar'), of.registrar],
          [t('trunk.seenAs'), of.seenAs],
          [
            t('trunk.lastError'),
            of.lastError && `${say(of.lastError.text, of.lastError.said)} (${ago(of.lastError.at)})`,
          ],
        ]}
      />
    </Section>
  );
}

function Certificate({
  of: { daysLeft, notAfter, names, files },
}: {
  of: NonNullable<Schemas['Trunk']['certificate']>;
}) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  return (
    <Section title={t('trunks.certificate')}>
      <StateBadge tone={toneOfDays(daysLeft)}>
        {daysLeft < 0 ? t('trunks.expired') : t('trunks.days', { count: Math.floor(daysLeft) })}
      </StateBadge>
      <Facts
        facts={[
          [t('trunk.certificateEnds'), notAfter && dateAndTime(notAfter)],
          [t('trunk.certificateNames'), names.join(', ')],
          [t('trunk.files'), files.join(', ')],
        ]}
      />
    </Section>
  );
}
