import { Anchor, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { answer, api, type Schemas } from '../api/client.ts';
import { useEvents } from '../api/events.ts';
import { useMe } from '../api/me.ts';
import { useSoon } from '../api/soon.ts';
import type { home as homeTexts } from '../i18n/en/home.ts';
import { useSaid } from '../i18n/said/index.ts';
import { Bars } from '../parts/bars.tsx';
import { useFormats } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { Meter } from '../parts/meter.tsx';
import { StateBadge, type Tone } from '../parts/state-badge.tsx';
import { Tile } from '../parts/tile.tsx';
import { Trouble as TroubleBox } from '../parts/trouble.tsx';
import { Words } from '../parts/words.tsx';
import { toneOfState, useTrunks } from './trunks/trunks-data.ts';

/** Ms in which what happens is gathered, before it is asked what is wrong by now. */
const pace = 1_000;
/** Troubles that are shown unasked: where there are more, the worst come first. */
const glance = 20;

/** What is wrong now, in a sentence each; then how much there is of everything. */
export default function Home() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const {
    data: troubles,
    error,
    refetch,
  } = useQuery({
    queryKey: ['problems'],
    queryFn: () => answer(api.GET('/api/v1/problems')),
    refetchInterval: 5_000,
  });
  const again = useSoon(() => void queries.invalidateQueries({ queryKey: ['problems'] }), pace);
  useEvents({ trunk: again, mirror: again });
  return (
    <Stack gap="lg">
      <Title order={1} className="mantine-visually-hidden-title">
        {t('home.title')}
      </Title>
      {error ? (
        <TroubleBox error={error} onRetry={() => void refetch()} />
      ) : troubles ? (
        <Troubles items={troubles.items} />
      ) : (
        <Loading />
      )}
      {/* It asks meanwhile, and is seen where it stays: what is wrong comes first and takes its room. */}
      <Stack gap="lg" style={{ visibility: troubles || error ? undefined : 'hidden' }}>
        <Figures />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <TrunkHealth />
          <Room />
          <Quality />
        </SimpleGrid>
      </Stack>
    </Stack>
  );
}

const tones = { critical: 'bad', warning: 'warn', notice: 'accent' } as const satisfies Record<string, Tone>;

function Troubles({ items }: { items: readonly Schemas['Trouble'][] }) {
  const { t } = useTranslation();
  const [isAll, setAll] = useState(false);
  const shown = isAll ? items : items.slice(0, glance);
  const wrong = items.filter(({ severity }) => severity !== 'notice').length;
  if (items.length === 0)
    return (
      <Group className="surface hero" wrap="nowrap" align="flex-start" role="status">
        <Text c="var(--tandem-good)" lh={0}>
          <Icon name="check" size={32} />
        </Text>
        <div>
          <Title order={2} size="h3">
            {t('home.fine')}
          </Title>
          <Text c="dimmed">{t('home.fineNote')}</Text>
        </div>
      </Group>
    );
  return (
    <section aria-labelledby="wrong">
      <Title order={2} size="h3" mb="sm" id="wrong">
        {wrong > 0 ? t('home.wrong', { count: wrong }) : t('home.worth', { count: items.length })}
      </Title>
      <Stack gap="xs" component="ul" m={0} p={0} className="plain">
        {shown.map((trouble) => (
          <TroubleCard key={trouble.id} trouble={trouble} />
        ))}
      </Stack>
      {items.length > glance && (
        <Button variant="default" size="sm" mt="xs" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? t('home.fewer') : t('home.all', { count: items.length })}
        </Button>
      )}
    </section>
  );
}

