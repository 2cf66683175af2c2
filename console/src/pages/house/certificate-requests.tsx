import { Button, CopyButton, Group, Select, Stack, Table, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useFormats } from '../../parts/format.ts';
import { Asked, Listing } from '../../parts/listing.tsx';
import { save } from '../../parts/save.ts';
import { Sure } from '../../parts/sure.tsx';
import { Trouble } from '../../parts/trouble.tsx';

interface RequestsProps {
  items: readonly Schemas['Certificate'][];
  places: readonly Schemas['CertificatePlace'][];
}

/** Requests that wait for their certificate, and new ones. */
export function CertificateRequests({ items, places }: RequestsProps) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const queries = useQueryClient();
  const [isMaking, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<string>();
  const query = useQuery({
    queryKey: ['certificates', 'requests'],
    queryFn: () => answer(api.GET('/api/v1/certificate-requests')),
  });
  const remove = useMutation({
    mutationFn: (request: string) =>
      answer(api.DELETE('/api/v1/certificate-requests/{request}', { params: { path: { request } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['certificates', 'requests'] }),
  });
  return (
    <div>
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={2} size="h4">
            {t('certificates.requests')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('certificates.requestsNote')}
          </Text>
        </div>
        <Button onClick={() => setMaking(true)}>{t('certificates.request')}</Button>
      </Group>
      {remove.error && <Trouble error={remove.error} />}
      <Asked query={query}>
        {(data) => (
          <Listing
            label={t('certificates.requests')}
            empty={<span />}
            least={600}
            heads={[
              t('certificates.names'),
              t('certificates.key'),
              t('certificates.made'),
              { text: t('certificates.act'), forReaders: true },
            ]}
            rows={data.items.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <Text fw={600} className="break">
                    {one.names.join(', ')}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {one.use}
                  </Text>
                </Table.Td>
                <Table.Td>{t(`certificates.keys.${one.kind}`)}</Table.Td>
                <Table.Td>{t('certificates.replacedBy', { at: dateAndTime(one.at), who: one.who })}</Table.Td>
                <Table.Td>
                  <Group gap="xs" justify="flex-end">
                    <CopyButton value={one.csr}>
                      {({ copied, copy }) => (
                        <Button size="xs" variant="default" onClick={copy}>
                          {copied ? t('certificates.copied') : t('certificates.copy')}
                        </Button>
                      )}
                    </CopyButton>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => save(new Blob([one.csr], { type: 'application/pkcs10' }), `${one.names[0]}.csr`)}
                    >
                      {t('certificates.save')}
                    </Button>
                    <Button size="xs" variant="subtle" color="red" onClick={() => setLeaving(one.id)}>
                      {t('certificates.remove')}
                    </Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          />
        )}
      </Asked>
      {isMaking && <RequestForm items={items} places={places} onClose={() => setMaking(false)} />}
      {leaving !== undefined && (
        <Sure
          title={t('certificates.remove')}
          note={t('certificates.removeNote')}
          act={t('certificates.remove')}
          onAct={() => remove.mutate(leaving)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </div>
  );
}

const kinds = ['rsa-2048', 'rsa-3072', 'ecdsa-p256'] as const;

function RequestForm({ items, places, onClose }: RequestsProps & { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const own = [...items, ...places].filter(({ kind }) => kind === 'certificate');
  const [use, setUse] = useState<string | null>(own[0]?.users[0] ?? null);
  const [names, setNames] = useState<string[]>([...(own[0]?.names ?? [])]);
  const [kind, setKind] = useState<(typeof kinds)[number]>('rsa-2048');
  const [organization, setOrganization] = useState('');
  const [country, setCountry] = useState('');
  const make = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/certificate-requests', {
          body: {
            ...{ names, kind },
            ...(use !== null && { use }),
            ...(organization.trim() !== '' && { organization }),
            ...(country !== '' && { country }),
          },
        }),
      ),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['certificates', 'requests'] }),
  });
  return (
    <Dialog onClose={onClose} size="lg" title={t('certificates.request')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack>
          <Text size="sm">{t('certificates.requestNote')}</Text>
          <Select
            label={t('certificates.for')}
            data={own.flatMap(({ users }) => users)}
            value={use}
            onChange={(user) => {
              setUse(user);
              const found = own.find(({ users }) => user !== null && users.includes(user));
              if (found && found.names.length > 0) setNames([...found.names]);
            }}
            clearable
          />
          <TagsInput
            label={t('certificates.names')}
            description={t('certificates.namesNote')}
            value={names}
            onChange={setNames}
            splitChars={[',', ' ']}
            required={names.length === 0}
          />
          <Select
            label={t('certificates.key')}
            description={t('certificates.keyNote')}
            data={kinds.map((value) => ({ value, label: t(`certificates.keys.${value}`) }))}
            value={kind}
            onChange={(value) => setKind((value ?? 'rsa-2048') as typeof kind)}
            allowDeselect={false}
          />
          <TextInput
            label={t('certificates.organization')}
            value={organization}
            onChange={({ currentTarget }) => setOrganization(currentTarget.value)}
          />
          <TextInput
            label={t('certificates.country')}
            value={country}
            onChange={({ currentTarget }) => setCountry(currentTarget.value.toUpperCase())}
            maxLength={2}
          />
          {make.error && <Trouble error={make.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={make.isPending} disabled={names.length === 0}>
              {t('certificates.request')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
