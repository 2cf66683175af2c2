import type { HostPort } from '#kernel';
import type { Endpoint } from './leaves.ts';

export const usualManagementPort = 8080;

/** Where it is told how the program is. */
export function compileHealthPlace({ host, port = 8081 }: Endpoint): HostPort {
  return { host, port };
}

/** Where the API of a node is, or of all. */
export function compileManagementPlace({
  listen,
  url,
}: {
  readonly listen?: Endpoint | undefined;
  readonly url?: string | undefined;
}): { readonly listen?: HostPort; readonly url?: string } {
  return {
    ...(listen && { listen: { host: listen.host, port: listen.port ?? usualManagementPort } }),
    ...(url !== undefined && { url: new URL(url).origin }),
  };
}
