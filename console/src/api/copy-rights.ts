import { useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from './client.ts';
import { useMay, useMe } from './me.ts';

export type CopyRights = Schemas['CaptureRights'];

/** Whether who sits here may have media copied, and within which limits: the configuration says who. Undefined: it is not known yet. */
export function useCopyRights(): CopyRights | undefined {
  const { data: me } = useMe();
  const mayAsk = useMay('operator');
  const { data } = useQuery({
    queryKey: ['copy-rights'],
    queryFn: () => answer(api.GET('/api/v1/media-captures/rights')),
    enabled: mayAsk,
    staleTime: 10_000,
  });
  return mayAsk || !me ? data : { allowed: false };
}

/** Copies on the disk and what waits for its call; asked for by who may have some, and by nobody else. */
export function useKeptCopies(options: { refetchInterval?: number } = {}) {
  const rights = useCopyRights();
  return useQuery({
    queryKey: ['media-captures'],
    queryFn: () => answer(api.GET('/api/v1/media-captures')),
    enabled: rights?.allowed === true,
    staleTime: 10_000,
    ...options,
  });
}
