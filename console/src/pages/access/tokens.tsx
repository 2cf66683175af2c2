import {
  Alert,
  Button,
  CopyButton,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Empty } from '../../parts/empty.tsx';
import { useFormats } from '../../parts/format.ts';
import { Asked, Listing } from '../../parts/listing.tsx';
import { Sure } from '../../parts/sure.tsx';
import { failed } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';

const roles = ['viewer', 'operator', 'administrator'] as const;
const usualDays = 90;

/** What programs prove themselves by. */
export function Tokens() {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const queries = useQueryClient();
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<Schemas['Token']>();
  const query = useQuery({
    queryKey: ['tokens'],
    queryFn: () => answer(api.GET('/api/v1/tokens')),
  });
  const revoke = useMutation({
    mutationFn: ({ id }: Schemas['Token']) =>
      answer(api.DELETE('/api/v1/tokens/{token}', { params: { path: { token: id } } })),
    onError: (problem, { name }) => failed(name, problem),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const make = <Button onClick={() => setMaking(true)}>{t('access.makeToken')}</Button>;
  return (
    <Asked query={query}>
      {(data) => (
        <Stack>
          {data.items.length === 0 ? (
            <Empty icon="key" title={t('access.noTokens')} action={make}>
              {t('access.noTokensNote')}
            </Empty>
          ) : (
            <>
              <Group justify="flex-end">{make}</Group>
              <Listing
                label={t('access.tokens')}
                heads={[
                  t('access.name'),
                  t('access.whose'),
                  t('access.role'),
                  t('access.used'),
                  t('access.ends'),
                  { text: t('access.revoke'), forReaders: true },
                ]}
                rows={data.items.map((token) => (
                  <Table.Tr key={token.id}>
                    <Table.Td fw={600}>{token.name}</Table.Td>
                    <Table.Td>{token.account}</Table.Td>
                    <Table.Td>
                      {t(`access.roles.${token.role}`)} {token.sites?.join(', ')}
                    </Table.Td>
                    <Table.Td>
                      {token.used === undefined
                        ? t('access.never')
                        : `${dateAndTime(token.used)} ${token.usedFrom ?? ''}`}
                    </Table.Td>
                    <Table.Td>{dateAndTime(token.expires)}</Table.Td>
                    <Table.Td ta="right">
                      <Button
                        size="compact-sm"
                        variant="default"
                        onClick={() => setRevoked(token)}
                        aria-label={t('access.revokeOf', { name: token.name })}
                      >
                        {t('access.revoke')}
                      </Button>
                    </Table.Td>
                  </Table.Tr>
                ))}
              />
            </>
          )}
          {revoked && (
            <Sure
              title={t('access.revokeOf', { name: revoked.name })}
              note={t('access.revokeNote')}
              act={t('access.revoke')}
              onAct={() => revoke.mutate(revoked)}
              onClose={() => setRevoked(undefined)}
            />
          )}
          {isMaking && <Make onClose={() => setMaking(false)} />}
        </Stack>
      )}
    </Asked>
  );
}

function Make({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof roles)[number]>('viewer');
  const [days, setDays] = useState<number | string>(usualDays);
  const make = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/tokens', { body: { name: name.trim(), role, hours: Number(days) * 24 } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const mine = roles.slice(0, roles.indexOf(me?.role ?? 'viewer') + 1);
  return (
    <Dialog onClose={onClose} title={t('access.makeToken')}>
      {make.data ? (
        <Stack>
          <Text size="sm">{t('access.tokenNote')}</Text>
          <Alert color="blue">
            <code className="break">{make.data.secret}</code>
          </Alert>
          <Group justify="flex-end">
            <CopyButton value={make.data.secret}>
              {({ copied, copy }) => <Button onClick={copy}>{copied ? t('access.copied') : t('access.copy')}</Button>}
            </CopyButton>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <Stack>
            <TextInput
              label={t('access.name')}
              description={t('access.tokenName')}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              required
              data-autofocus
            />
            <NativeSelect
              label={t('access.role')}
              description={t(`access.rights.${role}`)}
              value={role}
              onChange={({ currentTarget }) => setRole(currentTarget.value as typeof role)}
              data={mine.map((value) => ({ value, label: t(`access.roles.${value}`) }))}
            />
            <NumberInput label={t('access.days')} value={days} onChange={setDays} min={1} required hideControls />
            {make.error && <Trouble error={make.error} />}
            <Group justify="flex-end">
              <Button type="submit" loading={make.isPending}>
                {t('access.makeToken')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
