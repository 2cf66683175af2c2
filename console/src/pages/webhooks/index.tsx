import { Anchor, Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Asked, Listing } from '../../parts/listing.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import '../configuration/configuration.css';
import { WebhookForm } from './form.tsx';
import { SecretDialog } from './secret.tsx';
import { tones } from './tones.ts';

/** Who elsewhere is told what happens. */
export default function Webhooks() {
  const { t } = useTranslation();
  const { ago, count, dateAndTime } = useFormats();
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Schemas['WebhookSecret']>();
  const query = useQuery({
    queryKey: ['webhooks'],
    queryFn: () => answer(api.GET('/api/v1/webhooks')),
    refetchInterval: 5_000,
  });
  const make = <Button onClick={() => setMaking(true)}>{t('webhooks.make')}</Button>;
  return (
    <Asked query={query}>
      {(data) => (
        <>
          <PageTitle title={t('pages.webhooks')} note={t('webhooks.note')}>
            {data.items.length > 0 && make}
          </PageTitle>
          <Listing
            empty={
              <Empty icon="send" title={t('webhooks.none')} action={make}>
                {t('webhooks.noneNote')}
              </Empty>
            }
            least={640}
            label={t('pages.webhooks')}
            heads={[
              t('webhooks.name'),
              t('webhooks.state'),
              t('webhooks.events'),
              t('webhooks.waiting'),
              t('webhooks.taken'),
            ]}
            rows={data.items.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <Anchor component={Link} href={`/webhooks/${one.id}`} underline="always" fw={600}>
                    {one.name}
                  </Anchor>
                  <Text size="sm" c="dimmed" className="break">
                    {new URL(one.url).host}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <StateBadge tone={tones[one.state]}>{t(`webhooks.states.${one.state}`)}</StateBadge>
                  {one.error !== undefined && (
                    <Text size="sm" c="dimmed">
                      {one.error}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{one.events.join(', ')}</Text>
                  {(one.trunks ?? one.sites) && (
                    <Text size="sm" c="dimmed">
                      {[...(one.trunks ?? []), ...(one.sites ?? [])].join(', ')}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {count(one.waiting)}
                  {one.oldest !== undefined && (
                    <Text size="sm" c="dimmed">
                      {t('webhooks.oldest', { ago: ago(one.oldest) })}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{one.taken === undefined ? t('webhooks.never') : dateAndTime(one.taken)}</Table.Td>
              </Table.Tr>
            ))}
          />
          {isMaking && <WebhookForm onClose={() => setMaking(false)} onMade={setMade} />}
          {made && <SecretDialog made={made} onClose={() => setMade(undefined)} />}
        </>
      )}
    </Asked>
  );
}
