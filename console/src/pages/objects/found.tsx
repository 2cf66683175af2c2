import { Alert, Anchor, List } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import { pathBelow } from '../../configuration/findings.ts';
import { tell, together } from '../../i18n/said/index.ts';
import { Words } from '../../parts/words.tsx';

export type FoundBelow = Schemas['Finding'] & { readonly below: string };

/** What was found of an object, by the path below it. */
export function foundBelow(
  findings: readonly Schemas['Finding'][] | undefined,
  section: string,
  index?: number,
): readonly FoundBelow[] {
  return (findings ?? []).flatMap((one) => {
    const below = pathBelow(one.path, section, index);
    return below === undefined ? [] : [{ ...one, message: tell(one.message), cure: tell(one.cure), below }];
  });
}

/** What stands beside each field, with what mends it. */
export function errorsOf(found: readonly FoundBelow[]): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  for (const { below, message, cure } of found) errors.set(below, together(errors.get(below) ?? '', message, cure));
  return errors;
}

/** The same above the form, each a way to its field. */
export function Found({ found }: { found: readonly FoundBelow[] }) {
  const { t } = useTranslation();
  if (found.length === 0) return null;
  const isError = found.some(({ severity }) => severity === 'error');
  return (
    <Alert color={isError ? 'red' : 'yellow'} mb="md" title={t('objects.found')}>
      <List size="sm">
        {found.map(({ code, below, message, cure }) => (
          <List.Item key={`${code} ${below} ${message}`}>
            {below !== '' && (
              <>
                <Anchor
                  component="button"
                  type="button"
                  inherit
                  c="inherit"
                  fw={600}
                  underline="always"
                  onClick={() => goTo(below)}
                >
                  {below.split(' ').join(' › ')}
                </Anchor>{' '}
              </>
            )}
            <Words>{together(message, cure)}</Words> {code}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** To the field, or to what it would be in. */
function goTo(below: string): void {
  const parts = below.split(' ');
  for (let length = parts.length; length > 0; length--) {
    const path = parts.slice(0, length).join(' ');
    const field = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`);
    if (!field) continue;
    const input = field.matches('input, select, textarea')
      ? field
      : field.querySelector<HTMLElement>('input, select, textarea');
    field.scrollIntoView({ block: 'center' });
    input?.focus({ preventScroll: true });
    return;
  }
}
