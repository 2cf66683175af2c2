import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from './client.ts';

const ranks = { viewer: 0, operator: 1, administrator: 2 } as const;
export type Role = keyof typeof ranks;

/** Who sits here. */
export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: () => answer(api.GET('/api/v1/me')),
    staleTime: 60_000,
    refetchOnWindowFocus: true,
  });
}

/** Whether who sits here may what a role may; nobody may while it is not known who he is. */
export function useMay(role: Role): boolean {
  const { data } = useMe();
  return data !== undefined && ranks[data.role] >= ranks[role];
}

/** He signed in or out: nothing of who was here before is shown to him, unless it was himself. */
export function useBecome(): (me: Schemas['Me'] | undefined) => void {
  const queries = useQueryClient();
  return (me) => {
    const before = queries.getQueryData<Schemas['Me']>(['me']);
    if (me && before?.name === me.name) {
      queries.setQueryData(['me'], me);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
      return;
    }
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
    if (me) queries.setQueryData(['me'], me);
    else void queries.resetQueries({ queryKey: ['me'] });
  };
}