/** Where more is told of it, or something can be done about it. */
function waysOf({
  id,
  said,
  trunk,
  call,
  webhook,
}: Schemas['Trouble']): { readonly name: Way; readonly href: string }[] {
  const [kind] = id.split(' ');
  const reason = said?.parameters.reason;
  const of = trunk === undefined ? '' : encodeURIComponent(trunk);
  return [
    ...(kind === 'trunk-failing'
      ? [{ name: 'failed', href: `/records?period=hour&outcome=failed&trunk=${of}` } as const]
      : []),
    ...(kind === 'trunk-disabled' ? [{ name: 'settings', href: `/objects/trunks/${of}` } as const] : []),
    ...(kind === 'one-way' && trunk !== undefined
      ? [{ name: 'silent', href: `/calls?which=silent&trunk=${of}` } as const]
      : []),
    ...(kind === 'cause' ? [{ name: 'records', href: `/records?period=hour&reason=${reason}` } as const] : []),
    ...(kind?.startsWith('certificate') ? [{ name: 'certificates', href: '/certificates' } as const] : []),
    ...(kind === 'bans' ? [{ name: 'bans', href: '/bans' } as const] : []),
    ...(kind === 'full' || kind === 'link' ? [{ name: 'calls', href: `/calls${of && `?trunk=${of}`}` } as const] : []),
    ...(trunk !== undefined ? [{ name: 'trunk', href: `/trunks/${of}` } as const] : []),
    ...(webhook !== undefined ? [{ name: 'webhook', href: `/webhooks/${encodeURIComponent(webhook)}` } as const] : []),
    ...(call !== undefined ? [{ name: 'call', href: `/calls/${encodeURIComponent(call)}` } as const] : []),
  ];
}
type Way = keyof typeof homeTexts.home.ways;

function TroubleCard({ trouble }: { trouble: Schemas['Trouble'] }) {
  const { severity, what, said, since, todo, trunk } = trouble;
  const { t } = useTranslation();
  const saying = useSaid();
  const { ago } = useFormats();
  const tone = tones[severity];
  return (
    <li className="surface trouble" style={{ '--tone': `var(--tandem-${tone})` } as React.CSSProperties}>
      <Group justify="space-between" gap={4}>
        <StateBadge tone={tone}>{t(`home.${severity}`)}</StateBadge>
        {since && (
          <Text size="sm" c="dimmed">
            {t('home.since', { ago: ago(since) })}
          </Text>
        )}
      </Group>
      <Text fw={600} mt={4}>
        {saying.say(what, said)}
      </Text>
      <Text size="sm" c="dimmed">
        <Words>{saying.todo(todo, said)}</Words>
      </Text>
      <Group gap="md" mt={4}>
        {waysOf(trouble).map(({ name, href }) => (
          <Anchor key={name} component={Link} href={href} size="sm" underline="always">
            {t(`home.ways.${name}`, { name: trunk })}
          </Anchor>
        ))}
      </Group>
    </li>
  );
}

/** Each call that was offered to a trunk, whichever it was; what came in counts at the trunk that it went out by. */
function useHour() {
  const { data: trunks } = useTrunks();
  const serving = (trunks ?? []).filter(({ state }) => state !== 'disabled');
  const hour = serving.map(({ hour: { to } }) => to);
  const sum = (of: (one: Schemas['Figures']) => number) => hour.reduce((all, one) => all + of(one), 0);
  const reasons: Record<string, number> = {};
  for (const one of hour)
    for (const [reason, times] of Object.entries(one.reasons)) reasons[reason] = (reasons[reason] ?? 0) + times;
  return {
    serving,
    reasons,
    calls: sum((one) => one.calls),
    taken: sum((one) => one.answered),
    carried: sum((one) => (one.ner ?? 0) * one.calls),
    talk: sum((one) => (one.acdMs ?? 0) * one.answered),
  };
}

function Figures() {
  const { t } = useTranslation();
  const { count, percent, span } = useFormats();
  const { data: answered } = useQuery({
    queryKey: ['calls', 'count', 'answered'],
    queryFn: () => answer(api.GET('/api/v1/calls', { params: { query: { phase: 'answered', limit: 1 } } })),
    refetchInterval: 2_000,
  });
  const { serving, calls, taken, carried, talk } = useHour();
  return (
    <section className="tiles" aria-label={t('home.title')}>
      <Tile
        label={t('home.calls')}
        value={
          <Anchor component={Link} href="/calls" inherit c="inherit" underline="hover">
            {answered ? count(answered.standing) : '–'}
          </Anchor>
        }
        note={
          answered &&
          t('home.talking', { answered: count(answered.total), setup: count(answered.standing - answered.total) })
        }
      />
      <Tile
        label={t('home.trunks')}
        value={count(serving.filter(({ state }) => state === 'up').length)}
        note={t('home.trunksNote', { count: serving.length })}
      />
      <Tile
        label={t('home.asr')}
        value={calls > 0 ? percent(taken / calls) : '–'}
        note={calls > 0 ? t('home.asrNote', { answered: count(taken), calls: count(calls) }) : t('home.noCalls')}
      />
      <Tile label={t('home.ner')} value={calls > 0 ? percent(carried / calls) : '–'} note={t('home.nerNote')} />
      <Tile label={t('home.acd')} value={taken > 0 ? span(talk / taken) : '–'} note={t('home.acdNote')} />
    </section>
  );
}

