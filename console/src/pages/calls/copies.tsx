import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useCopyRights, useKeptCopies } from '../../api/copy-rights.ts';
import { useFormats } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Sure } from '../../parts/sure.tsx';
import { failed, told } from '../../parts/toasts.ts';
import { CopyForm } from './copy-form.tsx';

type Copy = Schemas['MediaCapture'];

/**
 * Copies of what was said: that there are some is seen by everybody who sees the call; they are made, heard and let go by who may. Nothing
 * is shown where there are none and he may not.
 */
export function Copies({ call, isLive, copies }: { call: string; isLive: boolean; copies: readonly Copy[] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isAsked, { open, close }] = useDisclosure();
  const rights = useCopyRights();
  const may = rights?.allowed === true;
  const { data: kept } = useKeptCopies();
  const again = () => {
    void queries.invalidateQueries({ queryKey: ['call', call] });
    void queries.invalidateQueries({ queryKey: ['media-captures'] });
  };
  const stop = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/calls/{call}/media-capture', { params: { path: { call } } })),
    onError: (problem) => failed(t('copies.stopFailed'), problem),
    onSettled: again,
  });
  const running = copies.find(({ why }) => why === undefined);
  if (copies.length === 0 && !(may && isLive)) return null;
  const isThere = (copy: Copy) => kept?.items.some(({ name }) => name === copy.name) === true;
  return (
    <section className="surface tile" aria-labelledby="copies">
      <Group justify="space-between" mb={4}>
        <Title order={2} size="h5" id="copies">
          {t('copies.title')}
        </Title>
        {may && isLive && !running && (
          <Button variant="default" size="xs" onClick={open}>
            {t('copies.begin')}
          </Button>
        )}
        {may && isLive && running && (
          <Button color="red" size="xs" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('copies.stop')}
          </Button>
        )}
      </Group>
      {copies.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('copies.none')}
        </Text>
      ) : (
        <div className="rows">
          {copies.map((copy) => (
            <Row key={copy.name} copy={copy} isThere={isThere(copy)} />
          ))}
        </div>
      )}
      {rights && isAsked && <CopyForm of={{ call }} rights={rights} onClose={close} />}
    </section>
  );
}

function Row({ copy, isThere }: { copy: Copy; isThere: boolean }) {
  const { t } = useTranslation();
  const { count, dateAndTime, span } = useFormats();
  const { name, by, reason, keys, limits, continues, startedAt, endedAt, why, detail } = copy;
  const { packets = 0, dropped = 0, octets = 0 } = copy;
  const isBroken = why === 'failed' || why === 'lost';
  return (
    <div style={{ padding: '8px 0' }}>
      <Group justify="space-between" gap="xs">
        <StateBadge
          tone={why === undefined ? 'bad' : isBroken ? 'warn' : 'quiet'}
          icon={why === undefined ? 'alert' : 'info'}
        >
          {t(why === undefined ? 'copies.running' : 'copies.made')}
        </StateBadge>
        {isThere && why !== undefined && !isBroken && <CopyActions name={name} />}
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t('copies.for', { by, reason })}
        {keys && ` ${t('copies.withKeys')}`}
        {continues !== undefined && ` ${t('copies.continues', { name: continues })}`}
      </Text>
      <Text size="sm" c="dimmed">
        {dateAndTime(startedAt)}
        {endedAt !== undefined && `, ${span(Date.parse(endedAt) - Date.parse(startedAt))}`}
        {why !== undefined && ` · ${t(`copies.whys.${why}`)}`}
        {why === undefined &&
          limits &&
          ` · ${t('copies.most', { time: span(limits.seconds * 1000), megabytes: count(limits.size / 1e6) })}`}
        {detail !== undefined && ` (${detail})`}
        {why !== undefined && !isBroken && ` · ${t('copies.size', { packets, kilobytes: Math.ceil(octets / 1000) })}`}
        {dropped > 0 && ` · ${t('copies.dropped', { dropped })}`}
      </Text>
    </div>
  );
}

/** Takes a copy that is on the disk away, or lets it go: nobody brings that back. */
export function CopyActions({ name }: { name: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isAsked, { open, close }] = useDisclosure();
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/media-captures/{name}', { params: { path: { name } } })),
    onSuccess: () => told(t('copies.gone')),
    onError: (problem) => failed(t('copies.goFailed'), problem),
    onSettled: () => queries.invalidateQueries({ queryKey: ['media-captures'] }),
  });
  return (
    <Group gap="md">
      <Anchor
        href={`/api/v1/media-captures/${encodeURIComponent(name)}/capture.pcapng`}
        download
        size="sm"
        underline="always"
      >
        <Icon name="download" size={14} /> {t('copies.download')}
      </Anchor>
      <Button variant="subtle" color="red" size="compact-sm" loading={remove.isPending} onClick={open}>
        {t('copies.remove')}
      </Button>
      {isAsked && (
        <Sure
          title={t('copies.removeTitle', { name })}
          note={t('copies.removeNote')}
          act={t('copies.remove')}
          onAct={() => remove.mutate()}
          onClose={close}
        />
      )}
    </Group>
  );
}
