import { Button, Checkbox, Group, MultiSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useSites } from '../access/accounts.tsx';
import { useTrunks } from '../trunks/trunks-data.ts';
import './webhooks.css';
import { Dialog } from '../../parts/dialog.tsx';
import { type EventGroup, type EventName, eventGroups, isKnown } from './events.ts';

interface FormProps {
  /** The one that is changed; a new one is made without it. */
  webhook?: Schemas['Webhook'];
  onClose: () => void;
  /** Its secret is told once. */
  onMade?: (made: Schemas['WebhookSecret']) => void;
}

/** What somebody elsewhere is told of, and where. */
export function WebhookForm({ webhook, onClose, onMade }: FormProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const sites = useSites();
  const { data: trunks } = useTrunks();
  const [name, setName] = useState(webhook?.name ?? '');
  const [url, setUrl] = useState(webhook?.url ?? 'https://');
  const [events, setEvents] = useState<readonly EventName[]>((webhook?.events ?? []).filter(isKnown));
  const [itsSites, setSites] = useState<string[]>(webhook?.sites ?? []);
  const [itsTrunks, setTrunks] = useState<string[]>(webhook?.trunks ?? []);
  const [ca, setCa] = useState(webhook?.ca ?? '');
  const save = useMutation({
    mutationFn: async () => {
      const body = { name, url, events: [...events] };
      const given = {
        ...(itsSites.length > 0 && { sites: itsSites }),
        ...(itsTrunks.length > 0 && { trunks: itsTrunks }),
        ...(ca.trim() !== '' && { ca }),
      };
      if (!webhook) return answer(api.POST('/api/v1/webhooks', { body: { ...body, ...given, enabled: true } }));
      const params = { path: { webhook: webhook.id }, header: { 'if-match': `"${webhook.version}"` } };
      const nothing = { sites: null, trunks: null, ca: null };
      await answer(api.PATCH('/api/v1/webhooks/{webhook}', { params, body: { ...body, ...nothing, ...given } }));
      return undefined;
    },
    onSuccess: (made) => {
      onClose();
      if (made) onMade?.(made);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  return (
    <Dialog onClose={onClose} size="lg" title={webhook ? t('webhooks.change') : t('webhooks.make')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t('webhooks.name')}
            description={t('webhooks.nameNote')}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value.trim())}
            required
            data-autofocus
          />
          <TextInput
            label={t('webhooks.url')}
            description={t('webhooks.urlNote')}
            value={url}
            onChange={({ currentTarget }) => setUrl(currentTarget.value.trim())}
            inputMode="url"
            required
          />
          <Events events={events} onEvents={setEvents} />
          <MultiSelect
            label={t('webhooks.trunks')}
            description={t('webhooks.filterNote')}
            value={itsTrunks}
            onChange={setTrunks}
            data={[...new Set([...(trunks ?? []).map((one) => one.name), ...itsTrunks])]}
            searchable
          />
          <MultiSelect
            label={t('webhooks.sites')}
            value={itsSites}
            onChange={setSites}
            data={[...new Set([...sites, ...itsSites])]}
            searchable
          />
          <Textarea
            label={t('webhooks.ca')}
            description={t('webhooks.caNote')}
            value={ca}
            onChange={({ currentTarget }) => setCa(currentTarget.value)}
            placeholder="-----BEGIN CERTIFICATE-----"
            autosize
            minRows={2}
            maxRows={8}
          />
          {save.error && <Trouble error={save.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending} disabled={events.length === 0}>
              {webhook ? t('webhooks.save') : t('webhooks.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

interface EventsProps {
  events: readonly EventName[];
  onEvents: (events: readonly EventName[]) => void;
}

function Events({ events, onEvents }: EventsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="hook-events">
      <Text component="legend" size="sm" fw={500}>
        {t('webhooks.events')}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {t('webhooks.eventsNote')}
      </Text>
      <Stack gap="sm">
        {(Object.keys(eventGroups) as EventGroup[]).map((group) => {
          const names: readonly EventName[] = eventGroups[group];
          const chosen = names.filter((one) => events.includes(one));
          const others = events.filter((one) => !names.includes(one));
          const title = t(`webhooks.groups.${group}`);
          return (
            <div key={group}>
              {names.length > 1 && (
                <Checkbox
                  label={title}
                  aria-label={t('webhooks.allOf', { group: title })}
                  checked={chosen.length === names.length}
                  indeterminate={chosen.length > 0 && chosen.length < names.length}
                  onChange={({ currentTarget }) => onEvents(currentTarget.checked ? [...others, ...names] : others)}
                  fw={500}
                />
              )}
              <Stack gap={6} mt={6} pl={names.length > 1 ? 'lg' : 0}>
                {names.map((one) => (
                  <Checkbox
                    key={one}
                    label={t(`webhooks.what.${one}`)}
                    description={one}
                    checked={chosen.includes(one)}
                    onChange={({ currentTarget }) =>
                      onEvents(currentTarget.checked ? [...events, one] : events.filter((other) => other !== one))
                    }
                  />
                ))}
              </Stack>
            </div>
          );
        })}
      </Stack>
    </fieldset>
  );
}