function Quality() {
  const { t } = useTranslation();
  const { cause } = useSaid();
  const { reasons } = useHour();
  return (
    <section className="surface tile" aria-labelledby="quality">
      <Title order={2} size="h5" mb={6} id="quality">
        {t('home.quality')}
      </Title>
      {Object.keys(reasons).length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('home.qualityEmpty')}
        </Text>
      ) : (
        <Bars counts={reasons} most={8} nameOf={cause} hrefOf={(reason) => `/records?period=hour&reason=${reason}`} />
      )}
    </section>
  );
}

function TrunkHealth() {
  const { t } = useTranslation();
  const { data: trunks } = useTrunks();
  const order = ['down', 'partly-down', 'unknown', 'up', 'disabled'];
  const sorted = (trunks ?? []).toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <section className="surface tile" aria-labelledby="health">
      <Title order={2} size="h5" mb={6} id="health">
        {t('home.health')}
      </Title>
      <div className="rows">
        {sorted.slice(0, 10).map(({ name, state, active, limit }) => (
          <Group key={name} justify="space-between" py={6} wrap="nowrap">
            <Anchor
              component={Link}
              href={`/trunks/${encodeURIComponent(name)}`}
              size="sm"
              underline="always"
              className="cut"
            >
              {name}
            </Anchor>
            <Group gap="md" wrap="nowrap">
              <Text size="sm" c="dimmed" className="nowrap">
                {limit === undefined ? active : t('trunks.ofLimit', { active, limit })}
              </Text>
              <StateBadge tone={toneOfState(state)}>{t(`trunks.states.${state}`)}</StateBadge>
            </Group>
          </Group>
        ))}
      </div>
      {trunks?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('trunks.emptyNote')}
        </Text>
      )}
    </section>
  );
}

function Room() {
  const { t } = useTranslation();
  const { say } = useSaid();
  const { data: me } = useMe();
  // Of the whole house: who has some sites is not told.
  const isWhole = me !== undefined && me.sites === undefined;
  const { data, error } = useQuery({
    queryKey: ['capacity'],
    queryFn: () => answer(api.GET('/api/v1/capacity')),
    refetchInterval: 5_000,
    enabled: isWhole,
  });
  if (error || !isWhole) return null;
  const limited = (data?.items ?? [])
    .filter(({ share }) => share !== undefined)
    .sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
  return (
    <section className="surface tile" aria-labelledby="room">
      <Title order={2} size="h5" mb={6} id="room">
        {t('home.room')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {data && limited.length === 0 ? t('home.roomEmpty') : t('home.roomNote')}
      </Text>
      <Stack gap="sm">
        {limited.slice(0, 10).map((one) => (
          <div key={one.name}>
            <Group justify="space-between" gap={4}>
              <Text size="sm">{say(one.name, one.said)}</Text>
              <Used of={one} />
            </Group>
            <Meter share={one.share!} label={say(one.name, one.said)} />
          </div>
        ))}
      </Stack>
    </section>
  );
}

function Used({ of }: { of: Schemas['Capacity'] }) {
  const { t } = useTranslation();
  const { calls, limit, audioKbits = 0, audioLimitKbits, videoKbits = 0, videoLimitKbits, refused } = of;
  const parts = [
    limit !== undefined && t('home.ofCalls', { calls, limit }),
    audioLimitKbits !== undefined && t('home.ofAudio', { used: audioKbits, limit: audioLimitKbits }),
    // Video that may have nothing and has nothing is no news.
    (videoLimitKbits ?? 0) + videoKbits > 0 &&
      videoLimitKbits !== undefined &&
      t('home.ofVideo', { used: videoKbits, limit: videoLimitKbits }),
    refused !== undefined && refused > 0 && t('home.refused', { count: refused }),
  ];
  return (
    <Text size="sm" c="dimmed">
      {parts.filter((part) => part !== false).join(t('common.clause'))}
    </Text>
  );
}
