export { apiClient, type Client } from './client.ts';
export type { components, paths } from './schema.ts';
