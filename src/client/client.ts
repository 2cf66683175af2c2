import createClient, { type Client as ClientOf } from 'openapi-fetch';
import type { paths } from './schema.ts';

export type Client = ClientOf<paths>;

/** The API, each route with its types. `fetch`: how requests go; by TCP to `baseUrl` unless given. */
export function apiClient(baseUrl: string, fetch?: (request: Request) => Promise<Response>): Client {
  return createClient<paths>({ baseUrl, ...(fetch && { fetch }) });
}
