import { Checkbox, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import { useSaid } from '../../i18n/said/index.ts';
import { StateBadge } from '../../parts/state-badge.tsx';

type Finding = Schemas['CertificateFinding'];
const tones = { error: 'bad', doubt: 'warn', warning: 'warn' } as const;

interface FindingsProps {
  findings: readonly Finding[];
  /** Doubts that are meant so; without it they are told alone. */
  accepted?: readonly string[];
  onAccept?: (codes: string[]) => void;
}

/** What is wrong with a certificate, what to do, and what is meant so. */
export function Findings({ findings, accepted = [], onAccept }: FindingsProps) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  return (
    <Stack gap="sm">
      {findings.map(({ severity, code, message, cure }) => (
        <div key={`${code} ${message}`}>
          <StateBadge tone={tones[severity]}>{t(`certificates.severities.${severity}`)}</StateBadge>
          <Text size="sm" className="break">
            {tell(message)} {cure !== '' && tell(cure)}
          </Text>
          {severity === 'doubt' && onAccept && (
            <Checkbox
              mt={4}
              label={t('certificates.accept')}
              checked={accepted.includes(code)}
              onChange={({ currentTarget }) =>
                onAccept(currentTarget.checked ? [...accepted, code] : accepted.filter((one) => one !== code))
              }
            />
          )}
        </div>
      ))}
    </Stack>
  );
}
