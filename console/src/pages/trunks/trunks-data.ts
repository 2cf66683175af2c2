import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useEvents } from '../../api/events.ts';
import type { Tone } from '../../parts/state-badge.tsx';

type Trunks = Schemas['Trunks'];

/** All trunks, each as it was told last. */
export function useTrunks() {
  const queries = useQueryClient();
  useEvents({
    trunk: ({ trunk }) =>
      queries.setQueryData<Trunks>(['trunks'], (old) =>
        old?.items.some(({ name }) => name === trunk.name)
          ? { items: old.items.map((one) => (one.name === trunk.name ? trunk : one)) }
          : old,
      ),
    reset: () => void queries.invalidateQueries({ queryKey: ['trunks'] }),
  });
  return useQuery({
    queryKey: ['trunks'],
    queryFn: () => answer(api.GET('/api/v1/trunks')),
    refetchInterval: 5_000,
    select: ({ items }) => items,
  });
}

const tones: Readonly<Record<string, Tone>> = { up: 'good', 'partly-down': 'warn', cooling: 'warn', down: 'bad' };

export function toneOfState(state: string): Tone {
  return tones[state] ?? 'quiet';
}

const states = ['up', 'partly-down', 'down', 'unknown', 'disabled', 'cooling'] as const;

/** A state of a target as it has a name. */
export function stateOf(state: string): (typeof states)[number] {
  return states.find((one) => one === state) ?? 'unknown';
}

const results = ['answered', 'unanswered', 'unreachable'] as const;

/** What came of OPTIONS as it has a name. */
export function resultOf(result: string): (typeof results)[number] {
  return results.find((one) => one === result) ?? 'unanswered';
}

/** Of a certificate, by the days that it is good for. */
export function toneOfDays(days: number): Tone {
  return days <= 7 ? 'bad' : days <= 30 ? 'warn' : 'good';
}
