import createClient from 'openapi-fetch';
// Types alone: nothing of the program is in the console.
import type { components, paths } from '../../../src/client/schema.ts';
import { isIdle } from './idle.ts';
import { ApiProblem } from './problem.ts';

export { ApiProblem };

export type Schemas = components['schemas'];

export const api = createClient<paths>({ baseUrl: '/' });

// What a page asks by itself does not keep a session from ending.
api.use({
  onRequest({ request }) {
    if (isIdle()) request.headers.set('tandem-background', '1');
    return request;
  },
});

/** The answer's body; throws an ApiProblem for any other than 2xx. */
export async function answer<T>(asking: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asking;
  if (!response.ok) throw new ApiProblem(response.status, (error ?? {}) as Partial<Schemas['Problem']>);
  return data as T;
}
