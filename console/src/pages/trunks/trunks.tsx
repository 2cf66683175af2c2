import { Anchor, Button, Table, Text, TextInput } from '@mantine/core';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Schemas } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { useInSight } from '../../parts/in-sight.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Meter } from '../../parts/meter.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Registration } from './registration.tsx';
import { TrunkTest } from './trunk-test.tsx';
import { resultOf, toneOfDays, toneOfState, useTrunks } from './trunks-data.ts';

/** Every trunk with what tells whether it works, beside its name. */
export default function Trunks() {
  const { t } = useTranslation();
  const { data, error, refetch, dataUpdatedAt } = useTrunks();
  const [text, setText] = useState('');
  const mayTest = useMay('operator');
  const mayChange = useMay('administrator');
  if (error && !data) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const wanted = text.trim().toLowerCase();
  const shown = data.filter(({ name, site = '' }) => `${name} ${site}`.toLowerCase().includes(wanted));
  return (
    <>
      <PageTitle title={t('trunks.title')} note={t('trunks.note', { count: data.length })}>
        {mayChange && (
          <Button component={Link} href="/new-trunk" variant="default" leftSection={<Icon name="wand" size={16} />}>
            {t('pages.wizard')}
          </Button>
        )}
        {data.length > 5 && (
          <TextInput
            aria-label={t('trunks.filter')}
            placeholder={t('trunks.filter')}
            leftSection={<Icon name="search" size={16} />}
            value={text}
            onChange={({ currentTarget: { value } }) => setText(value)}
            w={240}
          />
        )}
      </PageTitle>
      {data.length === 0 ? (
        <Empty
          icon="trunk"
          title={t('trunks.empty')}
          action={
            mayChange && (
              <Button component={Link} href="/new-trunk">
                {t('pages.wizard')}
              </Button>
            )
          }
        >
          {t('trunks.emptyNote')}
        </Empty>
      ) : shown.length === 0 ? (
        <Empty icon="search" title={t('trunks.noMatch')} />
      ) : (
        <Rows trunks={shown} at={dataUpdatedAt} mayTest={mayTest} />
      )}
    </>
  );
}

const columns = [
  ['name', '16%'],
  ['state', '17%'],
  ['roundTrip', '9%'],
  ['registration', '13%'],
  ['certificate', '9%'],
  ['calls', '9%'],
  ['success', '9%'],
  ['failure', '12%'],
] as const;

