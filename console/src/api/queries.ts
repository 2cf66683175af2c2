import { QueryCache, QueryClient } from '@tanstack/react-query';
import { isAway, tellConnection } from './connection.ts';
import { ApiProblem } from './problem.ts';

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onSuccess: () => tellConnection({ kind: 'answered' }),
    // The session is over: whoever sits here signs in, and goes on where he was.
    onError: (error, { queryKey }) => {
      if (isAway(error)) tellConnection({ kind: 'failed' });
      if (error instanceof ApiProblem && error.status === 401 && queryKey[0] !== 'me')
        void queries.invalidateQueries({ queryKey: ['me'] });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // What is refused stays refused.
      retry: (count, error) => count < 2 && !(error instanceof ApiProblem && error.status < 500),
    },
  },
});
