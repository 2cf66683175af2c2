import { Anchor, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ApiProblem } from '../api/problem.ts';
import { useSaid } from '../i18n/said/index.ts';
import { Empty } from './empty.tsx';
import { Loading } from './loading.tsx';
import { Trouble } from './trouble.tsx';

interface OneProps<T> {
  query: { readonly data: T | undefined; readonly error: Error | null; readonly refetch: () => unknown };
  /** The list that it is of. */
  href: string;
  back: string;
  children: (data: T, back: ReactNode) => ReactNode;
}

/** The page of one of many: the way back to all of them, and it as soon as it is there. */
export function One<T>({ query: { data, error, refetch }, href, back, children }: OneProps<T>) {
  const { t } = useTranslation();
  const { tell } = useSaid();
  const way = (
    <Anchor component={Link} href={href} size="sm" underline="always">
      {back}
    </Anchor>
  );
  if (data !== undefined) return children(data, way);
  if (!error) return <Loading />;
  // That there is none is an answer: asking again makes none.
  if (error instanceof ApiProblem && error.status === 404)
    return (
      <Empty order={1} icon="search" title={tell(error.message)} action={way}>
        {t('common.noPageNote')}
      </Empty>
    );
  return (
    <Stack align="flex-start">
      {way}
      <Trouble error={error} onRetry={() => void refetch()} />
    </Stack>
  );
}