function Rows({ trunks, at, mayTest }: { trunks: readonly Schemas['Trunk'][]; at: number; mayTest: boolean }) {
  const { t } = useTranslation();
  const [tested, setTested] = useState<string>();
  const { ref, rows, above, below, measure } = useInSight(trunks, 64);
  return (
    <>
      <Table.ScrollContainer minWidth={860} className="surface" type="native">
        <Table
          highlightOnHover
          verticalSpacing="sm"
          horizontalSpacing={6}
          aria-rowcount={trunks.length + 1}
          // Columns stay as wide as they are, whichever rows are there.
          {...(measure && { layout: 'fixed' })}
        >
          <Table.Thead>
            <Table.Tr>
              {columns.map(([name, width]) => (
                <Table.Th key={name} className="nowrap" {...(measure && { w: width })}>
                  {t(`trunks.${name}`)}
                </Table.Th>
              ))}
              {mayTest && <Table.Th className="nowrap">{t('trunks.actions')}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody ref={ref}>
            {above}
            {rows.map(({ item, index }) => (
              <Row
                key={item.name}
                trunk={item}
                at={at}
                index={index}
                onDrawn={measure}
                onTest={mayTest ? setTested : undefined}
              />
            ))}
            {below}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {tested !== undefined && <TrunkTest trunk={tested} onClose={() => setTested(undefined)} />}
    </>
  );
}

interface RowProps {
  trunk: Schemas['Trunk'];
  /** When it was told: what is some time ago is longer ago by then. */
  at: number;
  index: number;
  onDrawn: ((row: Element | null) => void) | undefined;
  onTest: ((trunk: string) => void) | undefined;
}

const Row = memo(function Row({ trunk, index, onDrawn, onTest }: RowProps) {
  const { t } = useTranslation();
  const kindOf = useKind();
  const { say, end } = useSaid();
  const { ago, measure, percent } = useFormats();
  const { name, kind, site, state, because, said, options, certificate, active, limit, hour, lastFailure } = trunk;
  // As what it mostly serves: calls that go out by it, or come in.
  const figures = hour.to.calls >= hour.from.calls ? hour.to : hour.from;
  const off = (
    <Text span size="sm" c="dimmed" role="img" title={t('trunks.off')} aria-label={t('trunks.off')}>
      –
    </Text>
  );
  return (
    <Table.Tr ref={onDrawn} data-index={index} aria-rowindex={index + 2}>
      <Table.Td>
        <Anchor component={Link} href={`/trunks/${encodeURIComponent(name)}`} fw={600} underline="always">
          {name}
        </Anchor>
        <Text size="xs" c="dimmed" className="nowrap">
          {kindOf(kind)}
          {site !== undefined && ` · ${site}`}
        </Text>
      </Table.Td>
      <Table.Td maw={220}>
        <StateBadge tone={toneOfState(state)}>{t(`trunks.states.${state}`)}</StateBadge>
        {state !== 'up' && (
          <Text size="xs" c="dimmed" lineClamp={3} title={say(because, said)}>
            {say(because, said)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {options ? (
          <>
            <Text size="sm" className="nowrap">
              {options.roundTripMs === undefined
                ? t(`trunks.results.${resultOf(options.result)}`)
                : `${measure(options.roundTripMs)} ms`}
            </Text>
            <Text size="xs" c="dimmed" title={ago(options.at)}>
              {options.status ?? ago(options.at)}
            </Text>
          </>
        ) : (
          off
        )}
      </Table.Td>
      <Table.Td>{trunk.registration ? <Registration of={trunk.registration} /> : off}</Table.Td>
      <Table.Td>
        {certificate ? (
          <StateBadge tone={toneOfDays(certificate.daysLeft)}>
            {certificate.daysLeft < 0
              ? t('trunks.expired')
              : t('trunks.days', { count: Math.floor(certificate.daysLeft) })}
          </StateBadge>
        ) : (
          off
        )}
      </Table.Td>
      <Table.Td miw={90}>
        <Text size="sm">{limit === undefined ? active : t('trunks.ofLimit', { active, limit })}</Text>
        {limit !== undefined && limit > 0 && <Meter share={active / limit} label={`${name}: ${t('trunks.calls')}`} />}
      </Table.Td>
      <Table.Td>
        {figures.asr === undefined ? (
          <Text size="sm" c="dimmed" className="nowrap">
            {t('trunks.noCalls')}
          </Text>
        ) : (
          <>
            <Text size="sm">{percent(figures.asr)}</Text>
            <Text
              size="xs"
              c="dimmed"
              className="nowrap"
              title={t('trunks.ofCalls', { answered: figures.answered, calls: figures.calls })}
            >
              {t('trunks.ofLimit', { active: figures.answered, limit: figures.calls })}
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td miw={130} maw={240}>
        {lastFailure ? (
          <>
            <Anchor
              component={Link}
              href={`/calls/${encodeURIComponent(lastFailure.call)}`}
              size="sm"
              underline="always"
            >
              {ago(lastFailure.at)}
            </Anchor>
            <Text size="xs" c="dimmed" lineClamp={3} title={end(lastFailure.end)}>
              {end(lastFailure.end)}
            </Text>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {t('trunks.none')}
          </Text>
        )}
      </Table.Td>
      {onTest && (
        <Table.Td>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => onTest(name)}
            aria-label={t('trunks.testOf', { name })}
          >
            {t('trunks.test')}
          </Button>
        </Table.Td>
      )}
    </Table.Tr>
  );
});

const kinds = ['itsp', 'pstn-gateway', 'ip-pbx'] as const;

/** What a trunk leads to, in words. */
export function useKind(): (kind: string) => string {
  const { t } = useTranslation();
  return (kind) => {
    const known = kinds.find((one) => one === kind);
    return known ? t(`trunks.kinds.${known}`) : kind;
  };
}
