import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useEvents } from '../../api/events.ts';
import { useSoon } from '../../api/soon.ts';
import type { Tone } from '../../parts/state-badge.tsx';

type Trunks = Schemas['Trunks'];

/** Ms between two pictures: each is of all trunks, however many have changed. */
const pace = 500;

/** All trunks, each as it was told last. */
export function useTrunks() {
  const queries = useQueryClient();
  const told = useRef(new Map<string, Schemas['Trunk']>());
  const show = useSoon(() => {
    const news = told.current;
    told.current = new Map();
    queries.setQueryData<Trunks>(
      ['trunks'],
      (old) => old && { items: old.items.map((one) => news.get(one.name) ?? one) },
    );
  }, pace);
  useEvents({
    trunk: ({ trunk }) => {
      told.current.set(trunk.name, trunk);
      show();
    },
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
