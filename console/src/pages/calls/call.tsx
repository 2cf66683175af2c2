import { Anchor, Button, Grid, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'wouter';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useEvents } from '../../api/events.ts';
import { useMay } from '../../api/me.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { ladderOf } from '../../ladder/ladder.ts';
import { LadderView } from '../../ladder/ladder-view.tsx';
import { MessageView } from '../../ladder/message-view.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loading } from '../../parts/loading.tsx';
import { One } from '../../parts/one.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { failed, told } from '../../parts/toasts.ts';
import { useNow } from '../../parts/use-now.ts';
import { Copies } from './copies.tsx';
import { Media } from './media.tsx';
import { Told } from './told.tsx';

/** Everything about one call on one page, while it stands and when it has ended. */
export default function CallPage() {
  const { call: id = '' } = useParams<{ call: string }>();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const path = { call: id };
  const query = useQuery({
    queryKey: ['call', id],
    queryFn: () => answer(api.GET('/api/v1/calls/{call}', { params: { path } })),
    refetchInterval: ({ state: { data: known } }) => (known?.live ? 2_000 : false),
  });
  const isLive = query.data?.live !== undefined;
  const { data: trace } = useQuery({
    queryKey: ['call', id, 'messages'],
    queryFn: () => answer(api.GET('/api/v1/calls/{call}/messages', { params: { path } })),
    enabled: query.data !== undefined,
    refetchInterval: isLive ? 2_000 : false,
  });
  const again = () => void queries.invalidateQueries({ queryKey: ['call', id] });
  useEvents({
    calls: ({ changed, gone }) => (gone.includes(id) || changed.some(({ call }) => call === id)) && again(),
    ended: ({ records }) => records.some(({ call }) => call === id) && again(),
  });
  return (
    <One query={query} href="/calls" back={t('call.back')}>
      {(data, back) => <Whole id={id} call={data} messages={trace?.messages} back={back} />}
    </One>
  );
}

interface WholeProps {
  id: string;
  call: Schemas['WholeCall'];
  messages: readonly Schemas['Message'][] | undefined;
  back: ReactNode;
}

function Whole({ id, call, messages, back }: WholeProps) {
  const { t } = useTranslation();
  const isLive = call.live !== undefined;
  const { live, record } = call;
  const one = live?.call ?? record!;
  const decisions = live?.decisions ?? record?.decisions ?? [];
  const tries = (live?.attempts ?? record?.attempts ?? []) as readonly AttemptSeen[];
  return (
    <>
      {back}
      <PageTitle title={t('call.title', { caller: one.caller, called: one.called })} note={id}>
        <Actions call={id} isLive={isLive} />
      </PageTitle>
      <Stack gap="md">
        {live ? <Standing call={live.call} /> : <Ended record={record!} />}
        <Copies call={id} isLive={isLive} copies={one.captures ?? []} />
        <Messages messages={messages} />
        <SimpleGrid cols={{ base: 1, lg: tries.length > 0 ? 2 : 1 }} spacing="md">
          <Decisions decisions={decisions} />
          <Attempts attempts={tries} />
        </SimpleGrid>
        <Media streams={live ? live.media : record?.media} endedAt={record && Date.parse(record.endedAt)} />
        <Told reports={call.reports} />
      </Stack>
    </>
  );
}

function Actions({ call, isLive }: { call: string; isLive: boolean }) {
  const { t } = useTranslation();
  const [isAsked, { open, close }] = useDisclosure();
  const mayAct = useMay('operator');
  const end = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/calls/{call}', { params: { path: { call } } })),
    onSuccess: () => told(t('call.ending')),
    onError: (problem) => failed(t('call.endFailed'), problem),
    onSettled: close,
  });
  if (!mayAct) return null;
  return (
    <>
      <Button
        component="a"
        href={`/api/v1/calls/${encodeURIComponent(call)}/capture.pcapng`}
        download
        variant="default"
        size="sm"
        title={t('call.captureNote')}
        leftSection={<Icon name="download" size={16} />}
      >
        {t('call.capture')}
      </Button>
      {isLive && (
        <Button color="red" size="sm" onClick={open}>
          {t('call.end')}
        </Button>
      )}
      <Dialog opened={isAsked} onClose={close} title={t('call.endTitle')}>
        <Text size="sm" mb="md">
          {t('call.endNote')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" loading={end.isPending} onClick={() => end.mutate()}>
            {t('call.end')}
          </Button>
        </Group>
      </Dialog>
    </>
  );
}

