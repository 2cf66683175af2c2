import { Alert, Button, FileButton, Group, PasswordInput, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { answer, api, type Schemas } from '../../api/client.ts';
import type { Edit } from '../../configuration/edits.ts';
import { useEdit } from '../../configuration/queries.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { Findings } from './certificate-findings.tsx';
import { Chain } from './certificate-shown.tsx';

/** Where one is to be put. */
export type Target = Pick<Schemas['CertificatePlace'], 'id' | 'kind' | 'users'> & { readonly hasFile: boolean };

/** Looks at a certificate that is pasted or chosen, says what is wrong with it, and puts it in place. */
export function InstallDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { id, kind, users, hasFile } = target;
  const [pem, setPem] = useState('');
  const [key, setKey] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [accepted, setAccepted] = useState<string[]>([]);
  const body = () => ({
    pem,
    ...(key.trim() !== '' && { key }),
    ...(passphrase !== '' && { passphrase }),
    accept: accepted,
  });
  const params = { path: { certificate: id } };
  const look = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/certificates/{certificate}/examine', { params, body: body() })),
  });
  const put = useMutation({
    mutationFn: async () => {
      if (!hasFile) return answer(api.POST('/api/v1/certificates', { body: { ...body(), kind, use: users[0] ?? '' } }));
      const { version } = await answer(api.GET('/api/v1/certificates/{certificate}', { params }));
      const header = { 'if-match': `"${version}"` };
      await answer(api.PUT('/api/v1/certificates/{certificate}', { params: { ...params, header }, body: body() }));
      return undefined;
    },
    onSuccess: (kept) => {
      if (kept) return;
      told(t('certificates.isThere'));
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['certificates'] }),
  });
  /** What was said was of another text. */
  const anew = (act: () => void) => {
    act();
    look.reset();
    put.reset();
  };
  const verdict = look.data;
  const open = (verdict?.findings ?? []).filter(
    ({ severity, code }) => severity === 'error' || (severity === 'doubt' && !accepted.includes(code)),
  );
  return (
    <Dialog onClose={onClose} size="xl" title={`${t(`certificates.put.${kind}`)}: ${users.join(', ')}`}>
      {put.data ? (
        <Kept kept={put.data} onClose={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (verdict && open.length === 0) put.mutate();
            else look.mutate();
          }}
        >
          <Stack>
            <Text size="sm">{t(`certificates.putNote.${kind}`)}</Text>
            <PemInput
              label={t(`certificates.pem.${kind}`)}
              value={pem}
              onValue={(text) => anew(() => setPem(text))}
              required
            />
            {kind === 'certificate' && (
              <>
                <PemInput
                  label={t('certificates.privateKey')}
                  note={t('certificates.privateKeyNote')}
                  value={key}
                  onValue={(text) => anew(() => setKey(text))}
                />
                {key.includes('ENCRYPTED') && (
                  <PasswordInput
                    label={t('certificates.passphrase')}
                    value={passphrase}
                    onChange={({ currentTarget }) => anew(() => setPassphrase(currentTarget.value))}
                    autoComplete="off"
                  />
                )}
              </>
            )}
            {verdict && (
              <>
                <Findings findings={verdict.findings} accepted={accepted} onAccept={setAccepted} />
                {verdict.key && <Text size="sm">{t(`certificates.keyFrom.${verdict.key}`)}</Text>}
                <Chain chain={verdict.chain} />
              </>
            )}
            {(look.error ?? put.error) && <Trouble error={(look.error ?? put.error)!} />}
            <Group justify="flex-end">
              <Button
                type="submit"
                loading={look.isPending || put.isPending}
                disabled={pem.trim() === '' || (verdict !== undefined && open.length > 0)}
              >
                {verdict ? t('certificates.putNow') : t('certificates.look')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

/** It lies there, and nobody uses it before the configuration names it. */
function Kept({ kept, onClose }: { kept: Schemas['KeptCertificateFiles']; onClose: () => void }) {
  const { t } = useTranslation();
  const edit = useEdit();
  return (
    <Stack>
      <Alert color="blue" title={t('certificates.kept')}>
        {t('certificates.keptNote')}
      </Alert>
      <ul className="mono break">
        {kept.edits.map(({ path, value }) => (
          <li key={path.join(' ')}>
            {path.join('.')}: {JSON.stringify(value)}
          </li>
        ))}
      </ul>
      {edit.error && <Trouble error={edit.error} />}
      <Group justify="flex-end">
        {edit.isSuccess ? (
          <Button component={Link} href="/configuration" onClick={onClose}>
            {t('certificates.toDraft')}
          </Button>
        ) : (
          <Button loading={edit.isPending} onClick={() => edit.mutate(kept.edits as Edit[])}>
            {t('certificates.intoDraft')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface PemInputProps {
  label: string;
  note?: string;
  value: string;
  onValue: (text: string) => void;
  required?: boolean;
}

/** Pasted, or of a file. */
function PemInput({ label, note, value, onValue, required = false }: PemInputProps) {
  const { t } = useTranslation();
  return (
    <div>
      <Textarea
        label={label}
        {...(note !== undefined && { description: note })}
        value={value}
        onChange={({ currentTarget }) => onValue(currentTarget.value)}
        placeholder="-----BEGIN …-----"
        required={required}
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: 'mono' }}
      />
      <FileButton onChange={(file) => void file?.text().then(onValue)} accept=".pem,.crt,.cer,.key,.txt,.p7b,.pfx,.p12">
        {(props) => (
          <Button {...props} size="xs" variant="subtle" mt={4} aria-label={`${t('certificates.choose')}: ${label}`}>
            {t('certificates.choose')}
          </Button>
        )}
      </FileButton>
    </div>
  );
}
