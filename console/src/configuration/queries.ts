import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../api/client.ts';
import { useSaid } from '../i18n/said/index.ts';
import type { Edit } from './edits.ts';
import { inWords } from './schema-words.ts';

export type Examination = Schemas['Examination'];
export type Difference = Schemas['Difference'];

/** What the file says, and whether it is what runs. */
export function useFile() {
  return useQuery({
    queryKey: ['configuration'],
    queryFn: () => answer(api.GET('/api/v1/configuration')),
  });
}

/** What who sits here is changing; null: nothing. */
export function useDraft(options: { enabled?: boolean; refetchInterval?: number } = {}) {
  return useQuery({
    queryKey: ['configuration', 'draft'],
    queryFn: async () => (await answer<Schemas['Draft'] | undefined>(api.GET('/api/v1/configuration/draft'))) ?? null,
    ...options,
  });
}

/** What would come of a text; what was found before stays until that is known. */
export function useExamination(text: string | undefined) {
  return useQuery({
    queryKey: ['examination', text],
    queryFn: () => answer(api.POST('/api/v1/configuration/examine', { body: { text: text ?? '' } })),
    enabled: text !== undefined,
    placeholderData: (before) => before,
    staleTime: 60_000,
    gcTime: 60_000,
  });
}

/** What stands in the draft, or in the file where there is none, as objects. */
export function useContents(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['configuration', 'contents'],
    queryFn: () => answer(api.GET('/api/v1/configuration/contents', { params: { query: { of: 'draft' } } })),
    ...options,
  });
}

export function useFormSchema() {
  const { i18n } = useTranslation();
  const { tell } = useSaid();
  const { data, ...query } = useQuery({
    queryKey: ['form-schema'],
    queryFn: () => answer(api.GET('/api/v1/configuration/form-schema')),
    staleTime: Number.POSITIVE_INFINITY,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is told depends on the language.
  return { ...query, data: useMemo(() => data && inWords(data, tell), [data, tell, i18n.language]) };
}

export function useVersions() {
  return useQuery({
    queryKey: ['configuration', 'versions'],
    queryFn: () => answer(api.GET('/api/v1/configuration/versions', { params: { query: { limit: 200 } } })),
  });
}

/** What changes the draft or the file; all that was read of them is read again. */
function useChange<In, Out>(change: (of: In) => Promise<Out>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['configuration'] }),
        queries.invalidateQueries({ queryKey: ['effective'] }),
      ]),
  });
}

export const useWrite = () =>
  useChange((body: { text: string; base?: string }) => answer(api.PUT('/api/v1/configuration/draft', { body })));
export const useEdit = () =>
  useChange((edits: Edit[]) => answer(api.PATCH('/api/v1/configuration/draft', { body: { edits } })));
export const useDiscard = () => useChange((_: undefined) => answer(api.DELETE('/api/v1/configuration/draft')));
export const useRenew = () => useChange((_: undefined) => answer(api.POST('/api/v1/configuration/draft/renew')));
export const useReload = () =>
  useChange((restart: boolean) => answer(api.POST('/api/v1/configuration/reload', { body: { restart } })));

export interface CommitWords {
  reason: string;
  acknowledged: string[];
  restart: boolean;
}
export const useCommit = () =>
  useChange((body: CommitWords) => answer(api.POST('/api/v1/configuration/commit', { body })));
export const useRollback = () =>
  useChange(({ id, ...body }: CommitWords & { id: number; base: string }) =>
    answer(api.POST('/api/v1/configuration/versions/{id}/rollback', { params: { path: { id } }, body })),
  );
