import {
  Alert,
  Anchor,
  Button,
  CopyButton,
  Group,
  Menu,
  MultiSelect,
  NativeSelect,
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
import { namesFor } from '../../configuration/objects.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useFormats } from '../../parts/format.ts';
import { Asked, Listing } from '../../parts/listing.tsx';
import { StateBadge, type Tone } from '../../parts/state-badge.tsx';
import { Sure } from '../../parts/sure.tsx';
import { failed } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { treeOf } from '../objects/object-form.tsx';

type Account = Schemas['Account'];
type Role = Account['role'];
const roles = ['viewer', 'operator', 'administrator'] as const;
const tones: Readonly<Record<Account['state'], Tone>> = { active: 'good', invited: 'accent', disabled: 'quiet' };

/** Who may sign in, and what each may. */
export function Accounts() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['accounts'],
    queryFn: () => answer(api.GET('/api/v1/accounts')),
  });
  const [isInviting, setInviting] = useState(false);
  const [editing, setEditing] = useState<Account>();
  const [link, setLink] = useState<Schemas['Invitation']>();
  return (
    <Asked query={query}>
      {(data) => (
        <Stack>
          <Group justify="flex-end">
            <Button onClick={() => setInviting(true)}>{t('access.invite')}</Button>
          </Group>
          <Listing
            label={t('access.accounts')}
            heads={[
              t('access.name'),
              t('access.role'),
              t('access.state'),
              t('access.signedIn'),
              { text: t('common.more'), forReaders: true },
            ]}
            rows={data.items.map((account) => (
              <Row key={account.name} account={account} onEdit={setEditing} onLink={setLink} />
            ))}
          />
          {isInviting && <Invite onClose={() => setInviting(false)} onLink={setLink} />}
          {editing && <Rights account={editing} onClose={() => setEditing(undefined)} />}
          {link && <Link link={link} onClose={() => setLink(undefined)} />}
        </Stack>
      )}
    </Asked>
  );
}

interface RowProps {
  account: Account;
  onEdit: (account: Account) => void;
  onLink: (link: Schemas['Invitation']) => void;
}

