import { useCallback, useEffect, useRef, useState } from 'react';
import { answer, api } from '../../api/client.ts';
import { useEvents } from '../../api/events.ts';
import { useSoon } from '../../api/soon.ts';
import { type Call, CallTable } from './call-table.ts';

/** Calls that are held at most: beyond, one chooses. */
export const mostCalls = 20_000;
/** Ms between two pictures: an eye follows no more. */
const pace = 500;

export interface LiveCalls {
  readonly calls: readonly Call[];
  readonly isRead: boolean;
  /** All that stand, where they are more than are held. */
  readonly standing: number;
  /** Nobody tells what happens: this is old. */
  readonly isOld: boolean;
  readonly error: Error | undefined;
  readonly again: () => void;
}

/** All calls that stand, as they come and go. While `isPaused` the picture stays. */
export function useLiveCalls(isPaused: boolean): LiveCalls {
  const [table] = useState(() => new CallTable());
  const [shown, setShown] = useState<readonly Call[]>([]);
  const [state, setState] = useState({ isRead: false, standing: 0, isOld: false });
  const [error, setError] = useState<Error>();
  const paused = useRef(isPaused);
  paused.current = isPaused;

  const show = useSoon(() => {
    if (!paused.current) setShown(table.all());
  }, pace);

  const reading = useRef(0);
  const read = useCallback(async () => {
    const own = ++reading.current;
    try {
      table.begin();
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await answer(
          api.GET('/api/v1/calls', { params: { query: { limit: 1000, ...(cursor !== undefined && { cursor }) } } }),
        );
        if (own !== reading.current) return;
        table.page(page.items);
        setState({ isRead: true, standing: page.standing, isOld: page.state === 'lost' });
        if (pages++ === 0 && !paused.current) setShown(table.all());
        cursor = page.next;
      } while (cursor !== undefined && table.size < mostCalls);
      table.complete();
      setError(undefined);
      show();
    } catch (problem) {
      if (own === reading.current) setError(problem as Error);
    }
  }, [table, show]);

  useEvents({
    calls: ({ changed, gone }) => {
      table.tell(changed, gone);
      show();
    },
    mirror: ({ state: now }) => setState((old) => ({ ...old, isOld: now === 'lost' })),
    reset: () => void read(),
  });
  // The stream says when to read; where none can be had, the picture of this moment is better than none.
  useEffect(() => {
    void read();
    return () => {
      reading.current++;
    };
  }, [read]);
  useEffect(() => {
    if (!isPaused) setShown(table.all());
  }, [isPaused, table]);

  return { calls: shown, ...state, error, again: () => void read() };
}
