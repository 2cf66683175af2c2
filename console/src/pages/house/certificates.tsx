import { Anchor, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Asked, Listing } from '../../parts/listing.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge, type Tone } from '../../parts/state-badge.tsx';
import '../configuration/configuration.css';
import { InstallDialog, type Target } from './certificate-install.tsx';
import { CertificateRequests } from './certificate-requests.tsx';
import { CertificateDialog } from './certificate-shown.tsx';

/** Days: sooner than this somebody should see to it. */
const soon = 30;

function toneOf({ problem, daysLeft, warnings }: Schemas['Certificate']): Tone {
  if (problem !== undefined || (daysLeft ?? 1) < 0) return 'bad';
  return (daysLeft ?? soon) < soon || warnings.length > 0 ? 'warn' : 'good';
}

/** Certificates in use, what ends first at the top; others are put in their place, and asked for. */
export default function Certificates() {
  const { t } = useTranslation();
  const { tell } = useSaid();
  const { dateAndTime } = useFormats();
  const may = useMay('administrator');
  const [shown, setShown] = useState<string>();
  const [target, setTarget] = useState<Target>();
  const query = useQuery({
    queryKey: ['certificates'],
    queryFn: () => answer(api.GET('/api/v1/certificates')),
    refetchInterval: 30_000,
  });
  const title = (one: Schemas['Certificate']) => one.names.join(', ') || t(`certificates.kinds.${one.kind}`);
  return (
    <Asked query={query}>
      {(data) => (
        <Stack gap="xl">
          <div>
            <PageTitle title={t('pages.certificates')} note={t('certificates.note')} />
            <Listing
              empty={
                <Empty icon="shield" title={t('certificates.none')}>
                  {t('certificates.noneNote')}
                </Empty>
              }
              least={720}
              label={t('pages.certificates')}
              heads={[
                t('certificates.names'),
                t('certificates.ends'),
                t('certificates.usedBy'),
                t('certificates.files'),
                ...(may ? [{ text: t('certificates.act'), forReaders: true }] : []),
              ]}
              rows={data.items.map((one) => (
                <Table.Tr key={`${one.id} ${one.users.join()}`}>
                  <Table.Td>
                    <Anchor
                      component="button"
                      type="button"
                      ta="left"
                      fw={600}
                      underline="always"
                      className="break"
                      onClick={() => setShown(one.id)}
                    >
                      {title(one)}
                    </Anchor>
                    <Text size="sm" c="dimmed">
                      {t(`certificates.kinds.${one.kind}`)}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <StateBadge tone={toneOf(one)}>
                      {one.problem !== undefined
                        ? tell(one.problem)
                        : one.daysLeft === undefined
                          ? t('common.unknown')
                          : one.daysLeft < 0
                            ? t('certificates.expired')
                            : t('certificates.days', { count: one.daysLeft })}
                    </StateBadge>
                    {one.notAfter && <Text size="sm">{dateAndTime(one.notAfter)}</Text>}
                    {one.warnings.map((warning) => (
                      <Text key={warning} size="sm" c="var(--tandem-warn)">
                        {tell(warning)}
                      </Text>
                    ))}
                  </Table.Td>
                  <Table.Td>{one.users.join(', ')}</Table.Td>
                  <Table.Td className="mono break">{one.files.join(', ') || t('certificates.system')}</Table.Td>
                  {may && (
                    <Table.Td>
                      {one.files.length > 0 && (
                        <Button
                          size="xs"
                          variant="default"
                          aria-label={t('certificates.replaceOf', { name: title(one), users: one.users.join(', ') })}
                          onClick={() => setTarget({ ...one, hasFile: true })}
                        >
                          {t('certificates.replace')}
                        </Button>
                      )}
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            />
          </div>
          {may && data.places.length > 0 && (
            <div>
              <Title order={2} size="h4">
                {t('certificates.places')}
              </Title>
              <Text size="sm" c="dimmed" mb="sm">
                {t('certificates.placesNote')}
              </Text>
              <Group gap="xs">
                {data.places.map((place) => (
                  <Button
                    key={place.id}
                    size="xs"
                    variant="default"
                    onClick={() => setTarget({ ...place, hasFile: false })}
                  >
                    {place.users.join(', ')}: {t(`certificates.kinds.${place.kind}`)}
                  </Button>
                ))}
              </Group>
            </div>
          )}
          {may && <CertificateRequests items={data.items} places={data.places} />}
          {shown !== undefined && <CertificateDialog id={shown} onClose={() => setShown(undefined)} />}
          {target && <InstallDialog target={target} onClose={() => setTarget(undefined)} />}
        </Stack>
      )}
    </Asked>
  );
}
