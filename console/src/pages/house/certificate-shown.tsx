import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/format.ts';
import { Asked } from '../../parts/listing.tsx';
import { Sure } from '../../parts/sure.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { Findings } from './certificate-findings.tsx';

/** One certificate: its chain, what is wrong with it, and what it took the place of. */
export function CertificateDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const params = { path: { certificate: id } };
  const query = useQuery({
    queryKey: ['certificates', id],
    queryFn: () => answer(api.GET('/api/v1/certificates/{certificate}', { params })),
  });
  return (
    <Dialog onClose={onClose} size="xl" title={t('certificates.one')}>
      <Asked query={query}>{(one) => <Shown one={one} />}</Asked>
    </Dialog>
  );
}

function Shown({ one }: { one: Schemas['CertificateFiles'] }) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  const { dateAndTime } = useFormats();
  const may = useMay('administrator');
  const queries = useQueryClient();
  const [isSure, setSure] = useState(false);
  const { previous, fits, problem, locked } = one;
  const back = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/certificates/{certificate}/rollback', {
          params: { path: { certificate: one.id }, header: { 'if-match': `"${one.version}"` } },
          body: { accept: [] },
        }),
      ),
    onSuccess: () => told(t('certificates.isBack')),
    onSettled: () => queries.invalidateQueries({ queryKey: ['certificates'] }),
  });
  return (
    <Stack>
      {problem !== undefined && (
        <Alert color="red" title={t('certificates.notUsed')}>
          {tell(problem)}
        </Alert>
      )}
      <Facts
        facts={[
          [t('certificates.usedBy'), one.users.join(', ')],
          [
            t('certificates.files'),
            <span key="files" className="mono break">
              {one.files.join(', ')}
            </span>,
          ],
          [t('certificates.wanted'), one.wanted.join(', ')],
          [t('certificates.key'), fits === undefined ? undefined : t(`certificates.fits.${fits}`)],
          [t('certificates.loaded'), one.loaded && dateAndTime(one.loaded)],
          [
            t('certificates.replaced'),
            previous && t('certificates.replacedBy', { at: dateAndTime(previous.at), who: previous.who }),
          ],
        ]}
      />
      <Findings findings={one.findings} />
      {locked !== undefined && (
        <Text size="sm" c="dimmed">
          {tell(locked)}
        </Text>
      )}
      <Chain chain={one.chain} />
      {back.error && <Trouble error={back.error} />}
      {previous && may && (
        <Group justify="flex-end">
          <Button variant="default" loading={back.isPending} onClick={() => setSure(true)}>
            {t('certificates.rollBack')}
          </Button>
        </Group>
      )}
      {isSure && previous && (
        <Sure
          title={t('certificates.rollBack')}
          note={t('certificates.rollBackNote', {
            names: previous.names.join(', '),
            until: previous.notAfter === undefined ? '?' : dateAndTime(previous.notAfter),
          })}
          act={t('certificates.rollBack')}
          onAct={() => back.mutate()}
          onClose={() => setSure(false)}
        />
      )}
    </Stack>
  );
}

/** Our own first, each issued by the next. */
export function Chain({ chain }: { chain: readonly Schemas['ChainPart'][] }) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  return (
    <Stack gap="xs" component="ol" m={0} pl="lg">
      {chain.map((part) => (
        <li key={part.sha256}>
          <Text fw={600} className="break">
            {part.names.join(', ') || part.subject}
          </Text>
          <Text size="sm" className="break">
            {t('certificates.issuer')}: {part.issuer}
          </Text>
          <Text size="sm">
            {t('certificates.holds', { from: dateAndTime(part.notBefore), until: dateAndTime(part.notAfter) })} ·{' '}
            {part.key}
          </Text>
          <Text size="xs" c="dimmed" className="mono break">
            SHA-256 {part.sha256}
          </Text>
        </li>
      ))}
    </Stack>
  );
}
