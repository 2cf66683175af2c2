import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, answer, api } from '../../api/client.ts';
import { failed } from '../../parts/toasts.ts';
import type { Place, Places } from './layout.ts';

interface Arranged {
  readonly places: Places;
  readonly etag: string;
}
type Change = (places: Places) => Places;

/** Ms without another move after which an arrangement is kept. */
const quiet = 400;
const queryKey = ['topology', 'positions'];

async function read(): Promise<Arranged> {
  const asking = api.GET('/api/v1/topology/positions');
  const { places } = await answer(asking);
  return { places, etag: (await asking).response.headers.get('etag') ?? '' };
}

async function write(places: Places, etag: string): Promise<Arranged> {
  const asking = api.PUT('/api/v1/topology/positions', { body: { places }, headers: { 'if-match': etag } });
  await answer(asking);
  return { places, etag: (await asking).response.headers.get('etag') ?? '' };
}

/** Where things on the map stand, for all who look at it; what is moved is kept a moment later. */
export function usePlaces() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey, queryFn: read, refetchInterval: 30_000 });
  const waiting = useRef<{ changes: Change[]; timer: ReturnType<typeof setTimeout> | undefined }>({
    changes: [],
    timer: undefined,
  });

  const keep = async () => {
    const changes = waiting.current.changes.splice(0);
    const changed = (places: Places) => changes.reduce((so, change) => change(so), places);
    const attempt = async () => {
      const now = await read();
      return write(changed(now.places), now.etag);
    };
    try {
      // Somebody else arranged it at the same moment: his stays, and ours comes to it.
      const made = await attempt().catch((error: Error) => {
        if (error instanceof ApiProblem && error.status === 412) return attempt();
        throw error;
      });
      if (waiting.current.changes.length === 0) queries.setQueryData(queryKey, made);
    } catch (error) {
      failed(t('map.notKept'), error as Error);
      void queries.invalidateQueries({ queryKey });
    }
  };
  const latest = useRef(keep);
  latest.current = keep;

  const change = (one: Change) => {
    void queries.cancelQueries({ queryKey });
    queries.setQueryData<Arranged>(queryKey, (old) => ({ etag: old?.etag ?? '', places: one(old?.places ?? {}) }));
    waiting.current.changes.push(one);
    clearTimeout(waiting.current.timer);
    waiting.current.timer = setTimeout(() => void latest.current(), quiet);
  };
  // Who leaves right after a move has moved it.
  useEffect(() => {
    const { current } = waiting;
    return () => {
      clearTimeout(current.timer);
      if (current.changes.length > 0) void latest.current();
    };
  }, []);

  return {
    places: data?.places,
    put: (key: string, place: Place) => change((places) => ({ ...places, [key]: place })),
    forget: (key?: string) =>
      change((places) => {
        if (key === undefined) return {};
        const { [key]: _, ...rest } = places;
        return rest;
      }),
    rename: (from: string, to: string) =>
      change(({ [from]: place, ...rest }) => (place === undefined ? rest : { ...rest, [to]: place })),
  };
}