function Standing({ call }: { call: Schemas['Call'] }) {
  const { t } = useTranslation();
  const { dateAndTime, span } = useFormats();
  const now = useNow();
  const { phase, startedAt, ringingAt, answeredAt, codecs, encrypted = [], silent = [], hold = [] } = call;
  return (
    <section className="surface tile">
      <Group gap="lg">
        <StateBadge tone={phase === 'answered' ? 'good' : 'warn'} icon="phone">
          {t('call.stands')} · {span(now - new Date(answeredAt ?? startedAt).getTime())}
        </StateBadge>
        {silent.length > 0 && (
          <StateBadge tone="bad" icon="mute">
            {t('calls.isSilent') +
              t('common.colon') +
              silent.map((party) => t(`call.parties.${party}`)).join(t('common.comma'))}
          </StateBadge>
        )}
        {hold.length > 0 && (
          <StateBadge tone="warn" icon="pause">
            {t('calls.held')}
          </StateBadge>
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Facts
          facts={[
            [t('calls.from'), <TrunkLink key="from" name={call.from.trunk} note={call.from.remote} />],
            [t('calls.to'), call.to && <TrunkLink name={call.to.trunk} note={call.to.remote} />],
            [t('call.route'), call.route],
            [t('call.user'), call.user],
            [t('call.site'), call.site],
            [t('call.emergency'), call.emergency],
          ]}
        />
        <Facts
          facts={[
            [t('call.startedAt'), dateAndTime(startedAt)],
            [t('call.ringingAt'), ringingAt && dateAndTime(ringingAt)],
            [t('call.answeredAt'), answeredAt && dateAndTime(answeredAt)],
            [t('call.codecs'), codecs && [codecs.caller, codecs.callee].filter(Boolean).join(' ↔ ')],
            [
              t('call.encrypted'),
              encrypted.length > 0
                ? encrypted.map((party) => t(`call.parties.${party}`)).join(t('common.comma'))
                : t('common.no'),
            ],
          ]}
        />
      </SimpleGrid>
    </section>
  );
}

function TrunkLink({ name, note }: { name: string; note?: string | undefined }) {
  return (
    <>
      <Anchor component={Link} href={`/trunks/${encodeURIComponent(name)}`} size="sm" underline="always">
        {name}
      </Anchor>{' '}
      <Text span size="sm" c="dimmed">
        {note}
      </Text>
    </>
  );
}

function Ended({ record }: { record: Schemas['CallRecord'] }) {
  const { t } = useTranslation();
  const { dateAndTime, span } = useFormats();
  const { cause, end: say } = useSaid();
  const { end, leg, attempts, basis } = record;
  const last = attempts.at(-1);
  return (
    <section className="surface tile">
      <StateBadge tone={end.failure ? 'bad' : 'good'} icon={end.failure ? 'cross' : 'check'} wraps>
        {t('call.ended') + t('common.colon') + say(end)}
      </StateBadge>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Facts
          facts={[
            [t('calls.from'), <TrunkLink key="from" name={leg.trunk} note={leg.remote} />],
            [t('calls.to'), last && <TrunkLink name={last.leg.trunk} note={last.leg.remote} />],
            [t('call.route'), record.route],
            [t('call.user'), basis?.user],
            [t('call.site'), basis?.site],
            [t('call.policy'), [basis?.policy, basis?.usage].filter(Boolean).join(', ')],
            [t('call.emergency'), record.emergency],
          ]}
        />
        <Facts
          facts={[
            [t('call.startedAt'), dateAndTime(record.startedAt)],
            [t('call.ringingAt'), record.ringingAt && dateAndTime(record.ringingAt)],
            [t('call.answeredAt'), record.answeredAt && dateAndTime(record.answeredAt)],
            [t('call.endedAt'), dateAndTime(record.endedAt)],
            [t('call.talk'), record.answeredAt && span(record.talkMs)],
            [t('call.by'), t(`call.parties.${end.by}`)],
            [t('call.cause'), cause(end.reason)],
            [t('call.sip'), end.sip && `${end.sip.status} ${end.sip.phrase}`],
            [t('call.q850'), end.q850 && `${end.q850.cause} ${end.q850.text ?? ''}`],
            [t('call.reasonHeader'), end.reasonHeader],
          ]}
        />
      </SimpleGrid>
    </section>
  );
}

function Messages({ messages }: { messages: readonly Schemas['Message'][] | undefined }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<number>();
  const ladder = useMemo(() => ladderOf(messages ?? []), [messages]);
  if (!messages) return <Loading />;
  if (messages.length === 0)
    return (
      <Empty icon="records" title={t('call.noMessages')}>
        {t('call.noMessagesNote')}
      </Empty>
    );
  return (
    <section className="surface tile" aria-labelledby="ladder">
      <Title order={2} size="h5" id="ladder">
        {t('call.ladder')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('call.ladderNote')}
      </Text>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: chosen === undefined ? 12 : 7 }}>
          <LadderView messages={messages} ladder={ladder} chosen={chosen} onChoose={setChosen} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: chosen === undefined ? 12 : 5 }} aria-live="polite">
          {chosen === undefined ? (
            <Text size="sm" c="dimmed" p="sm">
              {t('call.pick')}
            </Text>
          ) : (
            <MessageView messages={messages} index={chosen} />
          )}
        </Grid.Col>
      </Grid>
    </section>
  );
}