function Row({ account, onEdit, onLink }: RowProps) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const { data: me } = useMe();
  const queries = useQueryClient();
  const { name, role, sites, state, method, totp, signedIn, version } = account;
  const params = { path: { account: name } };
  const seen = { ...params, header: { 'if-match': `"${version}"` } };
  const [isLeaving, setLeaving] = useState(false);
  const act = useMutation({
    mutationFn: (what: () => Promise<unknown>) => what(),
    onError: (problem) => failed(name, problem),
    onSettled: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
  const change = (disabled: boolean) =>
    act.mutate(() => answer(api.PATCH('/api/v1/accounts/{account}', { params: seen, body: { disabled } })));
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{name}</Text>
        {me?.name === name && (
          <Text size="sm" c="dimmed">
            {t('access.you')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {t(`access.roles.${role}`)}
        {sites && (
          <Text size="sm" c="dimmed">
            {sites.join(', ')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <StateBadge tone={tones[state]}>{t(`access.states.${state}`)}</StateBadge>
        {state !== 'invited' && (
          <Text size="sm" c="dimmed">
            {method === 'oidc' ? t('access.oidc') : totp ? t('access.twoSteps') : t('access.passwordOnly')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{signedIn === undefined ? t('access.never') : dateAndTime(signedIn)}</Table.Td>
      <Table.Td ta="right">
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t('access.moreOf', { name })}
              loading={act.isPending}
            >
              {t('common.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onEdit(account)}>{t('access.change')}</Menu.Item>
            {method === 'password' && (
              <Menu.Item
                onClick={() =>
                  act.mutate(async () =>
                    onLink(await answer(api.POST('/api/v1/accounts/{account}/invitation', { params }))),
                  )
                }
              >
                {t('access.newLink')}
              </Menu.Item>
            )}
            {totp && (
              <Menu.Item
                onClick={() => act.mutate(() => answer(api.DELETE('/api/v1/accounts/{account}/totp', { params })))}
              >
                {t('access.withoutCode')}
              </Menu.Item>
            )}
            <Menu.Item onClick={() => change(state !== 'disabled')}>
              {state === 'disabled' ? t('access.enable') : t('access.disable')}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => setLeaving(true)}>
              {t('access.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {isLeaving && (
          <Sure
            title={t('access.removeTitle', { name })}
            note={t('access.removeNote')}
            act={t('access.remove')}
            onAct={() => act.mutate(() => answer(api.DELETE('/api/v1/accounts/{account}', { params: seen })))}
            onClose={() => setLeaving(false)}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Names of sites, as the file has them. */
export function useSites(): readonly string[] {
  const { data } = useQuery({
    queryKey: ['configuration', 'contents', 'file'],
    queryFn: () => answer(api.GET('/api/v1/configuration/contents')),
  });
  return namesFor(treeOf(data?.tree), 'site');
}

interface RightsFieldsProps {
  role: Role;
  sites: string[];
  onRole: (role: Role) => void;
  onSites: (sites: string[]) => void;
}

function RightsFields({ role, sites, onRole, onSites }: RightsFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <NativeSelect
        label={t('access.role')}
        description={t(`access.rights.${role}`)}
        value={role}
        onChange={({ currentTarget }) => onRole(currentTarget.value as Role)}
        data={roles.map((value) => ({ value, label: t(`access.roles.${value}`) }))}
      />
      <MultiSelect
        label={t('access.sites')}
        description={t('access.sitesNote')}
        value={sites}
        onChange={onSites}
        data={[...useSites()]}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('access.allSites') }}
      />
    </>
  );
}

function Invite({ onClose, onLink }: { onClose: () => void; onLink: (link: Schemas['Invitation']) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [sites, setSites] = useState<string[]>([]);
  const invite = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/accounts', { body: { name, role, ...(sites.length > 0 && { sites }) } })),
    onSuccess: ({ invitation }) => {
      onLink(invitation);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
  return (
    <Dialog title={t('access.invite')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t('access.name')}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value.trim())}
            required
            data-autofocus
          />
          <RightsFields role={role} sites={sites} onRole={setRole} onSites={setSites} />
          {invite.error && <Trouble error={invite.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={invite.isPending}>
              {t('access.invite')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function Rights({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [role, setRole] = useState(account.role);
  const [sites, setSites] = useState<string[]>(account.sites ?? []);
  const change = useMutation({
    mutationFn: () =>
      answer(
        api.PATCH('/api/v1/accounts/{account}', {
          params: { path: { account: account.name }, header: { 'if-match': `"${account.version}"` } },
          body: { role, sites: sites.length === 0 ? null : sites },
        }),
      ),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
  return (
    <Dialog title={account.name} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack>
          <RightsFields role={role} sites={sites} onRole={setRole} onSites={setSites} />
          {change.error && <Trouble error={change.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              {t('access.change')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Told once: who closes it without giving it on makes another. */
function Link({ link, onClose }: { link: Schemas['Invitation']; onClose: () => void }) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const text = link.url ?? link.token;
  return (
    <Dialog title={t('access.link')} onClose={onClose}>
      <Stack>
        <Text size="sm">{t('access.linkNote', { until: dateAndTime(link.expires) })}</Text>
        <Alert color="blue">
          {link.url === undefined ? (
            <code className="break">{text}</code>
          ) : (
            <Anchor href={text} className="break" c="inherit" underline="always">
              {text}
            </Anchor>
          )}
        </Alert>
        <Group justify="flex-end">
          <CopyButton value={text}>
            {({ copied, copy }) => <Button onClick={copy}>{copied ? t('access.copied') : t('access.copy')}</Button>}
          </CopyButton>
        </Group>
      </Stack>
    </Dialog>
  );
}
