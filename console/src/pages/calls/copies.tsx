import {
  Alert,
  Anchor,
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  Stack,
  Text,
  Textarea,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { useFormats } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { failed, told } from '../../parts/toasts.ts';

type Copy = Schemas['MediaCapture'];

/**
 * Copies of what was said: that there are some is seen by everybody who sees the call; they are made, heard and let go by who may. Nothing
 * is shown where there are none and he may not.
 */
export function Copies({ call, isLive, copies }: { call: string; isLive: boolean; copies: readonly Copy[] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isAsked, { open, close }] = useDisclosure();
  const mayAsk = useMay('operator');
  // Whether he may is the configuration's to say.
  const { data: may } = useQuery({
    queryKey: ['media-captures'],
    queryFn: () => answer(api.GET('/api/v1/media-captures')).catch(() => null),
    enabled: mayAsk,
    staleTime: 10_000,
  });
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
            <Row
              key={copy.name}
              copy={copy}
              isThere={may?.items.some(({ name }) => name === copy.name) === true}
              onGone={again}
            />
          ))}
        </div>
      )}
      {may && <Ask call={call} limits={may.limits} isAsked={isAsked} onClose={close} onBegun={again} />}
    </section>
  );
}

function Row({ copy, isThere, onGone }: { copy: Copy; isThere: boolean; onGone: () => void }) {
  const { t } = useTranslation();
  const { dateAndTime, span } = useFormats();
  const { name, by, reason, keys, startedAt, endedAt, why, detail, packets = 0, dropped = 0, octets = 0 } = copy;
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/media-captures/{name}', { params: { path: { name } } })),
    onSuccess: () => told(t('copies.gone')),
    onError: (problem) => failed(t('copies.goFailed'), problem),
    onSettled: onGone,
  });
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
        {isThere && why !== undefined && !isBroken && (
          <Group gap="md">
            <Anchor
              href={`/api/v1/media-captures/${encodeURIComponent(name)}/capture.pcapng`}
              download
              size="sm"
              underline="always"
            >
              <Icon name="download" size={14} /> {t('copies.download')}
            </Anchor>
            <Button
              variant="subtle"
              color="red"
              size="compact-sm"
              loading={remove.isPending}
              onClick={() => remove.mutate()}
            >
              {t('copies.remove')}
            </Button>
          </Group>
        )}
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t('copies.for', { by, reason })}
        {keys && ` ${t('copies.withKeys')}`}
      </Text>
      <Text size="sm" c="dimmed">
        {dateAndTime(startedAt)}
        {endedAt !== undefined && `, ${span(Date.parse(endedAt) - Date.parse(startedAt))}`}
        {why !== undefined && ` · ${t(`copies.whys.${why}`)}`}
        {detail !== undefined && ` (${detail})`}
        {why !== undefined && !isBroken && ` · ${t('copies.size', { packets, kilobytes: Math.ceil(octets / 1000) })}`}
        {dropped > 0 && ` · ${t('copies.dropped', { dropped })}`}
      </Text>
    </div>
  );
}

function Ask({
  call,
  limits,
  isAsked,
  onClose,
  onBegun,
}: {
  call: string;
  limits: Schemas['MediaCaptures']['limits'];
  isAsked: boolean;
  onClose: () => void;
  onBegun: () => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [seconds, setSeconds] = useState<number | string>(limits.seconds);
  const [keys, setKeys] = useState(false);
  const isLong = typeof seconds !== 'number' || seconds < 1 || seconds > limits.seconds;
  const isMissing = reason.trim().length < 3;
  const begin = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/calls/{call}/media-capture', {
          params: { path: { call } },
          body: { reason, seconds: seconds as number, keys },
        }),
      ),
    onSuccess: () => {
      told(t('copies.begun'));
      onClose();
    },
    onError: (problem) => failed(t('copies.beginFailed'), problem),
    onSettled: onBegun,
  });
  return (
    <Modal
      opened={isAsked}
      onClose={onClose}
      title={t('copies.askTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isMissing && !isLong) begin.mutate();
        }}
      >
        <Stack gap="sm">
          <Alert color="red" icon={<Icon name="alert" size={18} />} title={t('copies.warning')}>
            {t('copies.warningNote')}
          </Alert>
          <Textarea
            label={t('copies.reason')}
            description={t('copies.reasonNote')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
            required
            data-autofocus
          />
          <NumberInput
            label={t('copies.seconds')}
            value={seconds}
            onChange={setSeconds}
            min={1}
            max={limits.seconds}
            error={isLong && t('copies.secondsWrong', { most: limits.seconds })}
          />
          {limits.keys && (
            <Checkbox
              label={t('copies.keys')}
              checked={keys}
              onChange={(event) => setKeys(event.currentTarget.checked)}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button color="red" type="submit" loading={begin.isPending} disabled={isMissing || isLong}>
              {t('copies.begin')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
