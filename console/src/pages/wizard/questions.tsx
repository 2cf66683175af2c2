import { Checkbox, NativeSelect, PasswordInput, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import type { Tree } from '../../configuration/edits.ts';
import type { Answers } from '../../configuration/new-trunk.ts';
import { nameOf, namesFor, objectsOf } from '../../configuration/objects.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Loading } from '../../parts/loading.tsx';
import { Trouble } from '../../parts/trouble.tsx';

interface StepProps {
  answers: Answers;
  onSay: (said: Partial<Answers>) => void;
  tree: Tree;
}

const kinds = ['itsp', 'pstn-gateway', 'ip-pbx'] as const;

/** What the peer is like: what it wants is filled in, and what goes against it found. */
export function ProfileStep({ answers, onSay }: StepProps) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  const { data, error } = useQuery({ queryKey: ['profiles'], queryFn: () => answer(api.GET('/api/v1/profiles')) });
  if (error && !data) return <Trouble error={error} />;
  if (!data) return <Loading />;
  const take = (profile: Schemas['Profile'] | undefined) =>
    onSay({
      profile: profile?.name ?? '',
      ...(profile?.kinds[0] !== undefined && { kind: profile.kinds[0] as Answers['kind'] }),
      ...(profile?.transports[0] !== undefined && { transport: profile.transports[0] }),
      registers: profile?.registration === 'required',
      srtp: profile?.srtp === 'required',
    });
  return (
    <Radio.Group
      label={t('wizard.profile')}
      description={t('wizard.profileNote')}
      value={answers.profile}
      onChange={(name) => take(data.items.find((one) => one.name === name))}
    >
      <Stack gap="xs" mt="xs">
        {data.items.map(({ name, title, transports, registration, srtp }) => (
          <Radio
            key={name}
            value={name}
            label={tell(title)}
            description={[
              name,
              transports.join('/'),
              ...(registration === 'required' ? [t('wizard.registers')] : []),
              ...(srtp === 'required' ? ['SRTP'] : []),
            ]
              .filter((one) => one !== '')
              .join(' · ')}
          />
        ))}
        <Radio value="" label={t('wizard.noProfile')} description={t('wizard.noProfileNote')} />
      </Stack>
    </Radio.Group>
  );
}

export function AddressStep({ answers, onSay, tree }: StepProps) {
  const { t } = useTranslation();
  const isTaken = namesFor(tree, 'to').includes(answers.name);
  const sites = namesFor(tree, 'site');
  return (
    <div className="settings">
      <TextInput
        label={t('wizard.name')}
        description={t('wizard.nameNote')}
        value={answers.name}
        onChange={({ currentTarget }) => onSay({ name: currentTarget.value.trim() })}
        pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
        error={isTaken && t('wizard.taken')}
        required
      />
      <NativeSelect
        label={t('wizard.kind')}
        value={answers.kind}
        onChange={({ currentTarget }) => onSay({ kind: currentTarget.value as Answers['kind'] })}
        data={kinds.map((value) => ({ value, label: t(`wizard.kinds.${value}`) }))}
      />
      {sites.length > 0 && (
        <NativeSelect
          label={t('map.site')}
          value={answers.site}
          onChange={({ currentTarget }) => onSay({ site: currentTarget.value })}
          data={[{ value: '', label: t('map.noSite') }, ...sites.map((value) => ({ value, label: value }))]}
        />
      )}
      <Textarea
        label={t('wizard.addresses')}
        description={t('wizard.addressesNote')}
        value={answers.addresses}
        onChange={({ currentTarget }) => onSay({ addresses: currentTarget.value })}
        autosize
        minRows={2}
        spellCheck={false}
        required
      />
      <NativeSelect
        label={t('wizard.transport')}
        description={t('wizard.transportNote')}
        value={answers.transport}
        onChange={({ currentTarget }) => onSay({ transport: currentTarget.value })}
        data={['udp', 'tcp', 'tls', 'auto']}
      />
      <TextInput
        label={t('wizard.domain')}
        description={t('wizard.domainNote')}
        value={answers.domain}
        onChange={({ currentTarget }) => onSay({ domain: currentTarget.value.trim() })}
        spellCheck={false}
      />
      <TextInput
        label={t('wizard.calls')}
        description={t('wizard.callsNote')}
        value={answers.calls}
        onChange={({ currentTarget }) => onSay({ calls: currentTarget.value.trim() })}
        inputMode="numeric"
        pattern="\d*"
      />
    </div>
  );
}

export function AccountStep({ answers, onSay }: StepProps) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Checkbox
        label={t('wizard.register')}
        description={t('wizard.registerNote')}
        checked={answers.registers}
        onChange={({ currentTarget }) => onSay({ registers: currentTarget.checked })}
      />
      <div className="settings">
        <TextInput
          label={t('wizard.user')}
          description={t('wizard.userNote')}
          value={answers.user}
          onChange={({ currentTarget }) => onSay({ user: currentTarget.value.trim() })}
          required={answers.registers}
          spellCheck={false}
        />
        <TextInput
          label={t('wizard.username')}
          description={t('wizard.usernameNote')}
          value={answers.username}
          onChange={({ currentTarget }) => onSay({ username: currentTarget.value.trim() })}
          autoComplete="off"
          spellCheck={false}
        />
        <PasswordInput
          label={t('wizard.password')}
          description={t('wizard.passwordNote')}
          value={answers.password}
          onChange={({ currentTarget }) => onSay({ password: currentTarget.value })}
          autoComplete="off"
          required={answers.username !== ''}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
        />
      </div>
      <Checkbox
        label={t('wizard.srtp')}
        description={t('wizard.srtpNote')}
        checked={answers.srtp}
        onChange={({ currentTarget }) => onSay({ srtp: currentTarget.checked })}
      />
    </Stack>
  );
}

export function NumberStep({ answers, onSay, tree }: StepProps) {
  const { t } = useTranslation();
  const others = objectsOf(tree, 'trunks').map(nameOf);
  return (
    <div className="settings">
      <NativeSelect
        label={t('wizard.inside')}
        description={t('wizard.insideNote')}
        value={answers.inside}
        onChange={({ currentTarget }) => onSay({ inside: currentTarget.value })}
        data={[{ value: '', label: t('wizard.nobody') }, ...others]}
      />
      {answers.inside !== '' && (
        <>
          <Textarea
            label={t('wizard.inward')}
            description={t('wizard.inwardNote')}
            value={answers.inward}
            onChange={({ currentTarget }) => onSay({ inward: currentTarget.value })}
            autosize
            minRows={2}
            spellCheck={false}
          />
          <Textarea
            label={t('wizard.outward')}
            description={t('wizard.outwardNote')}
            value={answers.outward}
            onChange={({ currentTarget }) => onSay({ outward: currentTarget.value })}
            autosize
            minRows={2}
            spellCheck={false}
          />
        </>
      )}
    </div>
  );
}