function Decisions({ decisions }: { decisions: readonly Schemas['Decision'][] }) {
  const { t } = useTranslation();
  const { say } = useSaid();
  return (
    <section className="surface tile" aria-labelledby="decisions">
      <Title order={2} size="h5" mb={4} id="decisions">
        {t('call.decisions')}
      </Title>
      {decisions.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('call.noDecisions')}
        </Text>
      ) : (
        <Table layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="38%">{t('call.rule')}</Table.Th>
              <Table.Th>{t('call.outcome')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {decisions.map(({ rule, outcome, said }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule may be asked twice
              <Table.Tr key={i}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{say(rule, said?.rule)}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{say(outcome, said?.outcome)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

/** As records have them, or as the signalling process tells of one that stands. */
interface AttemptSeen {
  readonly leg: { readonly trunk: string; readonly remote?: string };
  readonly caller?: string;
  readonly called?: string;
  readonly startedAt: string | number;
  readonly end?: { readonly text?: string; readonly reason?: string };
}

function Attempts({ attempts }: { attempts: readonly AttemptSeen[] }) {
  const { t } = useTranslation();
  const { preciseClock } = useFormats();
  const { end: say } = useSaid();
  if (attempts.length === 0) return null;
  return (
    <section className="surface tile" aria-labelledby="attempts">
      <Title order={2} size="h5" mb={4} id="attempts">
        {t('call.attempts')}
      </Title>
      <div className="rows">
        {attempts.map(({ leg, caller, called, startedAt, end }, i) => (
          <div key={`${leg.trunk} ${startedAt}`} style={{ padding: '8px 0' }}>
            <Group justify="space-between" gap={4}>
              <Text size="sm" fw={600}>
                {t('call.attempt', { number: i + 1, trunk: leg.trunk })}
              </Text>
              <Text size="xs" c="dimmed">
                {preciseClock(startedAt)}
              </Text>
            </Group>
            <Text size="sm">{t('call.numberAs', { caller: caller ?? '', called: called ?? '' })}</Text>
            <Text size="sm" c="dimmed">
              {leg.remote} {end && (end.text === undefined ? end.reason : say(end as Schemas['EndCause']))}
            </Text>
          </div>
        ))}
      </div>
    </section>
  );
}
